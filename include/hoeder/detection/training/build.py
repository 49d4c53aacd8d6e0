"""The detector's model: word lists and weights, made from this folder's texts. A minute on one core."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from random import Random

import numpy as np

from hoeder.detection import gazetteer, tagger, weigher
from hoeder.detection.fold import Ints, fold
from hoeder.detection.gazetteer import Flag, Gazetteer
from hoeder.detection.group import Grouped
from hoeder.detection.tagger import Tagger
from hoeder.detection.tokens import LOWER, Hashes, tokenize
from hoeder.detection.training import composed, fill, numerals, people, things
from hoeder.detection.training.fill import FILES, Text
from hoeder.detection.training.read import Read, gold_labels, prepare
from hoeder.detection.training.values import MONTHS, SHORT_MONTHS, Values
from hoeder.detection.weigher import Weigher
from hoeder.detection.words import FUNCTIONAL_MAILBOXES

SEED = 20261122
COPIES = 14
"""Texts made from each template."""
EPOCHS = 4
SEEDS = 3
"""Orders in which the tagger reads the texts; the mean of what it learned is kept."""
PARTS, EVERY, HARM = 4, 2, 2.0
"""For the second look: files are split into so many parts, and of each part every second text is an example. A wrong
span in a text about nobody harms twice as much as another."""
_CODE = ("candidates", "entities", "fold", "gazetteer", "group", "records", "tagger", "tokens", "weigher", "words")
"""Modules beside this folder on which the model depends."""
COMPOSED = 600
"""Templates put together from labels and frames."""


@dataclass(frozen=True)
class Model:
    """All that finding needs."""

    gazetteer: Gazetteer
    tagger: Tagger
    weigher: Weigher


def digest() -> str:
    """What the model is made of, as a digest: texts, code, and the versions of the packages that bring words."""
    folder = Path(str(files(__package__)))
    sources = [
        *sorted([*folder.glob("*.txt"), *folder.glob("*.py")]),
        *(folder.parent / f"{name}.py" for name in _CODE),
    ]
    parts = [source.read_bytes() for source in sources]
    parts += [f"{package} {version(package)}".encode() for package in ("faker", "simplemma", "numba", "numpy")]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def build(*, copies: int = COPIES, epochs: int = EPOCHS, leave_out: Iterable[str] = ()) -> Model:
    """Make the model; `leave_out` names files of texts that it shall not see."""
    by_file = [fill.templates([name]) for name in FILES if name not in set(leave_out)]
    by_file.append(composed.templates(Random(SEED), COMPOSED, *health_words()))
    used = [template for each in by_file for template in each]
    words = build_words(used)
    made = make_texts(used, copies)
    texts = [text for each in made for text in each]
    never, beside = ordinary(texts, words)
    words = gazetteer.with_flag(words, never, Flag.ORDINARY, unless=_MAY_BE_PERSONAL | Flag.PARTICLE)
    words = gazetteer.with_flag(words, beside, Flag.JOINING, unless=_MAY_BE_PERSONAL)
    read = prepare(texts, words)
    learned = tagger.lessons(read.features, read.gold)
    everything = np.arange(len(texts))
    tagging = tagger.train(learned, everything, epochs=epochs, seeds=range(SEED, SEED + SEEDS))
    file_of = np.repeat(np.arange(len(used)), [len(each) for each in made])
    file_of = np.repeat(np.arange(len(by_file)), [len(each) for each in by_file])[file_of]
    return Model(words, tagging, _weigher(read, learned, file_of, composed_file=len(by_file) - 1, epochs=epochs))


def _weigher(read: Read, learned: tagger.Lessons, file_of: Ints, *, composed_file: int, epochs: int) -> Weigher:
    """What spans are worth, learned from files of texts that the tagger which found them never saw."""
    part_of = (np.random.default_rng(SEED).permutation(int(file_of.max()) + 1) % PARTS)[file_of]
    part_of[file_of == composed_file] = PARTS  # put together from pieces: nobody wrote them, so they are no examples
    found = []
    for part in range(PARTS):
        blind = tagger.train(learned, np.flatnonzero(part_of != part), epochs=epochs, seeds=[SEED])
        spans = read.spans(blind)
        mine = (part_of[spans.rows] == part) & (spans.rows % EVERY == 0)
        found.append(Grouped._make(column[mine] for column in spans))
    examples = Grouped._make(np.concatenate(columns) for columns in zip(*found, strict=True))
    return weigher.train(read.features, read.tokens, examples, read.right(examples), harm=HARM, seed=SEED)


def make_texts(templates: Sequence[str], copies: int) -> list[list[Text]]:
    """Filled and roughened texts of each template, the same ones each time."""
    random = Random(SEED)
    names, health = people.load(), health_words()
    values = Values(random, names, people.towns())
    return [
        # Where nothing is drawn at random, copies differ by their slips only.
        [
            fill.roughen(fill.fill(template, values, names, health), random)
            for _ in range(copies if "{" in template else copies // 3)
        ]
        for template in templates
    ]


_MAY_BE_PERSONAL = Flag.MONTH | Flag.NUMBER | Flag.MAILBOX | Flag.HEALTH
_OFTEN, _NEVER, _SELDOM = 40, 0.001, 0.1
"""Times that a word stands in the texts before it may count as ordinary (those of three templates), and shares of
personal data among them: names are drawn at random, so that one in a list stands in the texts as a name too."""


def ordinary(texts: Sequence[Text], words: Gazetteer) -> tuple[Hashes, Hashes]:
    """Dictionary forms of words that, written small, are never personal data, and of those that seldom are or stand
    between names."""
    folded = fold([text.text for text in texts])
    tokens = tokenize(folded)
    flags, lemmas = words.look_up(folded, tokens)
    small = tokens.shapes == LOWER
    seen, places, counts = np.unique(lemmas[small], return_inverse=True, return_counts=True)
    personal = np.bincount(places, weights=gold_labels(texts, tokens, folded.starts)[small] != 0)
    often = counts >= _OFTEN
    particles = np.bincount(places, weights=flags[small] & np.uint32(Flag.PARTICLE)) > 0
    return seen[often & (personal <= _NEVER * counts)], seen[often & ((personal <= _SELDOM * counts) | particles)]


def build_words(templates: Sequence[str]) -> Gazetteer:
    """All word lists in one table."""
    hashes: list[Hashes] = []
    flags: list[np.ndarray[tuple[int], np.dtype[np.uint32]]] = []
    for flag, listed in _lists(templates):
        found = tokenize(fold([" ".join(listed)]))
        letters = found.words[(found.shapes != 0) & (found.shapes != 6)]
        hashes.append(letters)
        flags.append(np.full(len(letters), int(flag), np.uint32))
    names = people.load()
    all_names = fold([" ".join((*names.dutch_first, *names.other_first, *names.dutch_last, *names.other_last))])
    slips = gazetteer.near(all_names, tokenize(all_names))
    hashes.append(slips)
    flags.append(np.zeros(len(slips), np.uint32))
    return gazetteer.build(np.concatenate(hashes), np.concatenate(flags), _dictionary_forms())


def _dictionary(language: str = "nl") -> Mapping[str, str]:
    """The words of a language and their dictionary forms."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    return DefaultDictionaryFactory().get_dictionary(language)


def _dictionary_forms() -> dict[int, int]:
    pairs = [
        (word, form) for word, form in _dictionary().items() if word.isalpha() and form.isalpha() and word.islower()
    ]
    words, forms = (_hashes([pair[side] for pair in pairs]) for side in (0, 1))
    return dict(zip(words.tolist(), forms.tolist(), strict=True))


def _hashes(words: Sequence[str]) -> Hashes:
    """One hash for each word of letters."""
    return tokenize(fold([" ".join(words)])).words


def _lists(templates: Sequence[str]) -> Iterator[tuple[Flag, Iterable[str]]]:
    particles = people.particles()
    yield Flag.WORD, (word for word in _dictionary() if word.isalpha() and len(word) > 1)
    yield Flag.WORD, (word for word in _dictionary("en") if word.isalpha() and word.islower() and len(word) > 3)
    yield (
        Flag.THING,
        (
            part
            for thing in (*things.COMPANIES, *things.PRODUCTS, *things.BRANDS)
            for part in _letters(thing)
            if len(part) > 2
        ),
    )
    names = people.load()
    yield Flag.FIRST_NAME, (*names.dutch_first, *names.other_first)
    yield (
        Flag.SURNAME,
        (
            part
            for name in (*names.dutch_last, *names.other_last)
            for part in name.split()
            if part.lower() not in particles
        ),
    )
    yield Flag.TOWN, (part for town in people.towns() for part in town.split() if len(part) > 3 or part == town)
    yield (
        Flag.MONTH,
        (
            *MONTHS,
            *SHORT_MONTHS,
            "sept",
            "mrt",
            "march",
            "may",
            "june",
            "july",
            "october",
            "december",
            "january",
            "february",
            "august",
        ),
    )
    yield Flag.NUMBER, _number_words()
    yield Flag.PARTICLE, particles
    yield Flag.MAILBOX, FUNCTIONAL_MAILBOXES
    yield Flag.HEALTH, (part for words in health_words() for word in words for part in word.split("-") if len(part) > 2)
    seen: Counter[str] = Counter()
    for template in templates:
        seen.update({word.lower() for piece in fill.literal_words(template) for word in _letters(piece)})
    yield Flag.LEARNED, (word for word, count in seen.items() if count > 2)


def _letters(piece: str) -> list[str]:
    return "".join(char if char.isalpha() else " " for char in piece).split()


def _number_words() -> list[str]:
    ones = [numerals.spoken(number) for number in range(100)]
    years = (
        [f"negentienhonderd{word}" for word in ones[1:]]
        + [f"tweeduizend{word}" for word in ones[1:27]]
        + [f"tweeduizenden{word}" for word in ones[1:27]]
    )
    return [
        *ones,
        *years,
        "negentienhonderd",
        "tweeduizend",
        "honderd",
        "duizend",
        "dubbel",
        "driemaal",
        "streepje",
        "ene",
        "zeuven",
        "fijf",
        "zeve",
        "nege",
    ]


def health_words() -> tuple[list[str], list[str]]:
    """Words that say something about somebody's health: what one has, and what one is."""
    conditions: list[str] = []
    states: list[str] = []
    for line in (files(__package__) / "health.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            target = states if "states" in line else conditions
        else:
            target += line.split()
    return conditions, states

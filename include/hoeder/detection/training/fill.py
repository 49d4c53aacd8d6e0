"""Templates filled with values: texts in which every piece of personal data is known to the character."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from random import Random

from hoeder.detection.entities import Entity
from hoeder.detection.training.people import Name, Names
from hoeder.detection.training.values import SLOTS, Values

FILES = ("notes.txt", "chat.txt", "calls.txt", "letters.txt", "work.txt", "general.txt", "trades.txt", "numbers.txt", "people.txt", "desks.txt", "street.txt",
         "daily.txt", "persons.txt", "nobody.txt", "mixed.txt", "nobody2.txt", "daily2.txt", "daily3.txt", "slips.txt", "nobody3.txt", "nobody4.txt", "spelled.txt", "wordnames.txt", "homes.txt", "carers.txt", "cases.txt")  # fmt: skip
_PART = re.compile(rf"\{{({'|'.join(SLOTS)})(?:=(\d+))?\}}|\[({'|'.join(Entity.__members__)}):([^\]]*)\]")
_ENTITY_OF = {
    "first": Entity.PERSON, "last": Entity.PERSON, "full": Entity.PERSON, "initials": Entity.PERSON,
    "last_first": Entity.PERSON, "spelled": Entity.PERSON, "street": Entity.STREET, "postbus": Entity.STREET,
    "postcode": Entity.POSTCODE, "city": Entity.CITY, "phone": Entity.PHONE, "phone_words": Entity.PHONE,
    "email": Entity.EMAIL, "email_words": Entity.EMAIL, "iban": Entity.IBAN, "bsn": Entity.BSN, "dob": Entity.DOB,
    "dob_words": Entity.DOB, "plate": Entity.PLATE, "client": Entity.CLIENT, "staff": Entity.CLIENT,
    "docnr": Entity.DOCNR, "mrz": Entity.DOCNR, "ip": Entity.IP, "bsn_words": Entity.BSN, "iban_words": Entity.IBAN,
    "plate_words": Entity.PLATE, "client_words": Entity.CLIENT, "docnr_words": Entity.DOCNR,
    "postcode_words": Entity.POSTCODE, "street_words": Entity.STREET,
}  # fmt: skip


@dataclass
class Text:
    """A text, its personal data as (start, end, entity) in characters, and perhaps the record of whom it is about."""

    text: str = ""
    spans: list[tuple[int, int, Entity]] = field(default_factory=list)
    record: dict[str, str] | None = None

    def add(self, piece: str, entity: Entity | None = None) -> None:
        """Append a piece."""
        if entity is not None and piece:
            self.spans.append((len(self.text), len(self.text) + len(piece), entity))
        self.text += piece


def templates(names: Sequence[str] = FILES) -> list[str]:
    """The templates of all files, `\\n` read as a line break."""
    found: list[str] = []
    for name in names:
        for line in (files(__package__) / name).read_text("utf-8").splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            found.append(line.replace("\\n", "\n"))
    return found


def literal_words(template: str) -> Iterator[str]:
    """What a template says outside its slots and names: what a tagger may learn by heart."""
    at = 0
    for part in _PART.finditer(template):
        yield template[at : part.start()]
        if part[3] and part[3] != "PERSON":
            yield part[4]
        at = part.end()
    yield template[at:]


def fill(template: str, values: Values, names: Names, health: tuple[Sequence[str], Sequence[str]]) -> Text:
    """One text from a template."""
    random = values.random
    people: dict[str, Name] = {}
    drawn: list[tuple[str, str]] = []
    made = Text()
    literal = "".join(literal_words(template))
    lower = literal == literal.lower() and random.random() < 0.8
    at = 0
    for part in _PART.finditer(template):
        made.add(template[at : part.start()])
        at = part.end()
        slot, same, label, said = part.groups()
        if label:
            made.add(_inline(label, said, values, health), Entity[label])
            continue
        person = people.setdefault(same, names.person(random)) if same else names.person(random)
        value = values.draw(slot, person)
        if slot in ("last", "initials") and _starts_sentence(made.text) and value[:1].islower():
            value = value[0].upper() + value[1:]
        if lower and slot not in ("mrz",):
            value = value.lower()
        drawn.append((slot, value))
        if slot in ("first", "last", "full"):
            drawn += [("first", person.first), ("last", person.last)] if slot == "full" or same else []
        made.add(value, _ENTITY_OF.get(slot))
    made.add(template[at:])
    if random.random() < 0.3:
        made.record = _record(drawn, values, names)
    return made


def _starts_sentence(text: str) -> bool:
    stripped = text.rstrip(" ")
    return not stripped or stripped[-1] in ".!?\n"


def _inline(label: str, said: str, values: Values, health: tuple[Sequence[str], Sequence[str]]) -> str:
    """What a template says literally; a single health word is often another one."""
    if label == "HEALTH" and values.random.random() < 0.4:
        alike = next((words for words in health if said in words), None)
        return values.random.choice(alike) if alike else said
    return said


def _record(drawn: list[tuple[str, str]], values: Values, names: Names) -> dict[str, str]:
    """The record of one of those in the text, or, one time in three, of somebody else."""
    record = {"first": (stranger := names.person(values.random)).first, "last": stranger.last}
    record["city"], record["street"] = values.town(), values.draw("street", stranger)
    if values.random.random() > 0.33:
        for slot, value in drawn:
            if slot in ("first", "last", "city", "street"):
                record[slot] = value
    return record


_KEYS = {"q": "wa", "w": "qe", "e": "wr", "r": "et", "t": "ry", "y": "tu", "u": "yi", "i": "uo", "o": "ip", "a": "sq", "s": "ad", "d": "sf", "f": "dg", "g": "fh", "h": "gj", "j": "hk", "k": "jl",
         "l": "k", "z": "x", "x": "zc", "c": "xv", "v": "cb", "b": "vn", "n": "bm", "m": "n"}  # fmt: skip


def roughen(text: Text, random: Random) -> Text:
    """The same text as somebody in a hurry, or a system without small letters, would have written it."""
    shape = random.random()
    if shape < 0.14:
        return Text(
            text.text.lower() if len(text.text.lower()) == len(text.text) else text.text, text.spans, text.record
        )
    if shape < 0.2:
        upper = "".join(char.upper() if len(char.upper()) == 1 else char for char in text.text)
        return Text(upper, text.spans, text.record)
    if shape < 0.24:
        titled = "".join(
            char.upper() if char.isalpha() and (i == 0 or text.text[i - 1] == " ") and len(char.upper()) == 1 else char
            for i, char in enumerate(text.text)
        )
        return Text(titled, text.spans, text.record)
    if shape < 0.4:
        return _mistype(text, random)
    return text


def _mistype(text: Text, random: Random) -> Text:
    """One slip in a tenth of the words, of names most of all."""
    chars = list(text.text)
    personal = [
        i
        for start, end, entity in text.spans
        if entity in (Entity.PERSON, Entity.CITY, Entity.STREET)
        for i in range(start, end)
        if chars[i].isalpha()
    ]
    everywhere = [i for i, char in enumerate(chars) if char.isalpha()]
    for _ in range(1 + len(everywhere) // 60):
        places = personal if personal and random.random() < 0.6 else everywhere
        if len(places) < 2:
            break
        i = random.choice(places)
        shape = random.random()
        if shape < 0.5:
            near = random.choice(_KEYS.get(chars[i].lower(), "e"))
            chars[i] = near.upper() if chars[i].isupper() else near
        elif i + 1 < len(chars) and chars[i + 1].isalpha():
            if shape < 0.75 and chars[i].isupper() == chars[i + 1].isupper():
                chars[i], chars[i + 1] = chars[i + 1], chars[i]
            else:
                chars[i + 1] = chars[i].lower()
    return Text("".join(chars), text.spans, text.record)


def as_json(text: Text) -> str:
    """For looking at what is made."""
    return json.dumps({"text": text.text, "spans": [(s, e, n.name) for s, e, n in text.spans]}, ensure_ascii=False)

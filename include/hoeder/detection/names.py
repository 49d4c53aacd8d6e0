"""What a column's name says: Dutch and English words, abbreviated and glued together, to a fideslang category."""

import re
from collections.abc import Callable
from functools import cache

from hoeder.detection.lexicon import ordinary
from hoeder.detection.name_words import (
    COUNTS,
    DESCRIPTIONS,
    EMPTY,
    EVENTFUL,
    EVENTS,
    FILLERS,
    GENERAL,
    LIVES,
    MACHINES,
    MEANINGS,
    ORGANISATIONS,
    OWNERS,
    REACHED_THERE,
    REGISTERED,
    ROLES,
    SIDED,
    SIDES,
    THINGS,
    VAGUE_PHRASES,
    WHOLE,
    WORDS,
    words_of,
)

_NUMBERS = frozenset(("id", "nr", "no", "nummer", "number", "num"))
_ROW = frozenset(("entity", "entiteit", "record", "rec", "row", "rij"))
_FILE = re.compile(r"\.(?:csv|tsv|txt|jsonl?|ndjson|parquet|gz|zst|eml|pdf|xml|avro|orc)$", re.IGNORECASE)


_CANONICAL = {form: word for word, forms in WORDS.items() for form in forms.split()}
_NEEDED = [(words_of(phrase), category) for category, phrases in MEANINGS.items() for phrase in phrases.split(", ")]
_VAGUE = frozenset(map(words_of, VAGUE_PHRASES.split(", ")))
_LEAST = frozenset(map(words_of, ("first", "last")))
"""Words that go with much: `last_known_location`."""
_LONG, _WRITTEN = 5, 4
"""Letters of a word from which a compound can end in it; letters that an abbreviation without vowels has at least."""
_PARTS = sorted({*_CANONICAL, *THINGS, *FILLERS}, key=len, reverse=True)
_BEGUN_WITH = {letter: [part for part in _PARTS if part[0] == letter] for letter in {part[0] for part in _PARTS}}


_CASE, _TOLD = "(?:klacht|complaint|case|ticket|melding|incident)", "(?:omschrijving|beschrijving|description)"
_JOINED = (
    (re.compile(r"\be[ -]?mail"), "email"),
    (re.compile(r"\ba[ -]?nummer\b"), "anummer"),
    (re.compile(r"\bs ?am ?account ?name"), "username"),
    (re.compile(r"\bm ?/ ?v\b"), "geslacht"),
    (re.compile(r"\bbu?rg ?st(?:aat)?\b"), "burgst"),
    (re.compile(r"\bbel ?me ?niet\b"), "donotcall"),
    (re.compile(r"\bink(?= ?(?:br|brt|bruto|net|netto|belast|jr|jaar))"), "inkomen"),
    (re.compile(r"\bcontact ?ref(?:erentie|erence)?\b"), "kenmerk"),
    (re.compile(r"^q$"), "zoekterm"),
    (re.compile(r"^uid$"), "user id"),
    (re.compile(r"^gezin$"), "gezinssamenstelling"),
    (re.compile(r"\bgb ?(?=rek)"), "grootboek "),
    (re.compile(r"\bclient(?= ?(?:nr|nummer|naam|nm)\b)"), "klant"),
    (re.compile(r"\blead(?= ?(?:id|name|naam|email|phone|nr)\b)"), "klant"),
    (re.compile(r"\bbirth ?place\b|\bplace of birth\b"), "birth city"),
    (re.compile(r"\bland van herkomst\b"), "herkomstland"),
    (re.compile(r"\bnational ?id(?:entifier|entification)?\b"), "nin"),
    (re.compile(r"\b(?:net|gross) ?pay\b|\bink ?toets\b"), "inkomen"),
    (re.compile(r"\bhousehold ?size\b"), "gezinsgrootte"),
    (re.compile(r"\bvak ?lid\b"), "vakbondslid"),
    (re.compile(r"\buser ?pass\b"), "password"),
    (re.compile(r"\b(?:security|secret|geheime|beveiligings) ?(?:question|answer|vraag|antwoord)\b"), "passphrase"),
    (re.compile(r"\bavg ?(?:akkoord|akk|toestemming)\b|\bmailing ?ok\b|\brecht van verzet\b"), "toestemming"),
    (re.compile(r"\bmed(?:isch)?e? ?keur(?:ing)?\b"), "medisch"),
    (re.compile(r"\b(?:oms|omschr|omschrijving|tekst|text|desc|description) ?lang\b"), "omschrijving"),
    (re.compile(r"\blast ?(?:4|four)\b"), "lastfour"),
    (re.compile(r"\bheart ?rate\b|\b(?:avg|max|min|resting) ?hr\b|\bhr ?(?:avg|max|min|bpm)\b"), "hartslag"),
    (re.compile(r"\bsleep ?(?:hours|minutes|score|duration|quality)\b"), "slaapscore"),
    (re.compile(r"\b(?:mailing|billing|shipping|home) ?state\b"), "provincie"),
    (re.compile(r"\b(?:gamer|player) ?tag\b"), "gamertag"),
    (re.compile(r"\bcredit ?score\b"), "creditscore"),
    (re.compile(r"\bloyalty ?card\b"), "loyaltycard"),
    (re.compile(r"\baccount ?manager\b"), "accountmanager"),
    (re.compile(r"\bsales ?rep\b"), "salesrep"),
    (re.compile(r"\bd ?o ?b\b"), "dob"),
    (re.compile(r"\bopt(?:ed)? ?(in|out)\b(?: of)?"), r"opt\1"),
    (re.compile(r"\bind(?:icatie)? ?geheim\b"), "geheimhouding"),
    (re.compile(r"\buser ?agent"), "useragent"),
    (re.compile(r"\bb ?(?:nr|nummer|number|party)\b|\ba ?party\b"), "caller"),
    (re.compile(r"\bcell ?id\b"), "cellid"),
    (re.compile(r"\baccepts? ?marketing\b"), "optin"),
    (re.compile(r"\bid ?bewijs"), "idbewijs"),
    (re.compile(r"\bfrequent ?flyer\b"), "loyaltycard"),
    (re.compile(r"\bx ?forwarded ?for\b"), "ip"),
    (re.compile(r"\bcredit ?rating\b"), "creditscore"),
    (re.compile(r"\b(?:accessibility|mobility) ?needs?\b"), "beperking"),
    (
        re.compile(
            r"\b(?:aantal|number of|no of|num) (?:kinderen|children)\b|\b(?:kinderen|children) ?(?:aantal|count)\b"
        ),
        "kinderaantal",
    ),
    (re.compile(r"\bnumber of\b"), "aantal"),
    (re.compile(r"\bdo ?not ?(?:call|mail|contact)\b"), "donotcall"),
    (re.compile(r"\bbody ?(?:weight|mass)\b"), "bodyweight"),
    (re.compile(r"\b(?:from|to|van|naar|vast|vaste) (?:number|nummer|nr)\b"), "phone"),
    (re.compile(r"\b(?:about me|over mij)\b"), "bio"),
    (re.compile(rf"\b{_CASE} ?{_TOLD}\b"), "note"),
    (re.compile(rf"\b{_TOLD} {_CASE}\b"), "note"),
)
"""Words that are written apart as if they were two."""


@cache
def tokens(name: str) -> list[str]:
    """Lower-case words of a name: split at `_`, `-`, `.`, digits and capitals (`klantNaam`, `KLANT_NAAM`)."""
    spaced = re.sub(r"(?<=[a-zà-ÿ0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name).lower().replace("_", " ")
    for apart, joined in _JOINED:
        spaced = apart.sub(joined, spaced)
    return re.findall(r"[a-zà-ÿ]+", spaced)


@cache
def words(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Canonical words in a name, and those of its words that speak of a thing, an organisation or an event."""
    found: set[str] = set()
    things: set[str] = set()
    for token in tokens(name):
        for part in _parts(token):
            if part in _CANONICAL:
                found.add(_CANONICAL[part])
            elif part in THINGS:
                things.add(part)
    return frozenset(found), frozenset(things)


def _parts(token: str) -> list[str]:
    """The known words in a token; of an unknown one what it is an abbreviation of, or what its compound ends in."""
    known = _split(token) or _split(_singular(token))
    if known:
        return known
    short = _written_short(token) or _squeezed(token) or _head(token)
    return [short] if short else [token]


def _written_short(token: str) -> str | None:
    return _abbreviated(token) or _without_vowels(token)


@cache
def _abbreviated(token: str) -> str | None:
    """The word that begins so, where all known words that do mean the same: `geslachtsaand`, `passp`."""
    if len(token) < 4 or _is_whole(token):
        return None
    long = range(len(token) + 1, 2 * len(token))
    begun = [form for form in _BEGUN_WITH.get(token[:1], ()) if len(form) in long and form.startswith(token)]
    means = {_CANONICAL.get(form, form) for form in begun}
    return begun[0] if len(means) == 1 else None


@cache
def _without_vowels(token: str) -> str | None:
    """The word of which nothing but vowels and doubled letters is missing: `uurln`, `wrkgvr`."""
    if len(token) < _WRITTEN or _is_whole(token):
        return None
    bones = _bones(token)
    return _only(token, lambda form: _bones(form) == bones and _is_within(token, form))


@cache
def _squeezed(token: str) -> str | None:
    """The word of which any letters are missing, and not too many: `natnl`, `opdrgvr`. That is a guess."""
    if len(token) <= _WRITTEN or _is_whole(token):
        return None
    return _only(token, lambda form: len(form) <= 2 * len(token) and _is_within(token, form))


def _is_whole(token: str) -> bool:
    """Whether it is a word of its own, and no abbreviation."""
    return token in WHOLE or ordinary(token)


def _only(token: str, fits: Callable[[str], bool]) -> str | None:
    """The longer word with the same first letter that fits, where all that do mean the same."""
    found = [form for form in _BEGUN_WITH.get(token[:1], ()) if len(form) > len(token) and fits(form)]
    return found[0] if len({_CANONICAL.get(form, form) for form in found}) == 1 else None


def _bones(word: str) -> str:
    """Its first letter and its consonants, doubled ones once."""
    return word[:1] + re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouyà-ÿ]", "", word[1:]))


def _is_within(short: str, long: str) -> bool:
    """Whether a word's letters stand in a longer one, in their order."""
    letters = iter(long)
    return all(letter in letters for letter in short)


@cache
def _head(token: str) -> str | None:
    """What a compound is: Dutch and German have that at the end, `hoofdhuurder`, `waarschuwadres`."""
    return next((form for form in _PARTS if _LONG <= len(form) <= len(token) - 2 and token.endswith(form)), None)


@cache
def is_squeezed(name: str) -> bool:
    """Whether a word in it is told by some of its letters alone."""
    return any(
        _split(token) is None and _split(_singular(token)) is None and not _written_short(token) and _squeezed(token)
        for token in tokens(name)
    )


@cache
def _is_guessed(name: str) -> bool:
    """Whether a word is told by its end or by some of its letters alone: then what the whole means is a guess."""
    return is_squeezed(name) or any(
        _split(token) is None and _split(_singular(token)) is None and not _written_short(token) and _head(token)
        for token in tokens(name)
    )


@cache
def in_table(name: str, table: str) -> str:
    """A name in whose abbreviations the table's own words are read: `vz_pct` of `verzuim_mld`."""
    said = tokens(_last(name))
    written_out = [_of_table(token, table) or token for token in said]
    return name if written_out == said else f"{_before(name)}.{'_'.join(written_out)}".removeprefix(".")


def is_own_number(name: str, table: str) -> bool:
    """Whether a column numbers the rows of a table that is not about people: `kl_nr` of `klachtenregister`."""
    said = tokens(_last(name))
    if len(said) != 2 or said[1] not in _NUMBERS or is_of_people(table):
        return False
    role = (
        len(said[0]) == 2
        and _CANONICAL.get(said[0]) in ROLES
        and any(word.startswith(said[0]) for word in _long_words(table))
    )
    return role or _of_table(said[0], table) is not None


def _of_table(token: str, table: str) -> str | None:
    """The word of a table that an unknown token of two or three letters abbreviates."""
    if len(token) not in (2, 3) or _split(token) is not None:
        return None
    begun = [word for word in _long_words(table) if word[0] == token[0] and _is_within(token, word)]
    return next((word for word in begun if word.startswith(token)), begun[0] if begun else None)


def _long_words(table: str) -> list[str]:
    return [token for token in tokens(_bare(table)) if len(token) > _LONG]


def is_description(name: str) -> bool:
    """Whether a name says that something is described, and nothing of what: `omschrijving`, `descr`."""
    found, things = words(_last(name))
    return not found and bool(things) and things <= DESCRIPTIONS


def speaks_of_a_thing(name: str) -> bool:
    """Whether the last part of a name is about something else than a person: `prod_naam`, `kvk_nr`, `shop.city`."""
    last = _last(name)
    if done_by(name) or is_of_people(last):
        return False
    return not words(last)[1] <= EVENTS | SIDES or (_of_a_thing(_before(name)) and not is_of_owner(last))


def _of_a_thing(before: str) -> bool:
    """Whether what a path runs through is a thing or organisation: the `shop` of `shop.city`."""
    found, things = words(before)
    return bool(things - EVENTS - SIDES) and found.isdisjoint(ROLES)


def done_by(name: str) -> bool:
    """Whether a name says who did something: `created_by`, `gewijzigd_door`, `assigned_to`."""
    last = tokens(_last(name))
    if last[-1:] in (["id"], ["user"], ["login"], ["gebruiker"], ["name"], ["naam"]):
        last = last[:-1]
    return (last or [""])[-1] in ("by", "door") or last[-2:] in (["assigned", "to"], ["toegewezen", "aan"])


def is_of_people(table: str) -> bool:
    """Whether a table is named after people: `klanten`, `medewerker`, `hotel_guests`; not `klant_orders`."""
    known = [part for token in tokens(_bare(table)) for part in _parts(token)]
    roles = [part for part in known if part in _CANONICAL or part in THINGS]
    if not roles or _CANONICAL.get(roles[-1]) not in ROLES:
        return not words(_bare(table))[1] and not words(_bare(table))[0].isdisjoint(ROLES)
    return True


def is_of_owner(name: str) -> bool:
    """Whether a column is named after somebody to whom a thing can belong: `klant_id`, `customer_name`."""
    return not words(name)[0].isdisjoint(OWNERS)


def is_of_lives(table: str) -> bool:
    """Whether a table is named after what happens to people alone: `ziekmeldingen`, `payslip`."""
    return not LIVES.isdisjoint(map(_singular, tokens(_bare(table))))


def is_of_vacancies(table: str) -> bool:
    """Whether a table is named after jobs, which are offered to anybody: `vacatures`, `job_posting`."""
    return "job" in words(table)[0]


def is_of_machines(*named: str) -> bool:
    """Whether a table or column is named after a machine of one's own: `server_ip`, `switches`."""
    return any(not words(name)[1].isdisjoint(MACHINES) for name in named)


def says_something(name: str) -> bool:
    """Whether a name has a word of the dictionary in it, as `bestemming` does and `veld4` does not."""
    return any(len(token) > 4 and token not in EMPTY and ordinary(token) for token in tokens(_last(name)))


def is_a_count(name: str) -> bool:
    """Whether a column says how many: of such rows each is about a group."""
    return not COUNTS.isdisjoint(tokens(_last(name)))


def is_user(name: str) -> bool:
    """Whether a name speaks of a user and no number of theirs: `wp_user`, `gebruiker`; not `user_id`."""
    found = words(_last(name))[0]
    return "user" in found and found.isdisjoint({"id", "number", "hash"})


def is_role(name: str) -> bool:
    """Whether a name says who, and nothing else: `klant`, `visitor`; not `klanten`, which can be their number."""
    found, things = words(name)
    said = bool(found) and found <= ROLES and things <= ORGANISATIONS
    return said and all(_split(token) for token in tokens(_last(name)))


def is_of_things(table: str) -> bool:
    """Whether a table is named after things alone: `producten`, `page_views`."""
    found, things = words(_bare(table))
    return bool(things - EVENTS - SIDES - ORGANISATIONS) and found.isdisjoint(ROLES)


def is_of_organisations(table: str) -> bool:
    """Whether a table is named after suppliers, branches and the like."""
    bare = _bare(table)
    return not words(bare)[1].isdisjoint(ORGANISATIONS) or not ORGANISATIONS.isdisjoint(tokens(bare))


def is_of_registered(name: str) -> bool:
    """Whether a column holds numbers by which organisations are registered: `kvk_nr`."""
    return not REGISTERED.isdisjoint(tokens(_last(name)))


def is_of_customer(name: str) -> bool:
    """Whether a column speaks of a customer, which an organisation can be: `debnr`."""
    return "customer" in words(_last(name))[0]


def is_of_sim(name: str) -> bool:
    """Whether a column speaks of a phone's subscriber or its serial number: `imsi`."""
    return "sim" in words(_last(name))[0]


def is_of_contact(name: str) -> bool:
    """Whether a column speaks of a contact person: `contact_name`."""
    return "contact" in words(_last(name))[0]


def is_general(name: str) -> bool:
    """Whether a column says that it is the whole organisation's: `tel_alg`."""
    return not GENERAL.isdisjoint(tokens(_last(name)))


def is_reached_there(name: str) -> bool:
    """Whether a column speaks of somebody whom one reaches at an organisation: `contact_email`, `depotmgr`."""
    return not words(_last(name))[0].isdisjoint(REACHED_THERE)


def _bare(table: str) -> str:
    """A table's name without its schema; of a file or prefix the whole of it."""
    return table if "/" in table or _FILE.search(table) else table.rpartition(".")[2]


@cache
def meaning(name: str, table: str = "") -> tuple[str, bool] | None:
    """The category that a column's name means, and whether the name is clear enough to stand without the values.

    Of a path such as `customer.address.city` the last part speaks, with the part before it where it says too little.
    In a table of people `id` and `naam` are theirs.
    """
    last, before = _last(name), _before(name)
    found = _meaning(last)
    if before and (found is None or not found[1]):
        found = _meaning(f"{before} {last}") or found
    if before and found and found[0].startswith(EVENTFUL) and speaks_of_a_thing(name):
        return None
    if found is None or not found[1]:
        found = ("user.account.username", False) if done_by(name) else found
    of_people = is_of_people(before or table)
    if of_people and (found is None or not found[1]):
        known, things = words(last)
        own = [token for token in tokens(last) if token not in _ROW or words(before or table)[0] - ROLES]
        if not things and known and known <= {"id", "number"} and len(own) == 1:
            return "user.unique_id", True
        if found is not None and not things and found[0] != "user.content":
            return found[0], True
    return found


def _before(name: str) -> str:
    return name.rpartition(".")[0].rpartition(".")[2].removesuffix("[]")


def _last(name: str) -> str:
    return name.removesuffix("[]").rpartition(".")[2]


def _meaning(name: str) -> tuple[str, bool] | None:
    found, things = words(name)
    fits = [(needed, category) for needed, category in _NEEDED if needed <= found]
    if not fits:
        return None
    # The most telling words win; of equally many the first in the table, unless that goes with much.
    needed, category = max(fits, key=lambda fit: (len(fit[0] - ROLES), len(fit[0]), fit[0] not in _LEAST))
    if needed == {"account"} and "id" in found:
        return None  # an organisation's as often as a person's
    if needed == {"salary"} and tokens(name)[-1] in _NUMBERS:
        return None  # the number of a loan, and no sum
    if things and is_of_people(name):
        return "user.name", False
    if not things:
        return category, needed not in _VAGUE and not _is_guessed(name)
    if things <= DESCRIPTIONS and category.startswith("user.health_and_medical"):
        return category, needed not in _VAGUE
    if things <= SIDES and category.startswith(SIDED):
        return category, needed not in _VAGUE
    if things <= EVENTS and category.startswith(EVENTFUL) and category != "user.unique_id":
        return category, False
    return None


def _singular(token: str) -> str:
    for ending in ("en", "s", "n"):
        if token.endswith(ending) and len(token) > len(ending) + 2:
            shorter = token.removesuffix(ending)
            if shorter in _CANONICAL or shorter in THINGS:
                return shorter
    return token


@cache
def _split(token: str) -> list[str] | None:
    """`gebdat` into `geb`, `dat`: known words that together are the whole token; the longest first."""
    if token in _CANONICAL or token in THINGS or token in FILLERS:
        return [token]
    for part in _BEGUN_WITH.get(token[:1], ()):
        least = 3 if part in FILLERS else 2
        if least <= len(part) < len(token) and token.startswith(part):
            rest = token[len(part) :]
            # Dutch glues with an s: `bedrijfsnaam`.
            split = _split(rest) or (_split(rest[1:]) if rest.startswith("s") else None)
            if split is not None:
                return [part, *split]
    return None

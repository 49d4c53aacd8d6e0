"""How identities are compared: one form for every way in which people and systems write the same thing.

Each form exists twice, as Python for what somebody sent and as SQL for what a column holds. A test holds them equal.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from uuid import UUID

from psycopg import sql

from hoeder.detection.lexicon import fold

_PARTICLES = frozenset(
    {
        "van", "der", "den", "de", "het", "ter", "ten", "te", "op", "in", "'t", "aan", "bij", "onder", "uit", "voor",
        "over", "la", "le", "du", "des", "di", "da", "dos", "del", "el", "al", "ibn", "ben", "von", "zu",
    }
)  # fmt: skip
_TITLES = frozenset(
    {"dhr", "mevr", "mw", "heer", "mevrouw", "meneer", "drs", "dr", "ir", "mr", "ing", "prof", "ds", "sr", "jr"}
)
_PHONE_DIGITS = 9
"""Of a Dutch number without its 0: the digits that +31, 0031 and 0 have in common."""
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DUTCH = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")


def email(value: str) -> str:
    """Lower case, without space around it."""
    return value.strip().lower()


def phone(value: str) -> str:
    """The last nine digits: `+31 6 1234 5678`, `0031612345678` and `06-12345678` have them in common."""
    return re.sub(r"\D", "", value)[-_PHONE_DIGITS:]


def bank_account(value: str) -> str:
    """Capitals and digits alone."""
    return re.sub(r"[^A-Za-z0-9]", "", value).upper()


def national_id(value: str) -> str:
    """Digits without leading zeros: eight digits are a citizen's number too."""
    return re.sub(r"\D", "", value).lstrip("0")


def postcode(value: str) -> str:
    """Four digits and two capitals without the space."""
    return re.sub(r"\s", "", value).upper()


def plain(value: str) -> str:
    """A number or name of an account: lower case, without space around it."""
    return value.strip().lower()


def birth_date(value: object) -> date | None:
    """A date, its ISO text, or day, month and year as the Dutch write it; None for anything else."""
    if isinstance(value, date):
        return value
    text = str(value).strip()
    if found := _ISO.match(text):
        parts = (found[1], found[2], found[3])
    elif found := _DUTCH.fullmatch(text):
        parts = (found[3], found[2], found[1])
    else:
        return None
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


@dataclass(frozen=True)
class Form:
    """One form in both languages; `text` is an SQL expression over a text."""

    of: Callable[[str], str]
    text: sql.SQL


_FORMS = {
    "email": Form(email, sql.SQL("lower(btrim({}))")),
    "phone": Form(phone, sql.SQL("right(regexp_replace({}, '\\D', '', 'g'), 9)")),
    "bank_account": Form(bank_account, sql.SQL("upper(regexp_replace({}, '[^A-Za-z0-9]', '', 'g'))")),
    "national_id": Form(national_id, sql.SQL("ltrim(regexp_replace({}, '\\D', '', 'g'), '0')")),
    "postcode": Form(postcode, sql.SQL("upper(regexp_replace({}, '\\s', '', 'g'))")),
}
_PLAIN = Form(plain, sql.SQL("lower(btrim({}))"))


def form(kind: str) -> Form:
    """The form in which identities of a kind are compared."""
    return _FORMS.get(kind, _PLAIN)


def typed(kind: str, type: str, values: list[str]) -> list[object]:
    """Values as a column of a type that is no text holds them; those that it cannot hold are left out."""
    found: list[object] = []
    for value in values:
        if type in ("smallint", "integer", "bigint"):
            if value.isascii() and value.isdigit() and int(value) < 2 ** (63 if type == "bigint" else 31):
                found.append(int(value))
        elif type == "uuid":
            try:
                found.append(UUID(value))
            except ValueError:
                continue
        elif type == "date" and (day := birth_date(value)):
            found.append(day)
    return found


@dataclass(frozen=True)
class Name:
    """A person's name taken apart: surname without particles, initials, first names."""

    surname: str
    given: tuple[str, ...]

    @property
    def initials(self) -> str:
        return "".join(each[0] for each in self.given)


@cache
def name(value: str) -> Name | None:
    """Take a full name apart, in the order first name, surname or `Surname, first name`; None without a word of it."""
    text = fold(value).replace("\u2019", "'").replace("\u2018", "'")
    last_first = text.partition(",")
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", f"{last_first[2]} {last_first[0]}" if last_first[1] else text)
    # `J.M. de Vries` comes apart into its initials, `'t` into its letter
    words = [word for word in words if word not in _PARTICLES and word not in _TITLES and word != "t"]
    if not words:
        return None
    return Name(words[-1], tuple(words[:-1]))


def same_name(one: str, other: str) -> bool | None:
    """Whether two full names can be one person's; None where either says too little to tell.

    Surnames must be the same but for a letter, first names or initials must not contradict each other.
    """
    from rapidfuzz.distance import DamerauLevenshtein

    a, b = name(one), name(other)
    if a is None or b is None:
        return None
    surnames = DamerauLevenshtein.distance(a.surname, b.surname, score_cutoff=1) <= (1 if len(a.surname) > 4 else 0)
    married = {*a.surname.split("-")} & {*b.surname.split("-")}
    if not surnames and not married:
        return False
    if not a.given or not b.given:
        return None
    first, second = a.given[0], b.given[0]
    if len(first) == 1 or len(second) == 1:
        return first[0] == second[0]
    return first == second or DamerauLevenshtein.distance(first, second, score_cutoff=1) <= (1 if len(first) > 3 else 0)

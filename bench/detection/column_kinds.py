"""What a judged column is, where its values come from, and the words that verdicts and makers are written in."""

# ruff: noqa: S311  # repeatable values, no secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from random import Random

import column_values as v
from column_values import Maker

ROWS = 2000
SEED = 20261101
REGISTERS = ("relatie", "mdw")
# Personal or not: somebody careful who sees the values alone, without a name, could not tell.
UNTELLABLE = frozenset(
    [
        "relatie.relnr",
        "bestelling.relnr",
        "mdw.pers_nr",
        "mdw.rijbewijs",
        "payroll.emp_no",
        "payroll.gross",
        "web_log.sess",
        "web_log.mac",
        "campaign.gaid",
        "campaign.mail_hash",
        "spreekuur.verz_nr",
        "enquete.lft",
        "enquete.pc4",
        "werk.straat",
        "meting.mac",
    ]
)

Verdict = tuple[str, ...] | None
NOT: Verdict = ()
DEBATABLE: Verdict = None
NAME = ("user.name",)
EMAIL = ("user.contact.email",)
PHONE = ("user.contact.phone_number",)
STREET = ("user.contact.address.street",)
ADDRESS = ("user.contact.address", "user.location.precise")
POSTCODE = ("user.contact.address.postal_code",)
CITY = ("user.contact.address.city",)
BORN = ("user.demographic.date_of_birth",)
GENDER = ("user.demographic.gender",)
BSN = ("user.government_id.national_identification_number",)
ACCOUNT = ("user.financial.bank_account",)
PLATE = ("user.government_id.vehicle_registration", "user.unique_id", "user.device")
NUMBER = ("user.unique_id", "user.account")
STAFF = ("user.unique_id", "user.account", "user.workplace", "user.professional_information")
HEALTH = ("user.health_and_medical", "user.health")
TEXT = ("user.content",)
LOGIN = ("user.account.username", "user.unique_id")
PLACE = ("user.location",)


@dataclass(frozen=True)
class Column:
    """A column, or with a dotted name a path in a jsonb column, with its verdict and where its values come from."""

    name: str
    type: str
    verdict: Verdict
    make: Maker
    empty: float = 0.0  # the share of rows in which it is NULL
    comment: str | None = None

    @property
    def root(self) -> str:
        return self.name.partition(".")[0]

    @property
    def in_json(self) -> bool:
        return "." in self.name


@dataclass(frozen=True)
class Table:
    """A table; `stream` is the chance its values come from, `register` says that it has every person once."""

    name: str
    columns: tuple[Column, ...]
    stream: str
    register: bool

    @property
    def roots(self) -> tuple[str, ...]:
        """The columns of the real table: paths in one jsonb column count once."""
        return tuple(dict.fromkeys(column.root for column in self.columns))


Values = tuple[object, ...]


def values(table: Table, seed: int = SEED, count: int = ROWS) -> list[Values]:
    """Rows of a table, one value for each of its columns and paths. What is NULL is chosen apart from the values."""
    gaps = Random(f"{seed} {table.stream} empty")
    return [
        tuple(None if gaps.random() < column.empty else column.make(row) for column in table.columns)
        for row in v.rows(seed, table.stream, count, register=table.register)
    ]


def hidden(tables: Sequence[Table]) -> tuple[Table, ...]:
    """The same tables with nothing to be learnt from a name: t01, col1, col7.k1; no comments.

    What values alone cannot tell is debatable there.
    """
    return tuple(_hidden(table, number) for number, table in enumerate(tables, 1))


def _hidden(table: Table, number: int) -> Table:
    roots = {root: f"col{at}" for at, root in enumerate(table.roots, 1)}
    inner = dict.fromkeys(key for column in table.columns for key in column.name.split(".")[1:])
    keys = {key: f"k{at}" for at, key in enumerate(inner, 1)}

    def hide(column: Column) -> Column:
        name = ".".join([roots[column.root], *(keys[key] for key in column.name.split(".")[1:])])
        untellable = f"{table.name}.{column.name}" in UNTELLABLE
        return replace(column, name=name, comment=None, verdict=DEBATABLE if untellable else column.verdict)

    return replace(table, name=f"t{number:02}", columns=tuple(map(hide, table.columns)))


def one_of(*choices: object) -> Maker:
    return lambda row: row.rng.choice(choices)


def between(low: int, high: int) -> Maker:
    return lambda row: row.rng.randint(low, high)


def amount(low: float, high: float, digits: int = 2) -> Maker:
    return lambda row: round(row.rng.uniform(low, high), digits)


def text(pattern: str, low: int, high: int) -> Maker:
    """A code: the pattern with a number in it."""
    return lambda row: pattern.format(row.rng.randint(low, high))


def clock(years: float = 3) -> Maker:
    return lambda row: v.moment(row, years)


def dates(years: float = 3) -> Maker:
    return lambda row: v.day(row, years)


def serial(start: int) -> Maker:
    return lambda row: start + row.number


def often(share: float, first: Maker, second: Maker) -> Maker:
    return lambda row: first(row) if row.rng.random() < share else second(row)


def address(low: int, high: int, network: str) -> Maker:
    return lambda row: str(IPv4Address(int(IPv4Address(network)) + row.rng.randint(low, high)))


def mac(prefix: str) -> Maker:
    return lambda row: prefix + ":" + ":".join(f"{row.rng.randrange(256):02x}" for _ in range(3))


def digits(count: int) -> Maker:
    return lambda row: str(row.rng.randint(10 ** (count - 1), 10**count - 1))


def letters(pattern: str) -> Maker:
    """Each A a consonant and each 9 a digit."""
    return lambda row: v.code(row.rng, pattern)


def enum(*labels: str) -> str:
    """The type of a column that takes these labels alone."""
    return "enum " + ",".join(labels)


Line = (
    tuple[str, str, Verdict, Maker]
    | tuple[str, str, Verdict, Maker, float]
    | tuple[str, str, Verdict, Maker, float, str]
)


def table(name: str, *lines: Line) -> Table:
    return Table(name, tuple(Column(*line) for line in lines), name, name in REGISTERS)

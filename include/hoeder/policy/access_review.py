"""Who needs what to do their work, and where that is written: `access_review.yaml`."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from hoeder.policy.base import Name, Slug, Strict, Text

Privilege = Literal["select", "insert", "update", "delete", "truncate", "references", "trigger", "maintain"]
"""PostgreSQL's rights on a table, in lower case."""
SeparationKind = Literal[
    "sees-others", "sees-less", "view-around", "rows-crossed", "named-in-note", "stray-object", "role-missing",
    "role-unreadable",
]  # fmt: skip
AccessKind = Literal[
    "leaver", "orphan", "shared", "superuser", "public-grant", "beyond-need", "other-client", "no-secrecy",
    "no-training", "attestation-ending", "use", "egress", "client-system", "staff-list", "unreadable",
]  # fmt: skip


class People(Strict):
    """HR's list of who works here, one row a person."""

    table: Name
    key: Name = "id"
    status: Name
    works: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Values of `status` for who works here."""
    left_on: Name


class KeptUp(Strict):
    """By what one sees that HR keeps its list up: a table that fills as long as people work here."""

    table: Name
    day: Name
    days: Annotated[int, Field(ge=1, le=400)]
    """Without a row of the last so many days the list is too old to take anybody's access away."""


class Accounts(Strict):
    """Which login is whose."""

    table: Name
    key: Name = "id"
    person: Name
    login: Name
    active: Name
    last_used_on: Name


class Entitlements(Strict):
    """What each account was given, by system."""

    table: Name
    account: Name
    system: Name
    role: Name


class Jobs(Strict):
    """In which function somebody works: of several rows the last one counts."""

    table: Name
    person: Name
    job: Name
    since: Name


class Secrecy(Strict):
    """Signed confidentiality statements. The table is one of its own, apart from the personnel file."""

    table: Name
    person: Name
    text: Name
    signed_on: Name
    texts: Annotated[dict[Text, bool], Field(min_length=1)]
    """By version of the text: whether it says that it holds after employment. Another version is not one."""


class Training(Strict):
    """Courses that everyone who works here has to have followed."""

    table: Name
    person: Name
    course: Name
    followed_on: Name
    courses: Annotated[dict[Text, int | None], Field(min_length=1)]
    """By course: for how many months it holds; none: for good."""


class Staff(Strict):
    """Where HR says who works here, and when that list is not to be relied on."""

    store: Name
    people: People
    kept_up: KeptUp
    accounts: Accounts
    entitlements: Entitlements
    jobs: Jobs
    secrecy: Secrecy
    training: Training
    most_missing: Annotated[float, Field(gt=0, le=0.5)] = 0.2
    """The largest share of the accounts in use whose person HR may not know, and by which the list may have shrunk
    since the last review; above it nobody's access is taken away.
    """

    def tables(self) -> dict[str, frozenset[str]]:
        """What a review reads of it: columns by table."""
        found: dict[str, set[str]] = {}
        for part in (self.people, self.kept_up, self.accounts, self.entitlements, self.jobs, self.secrecy,
                     self.training):  # fmt: skip
            for name, value in part:
                if name not in ("table", "works", "days", "texts", "courses"):
                    found.setdefault(part.table, set()).add(value)
        return {table: frozenset(columns) for table, columns in found.items()}


class Function(Strict):
    """What somebody in this function needs."""

    systems: dict[Text, Annotated[tuple[Text, ...], Field(min_length=1)]] = Field(default_factory=dict)
    """Roles by system, as HR's list of entitlements calls them; `{client}` stands for each client."""
    groups: tuple[Text, ...] = ()
    """Group roles of databases; `{client}` stands for each client."""
    airflow: tuple[Text, ...] = ()
    """Roles in Airflow, for people with an account of their own."""


class Airflow(Strict):
    """Accounts of functions and programs in Airflow, and connections that it keeps itself."""

    accounts: dict[Text, tuple[Text, ...]] = Field(default_factory=dict)
    """By login: the roles that it has."""
    connections: tuple[Text, ...] = ()
    """Beside those of stores and programs, which are known by their names."""


class Group(Strict):
    """What a group role of a database may do. `{client}` in its name: one for each client, and for that one alone."""

    store: Name
    may: Annotated[tuple[Privilege, ...], Field(min_length=1)]
    tables: Annotated[tuple[Text, ...], Field(min_length=1)]


class Program(Strict):
    """What the account of a program may do in every store; no tables named: in every table."""

    may: tuple[Privilege, ...] = ()
    tables: dict[Name, tuple[Text, ...]] = Field(default_factory=dict)
    """By store."""
    groups: tuple[Text, ...] = ()
    """Group roles that it has to be in; `{client}` stands for each client."""


class Identity(Strict):
    """What a key of the object store may do: `Read`, `List`, `Write`… in buckets or below prefixes."""

    may: Annotated[tuple[Text, ...], Field(min_length=1)]
    places: Annotated[tuple[Text, ...], Field(min_length=1, alias="in")]


class Use(Strict):
    """Data with one purpose: who may read them at all, whatever else they may do."""

    place: Text
    """`store.table`."""
    programs: tuple[Text, ...] = ()
    groups: tuple[Text, ...] = ()


class AccessReview(Strict):
    """`access_review.yaml`."""

    owner: Name
    """The officer who decides about what no other owner is named for."""
    owners: dict[Name, Name] = Field(default_factory=dict)
    """By store: the officer who answers for its data and decides who may see them."""
    keep_days: Annotated[int, Field(ge=1, le=400)] = 180
    """How long a decision to keep holds; then it is asked again."""
    staff: Staff
    functions: Annotated[dict[Text, Function], Field(min_length=1)]
    groups: dict[Text, Group] = Field(default_factory=dict)
    administrators: tuple[Text, ...] = ()
    """Accounts that may do everything, each with a reason beside it in the file."""
    programs: dict[Name, Program] = Field(default_factory=dict)
    """By the last part of their account's name: `<connection>_<program>`."""
    identities: dict[Text, Identity] = Field(default_factory=dict)
    airflow: Airflow | None = None
    """None: Airflow's accounts are not reviewed."""
    client_systems: dict[Slug, Text] = Field(default_factory=dict)
    """By client: how HR's list of entitlements calls the client's own system."""
    uses: tuple[Use, ...] = ()
    attestations: tuple[Slug, ...] = ()
    """Kinds of which a review says when one ends soon."""

    def owner_of(self, store: str) -> str:
        """The officer who decides about access to a store."""
        return self.owners.get(store, self.owner)


CLIENT = "{client}"


def for_clients(text: str, clients: Iterable[str]) -> dict[str, str | None]:
    """A name with the client that it is for: one for each client where it says so."""
    return {text.replace(CLIENT, name): name for name in clients} if CLIENT in text else {text: None}

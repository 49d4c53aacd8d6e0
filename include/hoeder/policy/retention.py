"""Retention rules: what stays how long, why, and what happens then."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, PlainSerializer, StringConstraints

from hoeder.policy.base import Name, Role, Slug, Source, Strict, Text
from hoeder.policy.term import Term


class RuleType(StrEnum):
    """What kind of term a retention rule states."""

    FLOOR = "FLOOR"  # statutory minimum
    CEILING = "CEILING"  # statutory maximum
    FIXED = "FIXED"  # both
    NORM = "NORM"  # guideline of a supervisor or sector
    OWN = "OWN"  # own reasoned choice


class Pending(Strict):
    """Rows whose term has not begun: an empty anchor is right as long as this column holds one of these values."""

    column: Name
    values: Annotated[tuple[Text, ...], Field(min_length=1, alias="is")]


class Act(StrEnum):
    """What happens at the end of a term."""

    ERASE = "erase"  # the row, or the object with every version
    DROP_PARTITION = "drop-partition"  # partitions of which every row is due; other due rows are erased
    REWRITE = "rewrite"  # the rows inside an object go, the rest of the object stays
    NULL = "null"  # these fields are emptied
    REPLACE = "replace"  # these fields get a constant
    ANONYMIZE = "anonymize"  # these fields become coarser


Coarser = Literal["year", "month", "first-1", "first-2", "first-3", "first-4"]
"""A date's first day of year or month; a text's first characters. Done twice it changes nothing more."""

Constant = Text | int | bool | None


class End(Strict):
    """The end action: `erase`, `drop-partition`, `rewrite`, `{null: [column]}`,
    `{replace: {column: constant}}` or `{anonymize: {column: year}}`.
    """

    act: Act
    changes: dict[Name, Constant] = Field(default_factory=dict)
    """By column: None (null), the constant (replace), or a `Coarser` step (anonymize)."""

    @classmethod
    def parse(cls, data: object) -> object:
        """From the words of a policy file. Raises ValueError with the words there are."""
        if isinstance(data, cls):
            return data
        if data in (Act.ERASE, Act.DROP_PARTITION, Act.REWRITE):
            return cls(act=Act(str(data)))
        if isinstance(data, dict) and len(data) == 1:
            ((word, what),) = data.items()
            if word == Act.NULL and isinstance(what, list) and what and all(isinstance(c, str) for c in what):
                return cls(act=Act.NULL, changes=dict.fromkeys(what))
            if word == Act.REPLACE and isinstance(what, dict) and what and None not in what.values():
                return cls(act=Act.REPLACE, changes=what)
            if word == Act.ANONYMIZE and isinstance(what, dict) and what:
                if wrong := sorted(str(s) for s in what.values() if s not in get_args(Coarser)):
                    raise ValueError(f"anonymize knows {', '.join(get_args(Coarser))}; not {', '.join(wrong)}")
                return cls(act=Act.ANONYMIZE, changes=what)
        raise ValueError(
            "expected erase, drop-partition, rewrite, {null: [column]}, "
            "{replace: {column: constant}} or {anonymize: {column: year}}"
        )

    def plain(self) -> Any:
        """As the policy file says it."""
        match self.act:
            case Act.NULL:
                return {"null": list(self.changes)}
            case Act.REPLACE | Act.ANONYMIZE:
                return {str(self.act): dict(self.changes)}
            case _:
                return str(self.act)

    @property
    def columns(self) -> tuple[str, ...]:
        """The fields that change; empty where the whole record goes."""
        return tuple(self.changes)


class Instruction(Strict):
    """What one client (opdrachtgever) instructed about the data that are held for it (AVG 28(3))."""

    value: Annotated[int | str, Field(alias="is")]
    """The client's value in the table's client column."""
    keep: Annotated[Term, BeforeValidator(Term.parse), PlainSerializer(str, return_type=str)] | None = None
    """Where it differs from the rule's own term."""
    first: Literal["return"] | None = None
    """What comes before the end: the client gets its data back and says that it has them."""
    instructed_on: date


class ClientRows(Strict):
    """The rows of one client, or those of every client but some."""

    name: Slug
    column: Name
    values: tuple[int | str, ...]
    others: bool = False
    """The rows of every client except those whose values are given."""
    returned: bool = False
    """Whether the client gets its data back before they are erased."""


class RetentionRule(Strict):
    """How long one category for one purpose stays, and what happens then."""

    rule: Slug
    category: Slug
    """What kind of record; with purpose and role the key of the rule."""
    purpose: Text
    role: Role
    keep: Annotated[Term, BeforeValidator(Term.parse), PlainSerializer(str, return_type=str)]
    type: RuleType
    because: Text
    applies_to: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*[.:][A-Za-z0-9_./-]+$")]
    """`store.table`, or `store:prefix/` for objects."""
    covers: tuple[Name, ...] = ()
    """The only columns that this rule needs kept; the rest of the record may go sooner. Empty: the whole record."""
    pending: Pending | None = None
    clients: dict[Slug, Instruction] = Field(default_factory=dict)
    """Per client what was instructed; any other client's rows follow `keep`."""
    client: ClientRows | None = None
    """Whose rows: filled in when the policy is read, from `clients`."""
    then: Annotated[
        End, BeforeValidator(End.parse), PlainSerializer(lambda end: end.plain(), return_type=Any, when_used="always")
    ]
    pre_approved_up_to: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Runs without waiting for the DPO while no more records than this are due."""
    enforce: Literal["hoeder", "store"] = "hoeder"
    """Who erases: Hoeder, or the bucket itself by a lifecycle that Hoeder writes and watches."""
    source: Source
    valid_from: date
    valid_to: date | None = None

    @property
    def store(self) -> str:
        """The store's name, the part before `.` or `:`."""
        return self.applies_to.replace(":", ".", 1).split(".", 1)[0]

    @property
    def target(self) -> str:
        """The table or prefix, the part behind the store."""
        return self.applies_to[len(self.store) + 1 :]

    @property
    def is_prefix(self) -> bool:
        """Whether the rule is about objects rather than rows."""
        return self.applies_to[len(self.store)] == ":"

    @property
    def is_floor(self) -> bool:
        """Whether the law demands that the record is kept as long as this."""
        return self.type in (RuleType.FLOOR, RuleType.FIXED)

    @property
    def is_ceiling(self) -> bool:
        """Whether the law forbids to keep the record any longer, whatever else it would serve."""
        return self.type in (RuleType.CEILING, RuleType.FIXED)

    def valid_on(self, day: date) -> bool:
        """Whether the rule is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def keeps_from(self, other: "RetentionRule") -> bool:
        """Whether this rule, while its term runs, keeps a record from what `other` would do to it.

        The longest term wins (AVG 5(1)(e): as long as any purpose needs it), for the parts of a record that both are
        about. A statutory maximum cuts through every term but a statutory minimum; it keeps nothing itself.
        """
        if self is other or self.applies_to != other.applies_to or self.type is RuleType.CEILING:
            return False
        if other.is_ceiling and not self.is_floor:
            return False
        if self.client and other.client and not _share_rows(self.client, other.client):
            return False
        mine, theirs = set(self.covers or self.then.columns), set(other.then.columns)
        return not mine or not theirs or bool(mine & theirs)

    def for_each_client(self, column: str | None) -> "tuple[RetentionRule, ...]":
        """One rule for every client that instructed something and one for all others, or itself."""
        if not self.clients or column is None:
            return (self,)
        named = tuple(
            self.model_copy(
                update={
                    "rule": f"{self.rule}-{name}",
                    "keep": said.keep or self.keep,
                    "client": ClientRows(
                        name=name, column=column, values=(said.value,), returned=said.first == "return"
                    ),
                }
            )
            for name, said in self.clients.items()
        )
        others = tuple(said.value for said in self.clients.values())
        rest = ClientRows(name="others", column=column, values=others, others=True)
        return (self.model_copy(update={"client": rest}), *named)


def _share_rows(a: ClientRows, b: ClientRows) -> bool:
    if a.others and b.others:
        return True
    if a.others or b.others:
        all_but, only = (a, b) if a.others else (b, a)
        return bool(set(only.values) - set(all_but.values))
    return bool(set(a.values) & set(b.values))

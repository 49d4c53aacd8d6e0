"""What is known of an incident: closed words, counts and moments. What somebody wrote about it lies in the vault."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

import yaml
from pydantic import AwareDatetime, Field, StringConstraints, ValidationError, field_validator, model_validator

from hoeder.errors import Refused
from hoeder.policy.base import Slug, Strict, Text
from hoeder.policy.incident_words import Word
from hoeder.policy.suggest import did_you_mean

Severity = Literal["low", "medium", "high"]
Count = Annotated[int, Field(ge=0, le=2_000_000_000)]
Place = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:()/=-]{1,120}$")]
"""A table, prefix, system or bucket; never a person."""


class Facts(Strict):
    """The facts of one incident, as far as they are known. What is not known is left out, and named as missing."""

    kind: Annotated[str, Word("kinds")]
    aspects: Annotated[tuple[Annotated[str, Word("aspects")], ...], Field(min_length=1)]
    started_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    goes_on: bool | None = None
    own: bool = True
    """Whether it is about data that we are the controller of."""
    clients: tuple[Slug, ...] = ()
    """Clients (opdrachtgevers) whose data are concerned: we are their processor."""
    categories: tuple[Annotated[str, Word("categories")], ...] = ()
    groups: tuple[Annotated[str, Word("groups")], ...] = ()
    persons_least: Count | None = None
    persons_most: Count | None = None
    records: Count | None = None
    protection: Annotated[str, Word("protections")] | None = None
    protection_complete: bool | None = None
    consequences: tuple[Annotated[str, Word("consequences")], ...] = ()
    severity: Severity | None = None
    method: Annotated[str, Word("methods")] | None = None
    """By which way the severity was found."""
    cross_border: bool | None = None
    authorities: tuple[Annotated[str, Word("authorities")], ...] = ()
    """Others that were told."""
    processor_involved: Slug | None = None
    """A recipient of processing.yaml where it happened."""
    places: tuple[Place, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> "Facts":
        if not self.own and not self.clients:
            raise ValueError("whose data are concerned: own, or clients, or both")
        if self.started_at and self.ended_at and self.ended_at < self.started_at:
            raise ValueError("it ended before it started: change started_at or ended_at")
        if self.goes_on and self.ended_at:
            raise ValueError("it ended and goes on: leave one of ended_at and goes_on out")
        if None not in (self.persons_least, self.persons_most) and (self.persons_least or 0) > (self.persons_most or 0):
            raise ValueError("persons_least is more than persons_most")
        return self


class Texts(Strict):
    """What people wrote. It may name persons, so it is kept in the vault alone, encrypted."""

    summary: Text | None = None
    protection: Text | None = None
    consequences: Text | None = None
    measures: Text | None = None
    persons_told: Text | None = None
    late: Text | None = None
    remarks: Text | None = None
    reporter_name: Text | None = None
    reporter_function: Text | None = None
    reporter_phone: Text | None = None
    reporter_email: Text | None = None


class Report(Strict):
    """A file that somebody reports an incident with, or completes one."""

    discovered_at: AwareDatetime
    facts: Facts
    texts: Texts = Texts()

    @field_validator("discovered_at", mode="before")
    @classmethod
    def _with_zone(cls, given: Any) -> Any:
        if isinstance(given, datetime) and given.tzinfo is None:
            raise ValueError("give the moment a time zone, such as 2026-11-20T16:40+01:00")
        return given


def read_report(text: str, clients: Mapping[str, object]) -> Report:
    """A report from YAML. Raises Refused with everything that is wrong at once, never with what somebody wrote."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError:
        raise Refused("the report is no YAML: see `hoeder incidents template`") from None
    try:
        report = Report.model_validate(data)
    except ValidationError as error:
        raise Refused("the report was not taken in:\n" + "\n".join(_wrong(item) for item in error.errors())) from None
    known_clients(report.facts, clients)
    return report


def known_clients(facts: Facts, clients: Mapping[str, object]) -> None:
    """Raises Refused for a client for which policy has no hours: nobody would know by when to tell it."""
    for client in facts.clients:
        if client not in clients:
            raise Refused(
                f"client {client} has no hours in policy{did_you_mean(client, clients)}; "
                "add it to incidents.yaml, clients, as its contract says"
            )


_MODELS: dict[str, type[Strict]] = {"facts": Facts, "texts": Texts}


def _wrong(item: Any) -> str:
    """One mistake, by its place; the value itself may be about a person and stays out, words of closed lists aside."""
    place = ".".join(str(part) for part in item["loc"]) or "report"
    if item["type"] == "extra_forbidden":
        known = _MODELS.get(str(item["loc"][0]), Report).model_fields
        return f"  {place}: unknown key{did_you_mean(item['loc'][-1], known)}"
    if item["type"] == "value_error":
        return f"  {place}: {item['msg'].removeprefix('Value error, ')}"
    return f"  {place}: {item['msg'][0].lower()}{item['msg'][1:]}"

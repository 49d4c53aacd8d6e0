"""What the owner is asked, and how a review ended: counts and words of policy, nobody's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from hoeder.access_review.review import Review
from hoeder.errors import Refused

Db = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Line:
    """One finding as anybody may see it. `account` is a program's or group's name, else how its reference begins."""

    finding: int
    kind: str
    system: str
    place: str
    right: str
    client: str | None
    account: str
    number: int
    hours: int | None
    owner: str
    proposed: str | None
    by_machine: bool
    decision: str | None
    until: str | None
    withdrawal: str | None
    open: bool


def lines(governance: Db, review: int | None = None) -> list[Line]:
    """The findings of the last review. Raises Refused where `review` is not the last."""
    rows = governance.execute(
        """select finding, kind, system, place, "right", client, coalesce(account, left(encode(account_ref, 'hex'), 8),
                  left(encode(person_ref, 'hex'), 8), ''), number, hours, owner, proposed, by_machine, decision,
                  until::text, withdrawal, not settled, review
           from access_finding_now order by kind, system, place, finding"""
    ).fetchall()
    governance.commit()
    if review is not None and any(row[16] != review for row in rows):
        raise Refused(f"review {review} is not the last one any more")
    return [Line(*row[:16]) for row in rows]


def subject(digest: str) -> str:
    """Names exactly this list."""
    return f"Toegang beoordelen / review of access {digest}"


def body(made: Review, listed: Sequence[Line]) -> str:
    """The open findings as a table in Markdown, for the required action."""
    asked = [line for line in listed if line.open]
    head = (
        f"{made.working} people work here by HR's list ({made.state}); {made.rights} rights were looked at. "
        "Approve carries out what is proposed; `keep` names findings to leave as they are. "
        "Whose account it is: `hoeder access list --names`.\n\n"
        "| nr | finding | where | right | account | proposed | owner |\n|---|---|---|---|---|---|---|\n"
    )
    return head + "\n".join(
        f"| {line.finding} | {line.kind}{_since(line.hours)} | {line.system} {line.place} | {line.right} "
        f"| {line.account} | {_proposal(line)} | {line.owner} |"
        for line in asked
    )


def _since(hours: int | None) -> str:
    return "" if hours is None else f", {hours} h after leaving"


def _proposal(line: Line) -> str:
    if line.proposed is None:
        return "mend"
    return line.proposed if line.by_machine else f"{line.proposed}, by hand"


def numbers(text: str) -> frozenset[int]:
    """`7, 9` as numbers. Raises Refused for anything else: the field is typed by hand."""
    parts = [part for part in re.split(r"[,;\s]+", text.strip()) if part]
    if not all(re.fullmatch(r"\d{1,9}", part) for part in parts):
        raise Refused("this names no findings: give their numbers, such as 7, 9. Nothing was changed.")
    return frozenset(map(int, parts))


def taken_down(governance: Db, review: int, answered_at: datetime | None) -> bool:
    """Whether this very answer was taken down already, by an earlier attempt of the task."""
    row = governance.execute(
        """select exists (select from access_decision d join access_finding f using (finding)
                          where f.review = %s and d.answered_at = %s)""",
        [review, answered_at],
    ).fetchone()
    governance.commit()
    return bool(row and row[0])


def problems(governance: Db, review: int) -> list[str]:
    """Why a review did not end well; nothing where it did."""
    row = governance.execute("select staff_state from access_review where review = %s", [review]).fetchone()
    found = (
        [] if row and row[0] == "usable" else [f"HR's list could not be relied on: {row[0] if row else 'no review'}"]
    )
    listed = [line for line in lines(governance) if line.open]
    unread = sorted(line.system for line in listed if line.kind == "unreadable")
    if unread:
        found.append(f"could not be looked at: {', '.join(unread)}")
    stayed = [line for line in listed if line.withdrawal in ("still-there", "not-allowed")]
    found += [f"finding {line.finding} ({line.kind}, {line.system}): {line.withdrawal}" for line in stayed]
    return found

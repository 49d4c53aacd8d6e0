"""`hoeder promises`: how every line of the privacy statement stands, why, and where the evidence is."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from hoeder.cli.common import Connections, Json, out, resolver
from hoeder.errors import HoederError
from hoeder.policy.promise import Promise
from hoeder.policy.suggest import did_you_mean
from hoeder.stores.connection import connect

if TYPE_CHECKING:
    from hoeder.policy import Policy
    from hoeder.promises import Assessment

_SIGNS = {"kept": "✔", "broken": "✘", "attested": "◔", "unknown": "?", "superseded": "⚖"}
_ORDER = ("broken", "unknown", "superseded", "attested", "kept")


@dataclass(frozen=True)
class _Line:
    """A promise and how it stands."""

    promise: Promise
    found: "Assessment"


def promises(
    ids: Annotated[list[str] | None, typer.Argument(help="Only these: REQ-035 …", metavar="[REQ]…")] = None,
    status: Annotated[
        str | None, typer.Option(help="Only those that stand so: kept, broken, attested, unknown or superseded.")
    ] = None,
    language: Annotated[str, typer.Option(help="nl or en.")] = "en",
    as_json: Json = False,
    connections: Connections = None,
) -> None:
    """Judge every promise by the evidence as it is now. Exit code 1 while one of those shown is broken or unknown."""
    from hoeder.policy import load
    from hoeder.promises import Status, assess

    if status is not None and status not in list(Status):
        raise HoederError(f"{status} is no status{did_you_mean(status, Status)}; there are: {', '.join(Status)}")
    if language not in ("nl", "en"):
        raise HoederError(f"{language} is no language of Hoeder; there are: nl, en")
    policy = load()
    _known(ids or [], policy)
    with connect(resolver(connections)("governance_audit_report")) as db:
        row = db.execute("select coalesce(max(entry), 0), clock_timestamp() from ledger").fetchone()
        up_to, at = row if row else (0, datetime.now(UTC))
        found = assess(db, policy, at=at, up_to=up_to)
    lines = [_Line(promise, one) for promise, one in zip(policy.promises, found, strict=True)]
    shown = [
        line
        for line in lines
        if (not ids or line.promise.id in ids) and (status is None or line.found.status == status)
    ]
    if as_json:
        head = {"at": at.isoformat(), "up_to": up_to, "policy": policy.digest}
        print(json.dumps(head | {"promises": [_plain(line) for line in shown]}, ensure_ascii=False))
    elif ids and len(ids) == 1 and shown:
        _print_one(shown[0], policy, language)
    else:
        _print_all(lines, shown, up_to, language)
    if any(line.found.status in (Status.BROKEN, Status.UNKNOWN) for line in shown):
        raise typer.Exit(1)


def _known(ids: list[str], policy: "Policy") -> None:
    known = [promise.id for promise in policy.promises]
    for wrong in ids:
        if wrong not in known:
            between = f"; there are {known[0]} to {known[-1]}" if known else "; policy has none"
            raise HoederError(f"there is no promise {wrong}{did_you_mean(wrong, known)}{between}")


def _print_all(lines: list[_Line], shown: list[_Line], up_to: int, language: str) -> None:
    from hoeder.promises import Status, say, words

    counted: Counter[Status] = Counter(line.found.status for line in lines)
    out.print(
        "   ".join(f"{_SIGNS[of]} {counted[of]} {words.status(of, language)}" for of in Status)
        + f"   (ledger {up_to:,})"
    )
    _print_rows(
        (
            _SIGNS[line.found.status],
            line.promise.id,
            line.promise.says(language),
            say(line.found.why, language),
            line.found.evidence[0].reference if line.found.evidence else "–",
        )
        for line in sorted(shown, key=lambda each: _ORDER.index(each.found.status))
    )


def _print_rows(rows: Iterable[tuple[str, ...]]) -> None:
    """A table that folds its cells on a screen, and one line for each row where a program or file reads it."""
    table = Table(box=None, show_header=False)
    for row in rows:
        if out.is_terminal:
            table.add_row(*map(escape, row))
        else:
            out.print(escape("  ".join(row)))
    if out.is_terminal:
        out.print(table)


def _print_one(line: _Line, policy: "Policy", language: str) -> None:
    """Everything about one promise."""
    from hoeder.promises import say, words

    promise, found = line.promise, line.found
    chapter = next(one for one in policy.chapters if one.chapter == promise.chapter)
    officer = policy.organisation.officers[promise.owner]
    rows = [
        ("", f"{_SIGNS[found.status]} {words.status(found.status, language)}: {say(found.why, language)}"),
        ("chapter", f"{chapter.chapter}. {chapter.title.in_(language)}"),
        ("kind", f"{promise.kind}, {promise.weight}; as {', '.join(promise.roles)}"),
        ("owner", officer.title),
        *(("proven by", _control(control)) for control in promise.proven_by),
        *(("evidence", f"{each.reference}: {each.figure}") for each in found.evidence),
    ]
    if promise.law:
        law = promise.law
        rows.append(("law", f"{law.effect}: {law.basis}, since {law.since} ({law.source}; certainty {law.certainty})"))
        rows.append(("", law.says.in_(language)))
    out.print(escape(f"{promise.id}  {promise.says(language)}"), style="bold")
    _print_rows((f"{name:<9}", value) for name, value in rows)


def _control(control: Any) -> str:
    given = control.model_dump(mode="json", exclude_defaults=True)
    said = ", ".join(f"{name}: {', '.join(map(str, v)) if isinstance(v, list) else v}" for name, v in given.items())
    return f"{control.name}{f' ({said})' if said else ''}"


def _plain(line: _Line) -> dict[str, Any]:
    from hoeder.promises import say

    found, why = line.found, line.found.why
    return line.promise.model_dump(mode="json") | {
        "status": found.status.value,
        "why": {"key": why.key, "figures": dict(why.figures), "nl": say(why, "nl"), "en": say(why, "en")},
        "evidence": [asdict(each) for each in found.evidence],
    }

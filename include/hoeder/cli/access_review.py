"""`hoeder access`: who can see more than they need, what the owner decides, and whether clients are apart."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from hoeder.cli.common import Connections, Json, acting, err, out, resolver
from hoeder.clock import AMSTERDAM
from hoeder.errors import HoederError
from hoeder.policy import load
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import Resolver, connect

if TYPE_CHECKING:
    from hoeder.access_review.question import Line

app = typer.Typer(help="Who can see what, held against who needs it.", no_args_is_help=True)


@app.command("list")
def show(
    names: Annotated[bool, typer.Option("--names", help="Read whose each account is, and show it here alone.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Also what is kept or gone.")] = False,
    as_json: Json = False,
    connections: Connections = None,
) -> None:
    """List the findings of the last review. Exit code 1 while one of them is open."""
    from hoeder.access_review import question
    from hoeder.access_review.decide import asked

    resolve = resolver(connections)
    with connect(resolve("governance_access_review")) as db:
        last = asked(db)
        lines = [line for line in question.lines(db, last.review) if everything or line.open]
        known = _names(resolve, db) if names else {}
    if as_json:
        print(json.dumps({"review": last.review, "list": last.digest, "findings": [asdict(line) for line in lines]}))
    else:
        table = Table(box=None, header_style="bold")
        for heading in ("id", "finding", "where", "right", "account", "hours", "proposed", "owner", "state"):
            table.add_column(heading, overflow="fold")
        for line in lines:
            table.add_row(*map(escape, (
                str(line.finding), line.kind, f"{line.system} {line.place}".strip(), line.right,
                known.get(line.finding, line.account), "" if line.hours is None else str(line.hours),
                line.proposed or "mend", line.owner, _state(line),
            )))  # fmt: skip
        out.print(table)
        out.print(f"review {last.review}, list {last.digest[:16]}, {sum(line.open for line in lines)} open")
    if any(line.open for line in lines):
        raise typer.Exit(1)


@app.command()
def review(connections: Connections = None) -> None:
    """Review now, as DAG access_review does. Exit code 1 where not everything could be looked at."""
    from hoeder import access_review
    from hoeder.evidence.ledger import Run

    policy, resolve = load(), resolver(connections)
    with connect(resolve("governance_access_review")) as db:
        made = access_review.run(policy, resolve, db, _key(resolve), run=Run(policy.digest), now=_now())
    for kind, count in sorted(made.by_kind.items()):
        out.print(f"{count:>6}  {kind}")
    out.print(
        f"review {made.review}: {made.working} people work here by HR's list ({made.state}), {made.rights} rights"
    )
    if not made.whole:
        raise typer.Exit(1)


@app.command()
def decide(
    ids: Annotated[str, typer.Argument(help="Numbers of findings: 7, or 3,5,9.", metavar="ID")],
    decision: Annotated[str, typer.Argument(help="keep, reduce or remove.", metavar="DECISION")],
    because: Annotated[str, typer.Option(help="Why: a code; a wrong one is answered with the list.", metavar="CODE")],
    shown: Annotated[str, typer.Option("--list", help="The list that was looked at: 16 digits of its digest or more.")],
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day of keep; default: as long as policy allows.")
    ] = None,
    by: Annotated[str | None, typer.Option(help="Login of the owner; default: this computer's login.")] = None,
    connections: Connections = None,
) -> None:
    """Decide as the owner of the data: about what was shown, and never about oneself. `withdraw` carries it out."""
    from hoeder.access_review.decide import Choice, asked
    from hoeder.access_review.decide import decide as take_down
    from hoeder.access_review.findings import Decision
    from hoeder.access_review.question import numbers
    from hoeder.evidence.ledger import Run
    from hoeder.governance.answer import APPROVE, Answer

    if decision not in list(Decision):
        raise HoederError(f"{decision} is no decision; there are: {', '.join(Decision)}")
    policy, resolve, word = load(), resolver(connections), Decision(decision)
    if policy.access_review is None:
        raise HoederError("policy has no access_review.yaml")
    if word is Decision.KEEP and until is None:
        until = datetime.combine(_now().date() + timedelta(days=policy.access_review.keep_days), datetime.min.time())
    with connect(resolve("governance_access_review")) as db:
        question = asked(db)
        if len(shown) < 16 or not question.digest.startswith(shown):
            raise HoederError("that is not the last list: look at hoeder access list again, and decide about that")
        answer = Answer(
            question.dag_id or "", question.run_id or "", True, (APPROVE,), acting(by), datetime.now(UTC),
            question.digest, bool(because),
        )  # fmt: skip
        choice = Choice(tuple(sorted(numbers(ids))), word, because, until.date() if until else None)
        counts = take_down(db, policy, _key(resolve), answer, [choice], review=question.review, run=Run(policy.digest))
    out.print(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items()))


@app.command()
def withdraw(connections: Connections = None) -> None:
    """Take away what was decided, read again, and say what came of it. Exit code 1 where something is still there."""
    from hoeder import access_review
    from hoeder.evidence.ledger import Run

    policy, resolve = load(), resolver(connections)
    with connect(resolve("governance_access_review")) as db:
        counts = access_review.execute(policy, resolve, db, _key(resolve), run=Run(policy.digest), now=_now())
    out.print(", ".join(f"{n} {name.replace('_', ' ')}" for name, n in sorted(counts.items())) or "nothing is waiting")
    if counts.get("still_there") or counts.get("not_allowed"):
        raise typer.Exit(1)


@app.command()
def register(connections: Connections = None) -> None:
    """Print the access register of the last review as JSON lines: every right, needed or not, and what was decided."""
    with connect(resolver(connections)("governance_audit_report")) as db:
        rows = db.execute(
            """select v.on_day::text as period, r.system, r.client, encode(r.account_ref, 'hex') as account,
                      encode(r.person_ref, 'hex') as person, r.status, r.function, r.place, r."right", r.needed,
                      r.special, r.last_used_on::text, f.hours as hours_since_leaving, f.decision,
                      f.decided_by as reviewer, f.decided_at::text, f.withdrawal as executed, v.digest as evidence
               from access_right r join access_review v using (review)
               left join lateral (
                   select * from access_finding_now n
                   where n.review = r.review and n.system = r.system and n.account_ref = r.account_ref
                     and (n.place, n."right") in ((r.place, r."right"), ('', 'login'))
                   order by n.finding limit 1) f on true
               where v.review = (select max(review) from access_review)
               order by r.system, account, r.place, r."right" """
        )
        names = [column.name for column in rows.description or ()]
        for row in rows:
            print(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False))


@app.command()
def clients(as_json: Json = False, connections: Connections = None) -> None:
    """Whether each client's data were apart at the last look. Exit code 1 where they were not."""
    with connect(resolver(connections)("governance_audit_report")) as db:
        last = db.execute(
            'select "check", made_at, notes, objects from separation_check order by "check" desc limit 1'
        ).fetchone()
        if last is None:
            raise HoederError("nobody has looked yet: run DAG client_segregation")
        tried = db.execute(
            """select store, place, client, outcome, own, others from separation_trial where "check" = %s
               order by store, place, client""",
            [last[0]],
        ).fetchall()
        found = db.execute(
            """select kind, store, place, client, number from separation_finding where "check" = %s
               order by kind, store, place, client""",
            [last[0]],
        ).fetchall()
    if as_json:
        print(json.dumps({"check": last[0], "made_at": last[1].isoformat(), "trials": tried, "findings": found}))
    else:
        for kind, store, place, client, number in found:
            err.print(escape(f"{kind}: {number} in {store} {place} {client}".rstrip()), style="red")
        apart = sum(outcome in ("apart", "no-access") for *_, outcome, _, _ in tried)
        out.print(f"{apart} of {len(tried)} roles and tables apart; {last[2]:,} texts searched, {last[3]:,} objects "
                  f"looked up, {last[1].astimezone(AMSTERDAM):%d-%m-%Y %H:%M}")  # fmt: skip
    if found:
        raise typer.Exit(1)


def _names(resolve: Resolver, db: Any) -> dict[int, str]:
    """Logins by finding, read from the stores now; nothing of it is kept."""
    from hoeder.access_review.gather import gather
    from hoeder.access_review.judge import judge
    from hoeder.access_review.review import said

    policy = load()
    access, key = said(policy), _key(resolve)
    judged = judge(gather(policy, access, resolve, db), policy, access, now=_now(), before=None)
    live = {finding.item(key): finding for finding in judged.findings}
    rows = db.execute("select finding, item from access_finding_now").fetchall()
    db.commit()
    return {
        number: live[item].account or f"HR {live[item].person}"
        for number, item in rows
        if item in live and (live[item].account or live[item].person)
    }


def _state(line: "Line") -> str:
    if not line.open:
        return line.withdrawal or f"kept until {date.fromisoformat(line.until or ''):%d-%m-%Y}"
    if line.decision and line.decision != "keep":
        return line.withdrawal or f"{line.decision}: to be carried out"
    return "to decide" if line.proposed else "to mend"


def _key(resolve: Resolver) -> ReferenceKey:
    import base64

    return ReferenceKey(base64.b64decode(resolve("reference_key").password or ""))


def _now() -> datetime:
    return datetime.now(AMSTERDAM)

"""`hoeder incidents`, by hand: report and describe, write down what was done, fill the form and the letters."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.markup import escape

from hoeder.cli.common import Connections, acting, out
from hoeder.cli.incidents import Number, app, vault, working
from hoeder.clock import AMSTERDAM
from hoeder.errors import HoederError

By = Annotated[str | None, typer.Option(help="Login of who does it; default: this computer's login.")]
At = Annotated[str | None, typer.Option(help="When, such as 2026-11-20T16:40; default: now.")]
File = Annotated[Path, typer.Argument(help="YAML, as `template` prints it.", exists=True, dir_okay=False)]
Language = Annotated[Literal["nl", "en"], typer.Option(help="Language of the letter.")]

TEMPLATE = """\
# A report of an incident. Leave out what is not known. Texts go encrypted into the vault; everything else is words,
# counts and moments, and names nobody.
discovered_at: 2026-11-20T16:40+01:00
facts:
  kind: sent-to-wrong-person
  aspects: [confidentiality]          # confidentiality, integrity, availability
  started_at: 2026-11-20T09:00+01:00  # ended_at, or goes_on: true
  own: true                           # data that we are the controller of
  clients: []                         # opdrachtgevers whose data are concerned
  categories: [name, address]
  groups: [customers]
  persons_least: 1
  persons_most: 3
  records: 3
  protection: none                    # protection_complete: true
  consequences: [curiosity]
  severity: low                       # low, medium, high; method: judgement
  cross_border: false
  places: [crm.contact]
texts:
  summary: what happened
  reporter_name: who reports it       # reporter_function, reporter_phone, reporter_email
"""


@app.command()
def template() -> None:
    """Print a report to fill in, and the words that it takes."""
    from hoeder.policy.incident_words import known, lists

    print(TEMPLATE)
    for group in lists():
        print(f"# {group}: {', '.join(known(group))}")


@app.command()
def new(file: File, by: By = None, connections: Connections = None) -> None:
    """Register a suspected incident. What people wrote goes into the vault before anything else is kept."""
    from hoeder.incidents import case, texts
    from hoeder.incidents.facts import read_report

    with working(connections) as work:
        report = read_report(file.read_text(encoding="utf-8"), case.settings(work.policy).clients)
        made = case.register(
            work.db, work.policy, work.run, facts=report.facts, discovered_at=report.discovered_at, by=acting(by)
        )
        if made is None:
            raise HoederError("the incident was not registered")
        texts.write(vault(work, connections), made, report.texts)  # an incident whose texts are lost is not registered
        work.db.commit()
        number = case.read(work.db, made).number
    out.print(f"incident {number} is registered as suspected; an officer is asked within the hour", markup=False)


@app.command()
def describe(number: Number, file: File, by: By = None, connections: Connections = None) -> None:
    """Replace the facts, and complete the texts, of an incident. What was asked about it is asked again."""
    from hoeder.incidents import case, texts
    from hoeder.incidents.facts import read_report
    from hoeder.incidents.state import What

    with working(connections) as work:
        found = case.by_number(work.db, number)
        report = read_report(file.read_text(encoding="utf-8"), case.settings(work.policy).clients)
        said = {"facts": report.facts.model_dump(mode="json")}
        case.take(work.db, work.policy, work.run, found.incident_id, What.DESCRIBED, acting(by), said)
        texts.write(vault(work, connections), found.incident_id, report.texts)
        work.db.commit()
    out.print(f"incident {number} is described anew", markup=False)


@app.command()
def check(
    number: Number,
    what: Annotated[str, typer.Argument(help="A word of the list `checks`.", metavar="CHECK")],
    by: By = None,
    connections: Connections = None,
) -> None:
    """Write down a first check: what was looked at between discovery and certainty."""
    _take(number, "checked", {"check": _word("checks", what)}, by, connections)


@app.command()
def notified(
    number: Number,
    reference: Annotated[str, typer.Argument(help="Number that the supervisor gave the notice.", metavar="REFERENCE")],
    at: At = None,
    late: Annotated[str | None, typer.Option(help="Why it came after 72 hours: a word of the list `late`.")] = None,
    follow_up: Annotated[bool, typer.Option("--follow-up", help="It completes an earlier notice.")] = False,
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="It takes an earlier notice back.")] = False,
    by: By = None,
    connections: Connections = None,
) -> None:
    """Write down that the supervisor was notified, after the form was sent on its website."""
    if not reference.replace("-", "").isalnum() or len(reference) > 40:
        raise HoederError("the supervisor's number is letters, digits and hyphens")
    detail = {"at": _moment(at), "number": reference} | ({"late": _word("late", late)} if late else {})
    what = "taken-back" if withdrawn else "followed-up" if follow_up else "notified"
    _take(number, what, detail, by, connections)


@app.command("client-told")
def client_told(
    number: Number,
    client: Annotated[str, typer.Argument(help="Name in processing.yaml.", metavar="CLIENT")],
    at: At = None,
    by: By = None,
    connections: Connections = None,
) -> None:
    """Write down that a client was told."""
    _take(number, "client-told", {"client": client, "at": _moment(at)}, by, connections)


@app.command()
def told(
    number: Number,
    persons: Annotated[int, typer.Option(min=0, help="How many.")],
    way: Annotated[str, typer.Option(help="A word of the list `ways`.")],
    at: At = None,
    by: By = None,
    connections: Connections = None,
) -> None:
    """Write down that the persons concerned were told."""
    from hoeder.incidents import letters

    version = letters.templates().version("persons")
    detail = {"at": _moment(at), "persons": persons, "way": _word("ways", way), "letter": version}
    _take(number, "told", detail, by, connections)


@app.command()
def nis2(
    number: Number,
    what: Annotated[Literal["warned", "notified", "reported"], typer.Argument(help="Which of the three.")],
    at: At = None,
    by: By = None,
    connections: Connections = None,
) -> None:
    """Write down the warning (24 hours), notice (72 hours) or report (one month) to the CSIRT."""
    step = "warned" if what == "warned" else f"nis2-{what}"
    _take(number, step, {"at": _moment(at)}, by, connections)


@app.command()
def ordered(number: Number, by: By = None, connections: Connections = None) -> None:
    """Write down that the supervisor ordered to tell the persons (GDPR 34(4))."""
    _take(number, "ordered", {}, by, connections)


@app.command()
def measures(
    number: Number,
    cause: Annotated[str, typer.Option(help="A word of the list `causes`.")],
    taken: Annotated[list[str], typer.Option("--measure", help="A word of the list `measures`. Repeat for more.")],
    by: By = None,
    connections: Connections = None,
) -> None:
    """Write down the cause and what was done. Somebody else closes the incident."""
    detail = {"cause": _word("causes", cause), "measures": [_word("measures", each) for each in taken]}
    _take(number, "measures", detail, by, connections)


@app.command()
def reopen(number: Number, by: By = None, connections: Connections = None) -> None:
    """Look again at an incident that has ended."""
    _take(number, "reopened", {}, by, connections)


@app.command()
def form(
    number: Number,
    folder: Annotated[Path, typer.Option("--out", help="Where form.json and form.pdf are written.")] = Path(),
    connections: Connections = None,
) -> None:
    """Fill the supervisor's form from the register, as JSON and PDF. It may name persons: keep it to yourself."""
    from hoeder.incidents import case, texts
    from hoeder.incidents.form import fill

    with working(connections) as work:
        found = case.by_number(work.db, number)
        written = texts.read(vault(work, connections), found.incident_id)
        filled = fill(found, written, work.policy, at=datetime.now(AMSTERDAM))
        pdf = filled.pdf(work.policy)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in ((f"incident-{number}.json", filled.json()), (f"incident-{number}.pdf", pdf)):
        (folder / name).write_bytes(content)
        (folder / name).chmod(0o600)
        out.print(escape(str(folder / name)))
    out.print(f"{len(filled.missing)} fields are not known yet: {', '.join(filled.missing) or 'none'}", markup=False)


@app.command()
def letter(
    number: Number,
    client: Annotated[str | None, typer.Option(help="To this client, instead of the persons concerned.")] = None,
    language: Language = "nl",
    folder: Annotated[Path, typer.Option("--out", help="Where it is written.")] = Path(),
    connections: Connections = None,
) -> None:
    """Write the letter to the persons concerned (GDPR 34), or to a client, as PDF and text."""
    from hoeder.incidents import case, letters

    today = datetime.now(AMSTERDAM).date()
    with working(connections) as work:
        found = case.by_number(work.db, number)
        if client:
            made = letters.to_client(found, work.policy, client, language, on=today)
        else:
            made = letters.to_persons(found, work.policy, language, on=today)
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"incident-{number}-{client or 'persons'}-{language}"
    (folder / f"{stem}.pdf").write_bytes(made.pdf)
    (folder / f"{stem}.txt").write_text(made.text, encoding="utf-8")
    out.print(escape(f"{folder / stem}.pdf and .txt, version {made.version} of the template"))


def _take(number: int, what: str, detail: dict[str, Any], by: str | None, connections: Path | None) -> None:
    from hoeder.incidents import case
    from hoeder.incidents.state import What

    with working(connections) as work:
        found = case.by_number(work.db, number)
        found = case.take(work.db, work.policy, work.run, found.incident_id, What(what), acting(by), detail)
        work.db.commit()
    left = ", ".join(found.outstanding) or "nothing"
    out.print(f"incident {number}: {what}; still to be done: {left}", markup=False)


def _word(group: str, given: str) -> str:
    from hoeder.policy.incident_words import checked

    try:
        return checked(group, given)
    except ValueError as error:
        raise HoederError(str(error)) from None


def _moment(given: str | None) -> str:
    if given is None:
        return datetime.now(AMSTERDAM).isoformat()
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise HoederError("give a moment such as 2026-11-20T16:40") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)).isoformat()

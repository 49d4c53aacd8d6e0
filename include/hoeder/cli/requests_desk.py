"""`hoeder requests`, what is done by hand: a case for a letter, an extension, a question, the end of a restriction."""

import getpass
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from hoeder.cli.common import Connections, out
from hoeder.cli.requests import By, Number, app, numbered, short, working
from hoeder.clock import AMSTERDAM
from hoeder.errors import HoederError


@app.command()
def new(
    channel: Annotated[str, typer.Option(help="letter, telephone or desk.")],
    received: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Day of receipt.")],
    right: Annotated[list[str], typer.Option(help="What is asked: access, erasure, … Repeat for more.")],
    who: Annotated[Path | None, typer.Option(help="JSON file with who asks; default: it is asked here.")] = None,
    language: Annotated[str, typer.Option(help="nl or en.")] = "nl",
    by: By = None,
    connections: Connections = None,
) -> None:
    """Open a case for what came by letter, telephone or at the desk. Who asks goes into the vault."""
    from hoeder.rights import by_hand
    from hoeder.rights.case import Channel, Right

    if channel not in ("letter", "telephone", "desk"):
        raise HoederError("--channel is letter, telephone or desk; mail and contact form are taken in by themselves")
    wrong = sorted(set(right) - set(Right))
    if wrong:
        raise HoederError(f"--right {', '.join(wrong)} is none; there are {', '.join(Right)}")
    if language not in ("nl", "en"):
        raise HoederError("--language is nl or en")
    file = _from_file(who) if who else _typed()
    moment = min(datetime.combine(received.date(), time(12), AMSTERDAM), datetime.now(AMSTERDAM))
    if received.date() > moment.date():
        raise HoederError("--received lies in the future")
    with working(connections) as work:
        number = by_hand.open_case(
            work, file, channel=Channel(channel), received_at=moment, language=language,
            rights=[Right(each) for each in right], by=by or getpass.getuser(),
        )  # fmt: skip
    out.print(f"case {number}; Airflow asks the officer next", markup=False)


def _typed() -> Any:
    from hoeder.rights.case_file import CaseFile

    def asked(what: str) -> str | None:
        return typer.prompt(what, default="", show_default=False).strip() or None

    name, email, phone = asked("name"), asked("e-mail address"), asked("telephone")
    born, postcode, answer_to = asked("date of birth (2000-12-31)"), asked("postcode"), asked("answer to (address)")
    known = (("email", email), ("phone", phone))
    try:
        return CaseFile(
            identities=tuple((kind, value) for kind, value in known if value), names=(name,) if name else (),
            born_on=date.fromisoformat(born) if born else None, postcode=postcode, answer_to=answer_to or email,
        )  # fmt: skip
    except ValueError:
        raise HoederError("the date of birth is written 2000-12-31") from None


def _from_file(path: Path) -> Any:
    from pydantic import ValidationError

    from hoeder.rights.case_file import CaseFile

    try:
        return CaseFile.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise HoederError(f"cannot read {path}: {error.strerror}") from None
    except (ValidationError, UnicodeDecodeError):
        fields = ", ".join(CaseFile.model_fields)
        raise HoederError(f"{path} is no JSON object with the fields of a case ({fields})") from None


@app.command()
def extend(
    number: Number,
    ground: Annotated[str, typer.Option(help="complexity or number; being busy is none.")],
    reason: Annotated[str | None, typer.Option(help="Why, in words of this case; asked where it is not given.")] = None,
    by: By = None,
    connections: Connections = None,
) -> None:
    """Take two months longer, and write the letter that says so; within the first month only."""
    from hoeder.rights import by_hand
    from hoeder.rights.case import ExtensionGround

    if ground not in tuple(ExtensionGround):
        raise HoederError(f"--ground is {' or '.join(ExtensionGround)} (GDPR 12(3)); being busy is none")
    with working(connections) as work:
        found = by_hand.extend(
            work, numbered(work, number), ExtensionGround(ground), reason or typer.prompt("reason"),
            by=by or getpass.getuser(),
        )  # fmt: skip
    out.print(escape(f"case {found.case_id} is due on {short(found.due.due)} now; send the letter today"))


@app.command()
def restrict(
    number: Number,
    lift: Annotated[bool, typer.Option("--lift", help="Tell the person, and when the day has come, end it.")] = False,
    connections: Connections = None,
) -> None:
    """End the restriction of a case: first it writes the letter, when its day has come it lifts (GDPR 18(3))."""
    from hoeder.rights import by_hand

    if not lift:
        raise HoederError("a restriction begins with a request; say --lift to end one")
    with working(connections) as work:
        day = by_hand.lift(work, numbered(work, number))
    out.print(f"the letter says that it ends on {short(day)}; give this command again then" if day else "lifted")


@app.command()
def clarify(
    number: Number,
    answered: Annotated[bool, typer.Option("--answered", help="The person said what they mean.")] = False,
    by: By = None,
    connections: Connections = None,
) -> None:
    """Ask the person what they mean, or put down that they answered. The strict clock runs on."""
    from hoeder.rights import by_hand

    who = by or getpass.getuser()
    with working(connections) as work:
        found = numbered(work, number)
        if answered:
            by_hand.clarified(work, found, by=who)
        else:
            by_hand.clarify(work, found, typer.prompt("question"), by=who)
    out.print("put down" if answered else "the letter is written; send it today")


@app.command()
def correct(
    number: Number,
    file: Annotated[Path, typer.Argument(help="JSON list of {place, column, value, record}; record may be left out.")],
    by: By = None,
    connections: Connections = None,
) -> None:
    """Put down what the person says is wrong, and what it should be; the officer is asked about exactly that."""
    from pydantic import TypeAdapter, ValidationError

    from hoeder.rights import by_hand
    from hoeder.rights.case_file import Correction

    try:
        said = TypeAdapter(list[Correction]).validate_json(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise HoederError(f"cannot read {file}: {error.strerror}") from None
    except (ValidationError, UnicodeDecodeError):
        raise HoederError(f"{file} is no JSON list of corrections ({', '.join(Correction.model_fields)})") from None
    with working(connections) as work:
        by_hand.correct(work, numbered(work, number), said, by=by or getpass.getuser())
    out.print(f"{len(said)} corrections are in the vault; remove {file} here", markup=False)

"""`hoeder requests`, what is done by hand: a case for a letter, an extension, a question, the end of a restriction."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from hoeder.cli.common import Connections, acting, out
from hoeder.cli.requests import By, Number, app, numbered, short, working
from hoeder.clock import AMSTERDAM
from hoeder.errors import HoederError

_WHO = (
    "JSON file with who asks; default: it is asked here. "
    '{"identities": [["email", "a@b.nl"]], "names": ["A. Bee"], "answer_to": "a@b.nl"}'
)
_WRONG = (
    'JSON list of what is wrong: [{"place": "crm.contact", "column": "email", "value": "a@b.nl"}]; "record" names one '
    "record by its reference, where not all of that place are meant."
)


@app.command()
def new(
    channel: Annotated[str, typer.Option(help="letter, telephone or desk.")],
    received: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Day of receipt.")],
    right: Annotated[list[str], typer.Option(help="What is asked: access, erasure, … Repeat for more.")],
    who: Annotated[Path | None, typer.Option(help=_WHO)] = None,
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
            rights=[Right(each) for each in right], by=acting(by),
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
            by=acting(by),
        )  # fmt: skip
    out.print(escape(f"case {found.case_id} is due on {short(found.due.due)} now; send the letter today"))


@app.command()
def restrict(
    number: Number,
    lift: Annotated[bool, typer.Option("--lift", help="End it a week from now, and write the person so.")] = False,
    connections: Connections = None,
) -> None:
    """End the restriction of a case: a week from now, and the letter that says so is written at once (GDPR 18(3))."""
    from hoeder.rights import by_hand

    if not lift:
        raise HoederError("a restriction begins with a request; say --lift to end one")
    with working(connections) as work:
        day = by_hand.lift(work, numbered(work, number))
    out.print(f"it ends on {short(day)} by itself; the letter that says so is written and must go out before")


@app.command()
def clarify(
    number: Number,
    answered: Annotated[bool, typer.Option("--answered", help="The person said what they mean.")] = False,
    by: By = None,
    connections: Connections = None,
) -> None:
    """Ask the person what they mean, or put down that they answered. The strict clock runs on."""
    from hoeder.rights import by_hand

    who = acting(by)
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
    file: Annotated[Path | None, typer.Argument(help=_WRONG)] = None,
    anew: Annotated[
        bool, typer.Option("--again", help="Make the corrections again: a restored backup undid them.")
    ] = False,
    by: By = None,
    connections: Connections = None,
) -> None:
    """Put down what the person says is wrong, and what it should be; the officer is asked about exactly that.

    With --again: make the corrections that were granted once more, after a restore; what is right already stays.
    """
    from hoeder.rights import by_hand
    from hoeder.rights.again import again
    from hoeder.rights.case import Right

    if (file is None) is not anew:
        raise HoederError("give the file that says what is wrong, or --again for what was granted before")
    if file is None:
        with working(connections) as work:
            counts = again(work, numbered(work, number), Right.RECTIFICATION)
        out.print(f"{counts['changed']} of {counts['records']} records had lost their correction, and have it again")
        return
    said = _corrections(file)
    with working(connections) as work:
        by_hand.correct(work, numbered(work, number), said, by=acting(by))
    out.print(f"put down, in the vault: {len(said)}; remove {file} here", markup=False)


def _corrections(path: Path) -> Any:
    from pydantic import TypeAdapter, ValidationError

    from hoeder.rights.case_file import Correction

    try:
        return TypeAdapter(list[Correction]).validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise HoederError(f"cannot read {path}: {error.strerror}") from None
    except (ValidationError, UnicodeDecodeError):
        raise HoederError(f"{path} is no JSON list of corrections ({', '.join(Correction.model_fields)})") from None

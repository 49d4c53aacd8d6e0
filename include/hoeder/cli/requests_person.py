"""`hoeder requests`, what shows a person: matches to judge, letters, the package. For the officer's own terminal."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from hoeder.cli.common import Connections, Json, acting, out
from hoeder.cli.requests import By, Number, app, numbered, working
from hoeder.errors import HoederError


@app.command()
def matches(number: Number, as_json: Json = False, connections: Connections = None) -> None:
    """Show the possible matches of a case with what stands there. Personal data. Exit code 1 while some wait."""
    from hoeder.rights import matches as possible

    with working(connections) as work:
        found = work.look(numbered(work, number)).to_confirm
        shown = possible.values(work.policy, work.resolve, found)
    if as_json:
        print(json.dumps([
            {"reference": each.reference.hex(), "place": f"{each.store}.{each.target}", "agrees": sorted(each.agrees),
             "differs": sorted(each.differs), "values": dict(shown[each.reference])} for each in found
        ]))  # fmt: skip
    else:
        for each in found:
            out.print(f"{each.store}.{each.target}  {each.reference.hex()}", style="bold", markup=False)
            out.print(
                f"  agrees: {', '.join(sorted(each.agrees)) or '–'}; differs: {', '.join(sorted(each.differs)) or '–'}"
            )
            table = Table(box=None, show_header=False)
            for column, value in shown[each.reference].items():
                table.add_row(f"  {escape(column)}", escape(value or ""))
            out.print(table)
        out.print(f"{len(found)} possible matches" if found else "nothing to judge")
    if found:
        raise typer.Exit(1)


@app.command()
def records(number: Number, as_json: Json = False, connections: Connections = None) -> None:
    """Show what a copy would say of the person, record by record. Personal data.

    Where another person's interest or an exception of the law weighs more, a part can be withheld: name its place,
    column, category or reference at the question in Airflow.
    """
    from hoeder.rights import files
    from hoeder.rights.package import preview

    with working(connections) as work:
        shown = preview(work, numbered(work, number))
    if as_json:
        print(json.dumps([
            {"place": each.place, "references": [one.hex() for one in each.references], "records": files.records(each)}
            for each in shown
        ]))  # fmt: skip
        return
    for each in shown:
        out.print(f"{each.place}  {len(each.rows)} records", style="bold", markup=False)
        for at, values in enumerate(files.records(each)):
            out.print(f"  {each.references[at].hex() if each.references else '(inside an object)'}", markup=False)
            table = Table(box=None, show_header=False)
            for column, value in values.items():
                table.add_row(f"    {escape(column)}", "" if value is None else escape(str(value)))
            out.print(table)
    if not shown:
        out.print("nothing was found of the person")


@app.command()
def judge(
    number: Number,
    reference: Annotated[str, typer.Argument(help="Of the record, as `matches` shows it.")],
    theirs: Annotated[str, typer.Argument(help="yes or no.", metavar="yes|no")],
    by: By = None,
    connections: Connections = None,
) -> None:
    """Say of one possible match whether it is the person's."""
    from hoeder.rights import search
    from hoeder.rights.search import Judgements

    if theirs not in ("yes", "no"):
        raise HoederError("say yes or no after the reference")
    try:
        one = frozenset({bytes.fromhex(reference)})
    except ValueError:
        raise HoederError("the reference is the row of digits that `hoeder requests matches` shows") from None
    with working(connections) as work:
        made = Judgements(one, frozenset()) if theirs == "yes" else Judgements(frozenset(), one)
        found = search.judge(work.db, numbered(work, number), made, by=acting(by))
        left = len(search.possible(work.db, found.case_id))
        work.db.commit()
    out.print(f"put down; {left} left to judge")


@app.command()
def letters(
    number: Number,
    folder: Annotated[Path, typer.Option("--out", help="Folder that gets the letters, to be sent.")],
    first: Annotated[str | None, typer.Option("--write", help="Write one first: receipt or recipients.")] = None,
    connections: Connections = None,
) -> None:
    """Write the letters of a case into a folder, as PDF and text, to be sent: none of them goes by mail after this.

    They are personal data. Two are written when somebody asks: that the request came in, and who was told of what
    changed (GDPR 19).
    """
    from hoeder.rights import case
    from hoeder.rights import letters as made

    if first not in (None, "receipt", "recipients"):
        raise HoederError("--write is receipt or recipients; the other letters are written by the steps of a case")
    with working(connections) as work:
        found = case.read(work.db, numbered(work, number))
        if first:
            work.letter(found, first)
            work.db.commit()
        written = made.written(work.db, found.case_id)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for each in written:
                pdf, text = made.fetch(work.vault, each)
                name = each.place.rsplit("/", 1)[-1]
                (folder / f"{name}.pdf").write_bytes(pdf)
                (folder / f"{name}.txt").write_text(text, encoding="utf-8")
                made.sent(work.db, each, "hand")
                work.db.commit()
        except OSError as error:
            raise HoederError(f"cannot write into {folder}: {error.strerror}; --out is a folder") from None
    mailed = sum(each.sent_how == "mail" for each in written)
    told = f"; {mailed} of them went by mail before" if mailed else ""
    out.print(f"{len(written)} letters in {folder}{told}; send them and remove them here", markup=False)


@app.command()
def package(
    number: Number,
    right: Annotated[str, typer.Argument(help="access or portability.")],
    archive: Annotated[Path, typer.Option("--out", help="File that gets the archive; it must not be there yet.")],
    anew: Annotated[bool, typer.Option("--again", help="Make it anew first: the person lost the secret.")] = False,
    connections: Connections = None,
) -> None:
    """Close the package of a case, write it to a file, and show the secret that opens it: once, and kept nowhere.

    Send the archive, and tell the secret by another way.
    """
    from hoeder.rights import packages
    from hoeder.rights.again import again
    from hoeder.rights.case import Right

    if right not in (Right.ACCESS, Right.PORTABILITY):
        raise HoederError("a package is made for access or portability")
    try:
        taken = archive.open("xb")  # before it is closed: there is one secret, and it is shown once
    except OSError as error:
        raise HoederError(f"cannot write {archive}: {error.strerror}; nothing was closed") from None
    with taken:
        try:
            with working(connections) as work:
                if anew:
                    again(work, numbered(work, number), Right(right))
                made = packages.hand_out(
                    work.db, work.vault, numbered(work, number), Right(right), run=work.run, on=work.today
                )
        except Exception:
            archive.unlink()
            raise
        taken.write(made.archive)
    out.print(f"{archive}, SHA-256 {made.digest}", markup=False)
    out.print(f"secret, shown once: {made.secret}", markup=False)


@app.command()
def recipients(
    number: Number,
    sent: Annotated[str | None, typer.Option(help="This recipient was told.", metavar="RECIPIENT")] = None,
    answered: Annotated[str | None, typer.Option(help="This recipient answered.", metavar="RECIPIENT")] = None,
    answer: Annotated[str, typer.Option(help="done, kept-by-law or has-nothing.")] = "done",
    untold: Annotated[str | None, typer.Option(help="This recipient is not told.", metavar="RECIPIENT")] = None,
    ground: Annotated[str, typer.Option(help="impossible or disproportionate.")] = "impossible",
    by: By = None,
    connections: Connections = None,
) -> None:
    """Who must be told what was corrected, erased or restricted, and who answered. Exit code 1 while some wait."""
    from hoeder.rights import recipients as told

    if answer not in tuple(told.Answer):
        raise HoederError(f"--answer is {', '.join(told.Answer)}")
    if ground not in tuple(told.Ground):
        raise HoederError(f"--ground is {', '.join(told.Ground)} (GDPR 19)")
    who = acting(by)
    with working(connections) as work:
        found = numbered(work, number)
        for notice in told.notices(work.db, found):
            if notice.recipient == sent:
                told.sent(work.db, found, notice.right, sent, by=who, run=work.run)
            if notice.recipient == answered:
                told.answered(work.db, found, notice.right, answered, told.Answer(answer), by=who, run=work.run)
            if notice.recipient == untold:
                told.impossible(work.db, found, notice.right, untold, told.Ground(ground), by=who, run=work.run)
        notices = told.notices(work.db, found)
    for each in notices:
        state = each.answer or each.ground or ("sent, no answer yet" if each.sent_at else "to be sent")
        out.print(f"{each.recipient}  {each.right}  {state}", markup=False)
    if unknown := {sent, answered, untold} - {None} - {each.recipient for each in notices}:
        raise HoederError(f"case {found} has no notice for {', '.join(map(str, unknown))}")
    waiting = sum(each.is_open for each in notices)
    out.print(f"{waiting} of {len(notices)} recipients wait" if notices else "nobody has to be told")
    if waiting:
        raise typer.Exit(1)

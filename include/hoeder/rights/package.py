"""Access (GDPR 15): everything that was found of a person, to read and to take, and what the law wants told with it."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from hoeder.errors import Refused
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.governance.protection import Protections
from hoeder.letter import Language
from hoeder.persons.person import Found
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import (
    case,
    case_file,
    explained,
    files,
    granting,
    letters,
    others,
    overview,
    packages,
    search,
    went,
    withholding,
)
from hoeder.rights.case import Case, Db, Right
from hoeder.rights.case_file import CaseFile
from hoeder.rights.explained import Part
from hoeder.rights.gather import gather
from hoeder.rights.gathered import Gathered
from hoeder.rights.work import Work
from hoeder.stores.connection import Resolver
from hoeder.vault import Vault

SCHEMA = "hoeder-access@1"
_NAMES: dict[Language, dict[str, str]] = {
    "nl": {"page": "overzicht.html", "json": "gegevens.json", "letter": "brief"},
    "en": {"page": "overview.html", "json": "data.json", "letter": "letter"},
}


Made = tuple[dict[str, bytes], dict[str, int]]
"""Files by name, and what they hold in counts."""


def make(
    db: Db,
    policy: Policy,
    resolve: Resolver,
    key: ReferenceKey,
    vault: Vault,
    case_id: UUID,
    *,
    digest: str,
    run: ledger.Run,
    today: date,
) -> dict[str, int]:
    """Put the copy for the person of a case into the vault; records, words of others left out, objects listed, files.

    `digest` is of exactly the records that were granted. Raises Refused where there are others now, StoreError where a
    store does not answer or a record changed meanwhile; then there is no package.
    """

    def build(asked: Case, file: CaseFile, found: Found, gathered: Sequence[Gathered]) -> Made:
        return _files(db, policy, resolve, key, asked, file, found, gathered, today)

    return put_into(
        db, policy, resolve, key, vault, case_id, Right.ACCESS, build, digest=digest, run=run, today=today
    )  # fmt: skip


def preview(work: Work, case_id: UUID) -> list[Gathered]:
    """What a copy would hold, for the eyes of the officer who decides: nothing is kept of it. Raises as `make` does."""
    found, asked = work.look(case_id), case.read(work.db, case_id)
    gathered = gather(work.policy, work.resolve, found, work.today)
    person = others.own(found, gathered, case_file.read(work.vault, case_id).names)
    staff = others.staff_names(work.policy, work.resolve) if gathered else []
    mark = overview.MARK["en" if asked.language == "en" else "nl"]
    return others.leave_out(work.policy, gathered, person, mark, staff)[0]


def put_into(
    db: Db,
    policy: Policy,
    resolve: Resolver,
    key: ReferenceKey,
    vault: Vault,
    case_id: UUID,
    right: Right,
    build: Callable[[Case, CaseFile, Found, Sequence[Gathered]], Made],
    *,
    digest: str,
    run: ledger.Run,
    today: date,
) -> dict[str, int]:
    """Gather what was granted, build the files of a right from it, and put them into the vault where there are any."""
    asked, file = case.read(db, case_id), case_file.read(vault, case_id)
    subject = search.subject_of(db, key, asked, file)
    with ledger.act(db, run, Activity.RIGHTS_CARRY_OUT, right, case_id=case_id, subject_ref=subject) as act:
        act.outcome = Outcome.REFUSED
        found = granted(db, policy, resolve, key, vault, asked, right, digest=digest, today=today)
        act.outcome = Outcome.DONE
        gathered, withheld = withholding.apply(gather(policy, resolve, found, today), withholding.decided(asked, right))
        made, counts = build(asked, file, found, gathered)
        counts |= {"withheld": withheld} if withheld else {}
        if made:
            packages.put_together(db, vault, case_id, right, made, counts, today)
        act.counts = counts | {"files": len(made)}
        act.outcome = Outcome.DONE if counts["records"] else Outcome.NOTHING
    return act.counts


def granted(
    db: Db,
    policy: Policy,
    resolve: Resolver,
    key: ReferenceKey,
    vault: Vault,
    asked: Case,
    right: Right,
    *,
    digest: str,
    today: date,
) -> Found:
    """What stands in the stores now of the person, where it is exactly what was granted. Raises Refused where not."""
    found = search.look(db, policy, resolve, key, vault, asked.case_id)
    if not found.complete:
        raise Refused(
            f"case {asked.case_id}: a store was not searched, so no copy is complete; try again when it answers"
        )
    would = granting.propose(policy, resolve, key, Protections(key, (), {}), found, right, today)
    if would.digest != digest:
        raise Refused(
            f"case {asked.case_id}: other records stand there now than were granted; search again and decide anew"
        )
    return found


def _files(
    db: Db,
    policy: Policy,
    resolve: Resolver,
    key: ReferenceKey,
    asked: Case,
    file: CaseFile,
    found: Found,
    gathered: Sequence[Gathered],
    today: date,
) -> Made:
    """Everything in the package, by name, and what it holds in counts."""
    language: Language = "en" if asked.language == "en" else "nl"
    names = _NAMES[language]
    person = others.own(found, gathered, file.names)
    staff = others.staff_names(policy, resolve) if gathered else []
    shown, redacted = others.leave_out(policy, gathered, person, overview.MARK[language], staff)
    parts = explained.explain(policy, shown, language, today)
    counts = {
        "records": sum(len(each.rows) for each in shown),
        "redacted": redacted,
        "listed": sum(len(each.rows) for each in shown if each.listed),
    }
    given = went.went(db, policy, key, found.written | found.identities | set(file.identities), language)
    said = [each.sentence(language) for each in given]
    withheld = withholding.lines(policy, withholding.decided(asked, Right.ACCESS), language)
    cover = letters.make(
        db, policy, asked, file, "access-cover", today=today, **counts, processings=parts, withheld=withheld,
        given=said,
        recipients=_distinct(parts, "recipients"), transfers=_distinct(parts, "transfers"),
        alone=[part.name for part in parts if part.decides_alone],
    )  # fmt: skip
    made = {
        names["page"]: overview.page(
            policy,
            parts,
            language,
            redacted=redacted,
            withheld=bool(withheld),
            today=today,
            given=said,
        ),
        names["json"]: files.as_json(
            _data(policy, asked, parts, shown, today)
            | {"given_to": [asdict(each) for each in given], "withheld": withheld}
        ),
        f"{names['letter']}.pdf": cover.pdf,
        f"{names['letter']}.txt": cover.text.encode(),
        **files.csv_files(shown),
    }
    return made, counts


def _distinct(parts: Sequence[Part], field: str) -> list[str]:
    return list(dict.fromkeys(each for part in parts for each in getattr(part, field)))


def _data(
    policy: Policy, asked: Case, parts: Sequence[Part], gathered: Sequence[Gathered], today: date
) -> dict[str, Any]:
    """What a program reads: the same parts, with every record by column."""
    rows = {each.place: each for each in gathered}
    return {
        "schema": SCHEMA,
        "organisation": policy.organisation.name,
        "reference": letters.reference(asked.case_id),
        "made_on": today,
        "processings": [
            {
                "name": part.name, "purposes": part.purposes, "basis": part.basis, "categories": part.categories,
                "recipients": part.recipients, "transfers": part.transfers, "decided_by_machine": part.decides_alone,
                "tables": [
                    {
                        "place": table.place, "name": table.name, "source": table.source, "terms": table.terms,
                        "columns": dict(zip(rows[table.place].columns, table.columns, strict=True)),
                        "records": files.records(rows[table.place]),
                        "kept_until": table.until,
                    }
                    for table in part.tables
                ],
            }
            for part in parts
        ],
    }  # fmt: skip

"""Portability (GDPR 20): what the person gave us, on consent or contract, in a form that another can read.

What policy calls `provided`, and nothing that was noted, decided or worked out about somebody. An empty package is an
answer too: then nothing of theirs is of this kind.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from hoeder.evidence import ledger
from hoeder.persons.person import Found
from hoeder.policy import Policy
from hoeder.policy.person_facing import place_name
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import files, letters, package
from hoeder.rights.case import Case, Db, Right
from hoeder.rights.case_file import CaseFile
from hoeder.rights.gathered import Gathered
from hoeder.stores.connection import Resolver
from hoeder.vault import Vault

SCHEMA = "hoeder-portability@1"
_BASES = ("6(1)(a)", "6(1)(b)")


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
    """Put what a person may take along into the vault; records and files. Raises as `package.make` does."""

    def build(asked: Case, file: CaseFile, found: Found, gathered: Sequence[Gathered]) -> package.Made:
        given = provided(policy, gathered)
        made = _files(policy, asked, given, today) if given else {}
        return made, {"records": sum(len(each.rows) for each in given)}

    return package.put_into(
        db, policy, resolve, key, vault, case_id, Right.PORTABILITY, build, digest=digest, run=run, today=today
    )


def provided(policy: Policy, gathered: Sequence[Gathered]) -> list[Gathered]:
    """Of what was found, the columns that the person provided, where consent or a contract is the basis."""
    portable = {
        place
        for each in policy.processing.processings
        if each.basis and each.basis.article in _BASES
        for place in each.places
    }
    made = []
    for each in gathered:
        shown = policy.person_facing.places.get(each.place)
        columns = [name for name in each.columns if shown and name in shown.provided]
        if each.place in portable and columns and each.rows and not each.listed:
            at = [each.columns.index(name) for name in columns]
            made.append(
                replace(
                    each,
                    categories={name: each.categories[name] for name in columns},
                    rows=tuple(tuple(row[i] for i in at) for row in each.rows),
                )
            )
    return made


def _files(policy: Policy, asked: Case, given: Sequence[Gathered], today: date) -> dict[str, bytes]:
    titles = {each.place: place_name(policy, each.place, asked.language) for each in given}
    data = {
        "schema": SCHEMA,
        "organisation": policy.organisation.name,
        "reference": letters.reference(asked.case_id),
        "made_on": today,
        "data": {each.place: files.records(each) for each in given},
    }
    return {
        "data.json": files.as_json(data),
        "data.schema.json": files.as_json(files.schema(given, titles, policy.organisation.name)),
        **files.csv_files(given),
    }

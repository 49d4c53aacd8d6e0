"""Delivery: the closed file is fetched, the recipient says that it has it, and then our copy goes."""

import hashlib
from datetime import date
from uuid import UUID

from hoeder.disclosures.case import Case, Db, What, add, read
from hoeder.disclosures.case_file import PACKAGES, package_name, read_file, write
from hoeder.disclosures.export import Prepared, prepared_of
from hoeder.errors import Refused, StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome, Run
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.erase import door
from hoeder.stores.erase.objects import erase_object
from hoeder.vault import STORE, Vault

_OUT = frozenset({What.RELEASED, What.RECEIVED})


def fetch(db: Db, vault: Vault, case_id: UUID) -> bytes:
    """The file for the recipient, which nobody else can open. Raises Refused before it was released.

    Raises StoreError where the file is not the one that was released.
    """
    case = read(db, case_id)
    released = case.latest(What.RELEASED)
    if released is None or case.last not in _OUT:
        raise Refused(f"case {case_id} stands at {case.last}: nothing is released, or it is gone again")
    prepared = prepared_of(db, case_id)
    sealed = vault.get(package_name(case_id))
    if prepared.digest != released.digest or hashlib.sha256(sealed).hexdigest() != prepared.sealed:
        raise StoreError(f"case {case_id}: the file in the vault is not the one that was released. Nothing was given.")
    return sealed


def received(db: Db, policy: Policy, case_id: UUID, digest: str, *, by: str, run: Run) -> Case:
    """Take down that the recipient has the file: it named the SHA-256 of what it got. Commits.

    Raises Refused where nothing was released, or the file that it names is another one.
    """
    case = read(db, case_id)
    prepared: Prepared = prepared_of(db, case_id)
    if reason := case.objection(What.RECEIVED):
        raise Refused(f"case {case_id}: {reason}")
    if digest.strip().lower() != prepared.sealed:
        raise Refused(
            f"case {case_id}: that is not the file that was released; ask the recipient for the SHA-256 of what it has "
            "(sha256sum FILE)"
        )
    ledger.register_names(db, policy.digest, [case.authority])
    with ledger.act(db, run, Activity.DISCLOSURES_RECEIPT, case.authority, case_id=case_id) as act:
        case = add(db, case, What.RECEIVED, by=by, digest=prepared.sealed)
        act.digest = prepared.sealed
    return case


def erase(db: Db, policy: Policy, key: ReferenceKey, vault: Vault, case_id: UUID, *, run: Run, today: date) -> Case:
    """Erase our copy of what was made, and close the case: it is received, or refused. Commits. Safe to run again.

    A legal hold on the packages keeps it. Raises Refused then, and before its time; StoreError where it is still there
    afterwards, or no rule says how long packages stay.
    """
    case = read(db, case_id)
    if case.last in (What.RECEIVED, What.REFUSED):
        if reason := case.objection(What.ERASED):
            raise Refused(f"case {case_id}: {reason}")
        ledger.register_names(db, policy.digest, [case.authority])
        with ledger.act(db, run, Activity.DISCLOSURES_ERASE, case.authority, case_id=case_id) as act:
            held = _erase(db, policy, key, vault, case_id, today)
            if held:
                act.outcome = Outcome.REFUSED
                raise Refused(f"case {case_id}: a legal hold keeps what was made; it goes when the hold is lifted")
            case = add(db, case, What.ERASED, by="conclude")
    if case.last is What.ERASED:
        return _close(db, vault, case_id, today)
    return case


def conclude(db: Db, policy: Policy, key: ReferenceKey, vault: Vault, case_id: UUID, *, run: Run, today: date) -> Case:
    """Close a case that was forwarded or refused; what was made goes first. Others stay as they are. Commits."""
    case = read(db, case_id)
    if case.last is What.REFUSED and case.latest(What.PREPARED):
        return erase(db, policy, key, vault, case_id, run=run, today=today)
    if case.last in (What.REFUSED, What.FORWARDED, What.ERASED):
        return _close(db, vault, case_id, today)
    return case


def _close(db: Db, vault: Vault, case_id: UUID, today: date) -> Case:
    """From now on the term of the request runs."""
    case = read(db, case_id)
    if case.latest(What.SUBJECTS):
        write(vault, case_id, read_file(vault, case_id), closed_on=today)
    case = add(db, case, What.CLOSED, by="conclude")
    db.commit()
    return case


def _erase(db: Db, policy: Policy, key: ReferenceKey, vault: Vault, case_id: UUID, today: date) -> bool:
    """Whether a hold keeps it."""
    place = f"{STORE}:{PACKAGES}"
    rule = next((rule for rule in policy.rules_on(today) if rule.applies_to == place), None)
    if rule is None:
        raise StoreError(f"no rule says how long {place} stays (policy: retention.yaml), so nothing was erased")
    prefix, name = policy.datasets[STORE].prefixes[PACKAGES], package_name(case_id)
    with door.open_door(db, key) as protections:
        done = erase_object(
            vault.client, db, protections, bucket=vault.bucket, prefix=prefix, rule=rule, object_key=name,
            due_by=None,  # the receipt ends it, whatever its day
        )  # fmt: skip
    if done.held:
        return True
    if name in vault.names(name):
        raise StoreError(f"case {case_id}: what was made is still in the vault after it was erased; run it again")
    return False

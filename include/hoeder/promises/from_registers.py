"""Controls that the registers answer: whether they agree with the stores, and what people vouch for."""

from datetime import date

from hoeder.policy.control import Attested, RegisterComplete
from hoeder.promises.answer import Answer, answer
from hoeder.promises.sight import Sight
from hoeder.promises.status import Evidence, Status


def attested(control: Attested, sight: Sight) -> Answer:
    """The newest attestation of a kind that was not withdrawn."""
    rows = sight.db.execute(
        """select a.attestation::text, a.valid_from, a.valid_until, a.scope, a.entry, w.reason
           from attestation a left join attestation_withdrawal w
               on w.attestation = a.attestation and w.entry <= %(up_to)s and w.withdrawn_at <= %(moment)s
           where a.kind = %(kind)s and a.entry <= %(up_to)s and a.attested_at <= %(moment)s
           order by a.attested_at desc, a.entry desc""",
        {"kind": control.kind, "up_to": sight.up_to, "moment": sight.moment},
    ).fetchall()
    if not rows:
        return answer(Status.UNKNOWN, "not-attested", attestation=control.kind)
    standing = [row for row in rows if row[5] is None]
    if not standing:
        return answer(Status.BROKEN, "withdrawn", _evidence(rows[0]), attestation=control.kind)
    valid = [row for row in standing if row[1] <= sight.day <= row[2]]
    if not valid:
        last: date = standing[0][2]
        return answer(Status.BROKEN, "expired", _evidence(standing[0]), attestation=control.kind, day=last.isoformat())
    if lacking := set(control.stores) - set(valid[0][3]):
        return answer(Status.BROKEN, "scope-short", _evidence(valid[0]), attestation=control.kind, stores=len(lacking))
    until: date = valid[0][2]
    return answer(Status.ATTESTED, "attested", _evidence(valid[0]), attestation=control.kind, day=until.isoformat())


def _evidence(row: tuple[object, ...]) -> Evidence:
    return Evidence("attestation", f"attestation {row[0]} (ledger {row[4]})", f"valid until {row[2]}")


def register_complete(control: RegisterComplete, sight: Sight) -> Answer:
    """The newest version of each register of this kind, and its last comparison with the inventory."""
    pattern = "controller" if control.register_of == "controller" else "client-%"
    versions = sight.db.execute(
        """select distinct on (register) register, version, entry from register_version
           where register like %s and entry <= %s and made_at <= %s order by register, version desc""",
        [pattern, sight.up_to, sight.moment],
    ).fetchall()
    if not versions:
        return answer(Status.UNKNOWN, "no-register")
    check = sight.db.execute(
        """select register_check, scans, entry from register_check where entry <= %s and checked_at <= %s
           order by register_check desc limit 1""",
        [sight.up_to, sight.moment],
    ).fetchone()
    newer = [scan.store for scan in sight.scans.values() if check and scan.scan not in check[1]]
    if check is None or newer:
        return answer(Status.UNKNOWN, "register-behind", registers=len(versions))
    lacking = set(sight.policy.stores) - set(sight.scans)
    if lacking:
        return answer(Status.UNKNOWN, "never-scanned", store=min(lacking))
    if old := [s for s in sight.scans.values() if s.finished_at < sight.since(control.days)]:
        age = (sight.at - old[0].finished_at).days
        return answer(Status.UNKNOWN, "old-scan", store=old[0].store, days=age, most=control.days)
    row = sight.db.execute(
        """select count(*) from register_finding where register_check = %(check)s
             and (register like %(pattern)s or register = '') and kind not like 'attestation-%%'
             and (%(kinds)s::text[] = '{}' or kind = any(%(kinds)s))""",
        {"check": check[0], "pattern": pattern, "kinds": list(control.kinds)},
    ).fetchone()
    differing = row[0] if row else 0
    named = f"version {versions[0][1]} of {versions[0][0]}" if len(versions) == 1 else f"{len(versions)} registers"
    evidence = Evidence("register", f"{named} (ledger {check[2]})", f"{differing} differences with the inventory")
    if differing:
        return answer(Status.BROKEN, "register-differs", evidence, differences=differing)
    return answer(Status.KEPT, "register-complete", evidence, registers=len(versions))

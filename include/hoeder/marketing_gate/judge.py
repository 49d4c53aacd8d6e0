"""Whether somebody may be written to or called on a day: data in, data out.

Consent counts for the person who gave it, at that person's own address. Where several persons have one address, all of
them must have given it. A withdrawal counts against every consent given before it.
"""

from __future__ import annotations

from enum import StrEnum

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hoeder.marketing_gate.facts import Facts

Codes = npt.NDArray[np.int8]


class Reason(StrEnum):
    """What became of one line of a list. The first that applies, in this order."""

    NO_ADDRESS = "no-address"
    MALFORMED = "malformed"
    OPTED_OUT = "opted-out"
    RESTRICTED = "restricted"  # GDPR 18 or an objection by GDPR 21(1)
    DUPLICATE = "duplicate"  # the address is there once already
    UNKNOWN = "unknown"  # nobody of ours, so nobody who agreed
    OTHER_ADDRESS = "other-address"  # the person is known under another one
    NO_CONSENT = "no-consent"
    CUSTOMER_ONLY = "customer-only"  # a customer, which is no ground (any more)
    NOT_OFFERED = "not-offered"  # a customer who was not offered to opt out at the time
    NO_PROOF = "no-proof"  # consent without a known text, a day, or how it was given
    WITHDRAWN = "withdrawn"
    ALLOWED_CUSTOMER = "customer"
    ALLOWED_CONSENT = "consent"
    ALLOWED_NO_OBJECTION = "no-objection"


CODES = {reason: code for code, reason in enumerate(Reason)}
REASONS = tuple(Reason)
ALLOWED = frozenset({Reason.ALLOWED_CUSTOMER, Reason.ALLOWED_CONSENT, Reason.ALLOWED_NO_OBJECTION})

# By person that a line may mean: the last consent that stood on that day with proof, the last without, the last
# withdrawal, and what the person bought. Then the least of all persons of one line.
_STATES = """
with meant as (
    select a.n, a.day, p.person, true as own_address
      from asked a join persons p on a.person is null and p.address = a.address
    union all
    select a.n, a.day, p.person, p.address is not distinct from a.address
      from asked a join persons p on p.person = a.person
), agreed as (
    select m.n, m.person,
           max(c.given_on) filter (c.proven and c.given_on <= m.day
                                   and (c.ended_on > m.day or c.stands and c.ended_on is null)) as proven,
           bool_or(not c.proven and (c.given_on is null or c.given_on <= m.day)
                   and (c.ended_on is null or c.ended_on > m.day)) as unproven,
           max(case when not c.stands and c.ended_on is null then date '9999-12-31'
                    when c.ended_on <= m.day then c.ended_on end) as withdrawn
      from meant m join consents c on c.person = m.person group by m.n, m.person
), bought as (
    select m.n, m.person, bool_or(u.offered) as offered
      from meant m join customers u on u.person = m.person and u.since <= m.day group by m.n, m.person
), judged as (
    select m.n, case
        when not m.own_address then $other_address
        when g.proven >= coalesce(g.withdrawn, date '0001-01-01') and a.consent then $consent
        when g.withdrawn is not null then $withdrawn
        when b.offered and a.customer then $customer
        when g.unproven then $no_proof
        when b.person is not null and a.customer then $not_offered
        when b.person is not null then $customer_only
        else $no_consent end as code
      from meant m join asked a using (n)
      left join agreed g on g.n = m.n and g.person = m.person
      left join bought b on b.n = m.n and b.person = m.person
)
select n, min(code)::tinyint from judged group by n
"""
_NAMED = {
    "other_address": Reason.OTHER_ADDRESS, "consent": Reason.ALLOWED_CONSENT, "withdrawn": Reason.WITHDRAWN,
    "customer": Reason.ALLOWED_CUSTOMER, "no_proof": Reason.NO_PROOF, "not_offered": Reason.NOT_OFFERED,
    "customer_only": Reason.CUSTOMER_ONLY, "no_consent": Reason.NO_CONSENT,
}  # fmt: skip


def consent(facts: Facts, asked: pa.Table) -> Codes:
    """Of each line a `Reason` as its code: what the persons whom it means agreed to.

    `asked` has an `address`, the `person` where the line names one, the `day`, and whether `consent` and `customer` are
    grounds on that day. `facts` are those of one channel.
    """
    found = np.full(len(asked), CODES[Reason.UNKNOWN], np.int8)
    if not len(asked):
        return found
    numbered = asked.append_column("n", pa.array(np.arange(len(asked))))
    with duckdb.connect() as db:
        for name, table in {"asked": numbered, "persons": facts.persons, "consents": facts.consents,
                            "customers": facts.customers}.items():  # fmt: skip
            db.register(name, table)
        rows = db.execute(_STATES, {name: CODES[reason] for name, reason in _NAMED.items()}).fetchnumpy()
    lines, codes = rows.values()
    found[np.asarray(lines)] = np.asarray(codes)
    return found

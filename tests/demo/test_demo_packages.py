"""Everything of somebody of the demonstration can be copied for them, with the accounts that rights has."""

from typing import Any
from uuid import UUID

import psycopg
import pytest
from servers import Database
from small_company import TODAY, Company

from hoeder.errors import StoreError
from hoeder.persons.find import find
from hoeder.persons.person import Certainty, Person, Scope
from hoeder.policy import load
from hoeder.policy.base import place_of
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import explained, others, overview
from hoeder.rights.gather import gather
from hoeder.rights.portability import provided
from hoeder.stores.connection import Connection

CASE = UUID(int=1)
MOST = """
    select c.email, c.name from contact c join call_note n on n.contact_id = c.id
      join newsletter_reader r on r.contact_id = c.id
     where c.email is not null group by 1, 2 order by count(*) desc, c.email limit 1
"""
STAFF = "select email, given_name || ' ' || family_name from employee where status = 'active' order by id limit 1"


@pytest.mark.parametrize(("store", "who", "at_least"), [
    ("crm", MOST, {"crm.contact", "crm.call_note", "crm.newsletter_reader"}),
    ("hr", STAFF, {"hr.employee", "hr.contract", "hr.payslip", "hr.training", "hr.working_time"}),
])  # fmt: skip
def test_all_that_is_found_of_somebody_is_copied_and_explained(
    company: Company, governance: Database, store: str, who: Any, at_least: set[str]
) -> None:
    policy, key = load(), ReferenceKey(b"k" * 32)

    def resolve(name: str) -> Connection:
        if name not in company.built.connections:
            raise StoreError(f"no connection {name}")
        return company.built.connections[name]

    with psycopg.connect(company.server.conninfo(store)) as db:
        email, name = db.execute(who).fetchone() or (None, None)
    person = Person(frozenset({("email", email)}), (name,))
    with psycopg.connect(governance.conninfo) as db:
        first = find(policy, resolve, key, {CASE: person}, Scope(), governance=db)[CASE]
        refused = [match.reference for match in first.to_confirm]
        found = find(policy, resolve, key, {CASE: person}, Scope(), refused=refused, governance=db)[CASE]
    assert found.complete, [place.reason for place in found.places if place.reason]
    copied = gather(policy, resolve, found, TODAY)
    assert {each.place for each in copied if each.rows} >= at_least
    certain = {place_of(match.store, match.target) for match in found.matches if match.certainty is Certainty.CERTAIN}
    assert {each.place for each in copied if each.rows} == certain
    staff = others.staff_names(policy, resolve)
    assert len(staff) > 5
    own = others.own(found, copied, (name,))
    shown, redacted = others.leave_out(policy, copied, own, overview.MARK["nl"], staff)
    parts = explained.explain(policy, shown, "nl", TODAY)
    assert sum(part.records for part in parts) == sum(len(each.rows) for each in copied)
    assert "Overige gegevens" not in {part.name for part in parts}, "every place stands in the register"
    page = overview.page(policy, parts, "nl", redacted=redacted, today=TODAY).decode()
    assert email in page and "system.operations" not in page and "user." not in page.replace("user.js", "")
    for part in parts:
        for table in part.tables:
            assert not any("_" in column for column in table.columns), f"{table.place} has a column without words"
    given = {each.place for each in provided(policy, copied)}
    assert given <= {"crm.newsletter_reader", "hr.contract", "hr.training", "web:page-views/", "web:searches/"}
    assert given

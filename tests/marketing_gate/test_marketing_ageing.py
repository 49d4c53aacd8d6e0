"""What the gate remembers does not grow for ever."""

from datetime import date

import psycopg
from servers import Database

from hoeder.marketing_gate.ageing import age_out
from hoeder.policy import load

TODAY = date(2026, 11, 22)


def test_what_is_older_than_the_ledger_may_be_goes_and_nothing_else(governance: Database) -> None:
    policy = load()
    kept = policy.organisation.ledger_kept_years
    first_kept, last_gone = date(TODAY.year - kept, 11, 1), date(TODAY.year - kept, 10, 31)
    with psycopg.connect(governance.conninfo) as db:
        for day in (last_gone, first_kept, TODAY):
            (number,) = db.execute(
                """insert into marketing_gating (on_day, list, channel, source, listed, allowed, policy_digest, entry)
                   values (%s, 'winter', 'email', repeat('a', 64), 1, 0, repeat('b', 64), 1) returning gating""",
                [day],
            ).fetchone() or (0,)
            db.execute("insert into marketing_reason values (%s, 'opted-out', 1)", [number])
            db.execute(
                "insert into shared_with values ('email', %s, 'sister', %s, null)", [day.toordinal().to_bytes(16), day]
            )
        assert age_out(db, policy, TODAY) == 2
        assert age_out(db, policy, TODAY) == 0
        for table in ("marketing_gating", "shared_with"):
            days = db.execute(psycopg.sql.SQL("select on_day from {}").format(psycopg.sql.Identifier(table)))
            assert {day for (day,) in days} == {first_kept, TODAY}
        assert db.execute("select count(*) from marketing_reason").fetchone() == (2,)

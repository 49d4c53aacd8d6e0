"""Who is left out, who reads what, and what the reader gets."""

import io
import json
from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from frictionless import Package
from visits import NOTES, REFERENCES, RUN, VERSION, VIEWS, World, changed, views

from hoeder import anonymization
from hoeder.errors import GateFailed, PolicyError, Refused
from hoeder.evidence import ledger
from hoeder.policy.release import Release

COUNTS = changed(
    VIEWS,
    publish="counts",
    quasi_identifiers=[{"column": "visited_at", "steps": ["month"]}, {"column": "section", "steps": ["exact"]}],
)
NOISY = changed(
    COUNTS, publish="noisy-counts", measures=[], reader="public", noise={"epsilon": 1.0, "budget": 1.5, "most_cells": 2}
)


def fill(world: World, days: int = 2) -> None:
    for day in range(1, days + 1):
        world.put(f"page-views/date=2026-11-{day:02}/part-0.parquet", views(date(2026, 11, day)))


def release(world: World, *releases: Release, version: str = VERSION):
    return anonymization.run("web-usage", world.policy(*releases), world.resolve, run=RUN, version=version)


def body(world: World, ending: str) -> bytes:
    [found] = [content for key, content in world.published().items() if key.endswith(ending)]
    return found


def leave_out(world: World, visitor: str, ground: str, store: str = "web") -> None:
    world.governance.execute(
        "insert into left_out (store, subject_kind, subject_ref, ground) values (%s, 'visitor', %s, %s)",
        [store, REFERENCES.subject("visitor", visitor), ground],
    )
    world.governance.commit()


@pytest.mark.parametrize("ground", ["restriction", "objection", "hold"])
def test_who_restricts_or_objects_is_not_read_into_a_release(world, ground):
    fill(world)
    leave_out(world, "visitor-3", ground)
    leave_out(world, "visitor-4", ground, store="*")
    leave_out(world, "visitor-5", ground, store="crm")  # another store's
    summary = release(world)
    assert (summary.rows_in, summary.left_out) == (240 - 2 * 2 * 3, 12)
    assert world.outcome().counts["left_out"] == 12


def test_who_is_under_a_legal_hold_is_left_out_as_well(world):
    fill(world)
    world.governance.execute(
        """with placed as (insert into hold (matter, ground, placed_by, placed_on, review_by)
                           values ('m', 'claim', 'test', '2026-11-01', '2027-01-31') returning hold)
           insert into hold_subject select hold, 'visitor', %s from placed""",
        [REFERENCES.subject("visitor", "visitor-7")],
    )
    world.governance.commit()
    assert release(world).left_out == 6


def test_a_clients_rows_are_in_that_clients_release_alone(world, notes):
    notes("alter table call_note add client_id int")
    notes("update call_note set client_id = 1 + id % 2")
    datasets = json.loads(json.dumps(__import__("visits").DATASETS))
    table = datasets["crm"]["tables"]["call_note"]
    table["role"], table["client_column"] = "processor", "client_id"
    table["columns"]["client_id"] = "system"
    own = changed(NOTES, publish="counts", measures=[], quasi_identifiers=[{"column": "reason", "steps": ["exact"]}])
    one, two = changed(own, reader="client", clients={"acme": 1, "bolt": 2}).for_each_client()
    assert (one.release, one.shelf) == ("contact-reasons-acme", "client-acme")
    policy = world.policy(one, two, datasets=datasets)
    rows = {
        each.release: anonymization.run(each.release, policy, world.resolve, run=RUN, version=VERSION).rows_in
        for each in (one, two)
    }
    assert rows == {"contact-reasons-acme": 300, "contact-reasons-bolt": 300}
    assert {key.split("/")[1] for key in world.published()} == {"client-acme", "client-bolt"}
    with pytest.raises(PolicyError, match="used for them alone"):
        anonymization.run(
            "contact-reasons", world.policy(own, datasets=datasets), world.resolve, run=RUN, version=VERSION
        )


def test_a_table_of_counts_is_published_with_totals_and_read_with_one_line(world):
    fill(world)
    release(world, COUNTS)
    frame = pd.read_parquet(io.BytesIO(body(world, "data.parquet")))
    assert list(frame.columns) == ["visited_at", "section", "persons", "rows", "seconds"]
    assert frame[frame.section == "all"]["rows"].tolist() == [240]
    assert frame["persons"].min() >= 10
    page = body(world, "datasheet.html").decode()
    assert "In beeld" in page and "<svg" in page  # made of what the file shows, and of nothing else
    assert "bij elkaar op" in page


def test_noisy_counts_cost_budget_once_a_version_and_are_refused_when_it_is_spent(world):
    fill(world)
    release(world, NOISY)
    package = json.loads(body(world, "datapackage.json"))
    assert (package["anonymization"]["epsilon"], package["anonymization"]["scale"]) == (1.0, 2.0)
    with pytest.raises(Refused, match="privacy budget of web:page-views/ would be overspent"):
        release(world, NOISY, version="2026-11-23T060000")
    assert world.outcome().outcome == "refused"
    assert len(world.published()) == 3  # the version before stands


def test_the_description_is_a_valid_data_package_and_the_datasheet_says_what_a_reader_must_know(world):
    fill(world)
    summary = release(world)
    described = json.loads(body(world, "datapackage.json"))
    assert Package.validate_descriptor(described).valid
    assert described["verdict"] == {"reader": "company", "level": "anonymous", "until": "2027-11-22"}
    data = body(world, "data.parquet")
    assert [f["name"] for f in described["resources"][0]["schema"]["fields"]] == pq.read_schema(io.BytesIO(data)).names
    page = body(world, "datasheet.html").decode()
    assert "<svg" in page
    assert '<html lang="nl">' in page
    for said in ("de kleinste groep", str(summary.k_reached), "Vóór en na", "Chhillar", "Verantwoordelijk"):
        assert said in page
    assert "src=" not in page  # nothing to load
    assert "afgerond op veelvouden" in page and "rounded" not in page
    assert "visitor-" not in page


def test_the_catalog_lists_what_stands_for_each_reader_and_nothing_that_expired(world):
    fill(world)
    release(world)
    policy = world.policy()
    assert anonymization.catalog(policy, world.resolve, today=date(2026, 11, 23)) == 1
    client, name = world.bucket.client, world.bucket.name
    listing = json.loads(client.get_object(Bucket=name, Key="catalog/company/catalog.json")["Body"].read())
    [entry] = listing["releases"]
    assert entry["release"] == "web-usage"
    page = client.get_object(Bucket=name, Key="catalog/company/index.html")["Body"].read().decode()
    assert "Vrijgaven voor de eigen organisatie" in page and "22-11-2026" in page and "22-11-2027" in page
    assert client.get_object(Bucket=name, Key=entry["data"])["Metadata"] == {"expires_on": "2027-11-22"}
    assert anonymization.catalog(policy, world.resolve, today=date(2027, 11, 22)) == 0


def test_what_the_gate_refuses_goes_to_quarantine_and_the_version_before_stands(world, s3):
    fill(world)
    client = s3.client("admin")
    client.create_bucket(Bucket="quarantine-test")
    extra = world.connections["releases_anonymization"].extra | {"quarantine": "quarantine-test"}
    world = world.with_connection("releases_anonymization", extra=extra)
    release(world)
    before = world.published()
    world.put("page-views/date=2026-11-03/part-0.parquet", views(date(2026, 11, 3), people=60))
    with pytest.raises(GateFailed, match="in quarantine, for the officer alone; the version before stands"):
        release(world, changed(VIEWS, max_risk=0.0001), version="2026-11-23T060000")
    assert world.published() == before
    keys = [item["Key"] for item in client.list_objects_v2(Bucket="quarantine-test")["Contents"]]
    assert keys == [f"web-usage/version=2026-11-23T060000/{n}" for n in ("data.parquet", "reasons.txt")]
    reasons = client.get_object(Bucket="quarantine-test", Key=keys[1])["Body"].read().decode()
    assert "give one of visited_at, section, logged_in a coarser step" in reasons
    for key in keys:
        client.delete_object(Bucket="quarantine-test", Key=key)
    client.delete_bucket(Bucket="quarantine-test")


def test_every_key_is_destroyed_also_those_of_runs_that_died_and_the_ledger_tells(world):
    fill(world)
    world.governance.execute(
        "insert into release_key (release, version, key, commitment) values ('web-usage', 'old', %s, %s)",
        [b"x" * 32, "a" * 64],
    )
    world.governance.commit()
    release(world)
    assert world.governance.execute("select count(*), count(key), count(destroyed_at) from release_key").fetchone() == (
        2,
        0,
        2,
    )
    destroyed = next(e for e in reversed(ledger.entries(world.governance)) if e.activity == "anonymization.key@1")
    assert (destroyed.outcome, destroyed.counts) == ("done", {"keys": 2, "remaining": 0})


def test_the_capabilitys_own_account_is_enough_for_two_versions(world):
    fill(world)
    role = "anonymization_account"
    world.governance.execute(f"create role {role} login password 'test' in role hoeder_anonymization")
    world.governance.commit()
    try:
        narrow = world.with_connection("governance_anonymization", login=role, password="test")
        release(narrow)
        release(narrow, version="2026-11-23T060000")
        assert anonymization.due(narrow.policy(), narrow.resolve, today=date(2026, 11, 23)) != []
    finally:
        world.governance.rollback()
        world.governance.execute(f"drop role {role}")
        world.governance.commit()


def test_a_new_version_that_differs_by_one_visitor_shows_their_groups_as_before(world):
    fill(world)
    release(world)
    day = views(date(2026, 11, 2))
    world.put(
        "page-views/date=2026-11-02/part-0.parquet", day.filter(pa.compute.not_equal(day["visitor_id"], "visitor-1"))
    )
    summary = release(world, version="2026-11-23T060000")
    assert summary.carried > 0
    first, second = (c for k, c in sorted(world.published().items()) if k.endswith("data.parquet"))
    assert pq.read_table(io.BytesIO(second)).num_rows == 240
    assert first == second


def test_other_steps_than_the_version_before_are_refused(world):
    fill(world)
    release(world)
    coarser = changed(
        VIEWS,
        quasi_identifiers=[{"column": "visited_at", "steps": ["month"]}, *VIEWS.model_dump()["quasi_identifiers"][1:]],
    )
    with pytest.raises(GateFailed, match="versions with different steps give away their difference"):
        release(world, coarser, version="2026-11-23T060000")


def test_local_recoding_is_for_what_is_made_once(world):
    with pytest.raises(ValueError, match="recoding: local is for publish: rows with refresh: once"):
        changed(VIEWS, recoding="local")
    fill(world)
    once = changed(VIEWS, recoding="local", refresh="once")
    policy = world.policy(once)
    summary = release(world, once)
    assert summary.k_reached >= once.k
    assert json.loads(body(world, "datapackage.json"))["anonymization"]["recoding"].startswith(
        "every group takes steps"
    )
    assert "Hercodering: lokaal" in body(world, "datasheet.html").decode()
    assert release(world, once).digest == summary.digest  # the same version again is the same version
    assert anonymization.due(policy, world.resolve, today=date(2028, 1, 1)) == []
    with pytest.raises(Refused, match=f"is made once, and that was version {VERSION}"):
        release(world, once, version="2028-01-01T060000")
    with pytest.raises(GateFailed, match="versions with different steps give away their difference"):
        release(
            world,
            changed(VIEWS, quasi_identifiers=[{"column": "section", "steps": ["exact"]}]),
            version="2026-12-01T060000",
        )
    assert world.governance.execute("select count(*) from release_group").fetchone() == (0,)


def test_a_release_says_which_recoding_it_used(world):
    fill(world)
    release(world)
    assert "Hercodering: per hele kolom" in body(world, "datasheet.html").decode()
    assert json.loads(body(world, "datapackage.json"))["anonymization"]["recoding"].startswith("one step per column")


def test_a_release_is_due_again_after_its_refresh(world):
    fill(world)
    policy = world.policy(changed(VIEWS, refresh="weekly"))
    assert anonymization.due(policy, world.resolve, today=date(2026, 11, 22)) == ["web-usage"]
    release(world)
    assert anonymization.due(policy, world.resolve, today=date(2026, 11, 28)) == []
    assert anonymization.due(policy, world.resolve, today=date(2026, 11, 29)) == ["web-usage"]


def test_a_column_without_a_role_is_a_policy_error():
    with pytest.raises(ValueError, match="column x has role 'secret'; expected one of identifier, quasi"):
        Release.model_validate({"release": "x", "columns": {"x": "secret"}})
    with pytest.raises(ValueError, match="exactly one column has role identifier"):
        Release.model_validate({"release": "x", "columns": {"x": {"role": "quasi", "steps": ["exact"]}}})


def test_a_table_that_changes_while_it_is_read_is_read_as_it_was(world, notes, monkeypatch):
    from hoeder.anonymization import read

    monkeypatch.setattr(read, "_ROWS", 100)
    honest = read._array
    spoilt = iter([True])

    def and_meanwhile(values, kind):
        if next(spoilt, False):
            notes("delete from call_note where contact_id < 50")
            notes(
                "insert into call_note (contact_id, reason, duration_s, noted_on) select 999, 'new', 1, "
                "now() from generate_series(1, 500)"
            )
        return honest(values, kind)

    monkeypatch.setattr(read, "_array", and_meanwhile)
    summary = anonymization.run("contact-reasons", world.policy(), world.resolve, run=RUN, version=VERSION)
    assert summary.rows_in == 600
    assert set(pd.read_parquet(io.BytesIO(body(world, "data.parquet")))["reason"]) == {"invoice", "moving"}

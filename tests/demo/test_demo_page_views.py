"""The website's release on days on which the finest steps that reach k would tell too much of its few visitors."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pyarrow.parquet as pq
import pytest

from hoeder.anonymization import making, source
from hoeder.anonymization.making import Ingredients
from hoeder.anonymization.people import People
from hoeder.anonymization.read import Batch
from hoeder.demo import web
from hoeder.demo.site import SEED
from hoeder.demo.terms import window
from hoeder.demo.truth import Truth
from hoeder.demo.world import World
from hoeder.errors import Leaks
from hoeder.policy.load import load
from hoeder.policy.release import Release

POLICY = load()
STATED = next(each for each in POLICY.releases if each.release == "web-usage")
RELEASE = STATED.model_copy(update={"max_risk": 0.01})  # a thousand persons are few: the finest that reach k tell more
SERIES = b"series" * 6


def ingredients(day: date, release: Release = RELEASE) -> Ingredients:
    """A company of a thousand, whose page views of past the term are gone."""
    origin = source.locate(release, POLICY)
    columns = [release.subject, *source.released(release)]
    views = [thing for thing in web.things(World(SEED, day, 1_000, Truth(day))) if thing.key.startswith("page-views/")]
    kept = [thing for thing in views if thing.key >= f"page-views/date={window('web:page-views/', day).kept}"]

    def read() -> Iterator[Batch]:
        for thing in kept:
            yield Batch(thing.key, pq.read_table(io.BytesIO(thing.body)).select(columns))

    who = People(release.subject, origin.kind, frozenset(), None, SERIES)
    extract = making.extract(who.sieve(read()), release)
    return Ingredients(
        release, origin, extract, who.digests, SERIES, SERIES, earlier=(), previous=None, today=day
    )  # fmt: skip


def no_budget() -> tuple[int, float]:
    raise AssertionError("rows cost no privacy budget")


def test_steps_that_tell_too_much_give_way_to_coarser_ones():
    finest = making.make(of := ingredients(date(2027, 8, 10), RELEASE.model_copy(update={"max_risk": 1.0})), no_budget)
    made = making.make(replace(of, release=RELEASE), no_budget)
    assert finest.measured.worst > RELEASE.max_risk >= made.measured.worst
    assert made.recoding.steps != finest.recoding.steps
    for column in RELEASE.quasi_identifiers:
        taken, fine = (column.steps.index(each.recoding.steps[column.column][0]) for each in (made, finest))
        assert taken >= fine or column.weight < 1, column.column


def test_with_no_coarser_step_left_the_release_is_refused():
    of = ingredients(date(2027, 8, 10))
    finest = making.make(replace(of, release=RELEASE.model_copy(update={"max_risk": 1.0})), no_budget).recoding.steps
    held = tuple(g.model_copy(update={"steps": finest[g.column]}) for g in RELEASE.quasi_identifiers)
    with pytest.raises(making.Rejected) as refused:
        making.make(replace(of, release=RELEASE.model_copy(update={"quasi_identifiers": held})), no_budget)
    assert isinstance(refused.value.reason, Leaks)
    assert refused.value.reason.columns <= {g.column for g in RELEASE.quasi_identifiers}
    assert "inference: risk above control" in str(refused.value.reason)


def test_a_column_that_attacks_told_gives_way_first_and_then_what_matters_least():
    quasi = tuple(
        g.model_copy(update={"weight": 0.5}) if g.column == "browser" else g for g in RELEASE.quasi_identifiers
    )
    release = RELEASE.model_copy(update={"quasi_identifiers": quasi})
    fine = {g.column: g.steps[:1] for g in quasi}
    told = making.coarser(release, fine, {"device"})
    assert told is not None
    assert {g.column: g.steps for g in told.quasi_identifiers} == {g.column: g.steps for g in quasi} | {
        "device": ("any",)
    }
    nobody = making.coarser(release, fine, set())
    assert nobody is not None
    assert {g.column: g.steps for g in nobody.quasi_identifiers}["browser"] == ("top-10", "any")
    assert making.coarser(release, {g.column: g.steps[-1:] for g in quasi}, {"device"}) is None

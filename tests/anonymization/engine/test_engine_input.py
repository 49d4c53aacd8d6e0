"""Bad input and odd input: a sentence that says what to do, or an honest and safe result."""

import json
import math
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from hoeder.anonymization.engine import Limits, Roles, Unfit, anonymize, anonymize_file, files
from hoeder.cli import app
from hoeder.errors import GateFailed, HoederError


def refused(table, match, roles=None, limits=None, **how):
    with pytest.raises(Unfit, match=match):
        anonymize(table, roles or Roles(("a",)), limits or Limits(k=3), **how)


def test_a_column_that_is_unique_per_row_is_made_coarse():
    rows = pa.table({"a": [f"letter {n}" for n in range(40)]})
    for labels in ("hierarchy", "sets"):
        assert anonymize(rows, Roles(("a",)), Limits(k=3), labels=labels, aim="cells").report.k_reached >= 3


def test_rows_that_are_all_the_same_stay_as_they_are():
    report = anonymize(pa.table({"a": ["x"] * 7}), Roles(("a",)), Limits(k=3)).report
    assert (report.gcp, report.k_reached, report.classes) == (0.0, 7, 1)


def test_fewer_rows_than_k_release_nothing():
    refused(pa.table({"a": ["x", "x"]}), "the data hold 2 rows, fewer than k = 3")
    refused(pa.table({"a": pa.array([], pa.string())}), "no rows")


def test_empty_cells_are_unknown_and_stand_beside_each_other():
    rows = pa.table({"a": pa.array([None, None, None, 1.0, 1.0, math.nan]), "b": pa.array(["x", "", None] * 2)})
    shown = anonymize(rows, Roles(("a",)), Limits(k=2)).table["a"].to_pylist()
    assert sorted(shown) == ["1", "1", "unknown", "unknown", "unknown", "unknown"]
    assert anonymize(rows, Roles(("a", "b")), Limits(k=2), labels="sets", aim="cells").report.k_reached >= 2


def test_types_without_levels_are_named():
    refused(pa.table({"a": pa.array([[1], [2], [3]])}), "column a holds list")
    refused(pa.table({"a": [1.0, math.inf, 2.0]}), "column a holds an infinite number")


def test_mixed_types_of_a_csv_file_are_text(tmp_path):
    (tmp_path / "in.csv").write_text("a,b\n" + "12,x\nabc,x\n2026-01-01,y\n" * 5)
    report = anonymize_file(
        tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "r.json", Roles(("a", "b")), Limits(k=5)
    )
    assert (report.rows_out, report.k_reached) == (15, 5)
    assert (tmp_path / "out.csv").read_text().splitlines()[1] == '"12","x"'


def test_five_hundred_categories():
    random = np.random.default_rng(2)
    rows = pa.table({"a": [f"c{n:03}" for n in random.zipf(1.3, 5000) % 500], "b": random.integers(0, 90, 5000)})
    for labels, aim in (("hierarchy", "counts"), ("sets", "counts"), ("sets", "cells")):
        report = anonymize(rows, Roles(("a", "b")), Limits(k=5), labels=labels, aim=aim).report
        assert report.k_reached >= 5
        assert report.gcp < 0.3


def test_a_hierarchy_that_misses_a_value_names_the_column_and_no_value(tmp_path):
    (tmp_path / "towns.csv").write_text("Oss;Brabant;*\nUrk;Flevoland;*\n")
    rows = pa.table({"a": ["Oss", "Urk", "Geheim"]})
    with pytest.raises(Unfit, match=r"column a: hierarchy towns.csv misses 1 of the 3 values") as raised:
        anonymize(rows, Roles(("a",)), Limits(k=2), hierarchies={"a": tmp_path / "towns.csv"})
    assert "Geheim" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "match"),
    [("Oss;Brabant;*\nUrk;*\n", "towns.csv:2 has 2 cells"), ("Oss;A;*\nOss;B;*\n", "towns.csv:2 says something else"),
     ("", "is empty")],
)  # fmt: skip
def test_a_hierarchy_that_is_uneven_is_named(tmp_path, text, match):
    (tmp_path / "towns.csv").write_text(text)
    refused(pa.table({"a": ["Oss"] * 3}), match, hierarchies={"a": tmp_path / "towns.csv"})


def test_a_given_hierarchy_gives_its_own_words(tmp_path):
    (tmp_path / "towns.csv").write_text("Oss;Brabant;*\nUden;Brabant;*\nUrk;Flevoland;*\n")
    rows = pa.table({"a": ["Oss", "Uden", "Uden", "Urk", "Urk", "Urk"]})
    result = anonymize(rows, Roles(("a",)), Limits(k=3, max_suppressed=0), hierarchies={"a": tmp_path / "towns.csv"})
    assert result.table["a"].to_pylist() == ["Brabant"] * 3 + ["Urk"] * 3
    assert result.report.ncp["a"] == pytest.approx(3 * 0.5 / 6)


def test_levels_are_built_from_what_a_column_holds():
    def labels(values, k):
        return anonymize(pa.table({"a": values}), Roles(("a",)), Limits(k=k, max_suppressed=0)).table["a"].to_pylist()

    assert labels(["1234 AB", "1234CD", "1299ZZ", "1288XX"], 2) == ["12**"] * 2 + ["1234"] * 2
    assert labels([date(2026, 11, day) for day in (2, 3, 9, 11)], 2) == ["2026-W45"] * 2 + ["2026-W46"] * 2
    assert labels(["Den Haag", "Delft", "Urk", "Almere"], 2) == ["Flevoland"] * 2 + ["Zuid-Holland"] * 2
    assert labels([20, 21, 33, 34], 2) == ["20-24"] * 2 + ["30-34"] * 2
    assert labels([-7, -6, 3, 4], 2) == ["0-4"] * 2 + ["[-10, -6]"] * 2


def test_limits_that_cannot_be_reached_are_refused_within_the_suppression_allowed():
    rows = pa.table({"a": ["x"] * 5 + ["y"] * 5, "s": ["1"] * 5 + ["2"] * 5})
    result = anonymize(rows, Roles(("a",), ("s",)), Limits(k=5, t=0.0, max_suppressed=0.0))
    assert set(result.table["a"].to_pylist()) == {"*"}


def test_columns_and_roles_that_do_not_fit_are_named():
    rows = pa.table({"a": [1, 2], "b": [1, 2]})
    refused(rows, "no column c; the table has: a, b", Roles(("a", "c")))
    with pytest.raises(Unfit, match="more than once: a"):
        Roles(("a",), ("a",))
    with pytest.raises(Unfit, match="k is a number from 2"):
        Limits(k=1)


def test_from_file_to_file_in_both_formats(tmp_path):
    random = np.random.default_rng(4)
    rows = pa.table({"a": random.integers(0, 30, 900), "s": random.integers(0, 3, 900), "secret": random.random(900)})
    pq.write_table(rows, tmp_path / "in.parquet")
    arguments = ["anonymize", str(tmp_path / "in.parquet"), "--quasi", "a", "--sensitive", "s", "-k", "5", "-l", "2"]
    for name in ("out.csv", "out.parquet"):
        done = CliRunner().invoke(
            app, [*arguments, "--out", str(tmp_path / name), "--report", str(tmp_path / "r.json"), "--json"]
        )
        assert done.exit_code == 0, done.output
    told = json.loads((tmp_path / "r.json").read_text())
    out = pq.read_table(tmp_path / "out.parquet")
    assert out.column_names == ["a", "s"]
    assert out.num_rows == told["rows_out"] == len((tmp_path / "out.csv").read_text().splitlines()) - 1
    assert out.schema.field("s").type == pa.int64()
    assert {"k_reached", "sensitive", "suppressed", "ncp", "gcp", "discernibility", "average_class", "risk"} <= set(
        told
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.parquet", "out.csv", "out.parquet", "r.json"]


def test_a_file_gives_what_the_same_rows_in_memory_give(tmp_path):
    random = np.random.default_rng(4)
    rows = pa.table(
        {"a": random.integers(0, 60, 500), "b": random.integers(0, 9, 500), "p": random.integers(0, 99, 500)}
    )
    pq.write_table(rows, tmp_path / "in.parquet")
    for roles in (Roles(("a", "b")), Roles(("a", "b"), person="p")):
        anonymize_file(tmp_path / "in.parquet", tmp_path / "out.parquet", tmp_path / "r.json", roles, Limits(k=4))
        assert pq.read_table(tmp_path / "out.parquet").equals(anonymize(rows, roles, Limits(k=4)).table)


def test_a_search_that_lies_writes_nothing(tmp_path, monkeypatch):
    (tmp_path / "in.csv").write_text("a\n" + "x\n" * 5 + "y\n")
    honest = files.make
    monkeypatch.setattr(files, "make", lambda t, r, limits, **how: honest(t, r, Limits(k=2, max_suppressed=1.0), **how))
    (tmp_path / "out.csv").write_text("before")
    with pytest.raises(GateFailed, match="a class of 5 where 6 were asked"):
        anonymize_file(tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "r.json", Roles(("a",)), Limits(k=6))
    assert (tmp_path / "out.csv").read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_a_source_that_changes_while_it_is_read_is_refused(tmp_path, monkeypatch):
    source = tmp_path / "in.csv"
    source.write_text("a\n" + "x\n" * 9)
    honest = files.count

    def grows(path, roles, engine, *, scratch):
        counted = honest(path, roles, engine, scratch=scratch)
        source.write_text("a\n" + "x\n" * 10)
        return counted

    monkeypatch.setattr(files, "count", grows)
    with pytest.raises(Unfit, match="changed while it was read"):
        anonymize_file(source, tmp_path / "out.csv", tmp_path / "r.json", Roles(("a",)), Limits(k=2))
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("more", "match"),
    [(["-l", "often"], "-l takes a whole number"), (["-t", "0.2"], "name them with --sensitive"),
     (["--hierarchy", "b=x.csv"], "not one of --quasi"), (["--weight", "a"], "takes column=value")],
)  # fmt: skip
def test_the_command_says_what_it_did_not_understand(tmp_path, more, match):
    (tmp_path / "in.csv").write_text("a,b\n1,2\n")
    with pytest.raises(HoederError, match=match):
        CliRunner().invoke(
            app, ["anonymize", str(tmp_path / "in.csv"), "--quasi", "a", "--out", str(tmp_path / "o.csv"),
                  "--report", str(tmp_path / "r.json"), *more], catch_exceptions=False, standalone_mode=False,
        )  # fmt: skip


NAMES = ("Annabel van Ochten", "Bas de Gratie", "Roos de Hoog", "Collin van der Klein", "Jan Pietersen")


@pytest.mark.parametrize(
    ("cells", "match"),
    [([f"{NAMES[n % 5]} belde over de factuur" for n in range(30)], r"column c .*\(name in 5 values\): leave it out"),
     ([f"klant-{n}" for n in range(30)], "column c is different in each of 30 rows"),
     ([31612345600 + n for n in range(15)] * 2, r"column c .*phone|column c .*number")],
)  # fmt: skip
def test_what_leaves_as_it_is_says_nothing_of_whose_it_is(tmp_path, cells, match):
    pq.write_table(pa.table({"a": [n % 3 for n in range(30)], "c": cells}), tmp_path / "in.parquet")
    with pytest.raises(Unfit, match=match) as raised:
        anonymize_file(
            tmp_path / "in.parquet", tmp_path / "out.csv", tmp_path / "r.json", Roles(("a",), insensitive=("c",)),
            Limits(k=5),
        )  # fmt: skip
    assert not any(str(cell) in str(raised.value) for cell in cells)
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]


@pytest.mark.parametrize(
    "cells",
    [[date(2026, 1, 1 + n % 28) for n in range(30)], [n % 2 == 0 for n in range(30)], [None] * 30,
     [20_000.5 + n for n in range(30)], ["Astma", "Diabetes", "Griep"] * 10],
)  # fmt: skip
def test_what_is_sensitive_and_says_nothing_of_whose_it_is_leaves(tmp_path, cells):
    pq.write_table(pa.table({"a": [n % 3 for n in range(30)], "c": cells}), tmp_path / "in.parquet")
    anonymize_file(
        tmp_path / "in.parquet", tmp_path / "out.csv", tmp_path / "r.json", Roles(("a",), sensitive=("c",)), Limits(k=5)
    )
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 31


@pytest.mark.parametrize(
    ("text", "match"),
    [("", "its first line is empty"), ("Jansen,12\nSmit,13\n", "its first line names none of a;"),
     ("a,b\n" + "1,x\n" * 20 + "1,2,3,4\n", "as many cells in every line as in the first")],
)  # fmt: skip
def test_a_csv_file_that_is_not_as_its_first_line_says_is_refused_and_not_guessed_at(tmp_path, text, match):
    (tmp_path / "in.csv").write_text(text)
    with pytest.raises(Unfit, match=match) as raised:
        anonymize_file(tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "r.json", Roles(("a",)), Limits(k=2))
    assert "Jansen" not in str(raised.value)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_cells_may_be_apart_in_four_ways(tmp_path, mark):
    (tmp_path / "in.csv").write_text("\ufeff" + f"a{mark}b\n" + f"x{mark}y\n" * 6)
    report = anonymize_file(
        tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "r.json", Roles(("a", "b")), Limits(k=5)
    )
    assert report.rows_out == 6

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench" / "detection"))

import column_kinds
import column_peers
import column_server
import column_speed
import columns
from servers import Database

ROWS = 40


@pytest.mark.parametrize("hide", [False, True])
def test_every_table_loads_with_its_types_paths_and_rows(database: Database, hide: bool):
    tables = column_kinds.hidden(columns.COMPANY) if hide else columns.COMPANY
    with psycopg.connect(database.conninfo, autocommit=True) as connection:
        column_server.load(connection, [(table, column_kinds.values(table, 1, ROWS)) for table in tables])
        counted = connection.execute("SELECT count(*), count(DISTINCT table_name) FROM information_schema.columns "
                                     "WHERE table_schema = 'public'").fetchone()  # fmt: skip
        assert counted == (sum(len(table.roots) for table in tables), len(tables))
        calls = tables[columns.COMPANY.index(columns.CALLS)]
        names = [column.name for column in calls.columns]
        path = names[[column.name for column in columns.CALLS.columns].index("payload.klant.mail")]
        root, *keys = path.split(".")
        query = f'SELECT "{root}" #>> %s FROM "{calls.name}"'
        found = sorted(value for (value,) in connection.execute(query, (keys,)))
        expected = sorted(str(row[names.index(path)]) for row in column_kinds.values(calls, 1, ROWS))
        assert found == expected


def test_a_comment_on_a_column_is_loaded_and_is_gone_where_names_are_hidden(database: Database):
    counts = []
    for tables in ([columns.SENSORS], column_kinds.hidden([columns.SENSORS])):
        with psycopg.connect(database.conninfo, autocommit=True) as connection:
            column_server.load(connection, [(table, column_kinds.values(table, 1, 2)) for table in tables])
            counts.append(connection.execute("SELECT count(*) FROM pg_description WHERE objsubid > 0 "
                                             "AND objoid > 16383").fetchone())  # fmt: skip
    assert counts == [(1,), (1,)]  # the second loading adds none


def test_the_large_table_has_as_many_rows_as_asked(database: Database):
    with psycopg.connect(database.conninfo, autocommit=True) as connection:
        column_speed.large(connection, 5000)
        assert connection.execute(
            "SELECT count(*), count(DISTINCT id), count(DISTINCT mail) FROM klant"
        ).fetchone() == (
            5000,
            5000,
            5000,
        )


def test_a_scan_without_full_is_a_missed_bar_and_not_an_omission():
    [line] = column_speed.full_speed(None, 10, frozenset())  # type: ignore[arg-type]
    assert line.good is False


def test_a_peer_that_cannot_be_installed_says_so_and_stops_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    def refuse(peer: column_peers.Peer, folder: Path) -> Path:
        raise subprocess.CalledProcessError(2, ["pip"], stderr="no such package\n")

    monkeypatch.setattr(column_peers, "environment", refuse)
    ran = column_peers.run(column_peers.PEERS[0], {}, tmp_path)
    assert ran.failed and "no such package" in ran.failed

"""How long a scan takes: a million cells of sampled tables, and a large table in full against only reading it."""

from math import ceil
from time import perf_counter

from column_kinds import ROWS, SEED, Table, values
from column_lines import Line
from column_server import Database, Server, load
from columns import COMPANY

ROUNDS = 2  # the best of
SECONDS_A_MILLION = 2.0
TIMES_READING = 3.0


def sampled_speed(server: Server, cells: int, offered: frozenset[str]) -> list[Line]:
    """Different companies, each in a database of its own, until there are so many cells; start-up is told apart."""
    with server.database("nothing") as connection:
        connection.execute("CREATE TABLE one AS SELECT 1 AS a")
        start = min((server.scan("nothing") for _ in range(ROUNDS)), key=lambda scanned: scanned.seconds)
    width = sum(len(table.roots) for table in COMPANY)
    copies = max(1, ceil(cells / (width * ROWS)))
    with server.database("volume") as connection:
        for copy in range(copies):
            tables = [(_numbered(table, copy), values(table, SEED + 1 + copy)) for table in COMPANY]
            load(connection, tables)
    sample = ("--sample", str(ROWS)) if "--sample" in offered else ()
    best = min((server.scan("volume", *sample) for _ in range(ROUNDS)), key=lambda scanned: scanned.seconds)
    millions = copies * width * ROWS / 1e6
    rate = (best.seconds - start.seconds) / millions
    processor = (best.processor - start.processor) / millions
    return [
        Line("start of the command, on a table of one row", f"{start.seconds:.2f} s"),
        Line(
            f"1 million cells sampled ({millions:.2f} million in {copies * len(COMPANY)} tables)",
            f"{rate:.2f} s (of the processor {processor:.2f} s)",
            f"≤ {SECONDS_A_MILLION:.0f} s",
            good=rate <= SECONDS_A_MILLION,
        ),
    ]


def _numbered(table: Table, copy: int) -> Table:
    return Table(f"{table.name}_{copy}", table.columns, table.stream, table.register)


def full_speed(server: Server, count: int, offered: frozenset[str]) -> list[Line]:
    """Every row of a large table against only reading the rows through COPY."""
    what = f"{count:,} rows in full"
    if "--full" not in offered:
        return [Line(what, "hoeder scan has no --full", f"≤ {TIMES_READING:.0f} × reading", "", False)]
    with server.database("large") as connection:
        large(connection, count)
        reading = min(_read(connection) for _ in range(ROUNDS))
    scanned = server.scan("large", "--full")
    times = scanned.seconds / reading
    return [
        Line("reading them only", f"{reading:.1f} s"),
        Line(
            what,
            f"{scanned.seconds:.1f} s, {times:.1f} × reading",
            f"≤ {TIMES_READING:.0f} × reading",
            "",
            times <= TIMES_READING,
        ),
    ]


def large(connection: Database, count: int) -> None:
    """A table of that many rows, seven columns, nearly every value its own."""
    connection.execute("CREATE TEMP TABLE person (at int, first text, last text, street text, city text)")
    people = [(row[5], row[4], row[8], row[11]) for row in values(COMPANY[0], SEED + 99)]
    with connection.cursor().copy("COPY person FROM STDIN") as copy:
        for at, (first, last, street, city) in enumerate(people):
            copy.write_row((at, first or "Jo", last, street, city))
    connection.execute(
        """CREATE UNLOGGED TABLE klant AS
        SELECT g AS id, p.first || ' ' || q.last AS naam, lower(left(p.first, 1)) || '.' || g || '@example.nl' AS mail,
               '06' || lpad((g * 7919::bigint %% 100000000)::text, 8, '0') AS tel, p.street || ' ' || g %% 240 AS adres,
               date '1940-01-01' + (g * 31::bigint %% 24000)::int AS geb,
               round((g * 13::bigint %% 900000) / 100.0, 2) AS bedrag
        FROM generate_series(1, %s) g
        JOIN person p ON p.at = g %% %s JOIN person q ON q.at = g / %s %% %s""",
        (count, ROWS, ROWS, ROWS),
    )
    connection.execute("DROP TABLE person")
    connection.execute("VACUUM ANALYZE klant")


def _read(connection: Database) -> float:
    began = perf_counter()
    with connection.cursor().copy("COPY klant TO STDOUT") as copy:
        for _ in copy:
            pass
    return perf_counter() - began

"""Count the distinct rows of Parquet files with Spark. This file is what spark-submit runs, and needs PySpark alone.

It is given two folders and names of columns: no connection, no policy, no key.
"""

import sys
from collections.abc import Sequence


def grouped(source: str, columns: Sequence[str], times: str, target: str, *, ordered: bool = False) -> None:
    """Write the distinct rows of these columns as Parquet into folder `target`, with how often each occurs in `times`.

    `ordered` puts them in the order of their values, from one file to the next. Runs in the session that spark-submit
    gives, else in one of its own on this machine. Raises what Spark raises, which can quote a cell.
    """
    from pyspark.sql import SparkSession, functions

    session = (
        SparkSession.builder.appName("hoeder anonymize")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.caseSensitive", "true")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
        .getOrCreate()
    )
    names = ["`" + name.replace("`", "``") + "`" for name in columns]  # else a.b is field b of a
    found = session.read.parquet(source).groupBy(*names).agg(functions.count(functions.lit(1)).alias(times))
    (found.orderBy(*names) if ordered else found).write.parquet(target)


def main(arguments: Sequence[str]) -> int:
    """Count; `arguments` are the folder to read, the folder to write, the name of the count, and the columns."""
    source, target, times, *columns = arguments
    try:
        grouped(source, columns, times, target, ordered=True)
    except Exception as error:  # its text can quote a cell: only its kind is told
        print(type(error).__name__)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

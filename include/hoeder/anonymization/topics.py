"""Free text as topics: no word of a text leaves, only which of policy's topics it is about."""

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from hoeder.anonymization.engine.sources import OTHER
from hoeder.policy.release import Topic


def by_topic(rows: pa.Table, columns: Mapping[str, Sequence[Topic]]) -> pa.Table:
    """The rows with a topic in place of each text of these columns: one without a text has none."""
    for name, topics in columns.items():
        rows = rows.set_column(rows.column_names.index(name), name, _topics(rows.column(name), topics))
    return rows


def _topics(texts: pa.ChunkedArray, topics: Sequence[Topic]) -> pa.ChunkedArray:
    found = pc.if_else(pc.is_valid(texts), OTHER, pa.scalar(None, pa.string()))
    for each in reversed(topics):  # the first that fits is put last
        about = pc.match_substring_regex(pc.cast(texts, pa.string()), _pattern(each.words), ignore_case=True)
        found = pc.if_else(pc.fill_null(about, False), each.topic, found)
    return found


def _pattern(words: Sequence[str]) -> str:
    """In RE2's notation, which knows no look-around: letters end a word, and policy allows no sign that means more."""
    ways = (word.removesuffix("*") + (r"\pL*" if word.endswith("*") else "") for word in words)
    return rf"(?:^|\PL)(?:{'|'.join(ways)})(?:\PL|$)"

"""Whose rows they are: who is left out before anything else, and a keyed digest of everybody who stays."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hoeder.anonymization.read import Batch
from hoeder.evidence.ledger import Connection
from hoeder.pseudonym import ReferenceKey


def left_out(db: Connection, store: str, kind: str) -> frozenset[bytes]:
    """References of the persons of a kind who are not analysed: restricted, objecting, or under any hold."""
    return frozenset(
        bytes(row[0])
        for row in db.execute(
            """select subject_ref from left_out where store in (%s, '*') and subject_kind = %s
                      and (until is null or until > today())
               union select subject_ref from active_hold where subject_kind = %s""",
            [store, kind, kind],
        )
    )


@dataclass
class People:
    """Goes along while a source is read: leaves persons out, and keeps each remaining row's digest of its person.

    A digest is 8 bytes under the key of the release's series, 0 for nobody known. Only digests are kept.
    """

    column: str
    kind: str
    excluded: frozenset[bytes]
    references: ReferenceKey | None
    series: bytes
    rows_left_out: int = 0
    _digests: list[np.ndarray[tuple[int], np.dtype[np.uint64]]] = field(default_factory=list)

    def sieve(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """The batches without the rows of those left out."""
        for batch in batches:
            persons = _plain(batch.rows.column(self.column))
            rows = batch.rows
            if self.excluded and self.references is not None:
                known = persons.dictionary.to_pylist()
                stays = [self.references.subject(self.kind, value) not in self.excluded for value in known]
                # An empty person is nobody, and stays.
                keep = pc.take(pa.array([*stays, True]), pc.fill_null(persons.indices, len(known)))
                self.rows_left_out += len(keep) - (keep.true_count or 0)
                rows, persons = rows.filter(keep), persons.filter(keep)
            each = [digest(self.series, value) if value else 0 for value in persons.dictionary.to_pylist()]
            table = np.array([*each, 0], dtype=np.uint64)
            codes = pc.fill_null(persons.indices, len(each)).to_numpy(zero_copy_only=False)
            self._digests.append(table[codes])
            yield Batch(batch.where, rows)

    @property
    def digests(self) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
        """Each row's person, in the order in which rows were given on."""
        return np.concatenate(self._digests) if self._digests else np.zeros(0, dtype=np.uint64)


def digest(key: bytes, text: str) -> int:
    """8 bytes of a keyed hash, as a number; never 0."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8, key=key).digest(), "little") or 1


def _plain(column: pa.ChunkedArray) -> pa.DictionaryArray:
    array = column.combine_chunks()
    array = pa.concat_arrays(array.chunks) if isinstance(array, pa.ChunkedArray) else array
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    return pc.utf8_lower(pc.utf8_trim_whitespace(array.cast(pa.string()))).dictionary_encode()

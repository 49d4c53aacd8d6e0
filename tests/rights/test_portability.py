"""What somebody may take along: what they gave us, on consent or contract, and nothing that was made of it."""

import csv
import io
import json
from typing import Any
from uuid import UUID

import jsonschema
import pytest
import pyzipper
from desk import KEY
from desk import place as place
from handing import RUN, TODAY, Handing
from handing import handing as handing
from hypothesis import given
from hypothesis import strategies as st

from hoeder.errors import Refused
from hoeder.evidence import ledger
from hoeder.rights import files, packages, portability
from hoeder.rights.case import Right
from hoeder.rights.case_file import CaseFile
from hoeder.rights.gather import Gathered


def make(desk: Handing, number: UUID, digest: str | None = None) -> dict[str, int]:
    return portability.make(
        desk.db, desk.policy, desk.resolve, KEY, desk.vault, number,
        digest=digest or desk.digest(number, Right.PORTABILITY), run=RUN, today=TODAY,
    )  # fmt: skip


def opened(desk: Handing, number: UUID) -> dict[str, bytes]:
    handed = packages.hand_out(desk.db, desk.vault, number, Right.PORTABILITY, run=RUN, on=TODAY)
    with pyzipper.AESZipFile(io.BytesIO(handed.archive)) as archive:
        archive.setpassword(handed.secret.encode())
        return {name: archive.read(name) for name in archive.namelist()}


def test_only_what_they_gave_us_on_consent_is_taken_along(handing: Handing) -> None:
    number = handing.case(Right.PORTABILITY)
    assert make(handing, number) == {"records": 1, "files": 3}
    made = opened(handing, number)
    data = json.loads(made["data.json"])
    assert data["data"] == {"shop.reader": [{"email": "jan@example.nl"}]}, "no score, no message on another basis"
    jsonschema.validate(data, json.loads(made["data.schema.json"]))
    data["data"]["shop.reader"][0]["score"] = 7
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, json.loads(made["data.schema.json"]))
    assert made["csv/shop.reader.csv"] == b"email\r\njan@example.nl\r\n"


def test_where_nothing_is_of_this_kind_there_is_no_package(handing: Handing) -> None:
    handing.say("delete from reader where id = 30")
    number = handing.case(Right.PORTABILITY)
    assert make(handing, number) == {"records": 0, "files": 0}
    assert packages.packages(handing.db, number) == []
    assert [e.outcome for e in ledger.entries(handing.db) if e.phase == "outcome"] == ["nothing"]
    nobody = handing.case(Right.PORTABILITY, file=CaseFile(identities=(("email", "nobody@example.nl"),)))
    assert make(handing, nobody)["records"] == 0


def test_what_access_granted_does_not_grant_this(handing: Handing) -> None:
    number = handing.case(Right.PORTABILITY)
    with pytest.raises(Refused, match="other records"):
        make(handing, number, handing.digest(number, Right.ACCESS))


@given(
    st.lists(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(alphabet=st.characters(exclude_categories=("Cs",))))
    )
)
def test_a_csv_file_reads_back_as_it_was_written(values: list[Any]) -> None:
    table = Gathered("shop.note", {"body": "user", "other": "user"}, tuple((value, "x") for value in values))
    content = files.csv_files([table])
    if not values:
        assert content == {}
        return
    read = list(csv.DictReader(io.StringIO(content["csv/shop.note.csv"].decode(), newline="")))
    said = ["true" if v is True else "false" if v is False else "" if v is None else str(v) for v in values]
    assert [row["body"] for row in read] == said

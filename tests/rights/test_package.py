"""A copy of somebody's data: all of theirs, nothing of anybody else, and closed for everyone but them."""

import csv
import gzip
import io
import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import pyzipper
from desk import KEY
from desk import place as place
from handing import RUN, TODAY, Handing
from handing import handing as handing
from pydantic import TypeAdapter
from servers import Bucket
from small_policy import store

from hoeder.errors import Refused, StoreError
from hoeder.evidence import ledger
from hoeder.persons.person import Certainty, Match
from hoeder.policy.dataset import Prefix, Store
from hoeder.rights import case, others, package, packages
from hoeder.rights.again import again
from hoeder.rights.case import Right, What
from hoeder.rights.case_file import CaseFile
from hoeder.rights.gather import gather
from hoeder.rights.gathered import Gathered
from hoeder.rights.rows_inside import rows_of
from hoeder.rights.work import Work
from hoeder.stack.s3 import S3
from hoeder.stores.connection import Connection


def make(desk: Handing, number: UUID, digest: str | None = None) -> dict[str, int]:
    return package.make(
        desk.db, desk.policy, desk.resolve, KEY, desk.vault, number, digest=digest or desk.digest(number, Right.ACCESS),
        run=RUN, today=TODAY,
    )  # fmt: skip


def opened(desk: Handing, number: UUID) -> dict[str, bytes]:
    """The package as the person opens it."""
    handed = packages.hand_out(desk.db, desk.vault, number, Right.ACCESS, run=RUN, on=TODAY)
    with pyzipper.AESZipFile(io.BytesIO(handed.archive)) as archive:
        archive.setpassword(handed.secret.encode())
        return {name: archive.read(name) for name in archive.namelist()}


def outcomes(desk: Handing, act: str) -> list[str | None]:
    return [entry.outcome for entry in ledger.entries(desk.db) if entry.act == act and entry.phase == "outcome"]


def test_a_copy_holds_every_declared_column_and_nobody_elses_records(handing: Handing) -> None:
    number = handing.case()
    counts = make(handing, number)
    assert counts == {"records": 5, "redacted": 3, "listed": 0, "files": 8}
    files = opened(handing, number)
    assert set(files) == {
        "overzicht.html", "gegevens.json", "brief.pdf", "brief.txt", "csv/shop.contact.csv", "csv/shop.note.csv",
        "csv/shop.message.csv", "csv/shop.reader.csv",
    }  # fmt: skip
    data = json.loads(files["gegevens.json"])
    tables = {table["place"]: table for part in data["processings"] for table in part["tables"]}
    assert tables["shop.contact"]["records"] == [
        {"id": 1, "name": "Jan de Vries", "email": "jan@example.nl", "phone": "06-12345678", "active": True}
    ]
    assert tables["shop.note"]["kept_until"] == ["2027-03-01", None]
    (first, *_) = csv.DictReader(io.StringIO(files["csv/shop.note.csv"].decode()))
    assert first["noted_on"] == "2026-03-01"
    everything = b"\n".join(content for name, content in files.items() if not name.endswith(".pdf")).decode()
    assert "Anna" not in everything and "anna@example.nl" not in everything


def test_others_are_left_out_of_notes_and_the_persons_own_data_stay(handing: Handing) -> None:
    number = handing.case()
    make(handing, number)
    files = opened(handing, number)
    text = files["gegevens.json"].decode() + files["overzicht.html"].decode()
    for other in ("Piet", "Pietersen", "98765432", "fatima"):
        assert other not in text
    assert "Jan belde zelf op 0612345678" in text and "[weggelaten]" in text
    assert "Marieke Jansen" in text, "they wrote that themselves"
    assert "Dat is 3 keer" in files["overzicht.html"].decode() and "Op 3 plaatsen" in files["brief.txt"].decode()


def test_what_systems_wrote_is_left_alone_and_short_notes_are_not(handing: Handing) -> None:
    columns = {"body": "user.content.private", "state": "user.workplace", "remark": "user.workplace"}
    rows = (
        ("Piet Pietersen", "gesloten", "Overleg met Karel Jansen gehad. Planning besproken."),
        (None, None, ""),
        ("", 3, True),
    )
    made, count = others.leave_out(
        handing.policy, [Gathered("shop.other", columns, rows)], others.Own({"name": ["Jan de Vries"]}), "[–]"
    )
    assert made[0].rows[0][:2] == ("[–]", "gesloten") and count == 2
    remark = str(made[0].rows[0][2])
    assert "Karel" not in remark and "Jansen" not in remark and "Planning besproken." in remark
    assert made[0].rows[1:] == rows[1:]


def test_the_page_says_what_article_15_asks_and_needs_nothing_else(handing: Handing) -> None:
    number = handing.case()
    make(handing, number)
    files = opened(handing, number)
    page, letter = files["overzicht.html"].decode(), files["brief.txt"].decode()
    for said in ("Klantenservice", "u helpen", "een gerechtvaardigd belang (AVG 6(1)(f))", "Rekencentrum (NL)",
                 "Verzendhuis (US): modelcontract", "Van wie: onze medewerkers.",
                 "Hoe lang: 12 maanden na genoteerd op.", "bewaard tot", "1 maart 2027",
                 "Besluiten zonder mens"):  # fmt: skip
        assert said in page, said
    for said in ("5 gegevens", "nieuws sturen", "Verzendhuis (US)", "Autoriteit Persoonsgegevens", "4 januari 2027",
                 "De functionaris", "geen besluiten zonder dat er een mens naar kijkt"):  # fmt: skip
        assert said in letter, said
    assert "<script" not in page and "&lt;script&gt;" in page, "what stands in a store is text"
    assert not re.search(r"(src|href)=[\"']?(?!#)[a-z]+:", page) and "@import" not in page and "url(http" not in page


def test_in_english_where_they_wrote_english(handing: Handing) -> None:
    number = handing.case(language="en")
    make(handing, number)
    files = opened(handing, number)
    assert {"overview.html", "data.json", "letter.pdf"} <= set(files)
    page = files["overview.html"].decode()
    assert "From whom: our staff." in page and "[left out]" in page and "1 March 2027" in page


def test_without_its_secret_nobody_opens_it_and_the_secret_is_kept_nowhere(
    handing: Handing, caplog: pytest.LogCaptureFixture
) -> None:
    number = handing.case()
    make(handing, number)
    handed = packages.hand_out(handing.db, handing.vault, number, Right.ACCESS, run=RUN, on=TODAY)
    lying = handing.vault.get(f"packages/{number}-access")
    assert handing.vault.term(f"packages/{number}-access") == {"made_on": "2026-11-22"}, "from when its term runs"
    assert lying == handed.archive, "the draft is gone"
    for attempt in (None, handed.secret[:-1], handed.secret.replace("-", "")):
        with pyzipper.AESZipFile(io.BytesIO(lying)) as archive:
            archive.setpassword(attempt.encode() if attempt else None)
            assert {info.flag_bits & 1 for info in archive.infolist()} == {1}
            for name in archive.namelist():
                with pytest.raises(RuntimeError):
                    archive.read(name)
    assert b"jan@example.nl" not in lying and handed.secret not in handing.governance_text() + caplog.text
    assert handed.secret not in repr(handed)
    (entry,) = [e for e in ledger.entries(handing.db) if e.act == "seal" and e.phase == "outcome"]
    assert entry.digest == handed.digest and packages.packages(handing.db, number)[0].digest == handed.digest


def test_it_is_handed_out_once_and_again_when_made_again(handing: Handing) -> None:
    number = handing.case()
    with pytest.raises(Refused, match="has no package"):
        packages.hand_out(handing.db, handing.vault, number, Right.ACCESS, run=RUN, on=TODAY)
    make(handing, number)
    first = packages.hand_out(handing.db, handing.vault, number, Right.ACCESS, run=RUN, on=TODAY)
    with pytest.raises(Refused, match="was handed out on"):
        packages.hand_out(handing.db, handing.vault, number, Right.ACCESS, run=RUN, on=TODAY)
    make(handing, number)
    assert packages.packages(handing.db, number)[0].handed_out_at is None
    again = packages.hand_out(handing.db, handing.vault, number, Right.ACCESS, run=RUN, on=TODAY)
    assert again.secret != first.secret
    assert outcomes(handing, "seal") == ["refused", "done", "refused", "done"]


def test_made_again_it_holds_what_was_granted_and_nothing_else(handing: Handing) -> None:
    number = handing.case()
    work = Work(handing.db, handing.policy, handing.resolve, KEY, handing.vault, RUN, TODAY)
    with pytest.raises(Refused, match="did not grant access"):
        again(work, number, Right.ACCESS)
    granted = {"granted": {"access": handing.digest(number, Right.ACCESS)}, "refused": {}}
    case.take(handing.db, number, What.DECIDED, "dpo", granted)
    handing.db.commit()
    assert again(work, number, Right.ACCESS)["records"] == 5
    with pytest.raises(Refused, match="did not grant portability"):
        again(work, number, Right.PORTABILITY)
    handing.say("delete from note where id = 10")
    with pytest.raises(Refused, match="other records"):
        again(work, number, Right.ACCESS)


def test_an_attempt_that_died_between_closing_and_saying_so_is_told_apart(handing: Handing) -> None:
    number = handing.case()
    make(handing, number)
    handed = packages.hand_out(handing.db, handing.vault, number, Right.ACCESS, run=RUN, on=TODAY)
    handing.db.execute("update subject_package set handed_out_at = null, digest = null")
    handing.vault.put(f"packages/{number}-access", handed.archive)
    with pytest.raises(StoreError, match="make it again"):
        packages.hand_out(handing.db, handing.vault, number, Right.ACCESS, run=RUN, on=TODAY)


def test_nothing_of_the_person_reaches_the_governance_database(handing: Handing) -> None:
    number = handing.case()
    make(handing, number)
    opened(handing, number)
    text = handing.governance_text().lower()
    for value in ("jan", "vries", "example.nl", "12345678", "pietersen", "factuur"):
        assert value not in text


# --- bad input --------------------------------------------------------------------------------------------------------


def test_a_record_that_vanished_since_the_search_means_no_copy(handing: Handing) -> None:
    found = handing.found(handing.case())
    handing.say("delete from note where id = 11")
    with pytest.raises(StoreError, match=r"1 of 2 records of note changed or vanished") as refused:
        gather(handing.policy, handing.resolve, found, TODAY)
    assert "jan" not in str(refused.value).lower()


def test_a_record_that_became_somebody_elses_since_the_search_means_no_copy(handing: Handing) -> None:
    found = handing.found(handing.case())
    handing.say("update note set contact_id = 2 where id = 10")
    with pytest.raises(StoreError, match="changed or vanished"):
        gather(handing.policy, handing.resolve, found, TODAY)


def test_other_records_than_were_granted_are_not_copied(handing: Handing) -> None:
    number = handing.case()
    digest = handing.digest(number, Right.ACCESS)
    handing.say("insert into note values (13, 1, 'later', null, null)")
    with pytest.raises(Refused, match="other records stand there now"):
        make(handing, number, digest)
    assert packages.packages(handing.db, number) == [] and outcomes(handing, "carry_out") == ["refused"]
    assert not list(handing.vault.names(f"packages/{number}"))


def test_a_vault_that_takes_nothing_leaves_no_half_package(handing: Handing) -> None:
    number = handing.case()
    digest = handing.digest(number, Right.ACCESS)

    class Full(type(handing.vault)):  # type: ignore[misc]
        def put(self, name: str, content: bytes, **_: object) -> None:
            raise StoreError("bucket cases took nothing: full")

    broken = handing.changed(vault=Full(handing.vault.client, handing.vault.bucket, handing.vault.key))
    with pytest.raises(StoreError, match="took nothing"):
        make(broken, number, digest)
    assert packages.packages(handing.db, number) == [] and outcomes(handing, "carry_out") == ["failed"]
    assert make(handing, number, digest)["records"] == 5


def test_a_match_that_nobody_judged_means_no_copy(handing: Handing) -> None:
    handing.say("insert into contact values (3, 'Piet Smit', 'p@x.example', '0612345678', true)")
    file = CaseFile(identities=(("email", "jan@example.nl"), ("phone", "0612345678")), names=("Jan de Vries",))
    number = handing.case(file=file)
    with pytest.raises(Refused, match="were not judged"):
        make(handing, number)


def test_somebody_of_whom_there_is_nothing_gets_a_copy_that_says_so(handing: Handing) -> None:
    number = handing.case(file=CaseFile(identities=(("email", "nobody@example.nl"),)))
    assert make(handing, number)["records"] == 0
    assert "Wij vonden geen gegevens van u." in opened(handing, number)["overzicht.html"].decode()
    assert outcomes(handing, "carry_out") == ["nothing"]


def test_objects_are_listed_by_name_with_the_offer_of_a_copy(handing: Handing) -> None:
    found = handing.found(handing.case())
    scan = Match("cases", "files/", "files/scan-1.pdf", b"x" * 16, Certainty.CERTAIN, frozenset({"contact"}))
    policy = handing.policy
    dataset = {"store": "cases", "prefixes": {"files/": {"description": "d", "purpose": "p", "format": "document"}}}
    data = policy.model_dump(by_alias=True)
    data["datasets"]["cases"] = dataset
    made = gather(type(policy).model_validate(data), handing.resolve, found.__class__(
        (*found.matches, scan), found.places, found.identities, found.written
    ), date(2026, 11, 22))  # fmt: skip
    (listed,) = [each for each in made if each.listed]
    assert (listed.place, listed.rows) == ("cases:files/", (("files/scan-1.pdf",),))


# --- rows inside objects ----------------------------------------------------------------------------------------------

VIEWS = {"description": "d", "purpose": "p", "columns": {
    "visitor_id": "user.device.cookie_id", "page": "user.behavior", "at": "user.behavior"}}  # fmt: skip


def parquet(rows: list[dict[str, object]]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), sink)
    return sink.getvalue()


def lines(rows: list[dict[str, object]]) -> bytes:
    return gzip.compress("\n".join(json.dumps(row) for row in rows).encode())


@pytest.fixture
def objects(bucket: Bucket, s3: S3) -> Callable[..., list[dict[str, Any]]]:
    """The person's rows in objects of a bucket, as a copy has them."""
    connection = Connection(
        conn_type="aws", login=s3.keys["admin"].access, password=s3.keys["admin"].secret,
        extra={"endpoint_url": s3.endpoint},
    )  # fmt: skip
    place = TypeAdapter(Store).validate_python(store("s3", "web", bucket=bucket.name))

    def rows(format: str, contents: dict[str, bytes], keys: list[str] | None = None) -> list[dict[str, Any]]:
        for key, content in contents.items():
            bucket.client.put_object(Bucket=bucket.name, Key=key, Body=content)
        prefix = TypeAdapter(Prefix).validate_python(VIEWS | {"format": format})
        matches = [
            Match("web", "views/", key, b"x" * 16, Certainty.CERTAIN, frozenset({"visitor"}))
            for key in keys or list(contents)
        ]
        return rows_of(lambda _: connection, place, prefix, matches, {("visitor", "v-1")}, capability="rights")

    return rows


ROWS: list[dict[str, object]] = [
    {"visitor_id": "V-1 ", "page": "/a", "at": "2026-11-01", "secret": "x"},
    {"visitor_id": "v-2", "page": "/b", "at": "2026-11-01", "secret": "y"},
    {"visitor_id": None, "page": "/c", "at": "2026-11-01", "secret": "z"},
]


@pytest.mark.parametrize(("format", "pack"), [("parquet", parquet), ("jsonl.gz", lines)])
def test_of_an_object_with_many_people_only_their_rows_are_copied(
    objects: Callable[..., list[dict[str, Any]]], format: str, pack: Callable[[list[dict[str, object]]], bytes]
) -> None:
    theirs = {"visitor_id": "V-1 ", "page": "/a", "at": "2026-11-01"}
    made = objects(format, {"views/1": pack(ROWS), "views/2": pack(ROWS)})
    assert made == [theirs, theirs], "declared columns, of each object"


@pytest.mark.parametrize(
    ("content", "said"),
    [(lines([ROWS[1]]), "changed since"), (b"not gzip", "cannot be read"), (gzip.compress(b"{]"), "cannot be read"),
     (gzip.compress(b"[1]"), "cannot be read"), (lines(ROWS)[:-9], "cannot be read")],
    ids=["another person's", "not packed", "no JSON", "no object", "cut off"],  # gzip writes the moment into its head
)  # fmt: skip
def test_an_object_that_changed_or_is_broken_means_no_copy(
    objects: Callable[..., list[dict[str, Any]]], content: bytes, said: str
) -> None:
    with pytest.raises(StoreError, match=said):
        objects("jsonl.gz", {"views/1": content})
    with pytest.raises(StoreError, match="cannot be fetched"):
        objects("jsonl.gz", {}, ["views/gone"])

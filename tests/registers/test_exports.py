"""Exports say what the registers say, in the words of others, and to a client nothing of another client."""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from openpyxl import load_workbook
from seeded import RUN, TODAY, Plain, plain, policy, scanned

from hoeder.errors import HoederError
from hoeder.evidence.ledger import Connection
from hoeder.policy import load
from hoeder.policy.processing import Article6, Article9, Safeguard
from hoeder.policy.vocabulary import vocabulary
from hoeder.registers import refresh
from hoeder.registers.content import registers
from hoeder.registers.export import export, write
from hoeder.registers.fides import _BASES, _CONDITIONS, _TRANSFERS, VERSION
from hoeder.registers.jsonld import _SAFEGUARDS, CONTEXT, _term, document

FIDESLANG = yaml.safe_load(Path(__file__).with_name("fideslang.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def scans(seen: Connection) -> Connection:
    scanned(seen)
    return seen


def rows(content: bytes, sheet: str) -> list[dict[str, Any]]:
    page = load_workbook(BytesIO(content))[sheet]
    heading, *rest = page.iter_rows(values_only=True)
    return [dict(zip(map(str, heading), row, strict=True)) for row in rest]


def cells(content: bytes) -> Iterator[str]:
    for page in load_workbook(BytesIO(content)):
        for row in page.iter_rows(values_only=True):
            yield from map(str, row)


def full() -> Plain:
    """Everything that an export has a place for."""
    said = plain()
    told = said["processing"]
    told["representative"] = {"name": "Vertegenwoordiger", "contact": "v@w.example"}
    told["joint_controllers"] = [{"name": "Samen", "contact": "s@w.example"}]
    told["recipients"]["office"] |= {"country": "US", "safeguard": "standard-clauses"}
    told["clients"]["acme"] |= {
        "dpo": {"name": "FG van Acme", "contact": "fg@acme.example"},
        "representative": {"name": "Acme BE", "contact": "be@acme.example"},
    }
    told["processings"][0] |= {
        "recipients": ["host", "office"], "also": ["user.health_and_medical"], "condition": "9(2)(b)", "dpia": True,
        "statute": "Wet LB 28",
    }  # fmt: skip
    return said


# --- spreadsheet ----------------------------------------------------------------------------------------------------


def test_the_spreadsheet_has_what_article_30_demands_of_the_controller(scans: Connection) -> None:
    content = export(scans, policy(full()), "xlsx", today=TODAY)
    (line,) = rows(content, "Register")
    assert line["Verwerking*"] == "Verkoop (sales)"
    assert line["Doelen*"] == "verkopen"
    assert line["Betrokkenen*"] == "klanten"
    assert "e-mailadres (user.contact.email)" in line["Persoonsgegevens*"]
    assert line["Ontvangers*"] == "Rekencentrum\nKantoor"
    assert line["Doorgiften buiten de EER*"] == "Kantoor, US: modelbepalingen (AVG 46(2)(c))"
    assert "shop.customer: 7 jaar na het kalenderjaar van left_on" in line["Bewaartermijnen*"]
    general = {row["Wat"]: row["Inhoud"] for row in rows(content, "Algemeen")}
    assert general["Functionaris voor gegevensbescherming*"] == "FG, fg@w.example"
    assert general["Gezamenlijke verantwoordelijken*"] == "Samen, s@w.example"
    assert general["Vertegenwoordiger*"] == "Vertegenwoordiger, v@w.example"
    assert rows(content, "Maatregelen")[0]["Maatregel*"] == "eigen rollen"


def test_the_spreadsheet_says_what_is_wrong_and_where(scans: Connection) -> None:
    said = plain()
    del said["processing"]["processings"][0]["basis"]
    content = export(scans, policy(said), "xlsx", today=TODAY)
    assert rows(content, "Bevindingen") == [
        {"Bevinding": "zonder grondslag (AVG 6)", "Register": "controller", "Over": "sales", "Plaats": None,
         "Bijzonderheid": None}
    ]  # fmt: skip
    assert rows(content, "Register")[0]["Open bevindingen"] == 1


def test_a_text_that_begins_like_a_formula_stays_a_text(scans: Connection) -> None:
    said = plain()
    said["processing"]["processings"][0]["owner"] = '=HYPERLINK("http://evil.example")'
    page = load_workbook(BytesIO(export(scans, policy(said), "xlsx", today=TODAY)))["Register"]
    cell = next(cell for cell in page[2] if str(cell.value).startswith("=HYPER"))
    assert cell.data_type == "s"


def test_the_spreadsheet_is_in_english_on_request(scans: Connection) -> None:
    content = export(scans, policy(), "xlsx", today=TODAY, language="en")
    assert rows(content, "Register")[0]["Processing*"] == "Sales (sales)"
    assert "files:logs/: 30 days after date" in rows(content, "Register")[0]["Retention terms*"]


def test_holds_and_releases_stand_in_the_whole_export_from_the_governance_database(scans: Connection) -> None:
    scans.execute(
        """insert into hold (matter, ground, placed_by, placed_on, review_by)
           values ('claim-2026-3', 'claim', 'dpo', '2026-11-01', '2027-01-01')"""
    )
    scans.execute(
        """insert into release_version (release, version, shelf, published_at, expires_on, digest, recoding, verdict,
                                        reader, k_reached)
           values ('volumes', 'v1', 'company', '2026-11-02', '2027-11-02', repeat('a', 64), '{}', 'anonymous', 'c',
                   12)"""
    )
    content = export(scans, policy(), "xlsx", today=TODAY)
    assert rows(content, "Blokkades")[0]["Zaak"] == "claim-2026-3"
    assert rows(content, "Uitgaven")[0]["Kleinste groep"] == 12


def test_every_version_is_in_the_export_with_what_it_changed(db: Connection) -> None:
    scanned(db)
    refresh(db, policy(), RUN, today=TODAY)
    said = plain()
    said["processing"]["processings"][0]["recipients"] = ["host", "office"]
    refresh(db, policy(said), RUN, today=TODAY)
    content = export(db, policy(said), "xlsx", today=TODAY)
    changed = [row["Wat veranderde"] for row in rows(content, "Versies") if row["Register"] == "controller"]
    assert changed == ["eerste versie", "sales: ontvangers: office erbij"]
    general = {row["Wat"]: row["Inhoud"] for row in rows(content, "Algemeen")}
    assert general["Versie"] == 2


@pytest.mark.parametrize("form", ["xlsx", "jsonld", "fides"])
def test_a_clients_export_holds_nothing_of_another_client(scans: Connection, form: Any) -> None:
    said = full()
    del said["processing"]["clients"]["bolt"]["agreement"]  # a finding that names the other client
    content = export(scans, policy(said), form, today=TODAY, client="acme")
    text = content.decode() if form != "xlsx" else "\n".join(cells(content))
    assert "acme" in text.lower()
    assert "bolt" not in text.lower()


def test_a_client_does_not_learn_how_many_rows_others_have(scans: Connection) -> None:
    scans.execute(
        """insert into scanned_rule (scan, rule, "rows", due, missing_anchor)
           select max(scan), 'note', 9, 2, 0 from scan where store = 'shop'"""
    )
    (mine,) = rows(export(scans, policy(), "xlsx", today=TODAY, client="acme"), "Bewaartermijnen")
    assert (mine["Regel"], mine["Records bij de laatste scan"]) == ("note", None)
    whole = rows(export(scans, policy(), "xlsx", today=TODAY), "Bewaartermijnen")
    assert [row["Records bij de laatste scan"] for row in whole if row["Regel"] == "note"] == [9]


def test_an_unknown_client_is_named_with_those_there_are(scans: Connection) -> None:
    with pytest.raises(HoederError, match="clients knows no acmee; there are: acme, bolt; did you mean acme"):
        export(scans, policy(), "jsonld", today=TODAY, client="acmee")


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "register.json"
    file.write_bytes(b"before")

    def broken() -> bytes:
        raise HoederError("no")

    with pytest.raises(HoederError, match="no"):
        write(file, broken)
    with pytest.raises(HoederError, match="is a folder"):
        write(tmp_path, lambda: b"")
    with pytest.raises(HoederError, match="cannot be written"):
        write(tmp_path / "missing" / "file", lambda: b"")
    assert file.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [file]


# --- JSON-LD in DPV -------------------------------------------------------------------------------------------------


def words_used(node: Any) -> Iterator[str]:
    """Every compact IRI of a document: keys, types and references."""
    if isinstance(node, dict):
        for key, value in node.items():
            if not key.startswith("@"):
                yield key
            if key in ("@type", "@id"):
                yield from [value] if isinstance(value, str) else value
            yield from words_used(value)
    elif isinstance(node, list):
        for one in node:
            yield from words_used(one)


@pytest.mark.parametrize("made", [registers(policy(full()), TODAY), registers(load(), TODAY)], ids=["full", "shipped"])
def test_every_term_that_is_used_is_one_of_the_vocabulary(made: Any) -> None:
    known = vocabulary()
    terms = {
        "dpv": known.core | known.purposes | known.subjects | known.measures,
        "pd": {one.pd for one in known.categories.values()},
        "eu-gdpr": known.gdpr,
        "dct": {"title", "identifier", "conformsTo", "description", "subject"},
        "skos": {"prefLabel"},
    }
    used = set(words_used(json.loads(document(made))["@graph"]))
    assert len(used) > 30
    for one in used - {"https://w3id.org/dpv/2.3"}:
        prefix, _, term = one.partition(":")
        assert prefix in CONTEXT, one
        assert prefix == "hoeder" or term in terms[prefix], one


def test_a_document_says_what_the_register_says() -> None:
    graph = json.loads(document(registers(policy(full()), TODAY)))["@graph"]
    by_id = {node["@id"]: node for node in graph}
    sales = by_id["hoeder:register/controller/sales"]
    assert [one["@type"] for one in sales["dpv:hasLegalBasis"]] == ["eu-gdpr:A6-1-b", "eu-gdpr:A9-2-b"]
    assert sales["dpv:hasRecipientDataController"][0]["dpv:hasThirdCountry"] == "US"
    assert sales["dpv:hasRecipientDataController"][0]["dpv:hasLegalBasis"]["@type"] == "eu-gdpr:A46-2-c"
    assert {one["@type"] for one in sales["dpv:hasPersonalData"]} >= {"pd:EmailAddress", "pd:MedicalHealth"}
    acme = by_id["hoeder:register/client-acme"]
    assert acme["dpv:hasDataProcessor"]["@type"] == "dpv:DataProcessor"
    assert acme["dpv:hasDataController"]["dpv:hasName"] == "Acme"
    assert acme["dpv:hasPersonalDataProcess"] == [{"@id": "hoeder:register/client-acme/notes"}]


# --- Fides ----------------------------------------------------------------------------------------------------------


def misfits(node: Any, model: str, where: str = "") -> Iterator[str]:
    """What fideslang's model of that name would not take; its fields lie in fideslang.yaml."""
    fields = FIDESLANG["models"][model]
    for key in [name for name, field in fields.items() if field.get("required")]:
        if key not in node:
            yield f"{where}{key} is missing"
    for key, value in node.items():
        if key not in fields:
            yield f"{where}{key} is unknown"
            continue
        field = fields[key]
        for one in value if isinstance(value, list) else [value]:
            if "model" in field:
                yield from misfits(one, field["model"], f"{where}{key}.")
            elif "among" in field and one not in FIDESLANG[field["among"]]:
                yield f"{where}{key}: {one}"
            elif field.get("key") and not re.fullmatch(r"[a-zA-Z0-9_.<>-]+", one):
                yield f"{where}{key}: {one} is no key"


@pytest.mark.parametrize("said", ["full", "shipped"])
def test_fideslang_takes_the_manifest(scans: Connection, said: str) -> None:
    chosen = policy(full()) if said == "full" else load()
    manifest = yaml.safe_load(export(scans, chosen, "fides", today=TODAY))
    assert FIDESLANG["version"] == VERSION
    assert list(misfits(manifest, "Taxonomy")) == []
    assert manifest["system"]
    assert all(system["privacy_declarations"] for system in manifest["system"])


def test_every_basis_and_condition_of_policy_has_its_word_in_both_vocabularies() -> None:
    for article in get_args(Article6):
        assert f"A{_term(article)}" in vocabulary().gdpr
        assert _BASES[article] in FIDESLANG["bases"]
    for article in get_args(Article9):
        assert f"A{_term(article)}" in vocabulary().gdpr
        assert _CONDITIONS[article] in FIDESLANG["conditions"]
    for safeguard in get_args(Safeguard):
        assert _SAFEGUARDS[safeguard] in vocabulary().gdpr
        assert _TRANSFERS[safeguard] in FIDESLANG["transfers"]


def test_the_check_of_the_manifest_sees_what_fideslang_would_refuse(scans: Connection) -> None:
    manifest = yaml.safe_load(export(scans, policy(), "fides", today=TODAY))
    manifest["system"][0]["privacy_declarations"][0]["data_use"] = "essential.nonsense"
    del manifest["dataset"][0]["collections"]
    assert list(misfits(manifest, "Taxonomy")) == [
        "system.privacy_declarations.data_use: essential.nonsense", "dataset.collections is missing",
    ]  # fmt: skip

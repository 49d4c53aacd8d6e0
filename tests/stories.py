"""What is led through the running stack to its end: requests of persons, orders of authorities, incidents.

The demo users answer over REST, each in its part, and what is somebody's work is done with the commands.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import disclosing
import yaml
from main_job import Ran

from hoeder.airflow_client import Client, Question
from hoeder.clock import AMSTERDAM
from hoeder.policy import load
from hoeder.rights import case, case_file
from hoeder.stores.connection import connect, from_file
from hoeder.vault import open_vault

Reply = tuple[str, Mapping[str, Any]]
"""The option that is chosen, and the fields of the form."""

# --- requests of data subjects ----------------------------------------------------------------------------------------

ASKED = ("access", "erasure", "restriction", "portability", "rectification", "no-marketing", "client")
RIGHTS = ("access", "rectification", "erasure", "restriction", "portability", "objection", "withdrawal")
ANSWERS: dict[str, Reply] = {
    "ask_confirm": ("As proposed", {**dict.fromkeys(RIGHTS, False), "client": None}),
    "ask_identify": ("Identified", {"method": "known-address", "doubt": None}),
    "ask_judge": ("None is theirs", {}),
    "ask_decide": ("Grant", {"ground": None, "withhold": None}),
}
CORRECTED = "Wytske Dijkgraaf-Ottema"
OF_A_CLIENT = ("A client's customer", {**dict.fromkeys(RIGHTS, False), "client": "kabelaar"})


@dataclass(frozen=True)
class Asked:
    """A planted request that was led to its end, and the person behind it as the CRM knew them, if it did."""

    number: UUID
    contact: int | None
    values: tuple[str, ...]


def requests(ran: Ran) -> dict[str, Asked]:
    """Planted requests, answered to the end by the demo user dpo, all at once."""
    find = from_file(ran.stack.home / "connections.json")
    planted = {r["where"].partition("#")[2]: r for r in ran.truth["requests"] if r.get("name") in ASKED}
    vault = open_vault(load(), find, "rights")
    with ran.db("crm") as crm:  # who wants to take data along gave some
        crm.execute(
            """insert into newsletter_reader (contact_id, email, subscribed_on, last_opened_on)
               select id, email, current_date - 9, current_date - 1 from contact where id = %s""",
            [next(each["contact"] for each in planted.values() if each["name"] == "portability")],
        )
    run_of = _watched(ran, "subject_requests", "subject_request")
    with connect(find("governance_rights")) as db:
        cases = {c.case_id: case_file.read(vault, c.case_id) for c in case.open_cases(db)}
    messages = {(file.message or "").partition(":")[2]: number for number, file in cases.items()}
    numbers = {str(each["name"]): messages[key] for key, each in planted.items()}
    contacts = {str(each["name"]): each.get("contact") for each in planted.values()}
    with ran.db("crm") as crm:
        names = {
            name: crm.execute("select name from contact where id = %s", [contact]).fetchone() or ()
            for name, contact in contacts.items()
        }
    persons = {name: (*names[name], str(cases[number].answer_to)) for name, number in numbers.items()}
    persons["rectification"] += (CORRECTED,)
    runs = {name: run_of(str(number)) for name, number in numbers.items()}

    def answer(name: str, question: Question) -> None:
        if (name, question.task_id) == ("rectification", "ask_identify"):
            _correct(ran, numbers[name], [{"place": "crm.contact", "column": "name", "value": CORRECTED}])
        of_a_client = name == "client" and question.task_id == "ask_confirm"
        _reply(ran.watch.dpo, question, OF_A_CLIENT if of_a_client else ANSWERS[question.task_id])

    ran.lead("subject_request", runs, answer, seconds=600)
    return {name: Asked(numbers[name], contacts[name], tuple(map(str, persons[name]))) for name in ASKED}


def _correct(ran: Ran, number: UUID, corrections: list[dict[str, str]]) -> None:
    """What the officer does by hand: put down what the person says it should be."""
    file = ran.stack.home / "corrections.json"
    file.write_text(json.dumps(corrections))
    ran.hoeder("requests", "correct", str(number), str(file), "--by", "dpo")


# --- disclosures: one officer checks the power, another lets exactly the list out -------------------------------------


@dataclass(frozen=True)
class Disclosed:
    """What authorities asked about one of our contacts and a client's customer, and what we reported ourselves."""

    emails: tuple[str, ...]
    numbers: Mapping[str, str]
    """By name: `covered` was given, `refused` was too broad, `secret` is about a client's customer, which may not be
    told; `passed-on` the client answers itself; `reported` is our own report of a crime."""


def orders(ran: Ran, folder: Path) -> Disclosed:
    """Orders and a report, answered by the demo users dpo and compliance_officer, all at once."""
    policy, today = load(), datetime.now(AMSTERDAM).date()
    with ran.db("crm") as crm:
        whom = crm.execute("select name, email from contact order by id desc limit 1").fetchone()
        client = policy.processing.clients["kabelaar"].value
        whose = crm.execute(
            "select name, email from customer where client_id = %s order by id desc limit 1", [client]
        ).fetchone()
        signal = crm.execute(
            "select id from fraud_signal where status = 'open' and suspicion is null order by id desc limit 1"
        ).fetchone()
    assert whom and whose and signal
    ours, of_client = ([{"identities": {"email": email}, "names": [name]}] for name, email in (whom, whose))
    (folder / "facts.txt").write_text("Tweemaal is dezelfde bon ingeleverd; de kassa heeft beide keren betaald.")
    signed = ["--suspicion", "false-claim", "--facts", str(folder / "facts.txt"), "--by", "dpo"]
    fraud = ran.hoeder("fraud-files", "open", str(signal[0]), *signed).split()[0]
    ran.hoeder("fraud-files", "approve", fraud, "--by", "compliance_officer")
    asked: dict[str, dict[str, Any]] = {
        "covered": {"subjects": ours},
        "refused": {"subjects": ours},
        "secret": {"subjects": of_client, "client": "kabelaar", "secret_until": today + timedelta(days=60)},
        "passed-on": {"subjects": of_client, "client": "kabelaar"},
        "reported": {
            "subjects": ours, "power": "report-of-crime", "article": "Sv 161", "compelled": False, "fraud_case": fraud,
        },
    }  # fmt: skip
    numbers: dict[str, str] = {}
    for name, changes in asked.items():
        ran.hoeder("disclosures", "new", str(disclosing.written(folder, received_on=today, **changes)), "--by", "dpo")
        listed = {each["case_id"] for each in json.loads(ran.hoeder("disclosures", "list", "--json"))}
        (numbers[name],) = listed - set(numbers.values())
    officers = {"ask_release": ran.stack.client("compliance_officer")}

    def answer(name: str, question: Question) -> None:
        power = policy.disclosures.power("police", asked[name].get("power", "sv-126nc"))
        assert power is not None
        replies: dict[str, Reply] = {
            "ask_check": ("Covered", {"seen": list(power.requires), "ground": None}),
            "ask_client": ("Secrecy forbids", {"ground": None}),
            "ask_release": ("Release", {"withheld_confirmed": True, "ground": None}),
        }
        if name == "refused":
            replies["ask_check"] = ("Refuse", {"seen": [], "ground": "too-broad"})
        if name == "passed-on":
            replies["ask_client"] = ("Forwarded", {"ground": None})
        _reply(officers.get(question.task_id, ran.watch.dpo), question, replies[question.task_id])

    runs = {name: ran.watch.engineer.trigger("disclosures", {"case": number}) for name, number in numbers.items()}
    ran.lead("disclosures", runs, answer, seconds=400)
    return Disclosed((str(whom[1]), str(whose[1])), numbers)


# --- incidents: the DPO judges and closes, the service desk does the work ---------------------------------------------

REPORTER = "Gerbrich van der Sluis-Hoekema"
"""Who reported the mailing; stands in the vault and on the form alone."""
MAILING = {
    "kind": "sent-to-wrong-person", "aspects": ["confidentiality"], "categories": ["name", "address", "financial"],
    "groups": ["customers"], "persons_least": 40, "persons_most": 60, "records": 60, "protection": "none",
    "consequences": ["phishing"], "severity": "medium", "method": "judgement", "cross_border": False,
    "processor_involved": None, "goes_on": False, "own": True,
}  # fmt: skip
NUMBERS = {"mailing": 2, "clients": 3}
JUDGED: dict[tuple[str, str], Reply] = {
    ("mailing", "ask_triage"): ("Confirmed", {"aware_at": None, "significant": False}),
    ("mailing", "ask_supervisor"): ("Notify", {"ground": None}),
    ("mailing", "ask_persons"): ("Tell them", {"exception": None}),
    ("clients", "ask_triage"): ("Confirmed", {"aware_at": None, "significant": True}),
}


def incidents(ran: Ran, folder: Path) -> None:
    """Two incidents that the company reported, judged, handled and closed; files of the desk go to the folder."""
    report = {"discovered_at": datetime.now(AMSTERDAM), "facts": MAILING, "texts": {"reporter_name": REPORTER}}
    (folder / "mailing.yaml").write_text(yaml.safe_dump(report, allow_unicode=True))
    _do(ran, ("describe 2", folder / "mailing.yaml"))
    run_of = _watched(ran, "incidents", "incident")
    cases = {name: incident(ran, number)["case"] for name, number in NUMBERS.items()}
    runs = {name: run_of(number) for name, number in cases.items()}
    ran.lead("incident", runs, lambda name, asks: _reply(ran.watch.dpo, asks, JUDGED[name, asks.task_id]), seconds=400)
    solved = "--cause human-error --measure procedure-changed"
    _do(
        ran,
        ("form 2 --out", folder), ("notified 2 AP-2026-00017 --late noticed-late",), (f"measures 2 {solved}",),
        ("letter 2 --out", folder), ("told 2 --persons 52 --way letter",), ("notified 2 AP-2026-00017 --follow-up",),
        ("letter 3 --client tuinkamer --out", folder), ("client-told 3 tuinkamer",),
        ("nis2 3 warned",), ("nis2 3 notified",), ("nis2 3 reported",),
        (f"measures 3 {solved}",),
    )  # fmt: skip
    runs = {name: ran.watch.engineer.trigger("incident", {"case": number}) for name, number in cases.items()}
    ran.lead("incident", runs, lambda _, asks: _reply(ran.watch.dpo, asks, ("Close", {})), seconds=300)


def incident(ran: Ran, number: int) -> dict[str, Any]:
    """What is known of an incident, as `hoeder incidents show` gives it."""
    found: dict[str, Any] = json.loads(ran.hoeder("incidents", "show", str(number), "--json"))
    return found


def _do(ran: Ran, *works: tuple[object, ...]) -> None:
    """What the service desk does with `hoeder incidents`."""
    for work in works:
        words = [*str(work[0]).split(), *map(str, work[1:])]
        by = () if words[0] in ("form", "letter") else ("--by", "servicedesk")
        ran.hoeder("incidents", *words, *by)


# --- what they share --------------------------------------------------------------------------------------------------


def _watched(ran: Ran, looks: str, dag: str) -> Callable[[str], str]:
    """Have a DAG look once, which starts a run for each case; then a case's run, started by hand where it waits."""
    engineer = ran.watch.engineer
    engineer.pause(looks, paused=False)
    engineer.wait_for_run(looks, engineer.trigger(looks), seconds=300)  # red: some of what is planted is overdue
    engineer.pause(looks)
    started = {run["conf"].get("case"): run["dag_run_id"] for run in engineer.active_runs(dag)}
    return lambda number: started.get(number) or engineer.trigger(dag, {"case": number})


def _reply(officer: Client, question: Question, reply: Reply) -> None:
    chosen, fields = reply
    officer.answer(question, [chosen], {**fields, "reason": "read and agreed"})

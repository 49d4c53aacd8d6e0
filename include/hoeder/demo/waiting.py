"""Cases that were open before: they wait for who asks, and the copy that was asked for overstays its welcome."""

import json
import secrets
from datetime import datetime, time, timedelta
from typing import Any

import psycopg

from hoeder.clock import AMSTERDAM
from hoeder.demo import requests
from hoeder.demo.people import Crowd
from hoeder.demo.places import FIRST
from hoeder.demo.world import World
from hoeder.policy import Policy
from hoeder.rights import case_file
from hoeder.rights.case_file import CaseFile
from hoeder.vault import Vault

Db = psycopg.Connection[tuple[Any, ...]]
_STEPS = (
    ("proposed", 0, {"rights": {"access": "said"}}),
    ("confirmed", 0, {"rights": ["access"], "client": None}),
    ("identity-asked", 1, {"method": "code", "doubt": "unknown-address"}),
    ("identity-asked", 2, {"method": "shielded-copy", "doubt": "wrong-answer"}),
)


def plant(db: Db, vault: Vault, policy: Policy, world: World) -> int:
    """Open one case for each copy in the quarantine; how many. Needs the owner's connection: it sets the days."""
    people = Crowd(world.seed, "contact")
    planted = requests.days(world, "quarantine/")
    for number, taken_on in enumerate(planted, start=1):
        case_id = requests.case_of(world, "quarantine/", number)
        received = datetime.combine(taken_on - timedelta(days=3), time(10), AMSTERDAM)
        db.execute(
            """insert into subject_case (case_id, received_at, channel, language, policy_digest, stores)
               values (%s, %s, 'letter', 'nl', %s, %s)""",
            [case_id, received, policy.digest, sorted(policy.stores)],
        )
        for what, days, detail in _STEPS:
            db.execute(
                "insert into subject_step (case_id, at, what, by_whom, detail) values (%s, %s, %s, 'dpo', %s)",
                [case_id, received + timedelta(days=days), what, json.dumps(detail)],
            )
        db.execute(
            """insert into identity_copy (found_in, reference, case_id, asked_for, kept, taken_in_at, taken_out_at)
               values (%(case)s, %(ref)s, %(case)s, true, true, %(day)s, %(day)s)""",
            {"case": case_id, "ref": secrets.token_bytes(16), "day": taken_on},
        )
        person = people[FIRST + 11 + number]
        file = CaseFile(identities=(("email", person.email),), names=(person.name,), answer_to=person.email)
        case_file.write(vault, case_id, file)
    return len(planted)

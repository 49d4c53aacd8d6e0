"""A mailbox, a vault and a governance database, and the messages that people send."""

import secrets
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage

from servers import Bucket

from hoeder.evidence.ledger import Run
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import case, intake, quarantine
from hoeder.rights.taking import Taken
from hoeder.stores.connection import Connection
from hoeder.vault import Vault

KEY = ReferenceKey(b"k" * 32)
TODAY = date(2026, 11, 22)
RUN = Run("a" * 64, "subject_requests", "run-1", "intake")


@dataclass
class Mailbox:
    bucket: Bucket
    vault: Vault
    db: case.Db
    connection: Connection
    policy: Policy

    def put(self, name: str, message: EmailMessage | bytes, day: date = TODAY) -> str:
        body = message if isinstance(message, bytes) else message.as_bytes()
        key = f"inbox/date={day}/{name}.eml"
        self.bucket.client.put_object(Bucket=self.bucket.name, Key=key, Body=body, Metadata={"kept": "as-it-was"})
        return key

    def raw(self, key: str) -> bytes:
        return self.bucket.client.get_object(Bucket=self.bucket.name, Key=key)["Body"].read()

    def take_in(self) -> Taken:
        return intake.take_in(
            self.policy, lambda _: self.connection, self.db, KEY, self.vault, store="mailbox", prefix="inbox/",
            clients=["Postorder Noord"], run=RUN, today=TODAY,
        )  # fmt: skip

    def take_out(self) -> int:
        return quarantine.take_out(
            self.db, self.policy, lambda _: self.connection, KEY, self.vault, run=RUN, today=TODAY
        )

    def counts(self) -> dict[str, int]:
        return dict(self.take_in().counts)


def asks(text: str, sender: str = "Jan de Vries <jan@example.nl>", **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = sender, "Verzoek", f"<{secrets.token_hex(4)}@example.nl>"
    made["Date"] = "Sun, 22 Nov 2026 10:00:00 +0100"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made

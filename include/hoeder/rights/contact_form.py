"""Messages of a contact form that ask for a right, or to be left alone: cases as well, though nobody called them so.

What asks nothing stays where it is and is no case: a form is for questions. What is sure is acted on, what may be meant
a person confirms.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from psycopg import sql

from hoeder.clock import AMSTERDAM
from hoeder.evidence import ledger
from hoeder.persons.normal import email as plain_email
from hoeder.policy import Policy
from hoeder.policy.requests import ContactForm
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import proposal, taking
from hoeder.rights.case import Channel
from hoeder.rights.mail import Mail
from hoeder.rights.taking import Db, Taken, Work
from hoeder.stores.connection import Resolver, connect
from hoeder.stores.postgres import said
from hoeder.vault import Vault

_AT_ONCE = 500


@dataclass(frozen=True)
class _Row:
    key: str
    email: str
    name: str | None
    body: str
    received: datetime


def take_in(
    policy: Policy,
    resolve: Resolver,
    db: Db,
    key: ReferenceKey,
    vault: Vault,
    form: ContactForm,
    *,
    clients: Sequence[str],
    run: ledger.Run,
    today: date,
) -> Taken:
    """Look at every message of a form that was not looked at before. Raises StoreError where it cannot be read."""
    work = Work(policy, db, key, vault, clients, run)
    looked = {bytes(row[0]) for row in db.execute("select reference from subject_message")}
    db.commit()
    counts: Counter[str] = Counter()
    cases: list[UUID] = []
    oldest = today - timedelta(days=policy.requests.mailbox_goes_back_days)
    for row in _unseen(policy, resolve, key, form, looked, oldest):
        reference = key.row(form.store, form.table, row.key)
        asked = proposal.propose("", row.body, clients)
        if not asked.rights:
            taking.seen(db, reference, "no-request")
            counts["no-request"] += 1
            continue
        became, number = taking.open_case(
            work, reference, _as_mail(form, row), asked, received=row.received, channel=Channel.CONTACT_FORM,
            place=f"{form.store}.{form.table}:{row.key}",
        )  # fmt: skip
        counts[became] += 1
        cases += [number] if became == "case" else []
    db.commit()
    return Taken(tuple(cases), counts)


def _unseen(
    policy: Policy, resolve: Resolver, key: ReferenceKey, form: ContactForm, looked: set[bytes], oldest: date
) -> Iterator[_Row]:
    """New messages, oldest first; the keys alone are read of those that were looked at."""
    store, table = policy.stores[form.store], policy.datasets[form.store].tables[form.table]
    name = sql.Identifier(store.schemas[0], form.table)
    own, received = sql.Identifier(table.key), sql.Identifier(form.received)
    with connect(resolve(f"{store.connection}_rights"), autocommit=True) as there:
        with said(f"store {form.store}: reading the keys of {form.table}"):
            keys = there.execute(
                sql.SQL("select {own}::text from {name} where {received} >= %s order by {received}, {own}").format(
                    own=own, name=name, received=received
                ),
                [oldest],
            ).fetchall()
        kind = sql.SQL(_key_type(there, name.as_string(there), table.key))
        new = [one for (one,) in keys if key.row(form.store, form.table, one) not in looked]
        columns = [sql.Identifier(form.email), sql.Identifier(form.name) if form.name else sql.NULL,
                   sql.Identifier(form.body), received]  # fmt: skip
        query = sql.SQL(
            "select {own}::text, {columns} from {name} where {own} = any(%s::{kind}[]) order by {received}"
        ).format(own=own, columns=sql.SQL(", ").join(columns), name=name, received=received, kind=kind)
        for start in range(0, len(new), _AT_ONCE):
            with said(f"store {form.store}: reading {form.table}"):
                rows: list[tuple[Any, ...]] = there.execute(query, [new[start : start + _AT_ONCE]]).fetchall()
            for one, address, person, body, moment in rows:
                yield _Row(one, str(address or ""), person, str(body or ""), _moment(moment))


def _key_type(there: Db, name: str, column: str) -> str:
    """So that the rows are found by the index of their key."""
    row = there.execute(
        """select format_type(atttypid, null) from pg_attribute where attrelid = %s::regclass and attname = %s""",
        [name, column],
    ).fetchone()
    return str(row[0]) if row else "text"


def _as_mail(form: ContactForm, row: _Row) -> Mail:
    """The message in the shape of a mail. Its digest tells two messages of the same words apart: both count."""
    address = plain_email(row.email)
    digest = hashlib.sha256(f"{form.store}.{form.table}\0{row.key}\0{row.body}".encode()).hexdigest()
    fine = "@" in address
    return Mail(
        message_id=None, sender=address if fine else None, name=row.name, sent=row.received, subject="", text=row.body,
        attachments=(), digest=digest, doubts=() if fine else ("no sender that can be answered",),
    )  # fmt: skip


def _moment(received: date | datetime) -> datetime:
    if isinstance(received, datetime):
        return received if received.tzinfo else received.replace(tzinfo=AMSTERDAM)
    return datetime.combine(received, time(), AMSTERDAM)

"""The tasks of DAG subject_requests."""

from collections import Counter
from dataclasses import asdict
from typing import Any

from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from hoeder.errors import StoreError
from hoeder.orchestration.run import current_run, governance, nothing_personal, reference_key, resolve, today
from hoeder.policy import Policy, load
from hoeder.vault import open_vault

IMAP = "imap_rights"
MOST_AT_ONCE = 8
"""Runs that one run starts. A hundred letters that come in together must not keep every other DAG waiting."""


@nothing_personal
def fetch_mail() -> int:
    """Move what is in the IMAP mailbox into the first bucket of policy; skipped where no connection names one."""
    import imaplib

    from airflow.providers.imap.hooks.imap import ImapHook

    from hoeder.stores import imap
    from hoeder.stores.connection import s3_client

    try:
        account = resolve(IMAP)
    except StoreError:
        raise AirflowSkipException(f"no connection {IMAP}: mail comes in by the bucket alone") from None
    policy = load()
    if not policy.requests.mailboxes:
        raise StoreError(f"connection {IMAP} is set, and policy names no mailbox to write into (policy: requests.yaml)")
    store, _, prefix = policy.requests.mailboxes[0].partition(":")
    place = policy.stores[store]
    client = s3_client(resolve(f"{place.connection}_rights"))
    try:
        with ImapHook(IMAP) as hook:
            if hook.mail_client is None:
                raise StoreError(f"mailbox: connection {IMAP} gave no client")
            folder = str(account.extra.get("folder", "INBOX"))
            return imap.move(hook.mail_client, client, str(place.bucket), prefix, folder)
    except (imaplib.IMAP4.error, OSError) as error:
        raise StoreError(f"mailbox: cannot log in with connection {IMAP} ({type(error).__name__})") from None


@nothing_personal
def take_in() -> dict[str, int]:
    """Every message that nobody looked at becomes a case or is counted; copies of identity documents come out."""
    from hoeder.rights import contact_form, intake, quarantine

    policy, key, day = load(), reference_key(), today()
    run, vault = current_run(policy.digest), open_vault(policy, resolve, "rights")
    counts: Counter[str] = Counter()
    problems: list[str] = []
    with governance("rights") as db:
        for place in policy.requests.mailboxes:
            store, _, prefix = place.partition(":")
            try:
                counts += intake.take_in(
                    policy, resolve, db, key, vault, store=store, prefix=prefix, clients=_clients(policy), run=run,
                    today=day,
                ).counts  # fmt: skip
            except StoreError as error:
                problems.append(str(error))
        for form in policy.requests.forms:
            try:
                counts += contact_form.take_in(
                    policy, resolve, db, key, vault, form, clients=_clients(policy), run=run, today=day
                ).counts
            except StoreError as error:
                problems.append(str(error))
        try:
            left = quarantine.take_out(db, policy, resolve, key, vault, run=run, today=day)
            counts["copies_under_hold"] += left
        except StoreError as error:
            problems.append(str(error))
    if problems:
        raise StoreError("\n".join(problems))
    return dict(counts)


@nothing_personal
def clocks() -> dict[str, int]:
    """How open requests stand against their clocks, in counts."""
    from hoeder.rights import upkeep

    policy = load()
    with governance("rights") as db:
        return upkeep.clocks(db, policy, run=current_run(policy.digest), today=today())


@nothing_personal
def keep_house() -> dict[str, int]:
    """Terms of closed cases, copies that overstay, cases that are old enough to go; counts."""
    from hoeder.rights import upkeep

    policy = load()
    vault = open_vault(policy, resolve, "rights")
    with governance("rights") as db:
        return asdict(upkeep.keep_house(db, policy, vault, run=current_run(policy.digest), today=today()))


@nothing_personal
def send_letters() -> dict[str, int]:
    """Send what may go by mail, where connection `smtp_rights` is set; counts."""
    from hoeder.orchestration.subject_request import working
    from hoeder.rights import sending

    with working() as work:
        return sending.send(work)


@nothing_personal
def look_at_indexes() -> dict[str, str]:
    """Identifying columns without an index, by place, with the statement that adds one."""
    from hoeder.rights import upkeep

    policy = load()
    with governance("rights") as db:
        return dict(upkeep.look_at_indexes(db, policy, resolve, today=today()))


@nothing_personal
def starting() -> list[dict[str, Any]]:
    """What starts a run of subject_request for open cases that have none, the most urgent first; the rest next time."""
    from hoeder.orchestration import subject_request

    return subject_request.starting()[:MOST_AT_ONCE]


@nothing_personal
def judge(counts: dict[str, int] | None, kept: dict[str, int] | None) -> None:
    """Fail the run for what is late or was in the wrong place, after everything else is done."""
    from hoeder.rights import upkeep

    if counts is None or kept is None:
        raise AirflowFailException("clocks or vault could not be looked at: see the failed task before this one")
    try:
        upkeep.judge(counts, kept)
    except StoreError as error:
        raise AirflowFailException(str(error)) from None


def _clients(policy: Policy) -> list[str]:
    """Names by which a customer may call a client: made-up additions and legal forms apart."""
    return sorted(slug.replace("-", " ") for slug in policy.processing.clients)

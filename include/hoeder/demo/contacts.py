"""What we keep of our own contacts besides messages and notes, and of the people we deal with at clients."""

from collections.abc import Callable, Iterator
from random import Random

from hoeder.demo import campaigns
from hoeder.demo.matters import Matter, Planted, Table, rows
from hoeder.demo.names import CLIENTS
from hoeder.demo.people import Crowd
from hoeder.demo.places import HELD_CONTACT, WRITER, any_contact
from hoeder.demo.terms import Fate
from hoeder.demo.world import Row, Stream, World

_BOTH = (Planted("held_contact", HELD_CONTACT, held=True), Planted("writer", WRITER))
_GROUP = ("Zusterbedrijf Post (verzonnen)", "Zusterbedrijf Pakketten (verzonnen)")


def streams(world: World, contacts: Crowd) -> Iterator[Stream]:
    """Tables whose rows are about one contact each, and the people at clients."""

    def contact(random: Random) -> int:
        return any_contact(world, random)

    def lawfully(random: Random) -> int:
        return campaigns.lawful_passing(world, int(random.random() * 100))

    for table, columns in _OF_CONTACTS:
        whose = lawfully if table.target == "crm.passed_on" else contact
        made = _with_faults(world, table, rows(world, table, contacts, whose))
        if table.target in _CAMPAIGNS:
            made = campaigns.continued(world, table.target, made, _CAMPAIGNS[table.target](world))
        yield Stream(table.target.partition(".")[2], f"id, {columns}", made)
    people = Crowd(world.seed, "client_contact")
    yield Stream(
        "client_contact",
        "id, client_id, name, email, phone, status, last_contact_on, relation_ended_on",
        rows(world, _CLIENT_CONTACT, people, lambda random: int(random.random() * 100_000)),
    )


def _portal_account(of: Matter) -> Row:
    login = f"{of.person.given[0]}{of.person.family}".lower().replace(" ", "")
    created, last = _first_and_last(of)
    return of.whose, login, of.person.email, created, last


def _newsletter_reader(of: Matter) -> Row:
    subscribed, last = _first_and_last(of)
    return of.whose, of.person.email, subscribed, last


def _first_and_last(of: Matter) -> Row:
    """One in five never came back: the first day is the last. Both are unknown where somebody forgot them."""
    if of.fate.anchor is None:
        return None, None
    return (of.before(900), of.end) if of.random.random() < 0.8 else (of.end, None)


def _consent_record(of: Matter) -> Row:
    version = of.pick("nieuwsbrief-1", "nieuwsbrief-2", "delen-1")
    how = of.pick("webformulier", "telefoon, opgenomen", "papier")
    return of.whose, version, of.before(1_500), how, of.status("standing", "ended"), of.fate.anchor


def _passed_on(of: Matter) -> Row:
    return of.whose, of.pick(*_GROUP), of.pick("naam, e-mail", "e-mail"), of.fate.anchor


def _client_contact(of: Matter) -> Row:
    """The relation ended, and somebody may have spoken to them since."""
    later = of.fate.anchor if of.random.random() < 0.3 else None
    ended = of.fate.anchor and (of.before(200) if later else of.end)
    client = 1 + of.whose % len(CLIENTS)
    person = of.person
    return client, person.name, person.email, person.phone, of.status("active", "ended"), later, ended


def _fraud_signal(of: Matter) -> Row:
    """One in three is only a signal: nobody is suspected of anything."""
    summary = of.pick("Identiteit klopt mogelijk niet", "Retouren vaker dan bestellingen", "Twee namen, een rekening")
    suspicion = of.pick("false-identity", "false-claim", "")
    return (
        of.whose, summary, suspicion or None, "fraudemeldpunt", "fg" if suspicion else None, of.before(40),
        of.status("open", "decided"), of.fate.anchor,
    )  # fmt: skip


def _fraud_file(of: Matter) -> Row:
    summary = of.pick("Valse bon ingeleverd, terugbetaald", "Vals adres opgegeven, account gesloten")
    suspicion = of.pick("false-claim", "taken-account")
    return (
        of.whose, summary, suspicion, "fraudemeldpunt", "fg", of.before(40),
        of.status("open", "closed"), of.fate.anchor,
    )  # fmt: skip


# By the number of the row, which is one that runs on or ended lately: the kind of finding, the column and its value.
_FAULTS: dict[str, dict[object, tuple[str, int, str | None]]] = {
    "crm.fraud_file": {2: ("no-suspicion", 3, None), 4: ("one-person", 5, "fraudemeldpunt")},
    "crm.fraud_signal": {4: ("undecided", 6, None)},
}


def _with_faults(world: World, table: Table, made: Iterator[Row]) -> Iterator[Row]:
    """The same rows; some break what a fraud file is held to."""
    for row in made:
        kind, column, value = _FAULTS.get(table.target, {}).get(row[0], ("", 0, None))
        if kind:
            world.truth.anomalies[f"fraud {kind}"] = table.target
            instead = world.days_ago(90) if kind == "undecided" else value
            yield (*row[:column], instead, *row[column + 1 :])
        else:
            yield row


_CAMPAIGNS: dict[str, Callable[[World], Iterator[tuple[Fate, Row]]]] = {
    "crm.portal_account": campaigns.accounts,
    "crm.consent_record": campaigns.consents,
    "crm.passed_on": campaigns.passings,
}

_OF_CONTACTS = (
    (
        Table("crm.portal_account", _portal_account, 0.02, missing=True, planted=_BOTH),
        "contact_id, login, email, created_on, last_login_on",
    ),
    (
        Table("crm.newsletter_reader", _newsletter_reader, 0.02, missing=True, planted=_BOTH),
        "contact_id, email, subscribed_on, last_opened_on",
    ),
    (
        Table("crm.consent_record", _consent_record, 0.02, pending=0.6, missing=True, planted=_BOTH),
        "contact_id, text_version, given_on, given_how, status, ended_on",
    ),
    (
        Table("crm.passed_on", _passed_on, 0.005, missing=True, planted=_BOTH),
        "contact_id, company, fields, passed_on",
    ),
    (
        Table("crm.fraud_signal", _fraud_signal, 0.002, pending=0.2, missing=True, planted=_BOTH),
        "contact_id, summary, suspicion, author, approver, opened_on, status, decided_on",
    ),
    (
        Table("crm.fraud_file", _fraud_file, 0.002, pending=0.2, missing=True, planted=_BOTH),
        "contact_id, summary, suspicion, author, approver, opened_on, status, closed_on",
    ),
)
_CLIENT_CONTACT = Table(
    "crm.client_contact", _client_contact, 0.003, pending=0.6, missing=True, planted=(Planted("outsider", 0),)
)

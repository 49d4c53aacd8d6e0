"""What the rows of a table are about: a town or an age is somebody's only where somebody is."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hoeder.detection import names
from hoeder.detection.columns import PHONE, PLATE, Prepared, Verdict
from hoeder.detection.name_words import ORGANISATIONS
from hoeder.detection.seen import Seen

ENOUGH_COLUMNS = 3
"""Columns from which it says something that none of them is a person's."""
_TELLING = (
    "user.name", "user.contact.email", "user.demographic.date_of_birth", "user.government_id",
    "user.financial.bank_account", "user.unique_id", "user.device.cookie_id", "user.account",
)  # fmt: skip
"""Categories that show that a row is about a person, or comes from one."""
_OF_SOMEBODY = (
    "user.contact.address", "user.location", "user.device.device_id", "user.device.ip_address", "user.job_title",
    "user.demographic.age_range", "user.demographic.gender", "user.demographic.language", "user.demographic.marital",
    "user.demographic.citizenship", "user.financial", "user.government_id.vehicle_registration",
)  # fmt: skip
"""Categories of what things, places, organisations and statistics have too."""
_SENSITIVE = (
    "user.health_and_medical", "user.demographic.political_opinion", "user.demographic.religious_belief",
)  # fmt: skip
"""These are taken back only where the table says what else it is about (GDPR Art. 9)."""
_DESCRIBING = ("user.demographic", "user.health_and_medical")
_SOMEBODY = 2
_OWNED = 3
"""What has to be told of people in a table that is named after a thing: that it is somebody's, or two things."""
OWNER = 3
"""How surely a column shows a person to whom what the row is about belongs, or whom one reaches there."""
_PHONES = (PHONE, "user.contact.fax_number")
_OF_ORGANISATIONS = ("user.contact", "user.location", "user.financial.bank_account")
_SERIAL = 0.9
"""The share of phones' serial numbers from which they are phones."""
_KNOWN = 0.95
"""From this share on full names are people, whatever their column is called."""
_COMPANIES, _NAMED, _MOBILE = 0.3, 0.2, 0.25
"""Shares from which a column names organisations, its mailboxes are called after people, its phones are carried."""
_FEW = 20
_REPEATED, _MANY = 4, 50
"""A handful of people in a table with many different values look after what it is about."""


class Subject(StrEnum):
    """What a table's rows are about."""

    PEOPLE = "people"
    ORGANISATIONS = "organisations"
    THINGS = "things"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Met:
    """A column, its values tested, and what it seems to hold by itself."""

    column: Seen
    prepared: Prepared
    verdict: Verdict

    @property
    def tells(self) -> int:
        """How surely it shows a person, from 0 to 3: somebody who owns a thing more than the one who looks after it."""
        category = self.verdict.category or ""
        sure = category == "user.unique_id" or self.verdict.confidence >= 0.6
        if not category.startswith(_TELLING) or not sure or self.doubtful:
            return 0
        if category == PLATE and names.meaning(self.column.name) is None:
            return 0  # other codes are written so too
        if names.is_of_owner(self.column.name):
            return OWNER
        return 1 if self._only_named("keeper") else 2

    @property
    def plain_name(self) -> bool:
        """A name, of which the column does not say whose: `naam`."""
        people = self.prepared.tests.people
        full = people.category == "user.name" and people.known - people.words >= _KNOWN
        return self._only_named() and (not full or bool(names.words(self.column.name)[0]))

    def _only_named(self, *besides: str) -> bool:
        """A name, of which the column says nothing but these words; `keeper` works on what the row is about."""
        said = names.words(self.column.name)[0]
        return (self.verdict.category or "").startswith("user.name") and said <= {"name", *besides}

    @property
    def names_organisations(self) -> bool:
        """Whether it says what the row is called, and that is an organisation: `naam`, `cust_name`."""
        said, things = names.words(self.column.name)
        plain = "name" in said and said <= {"name", "customer", "full"} and things <= ORGANISATIONS
        tests = self.prepared.tests
        return plain and tests.company >= max(
            _COMPANIES, 2 * tests.people.known
        )  # where both are customers, both count

    @property
    def of_somebody_there(self) -> bool:
        """Whether its name does not make who stands in it the one that the row is about."""
        name = self.column.name
        return names.is_reached_there(name) or names.meaning(name) is None

    @property
    def reaches_people(self) -> bool:
        """Mailboxes called after people, or phones that are carried, in a column that does not say whose: then sole
        traders are among them."""
        tests = self.prepared.tests
        return max(tests.named_email / _NAMED, tests.mobile / _MOBILE) >= 1 and not names.is_reached_there(
            self.column.name
        )

    @property
    def describes(self) -> bool:
        """Whether it says what kind of person somebody is."""
        return self.verdict.confidence >= 0.6 and (self.verdict.category or "").startswith(_DESCRIBING)

    @property
    def landline(self) -> bool:
        """Phones on desks, of which the column does not say whose: where nobody is named they are an office's."""
        tests = self.prepared.tests
        return tests.count >= _FEW and tests.mobile < 0.02 and not names.is_of_owner(self.column.name)

    @property
    def is_of_phone(self) -> bool:
        """Serial numbers of phones, or of what makes them reachable."""
        return self.prepared.tests.imei >= _SERIAL or names.is_of_sim(self.column.name)

    @property
    def doubtful(self) -> bool:
        """A handful of names, in a column that does not say so: wines and rooms are named after people too."""
        found = (self.verdict.category or "").startswith("user.name") and self.verdict.confidence <= 0.6
        return found and self.prepared.tests.count < _FEW and names.meaning(self.column.name) is None


def about(table: str, columns: Sequence[Met]) -> Subject:
    """By what the columns hold, and by the table's name."""
    if names.is_of_people(table) or names.is_of_lives(table):
        return Subject.PEOPLE
    if names.is_of_organisations(table):
        return Subject.ORGANISATIONS
    most = max((one.prepared.tests.count for one in columns), default=0)
    told = sum(one.tells for one in columns if one.prepared.tests.count > _REPEATED or most < _MANY)
    if not any(names.is_a_count(one.column.name) for one in columns):
        told += sum(one.describes for one in columns)  # of one person each row, or else of as many as it says
    if told >= (_OWNED if names.is_of_things(table) else _SOMEBODY):
        return Subject.PEOPLE
    return Subject.THINGS if names.is_of_things(table) else Subject.UNKNOWN


def organisations_own(table: str, columns: Sequence[Met]) -> bool:
    """Whether each row is about an organisation: people are named only as those whom one reaches there."""
    people = [one for one in columns if (one.verdict.category or "").startswith("user.name") and not one.doubtful]
    if any(one.reaches_people for one in columns) or not all(one.of_somebody_there for one in people):
        return False
    if any(one.names_organisations for one in columns):
        return True
    called = any(names.words(one.column.name)[0] == {"name"} for one in columns)
    registered = called and any(names.is_of_registered(one.column.name) for one in columns)
    return not names.is_of_people(table) and (names.is_of_organisations(table) or registered)


def of_the_organisation(one: Met, verdict: Verdict, columns: Sequence[Met]) -> Verdict:
    """What stands of a verdict on a column of organisations: their own address, number and account are nobody's.

    The only phone and fax beside a contact person's name are where that person is reached.
    """
    name, category = one.column.name, verdict.category or ""
    if category.startswith(_PHONES) and _has_contact(columns) and not names.is_general(name):
        return verdict
    own = category.startswith(_OF_ORGANISATIONS) and not names.is_reached_there(name)
    own = own or (category == "user.unique_id" and (names.is_of_registered(name) or names.is_of_customer(name)))
    if not own:
        return verdict
    return Verdict(None, 0.5, f"{verdict.evidence}; of the organisation that the row is about", verdict.national_id)


def _has_contact(columns: Sequence[Met]) -> bool:
    """Whether a contact person is named, of whom no mailbox or number stands there as theirs."""
    of_contact = [one.verdict.category or "" for one in columns if names.is_of_contact(one.column.name)]
    return any(category.startswith("user.name") for category in of_contact) and not any(
        category.startswith("user.contact") for category in of_contact
    )


def left(one: Met, subject: Subject, table: str, columns: Sequence[Met]) -> Verdict:
    """What stands of a column's own verdict in a table that is not about people."""
    verdict, category = one.verdict, one.verdict.category or ""
    named = any((other.verdict.category or "").startswith("user.name") for other in columns)
    alone = subject is Subject.UNKNOWN and not any(names.is_a_count(other.column.name) for other in columns)
    if alone and category == "user.demographic.marital_status":
        return verdict  # nothing but a person has one, and nobody is counted here
    if category == "user.device.device_id" and one.is_of_phone and not names.is_of_machines(table, one.column.name):
        return verdict  # somebody carries it, whoever that is
    of_organisations = subject is Subject.ORGANISATIONS
    reached = of_organisations and named and names.is_reached_there(one.column.name)
    taken_back = (
        one.doubtful
        or (one.plain_name and subject is Subject.THINGS)
        or (category.startswith(_OF_SOMEBODY) and not (reached or _from_outside(one, table, columns)))
        or (category.startswith(_SENSITIVE) and subject is not Subject.UNKNOWN)
        or (category == PHONE and not named and not one.reaches_people and (of_organisations or one.landline))
    )
    if not taken_back:
        return verdict
    why = "nobody in the table whose it is" if subject is Subject.UNKNOWN else f"the table is about {subject}"
    return Verdict(None, 0.5, f"{verdict.evidence}; {why}", verdict.national_id)


def _from_outside(one: Met, table: str, columns: Sequence[Met]) -> bool:
    """Addresses of visitors, as in the log of a web server; machines of one's own have private addresses or names."""
    return (
        one.verdict.category == "user.device.ip_address"
        and one.prepared.tests.ip_private < 0.5
        and not names.is_of_machines(table, one.column.name)
        and not any(other.prepared.tests.host >= 0.8 and other.prepared.tests.count >= _FEW for other in columns)
    )

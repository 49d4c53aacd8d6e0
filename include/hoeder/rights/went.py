"""To whom a person's data went one by one, beside those whom the register names for everybody (GDPR 15(1)(c)).

Related companies to which they were passed on, and authorities that they were given to. What an order of secrecy hides
is not known here while it does.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from hoeder.clock import AMSTERDAM
from hoeder.governance import disclosed, shared
from hoeder.letter import Language, day
from hoeder.persons import marks
from hoeder.persons.person import Identity
from hoeder.policy import Policy
from hoeder.policy.vocabulary import vocabulary
from hoeder.pseudonym import ReferenceKey
from hoeder.rights.case import Db


@dataclass(frozen=True)
class Went:
    """One company or authority in the reader's words: what it got and why, on which day or days."""

    to: str
    what: str
    first: date
    last: date

    def sentence(self, language: Language) -> str:
        """`Politie: vordering (Sv 126nc): naam, adres, op 3 maart 2026`."""
        on, since, until = ("op", "van", "tot en met") if language == "nl" else ("on", "from", "to")
        one = self.first == self.last
        when = f"{on} {day(self.first, language)}" if one else (
            f"{since} {day(self.first, language)} {until} {day(self.last, language)}"
        )  # fmt: skip
        return f"{self.to}: {self.what}, {when}"


def went(db: Db, policy: Policy, key: ReferenceKey, identities: Collection[Identity], language: Language) -> list[Went]:
    """Everybody who got data of who has these identities: companies, then authorities by day."""
    passed = "uw contactgegevens" if language == "nl" else "your contact details"
    found = [
        Went(named(policy, each.recipient, language), passed, each.first, each.last)
        for each in companies(db, key, identities)
    ]
    for told in disclosed.told(db, key, identities):
        authority = policy.disclosures.authority(told.authority)
        power = policy.disclosures.power(told.authority, told.power)
        words = [vocabulary().category(category) for category in told.categories]
        categories = dict.fromkeys((word.nl if language == "nl" else word.en) for word in words if word)
        why = f"{power.name(language)} ({power.article})" if power else told.power
        on = told.released_at.astimezone(AMSTERDAM).date()
        what = f"{why}: {', '.join(categories)}" if categories else why
        found.append(Went(authority.name(language) if authority else told.authority, what, on, on))
    return found


def companies(db: Db, key: ReferenceKey, identities: Collection[Identity]) -> tuple[shared.Shared, ...]:
    """Related companies that got data of who has these identities."""
    return shared.recipients(db, marks.references(key, identities))


def named(policy: Policy, recipient: str, language: str) -> str:
    """What a recipient is called: as the register or the gate of marketing says, else its own word."""
    companies = policy.marketing_gate.companies if policy.marketing_gate else {}
    known = policy.processing.recipients.get(recipient) or companies.get(recipient)
    return known.name(language) if known else recipient

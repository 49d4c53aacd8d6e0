"""One database: every account that can enter it, and what it may do there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from hoeder.access_review.findings import MEMBER, Finding, Kind, Right
from hoeder.access_review.needs import Needs
from hoeder.access_review.people import Login, People, hours_since
from hoeder.access_review.staff import clients_of, plain, status_of
from hoeder.stores.entitlements import PUBLIC, Account, Entitled, Grant, Membership


@dataclass(frozen=True)
class Place:
    """A database, and what is needed to judge it."""

    store: str
    entitled: Entitled
    people: People | None
    needs: Needs
    now: datetime

    def login_of(self, account: str) -> Login | None:
        """Whose account it is, by HR's list. Somebody may have had the same login before: who is active comes first."""
        own = [login for login in self.people.logins if plain(login.login) == plain(account)] if self.people else []
        return max(own, key=lambda login: login.active, default=None)

    def is_shared(self, account: str) -> bool:
        """Whether others can become this account."""
        return bool(self.entitled.members_of(account))

    def by_another_login(self, member: Membership) -> bool:
        """Whether somebody is in a group only through a shared account: that account is the finding."""
        between = self.entitled.groups_of(member.account)
        return not member.direct and any(
            self.is_login(group) and member.group in self.entitled.groups_of(group) for group in between
        )

    def is_login(self, group: str) -> bool:
        return any(account.name == group and account.can_login for account in self.entitled.accounts)

    def finding(self, kind: Kind, grant: Grant, *, named: bool = False, in_database: bool = True) -> Finding:
        """About one right that was given."""
        return Finding(
            kind, self.store, grant.place, grant.right, grant.column, account=grant.grantee, named=named,
            in_database=in_database,
        )  # fmt: skip


def judge(
    store: str, entitled: Entitled, people: People | None, needs: Needs, *, now: datetime
) -> tuple[list[Finding], list[Right]]:
    """Findings and register lines. Without people (HR's list is not usable) nobody's own account is judged."""
    here = Place(store, entitled, people, needs, now)
    findings = [*_everybody(here), *_elsewhere(here), *_groups(here)]
    register: list[Right] = []
    for account in entitled.accounts:
        findings += _powers(here, account)
        if not account.can_login or account.name in needs.access.administrators:
            continue
        if program := needs.is_program(store, account.name):
            findings += _program(here, account, program)
        elif people is not None:
            findings += _personal(here, account)
        register += _lines(here, account)
    reported = {(f.account, f.place, f.right) for f in findings}
    findings += (f for f in _uses(here) if (f.account, f.place, f.right) not in reported)
    return findings, register


def _everybody(here: Place) -> Iterator[Finding]:
    for grant in here.entitled.rights_of(PUBLIC):
        yield here.finding(Kind.PUBLIC_GRANT, grant, named=True)


def _elsewhere(here: Place) -> Iterator[Finding]:
    for way in here.entitled.elsewhere:
        yield Finding(Kind.EGRESS, here.store, way.partition(" ")[0], "leaves")


def _groups(here: Place) -> Iterator[Finding]:
    """Group roles, and accounts that cannot log in here, that have more than policy says of them."""
    logins = {account.name for account in here.entitled.accounts if account.can_login}
    for grant in here.entitled.grants:
        if grant.grantee in logins or grant.grantee in (PUBLIC, *here.needs.access.administrators):
            continue
        group, _ = here.needs.groups.get(grant.grantee, (None, None))
        if group is None or group.store != here.store:
            yield here.finding(Kind.BEYOND_NEED, grant, in_database=False)
        elif grant.right not in group.may or grant.place not in group.tables:
            yield here.finding(Kind.BEYOND_NEED, grant, named=True)


def _powers(here: Place, account: Account) -> Iterator[Finding]:
    if account.name not in here.needs.access.administrators:
        named = here.needs.is_program(here.store, account.name) is not None
        for power in sorted(account.powers):
            yield Finding(Kind.SUPERUSER, here.store, right=power, account=account.name, named=named)


def _program(here: Place, account: Account, program: str) -> Iterator[Finding]:
    """What its capability does not need. A program is mended by whoever deploys it, not closed by a machine."""
    for grant in here.entitled.rights_of(account.name):
        if not here.needs.program_may(program, here.store, grant.place, grant.right):
            yield here.finding(Kind.BEYOND_NEED, grant, named=True, in_database=False)
    allowed = here.needs.access.programs[program].groups
    for member in here.entitled.memberships:
        if member.account == account.name and member.direct and member.group not in here.needs.spelled(allowed):
            yield Finding(
                Kind.BEYOND_NEED,
                here.store,
                here.needs.group_word(member.group),
                MEMBER,
                account=account.name,
                named=True,
            )


def _personal(here: Place, account: Account) -> Iterator[Finding]:
    people, needs = here.people, here.needs
    login = here.login_of(account.name)
    found = Finding(Kind.ORPHAN, here.store, right="login", account=account.name, in_database=True)
    if here.is_shared(account.name):
        yield replace(found, kind=Kind.SHARED, count=len(here.entitled.members_of(account.name)))
        return
    worker = people.workers.get(login.person) if people and login else None
    if people is None or login is None or worker is None:
        yield found
        return
    found = replace(found, person=login.person)
    if not worker.works:
        yield replace(found, kind=Kind.LEAVER, hours=hours_since(worker.left_on, here.now))
        return
    for grant in here.entitled.rights_of(account.name):
        yield replace(here.finding(Kind.BEYOND_NEED, grant), account=account.name, person=login.person)
    needed = needs.groups_for(needs.access.functions.get(worker.job or ""))
    own = clients_of(login.person, people, needs)
    for member in here.entitled.memberships:
        if member.account != account.name or here.is_login(member.group) or here.by_another_login(member):
            continue
        _, client = needs.groups.get(member.group, (None, None))
        word = needs.group_word(member.group)
        target = member.group if word != member.group else ""
        belongs = replace(
            found, kind=Kind.BEYOND_NEED, place=word, right=MEMBER, client=client, in_database=member.direct,
            target=target,
        )  # fmt: skip
        if member.group not in needed:
            yield belongs
        elif client is not None and client not in own:
            yield replace(belongs, kind=Kind.OTHER_CLIENT)


def _uses(here: Place) -> Iterator[Finding]:
    """Data of one purpose that another program or group may read."""
    before = here.needs.policy.stores[here.store].connection
    for use in here.needs.access.uses:
        store, _, table = use.place.partition(".")
        if store != here.store:
            continue
        may = {f"{before}_{program}" for program in use.programs} | set(here.needs.spelled(use.groups))
        for grantee in sorted(here.entitled.readers(table) - may - {PUBLIC, *here.needs.access.administrators}):
            named = here.needs.is_program(store, grantee) is not None or grantee in here.needs.groups
            yield Finding(Kind.USE, store, table, "select", account=grantee, named=named)


def _lines(here: Place, account: Account) -> Iterator[Right]:
    """Register lines: a group is one entitlement, what it gives stands in policy."""
    needs, program = here.needs, here.needs.is_program(here.store, account.name)
    login = here.login_of(account.name)
    worker = here.people.workers.get(login.person) if here.people and login else None
    function = needs.access.functions.get((worker.job if worker else None) or "")
    status = "none" if program else status_of(worker)
    own = clients_of(login.person, here.people, needs) if here.people and login else frozenset[str]()

    def line(place: str, right: str, needed: bool, client: str | None = None) -> Right:
        return Right(
            here.store, account.name, place, right, needed=needed, person=login.person if login else "", status=status,
            function=(worker.job or "") if worker and function else "", client=client,
            special=needs.is_special(here.store, place), last_used_on=login.last_used_on if login else None,
        )  # fmt: skip

    for grant in here.entitled.rights_of(account.name):
        needed = bool(program) and needs.program_may(program or "", here.store, grant.place, grant.right)
        yield line(grant.place, grant.right, needed)
    for member in here.entitled.memberships:
        if member.account == account.name:
            _, client = needs.groups.get(member.group, (None, None))
            working = worker is not None and worker.works
            needed = working and member.group in needs.groups_for(function) and (client is None or client in own)
            yield line(needs.group_word(member.group), MEMBER, needed, client)

"""What the DPO reads before answering: counts per rule, in Dutch, and nothing of a person."""

from collections.abc import Iterator, Sequence

from hoeder.policy import Policy
from hoeder.policy.retention import Act
from hoeder.policy.term import Term
from hoeder.retention.plan import HeldBy, Plan, PlanPart

_ENDS = {
    Act.ERASE: "wissen",
    Act.DROP_PARTITION: "wissen, hele partities ineens",
    Act.REWRITE: "regels uit bestanden wissen",
    Act.NULL: "velden leegmaken",
    Act.REPLACE: "velden vervangen",
    Act.ANONYMIZE: "velden vergroven",
}


def subject(plan: Plan) -> str:
    """One line that names the plan by its digest: the answer is worth nothing for another plan."""
    total = sum(part.due for part in plan.asked)
    return f"Bewaartermijnen {plan.as_of:%d-%m-%Y}: {_number(total)} gegevens wissen? Plan {plan.digest}"


_GOING = ("Regel", "Gegevens", "Termijn", "Te wissen", "Sinds vorige", "Oudste")
_STAYING = ("Regel", "Gegevens", "Hold", "Beperkt (art. 18)", "Andere regel", "Nog nodig", "Zonder begindatum")


def body(plan: Plan, policy: Policy, previous: Plan | None) -> str:
    """In Markdown: what would go, what stays and why, what changed since the plan before, and what an answer does."""
    before = {part.rule: part for part in previous.parts} if previous else {}
    looked = [part for part in plan.parts if part.problem is None]
    staying = [_staying(part) for part in looked if any(_kept(part))]
    total = sum(part.due for part in plan.asked)
    blocks = [
        f"Peildatum {plan.as_of:%d-%m-%Y}, beleid `{plan.policy_digest[:12]}`. Van {_number(len(looked))} regels is "
        f"nagezien wat over termijn is. Na uw antwoord te wissen: {_number(total)} gegevens onder "
        f"{_number(len(plan.asked))} regels.",
        _table("Te wissen", _GOING, 3, [_going(part, before.get(part.rule)) for part in plan.asked]),
        _table(
            "Vooraf goedgekeurd in het beleid, uitgevoerd zonder vraag",
            _GOING,
            3,
            [_going(part, before.get(part.rule)) for part in plan.pre_approved],
        ),
        _table("Wat blijft staan, en waarom", _STAYING, 2, staying),
        "\n".join(_holds(plan)),
        "\n".join(_failed(plan)),
        "\n".join(_returning(plan)),
        _quiet(looked),
        "\n\n".join(_order(plan)),
        "\n".join(_changes(plan, previous)),
        "**Approve** wist precies deze gegevens; wat inmiddels onder een hold valt, blijft staan. "
        "**Reject** wist niets. Geef bij goedkeuring een reden. Het antwoord geldt "
        f"{policy.organisation.approvals_last_days} dagen, voor dit plan alleen en één keer.",
    ]
    return "\n\n".join(block for block in blocks if block)


def _table(title: str, columns: Sequence[str], words: int, rows: Sequence[str]) -> str:
    """Nothing where there are no rows; the first columns are `words`, the rest stand to the right."""
    if not rows:
        return ""
    rule = "|".join(["---"] * words + ["--:"] * (len(columns) - words))
    return "\n".join([f"**{title}**", "", f"| {' | '.join(columns)} |", f"|{rule}|", *rows])


def _place(part: PlanPart) -> str:
    client = "overige opdrachtgevers" if part.client == "others" else f"opdrachtgever {part.client}"
    return f"{part.store}.{part.target}{f' ({client})' if part.client else ''}"


def _going(part: PlanPart, before: PlanPart | None) -> str:
    oldest = f"{part.oldest:%d-%m-%Y}" if part.oldest else "–"
    end = "" if part.act == Act.ERASE else f", {_ENDS[Act(part.act)]}"
    due = _number(part.due) + (f" van hoogstens {_limit(part)}" if part.runs_without_asking else "")
    change = "nieuw" if before is None else f"{part.due - before.due:+,}".replace(",", ".").replace("+0", "=")
    return f"| {part.rule} | {_place(part)}{end} | {Term.parse(part.keep).in_dutch()} | {due} | {change} | {oldest} |"


def _kept(part: PlanPart) -> tuple[int, ...]:
    return part.held, part.restricted, part.longer, part.needed, part.missing_anchor


def _staying(part: PlanPart) -> str:
    counts = (_number(count) if count else "–" for count in _kept(part))
    return f"| {part.rule} | {_place(part)} | {' | '.join(counts)} |"


def _holds(plan: Plan) -> Iterator[str]:
    """The term goes on under a hold: since when the oldest is past it stays in sight."""
    by_matter: dict[str, list[tuple[PlanPart, HeldBy]]] = {}
    for part in plan.parts:
        for held in part.held_by:
            by_matter.setdefault(held.matter, []).append((part, held))
    for matter, several in sorted(by_matter.items()):
        since = min(held.due_since for _, held in several)
        rules = ", ".join(f"{part.rule} ({_number(held.records)})" for part, held in several)
        yield f"- Hold **{matter}** houdt vast: {rules}; de oudste is over termijn sinds {since:%d-%m-%Y}."


def _failed(plan: Plan) -> Iterator[str]:
    for part in plan.parts:
        if part.problem:
            yield f"- **{part.rule}** kon niet worden gepland: {part.problem}"


def _changes(plan: Plan, previous: Plan | None) -> Iterator[str]:
    """What is not a matter of days going by: other rules, other terms, other conditions."""
    if previous is None:
        yield "Dit is het eerste plan."
        return
    yield f"Sinds het vorige plan van {previous.as_of:%d-%m-%Y}:"
    before, now = ({part.rule: part for part in each.parts} for each in (previous, plan))
    told = [f"- {rule}: nieuwe regel" for rule in now if rule not in before]
    told += [f"- {rule}: regel is vervallen" for rule in before if rule not in now]
    for rule in (rule for rule in now if rule in before):
        old, new = before[rule], now[rule]
        if old.keep and old.keep != new.keep:
            was, becomes = Term.parse(old.keep).in_dutch(), Term.parse(new.keep).in_dutch()
            told.append(f"- {rule}: termijn was {was}, is {becomes}")
        if old.act != new.act:
            told.append(f"- {rule}: was {_ENDS[Act(old.act)]}, is {_ENDS[Act(new.act)]}")
        if old.pre_approved != new.pre_approved:
            told.append(f"- {rule}: vooraf goedgekeurd tot {_limit(old)}, is {_limit(new)}")
        if bool(old.problem) != bool(new.problem):
            told.append(f"- {rule}: {'kon eerder wel' if new.problem else 'kan nu weer'} worden gepland")
    if not told and previous.policy_digest != plan.policy_digest:
        told.append("- het beleid is gewijzigd, maar geen regel, termijn of eindactie")
    yield from told or ["- geen regel, termijn of eindactie gewijzigd"]


def _limit(part: PlanPart) -> str:
    return "niets" if part.pre_approved is None else _number(part.pre_approved)


def _returning(plan: Plan) -> Iterator[str]:
    for part in plan.parts:
        if part.to_return:
            yield (
                f"- **{part.rule}**: {_number(part.to_return)} gegevens gaan eerst terug naar opdrachtgever "
                f"{part.client}; zij worden gewist als die de ontvangst heeft bevestigd."
            )


def _quiet(looked: Sequence[PlanPart]) -> str:
    named = [part.rule for part in looked if not part.due and not part.to_return and not any(_kept(part))]
    return f"Niets over termijn: {', '.join(named)}." if named else ""


def _order(plan: Plan) -> Iterator[str]:
    for part in plan.parts:
        if part.follows and part.due:
            yield f"Vóór {part.target} gaan de verwijzingen {', '.join(part.follows)}."


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")

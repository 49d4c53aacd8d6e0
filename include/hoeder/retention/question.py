"""What the DPO reads before answering: counts per rule, in Dutch, and nothing of a person."""

from collections.abc import Iterator

from hoeder.policy import Policy
from hoeder.policy.models import Act
from hoeder.policy.term import Term
from hoeder.retention.plan import Plan, PlanPart

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


def body(plan: Plan, policy: Policy, previous: Plan | None) -> str:
    """A Markdown table per rule, what changed since the plan before, and what Approve and Reject do."""
    before = {part.rule: part for part in previous.parts} if previous else {}
    rows = [_row(part, before.get(part.rule)) for part in plan.parts if part.problem is None]
    lines = [
        f"Peildatum {plan.as_of:%d-%m-%Y}, beleid `{plan.policy_digest[:12]}`.",
        "",
        "| Regel | Gegevens | Termijn | Te wissen | Sinds vorige | Onder bewaarplicht (hold) | Beperkt (art. 18) "
        "| Andere regel | Nog nodig | Zonder begindatum | Oudste |",
        "|---|---|---|--:|--:|--:|--:|--:|--:|--:|---|",
        *rows,
        "",
        *_changes(plan, previous),
        "",
        *(f"- **{part.rule}** kon niet worden gepland: {part.problem}" for part in plan.parts if part.problem),
        *_returning(plan),
        *_without_asking(plan),
        *_order(plan),
        "",
        "**Approve** wist precies deze gegevens; wat inmiddels onder een hold valt, blijft staan. "
        "**Reject** wist niets. Geef bij goedkeuring een reden. Het antwoord geldt "
        f"{policy.organisation.approvals_last_days} dagen, voor dit plan alleen en één keer.",
    ]
    return "\n".join(lines)


def _row(part: PlanPart, before: PlanPart | None) -> str:
    oldest = f"{part.oldest:%d-%m-%Y}" if part.oldest else "–"
    client = f" (opdrachtgever {part.client})" if part.client else ""
    end = "" if part.act == Act.ERASE else f", {_ENDS[Act(part.act)]}"
    change = "nieuw" if before is None else f"{part.due - before.due:+,}".replace(",", ".").replace("+0", "=")
    counts = (part.held, part.restricted, part.longer, part.needed, part.missing_anchor)
    return (
        f"| {part.rule} | {part.store}.{part.target}{client}{end} | {Term.parse(part.keep).in_dutch()} "
        f"| {_number(part.due)} | {change} | {' | '.join(map(_number, counts))} | {oldest} |"
    )


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


def _without_asking(plan: Plan) -> Iterator[str]:
    if plan.pre_approved:
        named = ", ".join(f"{part.rule} ({_number(part.due)} van hoogstens {_number(part.pre_approved or 0)})"
                          for part in plan.pre_approved)  # fmt: skip
        yield f"Vooraf goedgekeurd in het beleid en daarom zonder vraag uitgevoerd: {named}."


def _order(plan: Plan) -> Iterator[str]:
    for part in plan.parts:
        if part.follows and part.due:
            yield f"Vóór {part.target} gaan de verwijzingen {', '.join(part.follows)}."


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")

"""What the DPO reads before answering: counts per rule, in Dutch, and nothing of a person."""

from hoeder.policy import Policy
from hoeder.policy.term import Term
from hoeder.retention.plan import Plan, PlanPart


def subject(plan: Plan) -> str:
    """One line that names the plan by its digest: the answer is worth nothing for another plan."""
    total = sum(part.due for part in plan.parts)
    return f"Bewaartermijnen {plan.as_of:%d-%m-%Y}: {_number(total)} gegevens wissen? Plan {plan.digest}"


def body(plan: Plan, policy: Policy) -> str:
    """A Markdown table per rule, and what Approve and Reject do."""
    terms = {rule.rule: rule for rule in policy.rules_on(plan.as_of)}
    rows = [_row(part, _dutch(terms[part.rule].keep)) for part in plan.parts if part.problem is None]
    problems = [f"- **{part.rule}** kon niet worden gepland: {part.problem}" for part in plan.parts if part.problem]
    lines = [
        f"Peildatum {plan.as_of:%d-%m-%Y}, beleid `{plan.policy_digest[:12]}`.",
        "",
        "| Regel | Gegevens | Termijn | Te wissen | Onder bewaarplicht (hold) | Zonder begindatum | Oudste |",
        "|---|---|---|--:|--:|--:|---|",
        *rows,
        "",
        *problems,
        "",
        "**Approve** wist precies deze gegevens; wat inmiddels onder een hold valt, blijft staan. "
        "**Reject** wist niets. Geef bij goedkeuring een reden.",
    ]
    return "\n".join(lines)


def _row(part: PlanPart, term: str) -> str:
    oldest = f"{part.oldest:%d-%m-%Y}" if part.oldest else "–"
    return (
        f"| {part.rule} | {part.store}.{part.target} | {term} | {_number(part.due)} | {_number(part.held)} "
        f"| {_number(part.missing_anchor)} | {oldest} |"
    )


def _dutch(term: Term) -> str:
    unit = {"day": ("dag", "dagen"), "week": ("week", "weken"), "month": ("maand", "maanden"), "year": ("jaar", "jaar")}
    year = "het kalenderjaar van " if term.calendar_year else ""
    return f"{term.count} {unit[term.unit][term.count != 1]} na {year}{term.anchor}"


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")

"""A picture fits on its page however many rules there are, and loses none of them."""

from types import SimpleNamespace

from hoeder.report import pictures
from hoeder.report.facts.retention import RuleFigures
from hoeder.report.words import Words


def rule(number: int, *, remaining: int = 0) -> RuleFigures:
    part = SimpleNamespace(problem=None, missing_anchor=0)
    return SimpleNamespace(  # type: ignore[return-value]  # what the picture looks at
        rule=f"rule-{number:02}", part=part, erased=number, held=0, uncounted=0, remaining=remaining
    )


def test_what_went_wrong_is_drawn_first_and_what_is_less_stands_together() -> None:
    chart = pictures.retention([rule(number, remaining=int(number == 3)) for number in range(1, 41)], Words("en"))
    assert chart is not None
    assert "rule-03" in chart.description
    assert "rule-40" in chart.description
    assert "rule-04" not in chart.description
    assert "25 other rules" in chart.description
    named = [3, *range(27, 41)]
    assert f"25 other rules: {sum(range(1, 41)) - sum(named)} erased" in chart.description


def test_a_few_rules_are_all_drawn() -> None:
    chart = pictures.retention([rule(number) for number in range(1, 17)], Words("nl"))
    assert chart is not None
    assert "andere regels" not in chart.description
    assert all(f"rule-{number:02}" in chart.description for number in range(1, 17))

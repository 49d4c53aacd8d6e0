"""The section on indicators: each with its formula, figure, aim, trend and evidence."""

from hoeder.report import pictures
from hoeder.report.facts.figures import Figures
from hoeder.report.facts.indicators import Earlier, KpiFigure, Unit
from hoeder.report.grounds import Ground
from hoeder.report.period import Period
from hoeder.report.view import Indicator, Section, Tone
from hoeder.report.words import Words


def kpis(figures: Figures, words: Words) -> Section:
    """Every indicator of the report, those that miss their aim first."""
    rank = {False: 0, True: 1, None: 2}
    ordered = sorted(figures.kpis, key=lambda kpi: (rank[kpi.met], kpi.part is None))
    missed = sum(kpi.met is False for kpi in figures.kpis)
    aimed = sum(kpi.met is not None for kpi in figures.kpis)
    intro = words.say("kpis.intro", n=aimed - missed, aimed=aimed, period=words.period(figures.period))
    first = "" if any(_before(kpi) for kpi in figures.kpis) else words.say("kpis.first")
    return Section(
        "kpis",
        words.say("kpis"),
        (f"{intro} {first}".strip(),),
        indicators=tuple(indicator(kpi, figures.period, words) for kpi in ordered),
    )


def indicator(kpi: KpiFigure, period: Period, words: Words, *, drawn: bool = True) -> Indicator:
    say = words.say
    name = say(f"kpi.{kpi.key}")
    value, unit = shown(kpi.unit, kpi.part, kpi.whole, words)
    tone: Tone = "quiet" if kpi.part is None else "" if kpi.met is None else "good" if kpi.met else "bad"
    return Indicator(
        key=kpi.key,
        name=name,
        formula=say(f"kpi.{kpi.key}.formula"),
        value=value,
        unit=unit,
        state=say("kpi.unknown")
        if kpi.part is None
        else ""
        if kpi.met is None
        else say(f"kpi.met.{str(kpi.met).lower()}"),
        aim=_aim(kpi, words),
        change=_change(kpi, words),
        trend=pictures.trend(name, kpi, period, words) if drawn else None,
        evidence=" · ".join(_ground(ground, words) for ground in kpi.grounds) or say("kpi.nothing"),
        tone=tone,
    )


def shown(unit: Unit, part: int | None, whole: int | None, words: Words) -> tuple[str, str]:
    """A figure and its unit, as the reader sees them."""
    if part is None:
        return "–", ""
    if unit is Unit.SHARE:
        if not whole:
            return "–", ""
        return words.share(part, whole), words.say("kpi.of", part=part, whole=whole)
    return words.number(part), words.say(f"n.{unit}", n=part)


def _aim(kpi: KpiFigure, words: Words) -> str:
    if kpi.unit is Unit.SHARE:
        return words.say("kpi.aim.all") if kpi.at_least is not None else words.say("kpi.aim.none")
    if kpi.at_most is not None:
        return words.say("kpi.aim.most", n=words.number(kpi.at_most))
    if kpi.at_least is not None:
        return words.say("kpi.aim.least", n=words.number(kpi.at_least))
    return words.say("kpi.aim.none")


def _change(kpi: KpiFigure, words: Words) -> str:
    """Beside the period before, in the figure's own unit."""
    known = _before(kpi)
    if not known:
        return ""
    value, unit = shown(kpi.unit, known[-1].part, known[-1].whole, words)
    return words.say(
        "kpi.was", value=f"{value} {'' if kpi.unit is Unit.SHARE else unit}".strip(),
        period=words.period(Period.parse(known[-1].period)),
    )  # fmt: skip


def _before(kpi: KpiFigure) -> list[Earlier]:
    return [each for each in kpi.earlier if each.part is not None]


def _ground(ground: Ground, words: Words) -> str:
    if ground.source == "ledger":
        span = f"{ground.first}–{ground.last}" if ground.first != ground.last else str(ground.first)
        where = f"{words.say('ledger')}\u00a0{span}"
    else:
        where = words.say("policy") if ground.source == "policy" else words.say("kpi.table", table=ground.source)
    rows = "" if ground.source == "policy" else f" ({words.say('kpi.rows', n=ground.rows)})"
    return f"{where}{rows}, sha256\u00a0{ground.digest[:12]}…"

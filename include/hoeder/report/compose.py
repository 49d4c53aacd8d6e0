"""Put the report together: the page for who has one minute, then the sections."""

from hoeder.policy.models import Policy
from hoeder.report.facts.attention import Attention
from hoeder.report.facts.figures import Figures
from hoeder.report.front import front, source
from hoeder.report.section_access import access
from hoeder.report.section_disclosures import disclosures
from hoeder.report.section_evidence import evidence, method, releases
from hoeder.report.section_incidents import incidents
from hoeder.report.section_inventory import inventory
from hoeder.report.section_kpis import kpis
from hoeder.report.section_marketing import marketing
from hoeder.report.section_promises import all_promises, promises
from hoeder.report.section_registers import registers
from hoeder.report.section_requests import requests
from hoeder.report.section_retention import holds, retention
from hoeder.report.view import Notice, Section, View
from hoeder.report.words import Language, Words

_LABELS = ("page", "of", "contents", "skip", "evidence")


def compose(figures: Figures, policy: Policy, language: Language) -> View:
    """The whole report in one language."""
    words = Words(language, policy.dutch)
    say = words.say
    notices = tuple(_notice(point, words) for point in figures.attention)
    return View(
        lang=language,
        title=say("title", period=words.period(figures.period)),
        organisation=policy.organisation.name,
        subtitle=say("subtitle" if figures.at >= figures.period.end else "subtitle.lasting", at=figures.at),
        basis=say("basis", statement=words.day(policy.organisation.statement_date)),
        note=policy.organisation.note,
        front=front(figures, words),
        sections=(
            *([promises(figures, words)] if figures.promises else []),
            *([Section("attention", say("attention"), notices=notices)] if notices else []),
            kpis(figures, words),
            requests(figures, words),
            incidents(figures, words),
            retention(figures, words),
            holds(figures, words),
            disclosures(figures, words),
            access(figures, words),
            inventory(figures, words),
            registers(figures, words),
            marketing(figures, words),
            releases(figures, words),
            evidence(figures, words),
            method(figures, policy, words),
            *([all_promises(figures, words)] if figures.promises else []),
        ),
        labels={label: say(f"label.{label}") for label in _LABELS},
    )


def _notice(point: Attention, words: Words) -> Notice:
    sentence = point.nl if words.language == "nl" else point.en
    return Notice(point.severity.value, words.say(f"severity.{point.severity}"), sentence, source(point, words))

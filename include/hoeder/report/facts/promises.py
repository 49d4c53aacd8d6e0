"""The promises of the statement, and how they stand."""

from dataclasses import dataclass

from hoeder.promises import Status


@dataclass(frozen=True)
class PromiseEvidence:
    kind: str
    reference: str
    figure: str


@dataclass(frozen=True)
class Promise:
    """One promise of the statement, and how it stands."""

    promise: str
    """`REQ-001`"""
    chapter_nl: str
    chapter_en: str
    nl: str
    en: str
    status: Status
    why_nl: str
    why_en: str
    evidence: tuple[PromiseEvidence, ...]

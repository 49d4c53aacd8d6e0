"""What was promised, and which questions to the evidence prove it.

Models of the files in `include/policy/promises`, one for each chapter of the statement. A promise has no status here:
it names controls, and what these answer is its status. `hoeder.promises` asks them.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import StringConstraints, model_validator

from hoeder.policy.base import Name, Role, Strict, Text
from hoeder.policy.control import SOME, AnyControl


class Said(Strict):
    """The same in two languages."""

    nl: Text
    en: Text

    def in_(self, language: str) -> str:
        """The Dutch words, or the English ones for `en`."""
        return self.en if language == "en" else self.nl


class Law(Strict):
    """Where today's law says something else than the statement."""

    effect: Literal["overrides", "milder", "stricter"]
    """The statement cannot be kept as it stands; or the law asks less than it; or more."""
    basis: Text
    """The article or ruling."""
    since: date
    until: date | None = None
    source: Text
    certainty: Literal["H", "M", "L"]
    says: Said
    """What holds in its place."""

    def overtakes(self, statement_date: date, day: date) -> bool:
        """Whether on a day this law has overtaken a statement of that date.

        A statement that was renewed after the law changed says what it says knowing the law: it is judged as it stands.
        """
        in_force = self.since <= day and (self.until is None or day <= self.until)
        return self.effect == "overrides" and in_force and statement_date < self.since


PromiseKind = Literal[
    "promise", "purpose", "limit", "definition", "data-subject-group", "data-category", "recipient", "right",
    "procedure", "role", "supervisor", "reporting-duty", "legal-obligation", "scope", "minimisation",
]  # fmt: skip


class Promise(Strict):
    """One line of the statement in Hoeder's words."""

    id: Annotated[str, StringConstraints(pattern=r"^REQ-\d{3}$")]
    nl: Text
    en: Text
    kind: PromiseKind
    roles: Annotated[tuple[Role, ...], SOME]
    weight: Literal["hard", "normal", "soft"] = "normal"
    """Hard: one exception breaks it. Soft: a matter of degree."""
    owner: Name
    """An officer's key in organisation.yaml: who has to act when it is broken."""
    proven_by: Annotated[tuple[AnyControl, ...], SOME]
    """All must be answered well. The worst answer is the promise's: broken, unknown, attested, kept."""
    law: Law | None = None
    chapter: str = ""
    """Filled in from the file."""

    @model_validator(mode="after")
    def _each_once(self) -> "Promise":
        asked = [repr(control) for control in self.proven_by]
        if len(set(asked)) < len(asked):
            raise ValueError(f"promise {self.id} has the same control twice; once is enough")
        return self

    def says(self, language: str) -> str:
        """The promise in Dutch, or in English for `en`."""
        return self.en if language == "en" else self.nl


class Chapter(Strict):
    """One file: the promises of one chapter of the statement."""

    chapter: Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]
    title: Said
    promises: Annotated[tuple[Promise, ...], SOME]

    @model_validator(mode="after")
    def _chapter_of_each(self) -> "Chapter":
        own = tuple(promise.model_copy(update={"chapter": self.chapter}) for promise in self.promises)
        object.__setattr__(self, "promises", own)
        return self

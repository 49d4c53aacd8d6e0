"""What a person must state, because no system can tell: `attestations.yaml`."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from hoeder.policy.base import Name, Slug, Strict, Text


class AttestationKind(Strict):
    """One kind of attestation: who may give it, how long it holds, what it has to cover."""

    kind: Slug
    nl: Text
    en: Text
    because: Text
    attested_by: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Officers of organisation.yaml."""
    months: Annotated[int, Field(ge=1, le=60)]
    """How long it holds at most. Without a day of its own that is how long it holds."""
    own_day: bool = False
    """Whether the document itself says until when, so that the person must give that day."""
    covers: Literal["stores", "processings", "recipients"] | None = None
    """What its scope is said in: every store of a register, every processing that needs a DPIA, or every recipient
    outside the EEA. Where there is none of these, none is asked.
    """
    warn_days: Annotated[int, Field(ge=1, le=365)] = 90
    """From how many days before its end it is a finding."""

    @model_validator(mode="after")
    def _warns_within_its_life(self) -> "AttestationKind":
        if self.warn_days >= self.months * 28:
            raise ValueError(f"warn_days {self.warn_days} is as long as the {self.months} months that it holds")
        return self

    def name(self, language: str) -> str:
        return self.nl if language == "nl" else self.en

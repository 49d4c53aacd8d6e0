"""What a message asks, as a proposal: a person confirms it before anything happens.

Words that people use for each right, in Dutch and English. A message may ask several rights at once; one that shows
none is proposed as no request, and a person reads it all the same.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

from hoeder.persons.marks import OptOut
from hoeder.rights.case import Right


class Cue(StrEnum):
    """How strongly a message says it."""

    NAMED = "named"  # the law's own word, or its article
    SAID = "said"  # in everyday words


@dataclass(frozen=True)
class Proposal:
    """Rights that seem to be asked, whether marketing must stop at once, whose customer it may be, and the language."""

    rights: Mapping[Right, Cue]
    opt_out: bool
    """Stop advertising: effective at once, before anybody has looked (GDPR 21(3))."""
    clients: tuple[str, ...]
    language: str
    no_sharing: bool = False
    """Do not pass on to related companies: effective at once as well."""

    @property
    def scopes(self) -> tuple[OptOut, ...]:
        """The opt-outs that are effective before anybody looked."""
        said = ((OptOut.MARKETING, self.opt_out), (OptOut.SHARING, self.no_sharing))
        return tuple(scope for scope, wanted in said if wanted)


_CUES = Path(__file__).with_name("cues.yaml")


@cache
def _cues() -> Mapping[Right, tuple[re.Pattern[str], re.Pattern[str]]]:
    """Per right what names it, and what says it in everyday words."""
    cues = yaml.safe_load(_CUES.read_text(encoding="utf-8"))

    def compiled(patterns: Sequence[str]) -> re.Pattern[str]:
        one = "|".join(patterns)
        for name, words in cues["words"].items():
            one = one.replace(f"<{name}>", words)
        return re.compile(one, re.IGNORECASE)

    return {Right(right): (compiled(each["named"]), compiled(each["said"])) for right, each in cues["rights"].items()}


_MARKETING = re.compile(
    r"\b(?:reclame|marketing|nieuwsbrie\w*|aanbieding\w*|newsletter\w*|advert\w*|niet meer (?:ge)?bel\w*|mailing\w*|"
    r"unsubscribe|stop calling|stop met bellen|uitschrijv\w*|afmeld\w*)\b",
    re.IGNORECASE,
)
_SHARING = re.compile(
    r"\b(?:niet|geen|stop|not|no longer)\b.{0,80}\b(?:delen|gedeeld|doorgeven|doorgegeven|verstrek\w*|verkopen|"
    r"verkocht|share\w*|sharing|pass(?:ed)? on|sell|sold)\b",
    re.IGNORECASE,
)
_ENGLISH = re.compile(r"\b(?:the|my|please|you|and|would|data|have|dear|regards|your|about|this|with)\b", re.IGNORECASE)
_DUTCH = re.compile(
    r"\b(?:de|het|een|mijn|ik|graag|jullie|van|niet|met|beste|geachte|groet\w*|uw|wil|voor)\b", re.IGNORECASE
)
_LONGEST = 20_000


def propose(subject: str, text: str, clients: Sequence[str] = ()) -> Proposal:
    """What a message seems to ask. `clients` are names of companies whose customers may write to us by mistake."""
    said = f"{subject}\n{text}"[:_LONGEST]
    flat = re.sub(r"[ \t\r\f\v]+", " ", said)
    # within a sentence: a word of one and a word of the next say nothing together
    parts = [part.strip() for part in re.split(r"[.!?;]\s|\n", flat) if part.strip()]
    found: dict[Right, Cue] = {}
    for right, (named, everyday) in _cues().items():
        if any(named.search(part) for part in parts):
            found[right] = Cue.NAMED
        elif any(everyday.search(part) for part in parts):
            found[right] = Cue.SAID
    if found.get(Right.PORTABILITY) and found.get(Right.ACCESS) is Cue.SAID:
        del found[Right.ACCESS]  # who wants to take the data along asks to receive them as well
    opt_out = Right.OBJECTION in found and bool(_MARKETING.search(flat))
    named_clients = tuple(
        name for name in clients if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", flat, re.IGNORECASE)
    )
    english = len(_ENGLISH.findall(flat)) > len(_DUTCH.findall(flat))
    no_sharing = Right.OBJECTION in found and any(_SHARING.search(part) for part in parts)
    return Proposal(found, opt_out, named_clients, "en" if english else "nl", no_sharing)

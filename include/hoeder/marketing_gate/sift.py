"""One list against everything that speaks for and against each of its lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hoeder.errors import Refused
from hoeder.marketing_gate import judge
from hoeder.marketing_gate.addresses import Addresses
from hoeder.marketing_gate.facts import Facts
from hoeder.marketing_gate.hashed import Flags, LeftAlone
from hoeder.marketing_gate.judge import ALLOWED, CODES, REASONS, Codes, Reason
from hoeder.policy.marketing_gate import ADDRESS, Basis, Channel, MailingList, MarketingGate
from hoeder.pseudonym import ReferenceKey


@dataclass(frozen=True)
class Sifted:
    """Of each line its reason, by code."""

    codes: Codes

    @property
    def allowed(self) -> Flags:
        """Which lines may be used."""
        return np.isin(self.codes, [CODES[reason] for reason in ALLOWED])

    @property
    def counts(self) -> dict[Reason, int]:
        """How many lines by reason, those of none left out."""
        counted = np.bincount(self.codes, minlength=len(REASONS))
        return {reason: int(number) for reason, number in zip(REASONS, counted, strict=True) if number}


def grounds(gate: MarketingGate, channel: Channel, day: date, to: str | None, own_similar: bool) -> frozenset[Basis]:
    """On what a list may rest on a day. What goes to another company rests on consent that names it, and nothing else.

    Raises Refused where no rule is in force for the channel.
    """
    if to is not None:
        return frozenset({"consent"})
    rules = gate.rules_on(day, channel)
    if not rules:
        over = [f"{rule.rule} ended on {rule.valid_to}" for rule in gate.rules if rule.channel == channel]
        raise Refused(
            f"no rule of marketing_gate.yaml is in force for {channel} on {day}, so nobody may be approached by it"
            + (f" ({'; '.join(over)})" if over else "")
        )
    return frozenset(rule.basis for rule in rules if rule.basis != "customer" or own_similar)


def sift(
    gate: MarketingGate,
    listed: MailingList,
    channel: Channel,
    day: date,
    *,
    columns: Mapping[str, Addresses],
    facts: Facts,
    opted_out: LeftAlone,
    restricted: LeftAlone,
    key: ReferenceKey,
) -> Sifted:
    """Judge every line. `columns` are the list's identities by kind; `facts` those of the whole store.

    Somebody who said no under any identity of a line is out, and so is every other line with that line's address.
    """
    on = grounds(gate, channel, day, listed.to, listed.own_similar)
    address = columns[ADDRESS[channel]].strict
    size = len(address)
    if "no-objection" in on:
        codes: Codes = np.full(size, CODES[Reason.ALLOWED_NO_OBJECTION], np.int8)
    else:
        person = columns[gate.persons.kind].strict if gate.persons.kind in columns else pa.nulls(size, pa.string())
        asked = pa.table(
            {"address": address, "person": person, "day": pa.repeat(pa.scalar(day), size),
             "consent": pa.repeat("consent" in on, size), "customer": pa.repeat("customer" in on, size)}
        )  # fmt: skip
        codes = judge.consent(facts.of_channel(gate, channel, listed.to), asked)
    said_no, kept_apart, malformed = (np.zeros(size, bool) for _ in range(3))
    for each in columns.values():
        said_no |= opted_out.among(key, each)
        kept_apart |= restricted.among(key, each)
        malformed |= _flags(each.malformed)
    places, number = _places(address)
    first = np.full(number, size, np.int64)
    first[places[::-1]] = np.arange(size)[::-1]
    codes[first[places] < np.arange(size)] = CODES[Reason.DUPLICATE]
    codes[_spread(kept_apart, places, number)] = CODES[Reason.RESTRICTED]
    codes[_spread(said_no, places, number)] = CODES[Reason.OPTED_OUT]
    codes[malformed] = CODES[Reason.MALFORMED]
    codes[~_flags(columns[ADDRESS[channel]].given)] = CODES[Reason.NO_ADDRESS]
    return Sifted(codes)


def _places(address: pa.Array) -> tuple[npt.NDArray[np.int64], int]:
    """A number for each different address, and how many; lines without one are each on their own."""
    encoded = address.dictionary_encode()
    known = len(encoded.dictionary)
    places = np.arange(len(address), dtype=np.int64) + known
    there = ~_flags(pc.is_null(address))
    places[there] = encoded.indices.drop_null().to_numpy(zero_copy_only=False)
    return places, known + len(address)


def _spread(flags: Flags, places: npt.NDArray[np.int64], number: int) -> Flags:
    """What holds for one line with an address holds for all of them."""
    meant = np.zeros(number, bool)
    meant[places[flags]] = True
    return meant[places]


def _flags(values: pa.Array) -> Flags:
    flags: Flags = values.to_numpy(zero_copy_only=False).astype(bool)
    return flags

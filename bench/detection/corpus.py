"""Many texts to time detectors on, made of the marked ones: every one with other values, none like another."""

import re
from collections.abc import Sequence
from random import Random

from score import Text, rewrite
from stdnum import iban
from stdnum.nl import bsn


def distinct(texts: Sequence[Text], copies: int, seed: int) -> list[str]:
    """So many copies of the texts, every one with other values, none like another."""
    random = Random(seed)  # noqa: S311  # values of made-up persons
    names = sorted({text.text[s.start : s.end] for text in texts for s in text.spans if s.entity == "PERSON"})
    words = sorted({w for text in texts if not text.spans for w in re.findall(r"\b[a-zà-ÿ]{4,}\b", text.text)})
    result: dict[str, None] = {}
    for _ in range(copies):
        for text in texts:
            made = rewrite(text, str, lambda span, value: other(span.entity, value, names, random)).text
            while made in result or made == text.text:
                made = f"{made.rstrip('.')}, {' '.join(random.sample(words, 3))}."
            result[made] = None
    return list(result)


def other(entity: str, value: str, names: Sequence[str], random: Random) -> str:
    """Another value of the same shape, valid where the first one was."""
    if entity == "PERSON":
        return random.choice(names)
    if entity in ("IBAN", "BSN"):
        return numbered(entity, value, random)
    if entity in ("DOB", "EMAIL", "HEALTH", "CITY"):
        return value
    kept = 2 if entity == "PHONE" else 1  # 06, and a postcode or house number that begins with no zero
    seen = 0
    made = []
    for char in value:
        seen += char.isdigit()
        made.append(random.choice("123456789") if char.isdigit() and seen > kept else char)
    return "".join(made)


def numbered(entity: str, value: str, random: Random) -> str:
    """A Dutch IBAN or a BSN with a right check digit, written with the separators of the one given."""
    body = "".join(char for char in value if char.isalnum())
    if entity == "IBAN":
        if len(body) != 18 or not iban.is_valid(body):
            return value
        account = f"{body[4:8].upper()}{random.randrange(10**9):010d}"
        body = f"NL{iban.calc_check_digits('NL00' + account)}{account}"
    elif not bsn.is_valid(body):
        return value
    else:
        body = next(one for one in iter(lambda: str(random.randrange(10**8, 10**9)), "") if bsn.is_valid(one))
    left = iter(body)
    return "".join((next(left).lower() if char.islower() else next(left)) if char.isalnum() else char for char in value)

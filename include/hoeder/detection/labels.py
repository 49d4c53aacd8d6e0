"""Whether the name of a folder or key is one that somebody gave to a kind of data, or may be a person's own."""

import re
from functools import lru_cache

from hoeder.detection.names import tokens
from hoeder.detection.words import FIRST_NAMES, SURNAMES

_PLAIN = re.compile(r"[a-z_][A-Za-z0-9_-]{0,30}")
_NUMBERED = re.compile(r"\d{5}")


@lru_cache(4096)
def may_be_shown(name: str) -> bool:
    """Whether a name can be written down: an ordinary identifier in which no name or number of a person is seen.

    Some kinds of data lose theirs (`post`, `max`); of a rare name written like an identifier nothing is seen.
    """
    return (
        _PLAIN.fullmatch(name) is not None
        and _NUMBERED.search(name) is None
        and not any(map(_names_somebody, tokens(name)))
    )


def _names_somebody(token: str) -> bool:
    """`jan`, `jansen`, `janjansen` and `jjansen`."""
    return token in FIRST_NAMES or any(
        token[at:] in SURNAMES and (at == 0 or token[:at] in FIRST_NAMES or (at == 1 and len(token) > 5))
        for at in range(len(token))
    )

"""Numbers that pass the checks of the real thing and belong to nobody.

BSN: nine digits that begin with 9999, the range that RvIG keeps for test persons, and that pass the elfproef.
IBAN: ISO 13616 check digits over a bank code that no bank has (HOED).
Phone: 06-00…; mobile numbers are issued from 06-1 upwards (Nummerplan telefoon- en ISDN-diensten).
IP: 198.18.0.0/15 (RFC 2544, benchmarks), 203.0.113.0/24 and 2001:db8::/32 (RFC 5737 and 3849, documentation).
"""

from functools import cache

BANK = "HOED"
_BANK_DIGITS = "".join(str(ord(letter) - ord("A") + 10) for letter in BANK)
_CANARIES = 40  # numbers kept apart, so that a canary's number is nobody else's


def iban(account: int) -> str:
    """An IBAN over an account number below 9·10⁹; from there on the numbers are the canaries'."""
    check = 98 - int(f"{_BANK_DIGITS}{account:010d}232100") % 97  # N=23, L=21, 00
    return f"NL{check:02d}{BANK}{account:010d}"


def passes_elfproef(number: str) -> bool:
    """9·d₁ + 8·d₂ + … + 2·d₈ − d₉ is a multiple of eleven."""
    return (
        sum(weight * int(digit) for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), number, strict=True)) % 11 == 0
    )


@cache
def _all_bsns() -> tuple[str, ...]:
    return tuple(number for number in map(str, range(999_900_000, 1_000_000_000)) if passes_elfproef(number))


def bsn(index: int) -> str:
    """The BSN of the employee with this index; different for about 9,000 in a row."""
    ordinary = len(_all_bsns()) - _CANARIES
    return _all_bsns()[index * 4099 % ordinary]


def canary_bsn(index: int) -> str:
    return _all_bsns()[-1 - index]


def canary_iban(index: int) -> str:
    return iban(9_300_000_417 + 1_000_003 * index)


def canary_phone(index: int) -> str:
    """06-000…; everyone else has 06-001… to 06-009…."""
    return f"06000{71_931 + 211 * index:05d}"


def canary_ip(index: int) -> str:
    return f"203.0.113.{201 + index}"


def ip(number: int) -> str:
    """One in eight has IPv6, as a rough picture of Dutch households that still show IPv4 to most sites."""
    if number % 8 == 0:
        return f"2001:db8:{number >> 4 & 0xFFFF:x}:{number >> 20 & 0xFFF:x}::{number >> 32 & 0xFF:x}"
    return f"198.{18 + (number >> 3 & 1)}.{number >> 4 & 0xFF}.{number >> 12 & 0xFF}"

"""Addresses in one form: what can be written to or called, what cannot, and how the same address is known again.

Only what can be read in one way counts as an address. A column of a million takes about a second; nothing is looked at
one by one.
"""

import re
import unicodedata
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from hoeder.persons import normal

_MAIL = (
    r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])$"
)
_MAIL_LENGTH = 254  # RFC 5321, 4.5.3.1.3
_MAIL_IN_TEXT = re.compile(_MAIL.strip("^$").replace("(", "(?:"), re.ASCII)
_PHONE = r"^(\+|00)?[0-9() ./-]{6,30}$"
_POSTCODE = r"^[1-9][0-9]{3} ?[A-Za-z]{2}$"
_HOUSE = r"^[0-9]{1,5}[ -]?[A-Za-z0-9-]{0,8}$"
_KEY = r"^[A-Za-z0-9_-]{1,64}$"
_PLAIN = r"^[\x20-\x7e]*$"


@dataclass(frozen=True)
class Addresses:
    """One column. `strict` is the one form, null for nothing and for no address; `given`: something stands there.

    `known_as` are further forms in which somebody who objected may be known: whoever is known by any of them is meant.
    """

    kind: str
    given: pa.Array
    strict: pa.Array
    known_as: tuple[pa.Array, ...]

    @property
    def malformed(self) -> pa.Array:
        """Where something stands that is no address."""
        return pc.and_(self.given, pc.is_null(self.strict))


def read(kind: str, columns: list[pa.Array]) -> Addresses:
    """Columns of a kind of identity, as text or bytes, in one form. Bytes that are no text are malformed."""
    given, texts = zip(*(_text(column) for column in columns), strict=True)
    match kind:
        case "email":
            return _email(given[0], texts[0])
        case "phone":
            return _phone(given[0], texts[0])
        case "post":
            return _post(pc.or_(given[0], given[1]), texts[0], texts[1])
        case _:
            strict = pc.ascii_lower(_only(texts[0], pc.match_substring_regex(texts[0], _KEY)))
            return Addresses(kind, given[0], strict, (strict,))


def of(kind: str, value: str) -> set[str]:
    """Every form of a single address under which it must be known again: as it is compared, and the one form.

    Whoever objected may have written it in any way: `Jan <mailto:jan@example.nl>` with an invisible sign is read too.
    """
    written = {value, _visible(value)}
    if kind == "email":
        written |= set(_MAIL_IN_TEXT.findall(_visible(value)))
    forms = {normal.form(kind).of(each) for each in written}
    if kind in ("email", "phone"):
        for each in written:
            read_as = read(kind, [pa.array([each])])
            forms |= {form for column in (read_as.strict, *read_as.known_as) if (form := column[0].as_py())}
    return {form for form in forms if form}


def _visible(value: str) -> str:
    """Wide and narrow signs as plain ones, without those that nobody sees."""
    plain = unicodedata.normalize("NFKC", value)
    return "".join(" " if each.isspace() else each for each in plain if unicodedata.category(each) != "Cf").strip()


def _text(column: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Whether anything stands there, and what: null for what has a character that no address has."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if not (pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type)):
        column = column.cast(pa.string()).cast(pa.binary())
    elif pa.types.is_large_binary(column.type):
        column = column.cast(pa.binary())
    given = pc.fill_null(pc.match_substring_regex(column, r"[^\x20\t\r\n]"), False)
    plain = _only(column, pc.match_substring_regex(column, _PLAIN)).cast(pa.string())
    return given, pc.ascii_trim_whitespace(plain)


def _only(column: pa.Array, where: pa.Array) -> pa.Array:
    """The values where a condition holds; null elsewhere."""
    return pc.if_else(pc.fill_null(where, False), column, pa.scalar(None, column.type))


def _email(given: pa.Array, text: pa.Array) -> Addresses:
    fits = pc.and_(pc.match_substring_regex(text, _MAIL), pc.less_equal(pc.binary_length(text), _MAIL_LENGTH))
    strict = pc.ascii_lower(_only(text, fits))
    return Addresses("email", given, strict, (strict,))


def _phone(given: pa.Array, text: pa.Array) -> Addresses:
    """The number with its country, such as 31612345678. A Dutch one may be written with 0, 0031, +31 or +31 (0)."""
    plain = _only(text, pc.match_substring_regex(text, _PHONE))
    digits = pc.replace_substring_regex(plain, r"[^0-9]", "")
    dialled = digits
    if pc.any(pc.match_substring(plain, "(0)")).as_py():
        dialled = pc.replace_substring_regex(pc.replace_substring(plain, "(0)", ""), r"[^0-9]", "")
    abroad = pc.or_(pc.starts_with(plain, "+"), pc.starts_with(digits, "00"))
    country = pc.replace_substring_regex(dialled, r"^00", "")
    country = pc.replace_substring_regex(country, r"^310", "31")
    home = pc.replace_substring_regex(digits, r"^0", "31")
    number = pc.if_else(abroad, country, home)
    dutch = pc.match_substring_regex(number, r"^31[1-9][0-9]{8}$")
    foreign = pc.and_(abroad, pc.match_substring_regex(number, r"^([124-9][0-9]|3[02-9])[0-9]{6,13}$"))
    begins = pc.or_(abroad, pc.starts_with(digits, "0"))
    strict = _only(number, pc.or_(pc.and_(dutch, begins), foreign))
    forms = (digits,) if dialled is digits else (digits, dialled)
    return Addresses("phone", given, strict, (strict, *(pc.utf8_slice_codeunits(each, -9) for each in forms)))


def _post(given: pa.Array, postcode: pa.Array, house: pa.Array) -> Addresses:
    """Postcode and house number: whoever lives there. An objection of one holds for the household."""
    fits = pc.and_(pc.match_substring_regex(postcode, _POSTCODE), pc.match_substring_regex(house, _HOUSE))
    joined = pc.binary_join_element_wise(
        pc.replace_substring(postcode, " ", ""), pc.replace_substring_regex(house, r"[ -]", ""), " "
    )
    strict = pc.ascii_lower(_only(joined, fits))
    return Addresses("post", given, strict, (strict,))

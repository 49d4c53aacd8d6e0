"""An archive that one secret opens."""

import io
import re
from datetime import date

import pytest
import pyzipper
from hypothesis import given, settings
from hypothesis import strategies as st

from hoeder import sealed

DAY = date(2026, 11, 22)
NAMES = st.text("abcdefghij-", min_size=1, max_size=12)


def opened(content: bytes, secret: str | None) -> dict[str, bytes]:
    with pyzipper.AESZipFile(io.BytesIO(content)) as archive:
        archive.setpassword(secret.encode() if secret else None)
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_secret_has_no_signs_that_are_taken_for_each_other() -> None:
    secrets = {sealed.one_time_secret() for _ in range(200)}
    assert len(secrets) == 200
    assert all(re.fullmatch(r"[a-km-np-z2-9]{4}(-[a-km-np-z2-9]{4}){4}", secret) for secret in secrets)


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(NAMES, st.binary(max_size=2000), min_size=1, max_size=4))
def test_what_was_sealed_comes_out_with_the_secret_and_with_no_other(files: dict[str, bytes]) -> None:
    secret = sealed.one_time_secret()
    content = sealed.seal(files, secret, DAY)
    assert opened(content, secret) == files
    for wrong in (None, sealed.one_time_secret()):
        with pytest.raises(RuntimeError):
            opened(content, wrong)


def test_what_is_inside_cannot_be_guessed_from_outside() -> None:
    content = sealed.seal({"data.json": b"0612345678"}, "secret", DAY)
    with pyzipper.AESZipFile(io.BytesIO(content)) as archive:
        (info,) = archive.infolist()
    assert info.CRC == 0 and b"0612345678" not in content
    assert sealed.seal({"data.json": b"0612345678"}, "secret", DAY) != content, "salted"


def test_a_changed_archive_is_not_read_as_if_nothing_happened() -> None:
    content = bytearray(sealed.seal({"data.json": b"x" * 500}, "secret", DAY))
    content[60] ^= 1
    with pytest.raises((RuntimeError, pyzipper.BadZipFile)):
        opened(bytes(content), "secret")

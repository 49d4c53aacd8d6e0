"""An archive that one secret opens: ZIP with AES-256 (WinZip's AE-2), which 7-Zip, Keka and The Unarchiver read.

Names and sizes of the files can be seen without the secret, so a name says nothing of a person.
"""

import io
import secrets
from collections.abc import Mapping
from datetime import date

_SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"
"""32 of them, none taken for another: no l, o, 0 or 1."""
_GROUPS, _LENGTH = 5, 4


def one_time_secret() -> str:
    """100 bits from the system's source of randomness, in groups that can be read out over the telephone."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(_LENGTH)) for _ in range(_GROUPS))


def seal(files: Mapping[str, bytes], secret: str, on: date) -> bytes:
    """The files, by name, in one archive that only the secret opens. `on` is the day that the files bear."""
    import pyzipper

    made = io.BytesIO()
    with pyzipper.AESZipFile(made, "w", compression=pyzipper.ZIP_DEFLATED) as archive:
        archive.setpassword(secret.encode())
        # Version 2 leaves out the checksum of what is inside, by which short files could be guessed.
        archive.setencryption(pyzipper.WZ_AES, nbits=256, force_wz_aes_version=2)
        for name, content in sorted(files.items()):
            archive.writestr(
                pyzipper.zipfile_aes.AESZipInfo(name, (on.year, on.month, on.day, 0, 0, 0)),
                content,
                pyzipper.ZIP_DEFLATED,
            )
    return made.getvalue()

"""Other tools on the same columns, each in an environment of its own made from the package registries."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from column_tools import Columns

TOOLS = Path(__file__).with_name("column_tools.py")

# What a tool's word means here: any of these is what it can have meant, so that a coarse word is not held against it.
PLACE = (
    "user.contact.address",
    "user.contact.address.street",
    "user.contact.address.city",
    "user.contact.address.postal_code",
    "user.location",
)
MEANS: Mapping[str, tuple[str, ...]] = {
    "PERSON": ("user.name",),
    "EMAIL_ADDRESS": ("user.contact.email",),
    "PHONE_NUMBER": ("user.contact.phone_number",),
    "LOCATION": PLACE,
    "ADDRESS": PLACE,
    "POSTCODE": ("user.contact.address.postal_code",),
    "IBAN_CODE": ("user.financial.bank_account",),
    "BAN": ("user.financial.bank_account",),
    "CREDIT_CARD": ("user.financial.credit_card",),
    "BSN": ("user.government_id.national_identification_number",),
    "SSN": ("user.government_id.national_identification_number",),
    "DRIVERS_LICENSE": ("user.government_id.drivers_license_number",),
    "IP_ADDRESS": ("user.device.ip_address",),
    "IPV4": ("user.device.ip_address",),
    "IPV6": ("user.device.ip_address",),
    "MAC_ADDRESS": ("user.device.device_id",),
    "BIRTH_DATE": ("user.demographic.date_of_birth",),
    "GENDER": ("user.demographic.gender",),
    "NATIONALITY": ("user.demographic.race_ethnicity",),
    "USERNAME": ("user.account.username",),
    "NRP": (
        "user.demographic.race_ethnicity",
        "user.demographic.religious_belief",
        "user.demographic.political_opinion",
    ),
    "MEDICAL_LICENSE": ("user.government_id",),
    "CRYPTO": ("user.financial",),
}
# Not kept as findings: dates, links and plain numbers are no claim that a column is personal.


@dataclass(frozen=True)
class Peer:
    """A tool, what to install for it, and whether it takes minutes to install or run."""

    name: str
    packages: tuple[str, ...]
    slow: bool = False


PEERS = (
    Peer("piicatcher's rule", ("commonregex-improved",)),
    Peer("presidio-structured", ("presidio-structured", "spacy", "pandas")),
    Peer("DataProfiler", ("DataProfiler[ml]",), slow=True),
)


@dataclass(frozen=True)
class Ran:
    """What a peer said of each column, its start and working time in seconds, cells it read; or why it did not run."""

    labels: Mapping[str, str | None]
    start: float
    seconds: float
    cells: int
    failed: str | None = None


def run(peer: Peer, columns: Columns, folder: Path, seconds: float = 900) -> Ran:
    """Run one tool on these columns, making its environment first if it is not there."""
    try:
        python = environment(peer, folder)
        began = perf_counter()
        done = subprocess.run(
            [python, TOOLS, peer.name],
            input=json.dumps(columns),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=True,
            env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1"},
        )
        whole = perf_counter() - began
    except subprocess.CalledProcessError as error:
        return Ran({}, 0, 0, 0, f"ended with {error.returncode}: {(error.stderr or '').strip().splitlines()[-1:]}")
    except subprocess.TimeoutExpired:
        return Ran({}, 0, 0, 0, f"not ready after {seconds:.0f} s")
    answer = json.loads(done.stdout.strip().splitlines()[-1])
    return Ran(answer["labels"], whole - answer["seconds"], answer["seconds"], answer["cells"])


def environment(peer: Peer, folder: Path) -> Path:
    """The Python of the tool's own environment, with uv where it is there, else with venv and pip."""
    home = folder / re.sub(r"\W+", "-", peer.name.lower()).strip("-")
    python, ready = home / "bin" / "python", home / "installed"
    if ready.exists() and ready.read_text() == " ".join(peer.packages):
        return python
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n")
    if uv := shutil.which("uv"):
        _quietly([uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, home])
        _quietly([uv, "pip", "install", "--quiet", "--python", python, *peer.packages])
    else:
        _quietly([sys.executable, "-m", "venv", home])
        _quietly([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *peer.packages])
    ready.write_text(" ".join(peer.packages))
    return python


def _quietly(command: Sequence[str | Path]) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)

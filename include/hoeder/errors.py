"""Every error Hoeder raises on purpose.

    HoederError
    ├── PolicyError        policy files: all problems at once, each as file:line
    ├── StoreError         a database or bucket: unreachable, refused, or not what policy says
    ├── Refused            a guard said no: no approval, another digest, a hold
    ├── GateFailed         a release did not pass its checks; nothing was published
    │   ├── TooFew         … because too few persons are in it yet
    │   └── Leaks          … because attacks on it told more of persons than policy allows
    ├── EvidenceError      the ledger cannot be written or does not add up
    ├── ReportError        a report cannot be made; nothing was stored or signed
    └── StackError         the servers on this machine: port taken, stale files, did not start

Messages name the place (file and line, store and object) and what to do. None carries a person's data.
"""


class HoederError(Exception):
    """Something a reader can act on; the message says what, where and how."""


class PolicyError(HoederError):
    """The policy files do not say something Hoeder can carry out."""


class StoreError(HoederError):
    """A store cannot be used as policy describes it."""


class Refused(HoederError):
    """A guard refused a destructive act."""


class GateFailed(HoederError):
    """A release failed its checks and was not published."""


class TooFew(GateFailed):
    """A release of which nothing reaches its threshold yet: nothing to publish, and nothing to mend."""


class Leaks(GateFailed):
    """A release whose file is sound, but of whose persons attacks tell too much; `columns` are what they tell."""

    def __init__(self, message: str, columns: frozenset[str]) -> None:
        super().__init__(message)
        self.columns = columns


class EvidenceError(HoederError):
    """The ledger cannot be written, read or believed."""


class ReportError(HoederError):
    """A report cannot be made from what there is."""


class StackError(HoederError):
    """The servers on this machine cannot be started, reached or stopped."""

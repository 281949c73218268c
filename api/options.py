"""What the API is told from outside."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from api.access.oidc import Oidc
from api.uploads.limits import Limits


@dataclass(frozen=True)
class ApiOptions:
    """How the API answers.

    Attributes:
        admin_key: the first key, which opens everything and makes others; none leaves those of the store.
        simulated: whether the store was born simulated; every answer says so.
        writer: the id of this process in the store's ledger; no other writer has it.
        audit_path: the file of JSON lines that every POST is appended to.
        first_day: the first day of the figures.
        fresh_s: for so long an answer may not know of newer figures.
        telemetry_days: status older than this is refused.
        uploads: how large they may be, and how long they wait to be confirmed.
        oidc: the identity provider whose tokens are taken; none takes none.
        wrong_keys_a_minute: so many wrong keys of one address are looked at in a minute.
    """

    admin_key: str | None
    simulated: bool
    writer: str = "api-1"
    audit_path: Path | None = None
    first_day: date = date(2023, 12, 31)
    fresh_s: float = 0.2
    telemetry_days: int = 90
    uploads: Limits = field(default_factory=Limits)
    oidc: Oidc | None = None
    wrong_keys_a_minute: int = 30


@dataclass(frozen=True)
class Readiness:
    """Whether the system takes work, and why not."""

    ready: bool
    reasons: tuple[str, ...] = ()

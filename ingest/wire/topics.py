"""The grammar of topics.

    topic   = "robodensity/v1/" factory "/" ( kind | "check/" kind | "verdict" | "statement" )
    factory = [A-Za-z0-9_-]{1,64}
    kind    = "status" | "lifecycle" | "workforce" | "inventory" | "assessment"

Valid:
    robodensity/v1/F00042/status              a report
    robodensity/v1/F00042/check/lifecycle     judged and answered, never stored
    robodensity/v1/F00042/verdict             the platform's own answers
    robodensity/v1/F00042/statement           the platform's own daily statement

Invalid:
    robodensity/v1/F 42/status                a space in the factory
    robodensity/v1/F1/robots                  no such kind
    robodensity/v2/F1/status                  no such version
    robodensity/v1/F1/check                   nothing to check
    robodensity/v1/F1/status/                 a level too many
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final, Literal, cast, get_args

Kind = Literal["status", "lifecycle", "workforce", "inventory", "assessment"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

FACTORY: Final = r"[A-Za-z0-9_-]{1,64}"
_PREFIX: Final = "robodensity/v1"
_TOPIC: Final = re.compile(rf"{_PREFIX}/(?P<factory>{FACTORY})/(?P<check>check/)?(?P<rest>[a-z]+)")
_FACTORY_OF: Final = re.compile(rf"{_PREFIX}/({FACTORY})/")
_OWN: Final = frozenset({"verdict", "statement"})

EVERYTHING: Final = "robodensity/#"


class Role(Enum):
    """What a topic is for."""

    REPORT = "report"
    CHECK = "check"
    OWN = "own"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Topic:
    """A parsed topic.

    Attributes:
        role: report, check, the platform's own, or unknown to the grammar.
        factory: empty where an unknown topic names none.
        kind: None but for reports and checks.
    """

    role: Role
    factory: str = ""
    kind: Kind | None = None


@lru_cache(maxsize=65_536)
def parse_topic(topic: str) -> Topic:
    """Read a topic; one that the grammar does not know has the role UNKNOWN."""
    match = _TOPIC.fullmatch(topic)
    if match is None:
        return _unknown(topic)
    factory, check, rest = match["factory"], match["check"], match["rest"]
    if rest in KINDS:
        return Topic(Role.CHECK if check else Role.REPORT, factory, cast("Kind", rest))
    return Topic(Role.OWN, factory) if rest in _OWN and not check else _unknown(topic)


def _unknown(topic: str) -> Topic:
    match = _FACTORY_OF.match(topic)
    return Topic(Role.UNKNOWN, match[1] if match else "")


def report_topic(factory: str, kind: Kind) -> str:
    """Where a factory publishes reports of a kind."""
    return f"{_PREFIX}/{factory}/{kind}"


def check_topic(factory: str, kind: Kind) -> str:
    """Where a factory has a report judged without storing it."""
    return f"{_PREFIX}/{factory}/check/{kind}"


def verdict_topic(factory: str) -> str:
    """Where the platform answers a factory."""
    return f"{_PREFIX}/{factory}/verdict"


def statement_topic(factory: str) -> str:
    """Where the platform states daily what it holds of a factory."""
    return f"{_PREFIX}/{factory}/statement"


def subscription(*, shared: bool) -> str:
    """The filter that ingest subscribes to; shared among workers or alone."""
    return f"$share/ingest/{EVERYTHING}" if shared else EVERYTHING

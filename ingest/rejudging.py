"""What is in refused, judged again as of its arrival under another register."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from ingest.arrival import Arrival
from ingest.refused import Row, refusal_rows
from ingest.wire.admission import Known, judge
from ingest.wire.json_v1 import Decoded
from ingest.wire.receipt import Receipt
from ingest.wire.topics import Role, Topic, parse_topic

UNKNOWN_SENDER: Final = ("unknown_factory", "identity_mismatch")

_log = structlog.get_logger("ingest.replay")


@dataclass(frozen=True)
class KnownSites:
    """What the register said of some factories at one moment.

    Attributes:
        of: how many sites share the credit code of each.
        owners: by Sparkplug edge node, the one factory that it is registered for.
    """

    of: Mapping[str, int]
    owners: Mapping[str, str] = field(default_factory=dict)

    def __contains__(self, factory: str) -> bool:
        return factory in self.of

    def sites(self, factory: str) -> int:
        """How many registered sites have the credit code of this one; 1 where it has none."""
        return self.of.get(factory, 1)


@dataclass(frozen=True)
class Rejudged:
    """A row of `refusal`, judged again.

    Attributes:
        row: as it is stored.
        topic: of its message.
        decoded: the judgement of today's register.
    """

    row: Mapping[str, Any]
    topic: Topic
    decoded: Decoded

    @property
    def stored(self) -> int:
        """How many of its items are good now."""
        return len(self.decoded.positions)

    @property
    def refused(self) -> int:
        """How many are still refused."""
        return self.decoded.items - self.stored

    @property
    def settles(self) -> bool:
        """Whether the row is done with: something of it is good now, or another reason stands than an unknown sender.

        Any other row stays as it is, with its reason.
        """
        reasons = {refusal.code for refusal in self.decoded.refusals}
        reason = self.row["reason"]
        return self.stored > 0 or (reason in UNKNOWN_SENDER and reason not in reasons)

    @property
    def refusals(self) -> list[Row]:
        """What is still refused, as rows of their own with the arrival of the first."""
        row, payload = self.row, payload_of(self.row)
        arrival = Arrival(row["topic"], payload, row["arrived_us"] * 1000, dup=False, mid=0, generation=0, received_s=0)
        return list(refusal_rows(arrival, self.topic, self.decoded, self.topic.factory))


def payload_of(row: Mapping[str, Any]) -> bytes:
    """The payload as far as it was kept."""
    return base64.b64decode(row["payload"] or "")


def is_cut(row: Mapping[str, Any]) -> bool:
    """Whether too little of the payload was kept for judging it again."""
    return len(payload_of(row)) != (row["length"] or 0)


def json_again(row: Mapping[str, Any], known: Known, telemetry_days: int) -> Rejudged | None:
    """The row under a register, its times judged by its arrival; None where it cannot be judged again.

    That is so where the payload is cut, and where the topic is not of the JSON contract.
    """
    topic = parse_topic(row["topic"] or "")
    if topic.role is not Role.REPORT or is_cut(row):
        return None
    receipt = Receipt(topic.factory, row["arrived_us"], telemetry_days)
    try:
        return Rejudged(row, topic, judge(topic, payload_of(row), receipt, known))
    except Exception:  # noqa: BLE001 - an error of ours must not hold up the replay of others
        _log.exception("A row of refused could not be judged again; it stays.", topic=row["topic"])
        return None

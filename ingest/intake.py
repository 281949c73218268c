"""From messages to a batch: judged, accounted for, and answered."""

import structlog

from ingest.accounts import UNKNOWN
from ingest.arrival import Arrival
from ingest.batch import Batch
from ingest.refused import refusal_rows
from ingest.register import Register
from ingest.verdicts import verdict_payloads
from ingest.wire.admission import judge
from ingest.wire.json_v1 import Decoded
from ingest.wire.receipt import Receipt
from ingest.wire.refusals import Refusal
from ingest.wire.times import day_of_us
from ingest.wire.topics import Role, Topic, parse_topic, verdict_topic

_log = structlog.get_logger("ingest")


class Intake:
    """Takes messages into batches.

    Args:
        register: which factories are known.
        telemetry_days: status older than this is refused.
    """

    def __init__(self, register: Register, telemetry_days: int) -> None:
        self._register = register
        self._telemetry_days = telemetry_days

    def take_all(self, batch: Batch) -> Batch:
        """Judge every message of a batch, in their order."""
        for message in batch.messages:
            self.take(message, batch)
        return batch

    def take(self, message: Arrival, batch: Batch) -> None:
        """Judge a message and add what it brings; a check is only answered, the platform's own is ignored."""
        topic = parse_topic(message.topic)
        if topic.role is Role.OWN:
            batch.ignored += 1
            return
        decoded = self._judged(topic, message)
        check = topic.role is Role.CHECK
        if check:
            batch.checks += 1
        else:
            self._keep(topic, message, decoded, batch)
        if topic.factory and (check or decoded.refusals):
            payloads = verdict_payloads(topic.kind, decoded.refusals, at_ns=message.arrived_ns, check=check)
            batch.verdicts += [(verdict_topic(topic.factory), payload) for payload in payloads]

    def _judged(self, topic: Topic, message: Arrival) -> Decoded:
        receipt = Receipt(topic.factory, message.arrived_ns // 1000, self._telemetry_days)
        try:
            return judge(topic, message.payload, receipt, self._register)
        except Exception:  # noqa: BLE001 - an error of ours must not hold up everybody else's messages
            _log.exception("A message could not be judged; it is stored as refused.", topic=message.topic)
            detail = "The platform failed to judge this message and has kept it; tell the operator."
            return Decoded(topic.kind, 1, refusals=(Refusal("invalid_field", detail),))

    def _keep(self, topic: Topic, message: Arrival, decoded: Decoded, batch: Batch) -> None:
        if topic.kind and decoded.columns:
            batch.take(topic.kind, decoded.columns)
        factory = topic.factory if topic.factory in self._register else UNKNOWN
        batch.refuse(refusal_rows(message, topic, decoded, factory))
        refused = decoded.items - len(decoded.positions)
        key = (factory, topic.kind or UNKNOWN, day_of_us(message.arrived_ns // 1000))
        batch.count(key, arrived=decoded.items, refused=refused, redelivered=message.dup)

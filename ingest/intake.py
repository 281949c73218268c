"""From messages to a batch: judged, accounted for, and answered."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Final

import structlog

from ingest.accounts import UNKNOWN
from ingest.arrival import Arrival
from ingest.batch import Batch
from ingest.refused import refusal_rows
from ingest.register import Register
from ingest.sparkplug.intake import SparkplugIntake
from ingest.verdicts import verdict_payloads
from ingest.wire.admission import judge
from ingest.wire.json_v1 import Decoded
from ingest.wire.receipt import Receipt
from ingest.wire.refusals import Refusal
from ingest.wire.sparkplug.topics import is_sparkplug
from ingest.wire.status import newest_us
from ingest.wire.statuses import Statuses, decode_statuses
from ingest.wire.times import day_of_us
from ingest.wire.topics import Role, Topic, parse_topic, verdict_topic

_TOGETHER_BYTES: Final = 128 * 1024
_FEW: Final = 4

_log = structlog.get_logger("ingest")


class Intake:
    """Takes messages into batches.

    Args:
        register: which factories are known.
        telemetry_days: status older than this is refused.
        sparkplug: takes Sparkplug messages, where this worker does.
    """

    def __init__(self, register: Register, telemetry_days: int, sparkplug: SparkplugIntake | None = None) -> None:
        self._register = register
        self._sparkplug = sparkplug
        self._telemetry_days = telemetry_days

    def knows(self, topic: str) -> bool:
        """Whether the register says whose a topic is; true of topics that are nobody's."""
        if self._sparkplug is not None and is_sparkplug(topic):
            return self._sparkplug.knows(topic)
        parsed = parse_topic(topic)
        return parsed.kind is None or parsed.factory in self._register

    def take_all(self, batch: Batch) -> Batch:
        """Judge every message of a batch; of each kind in their order, plain status many at once."""
        senders = self._senders_of_status({message.topic for message in batch.messages})
        together: list[Arrival] = []
        size = 0
        for message in batch.messages:
            if message.topic not in senders:
                self.take(message, batch)
                continue
            size += len(message.payload)
            if size > _TOGETHER_BYTES:
                self._take_statuses(together, senders, batch)
                together, size = [], len(message.payload)
            together.append(message)
        self._take_statuses(together, senders, batch)
        return batch

    def _senders_of_status(self, topics: set[str]) -> dict[str, str]:
        """The registered factories that report status on these topics."""
        parsed = {topic: parse_topic(topic) for topic in topics}
        return {
            topic: each.factory
            for topic, each in parsed.items()
            if each.role is Role.REPORT and each.kind == "status" and each.factory in self._register
        }

    def _take_statuses(self, messages: Sequence[Arrival], senders: Mapping[str, str], batch: Batch) -> None:
        """Take good ones together; halve what holds a bad one, until few are left to be judged one by one."""
        if len(messages) <= _FEW:
            for message in messages:
                self.take(message, batch)
            return
        factories = [senders[message.topic] for message in messages]
        read = self._read_statuses(messages, factories)
        if read is not None:
            self._keep_statuses(messages, factories, read, batch)
            return
        half = len(messages) // 2
        self._take_statuses(messages[:half], senders, batch)
        self._take_statuses(messages[half:], senders, batch)

    def _read_statuses(self, messages: Sequence[Arrival], factories: Sequence[str]) -> Statuses | None:
        arrived_us = [message.arrived_ns // 1000 for message in messages]
        payloads = [message.payload for message in messages]
        try:
            return decode_statuses(payloads, factories, arrived_us, self._telemetry_days)
        except Exception:  # noqa: BLE001 - an error of ours is found, told and kept one by one
            return None

    def _keep_statuses(
        self, messages: Sequence[Arrival], factories: Sequence[str], read: Statuses, batch: Batch
    ) -> None:
        batch.take("status", read.columns)
        groups = [
            (factory, day_of_us(message.arrived_ns // 1000), message.dup)
            for factory, message in zip(factories, messages, strict=True)
        ]
        for factory, message, told, sampled_us in zip(factories, messages, read.messages, read.newest_us, strict=True):
            arrived_us = message.arrived_ns // 1000
            batch.deliveries.note(factory, "status", told, arrived_us)
            batch.deliveries.note_samples(factory, sampled_us, arrived_us)
        samples = _sums(groups, read.sizes)
        for group, count in Counter(groups).items():
            factory, day, dup = group
            key = (factory, "status", day)
            batch.count(key, arrived=samples[group], refused=0, redelivered=dup, messages=count)

    def take(self, message: Arrival, batch: Batch) -> None:
        """Judge a message and add what it brings; a check is only answered, the platform's own is ignored."""
        if self._sparkplug is not None and is_sparkplug(message.topic):
            self._sparkplug.take(message, batch)
            return
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
            if topic.kind == "status":
                batch.deliveries.note_samples(topic.factory, newest_us(decoded.columns), message.arrived_ns // 1000)
        factory = topic.factory if topic.factory in self._register else UNKNOWN
        batch.refuse(refusal_rows(message, topic, decoded, factory))
        refused = decoded.items - len(decoded.positions)
        key = (factory, topic.kind or UNKNOWN, day_of_us(message.arrived_ns // 1000))
        batch.count(key, arrived=decoded.items, refused=refused, redelivered=message.dup)
        if factory != UNKNOWN:
            batch.deliveries.note(factory, topic.kind or UNKNOWN, decoded.message or {}, message.arrived_ns // 1000)


def _sums(groups: Sequence[Hashable], sizes: Sequence[int]) -> Mapping[Hashable, int]:
    sums: dict[Hashable, int] = {}
    for group, size in zip(groups, sizes, strict=True):
        sums[group] = sums.get(group, 0) + size
    return sums

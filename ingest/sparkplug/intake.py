"""Sparkplug messages into batches, beside JSON: heard in order, judged by the rules of JSON, accounted and answered.

arrival ──▶ topic ──▶ payload ──▶ host ──▶ robots ──▶ judged ──▶ batch ──▶ written, then kept: aliases, seq, values
                         │        in turn   items    register      │
                         ▼          │                              ▼
                      refused    a gap, no birth, an alias      verdicts
                                 without a name: births are asked for, where that is allowed
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import structlog

from ingest.accounts import UNKNOWN
from ingest.arrival import Arrival
from ingest.batch import Batch
from ingest.register import Register
from ingest.sparkplug.keeping import digest, frames_of, restored
from ingest.sparkplug.refused import refusal_rows, whole_row
from ingest.verdicts import MOST_VERDICTS, verdict_payloads
from ingest.wire.receipt import Receipt
from ingest.wire.refusals import Refusal, WireError
from ingest.wire.sparkplug.edge_node import EdgeNode, Heard, Told
from ingest.wire.sparkplug.host import Host
from ingest.wire.sparkplug.items import Item
from ingest.wire.sparkplug.judging import Judged, judge_items, refuse_items
from ingest.wire.sparkplug.payloads import decode_payload
from ingest.wire.sparkplug.rebirth import Rebirths, rebirth_request
from ingest.wire.sparkplug.robots import Robots
from ingest.wire.sparkplug.topics import MessageType, SparkplugTopic, parse_sparkplug
from ingest.wire.status import newest_us
from ingest.wire.times import day_of_us
from ingest.wire.topics import verdict_topic
from store.base import Store

_OURS_FAILED: Final = "The platform failed to judge this message and has kept it; tell the operator."

_log = structlog.get_logger("ingest.sparkplug")


@dataclass
class SparkplugCounts:
    """What was heard since the start, in messages, and what is known now."""

    sparkplug_messages: int = 0
    sparkplug_births: int = 0
    sparkplug_deaths: int = 0
    sparkplug_deaths_ignored: int = 0
    sparkplug_missing: int = 0
    sparkplug_unnamed: int = 0
    sparkplug_nodes: int = 0
    sparkplug_nodes_waiting: int = 0
    sparkplug_rebirths_requested: int = 0
    sparkplug_rebirths_suppressed: int = 0


class SparkplugIntake:
    """Takes Sparkplug messages into batches.

    Args:
        register: whose edge nodes are known.
        telemetry_days: status older than this is refused.
        rebirths: asks edge nodes for their births; None never does.
        host: the edge nodes.

    Attributes:
        counts: since the start.
    """

    def __init__(
        self, register: Register, telemetry_days: int, *, rebirths: Rebirths | None = None, host: Host | None = None
    ) -> None:
        self.counts = SparkplugCounts()
        self._register = register
        self._telemetry_days = telemetry_days
        self._rebirths = rebirths
        self._host = host or Host()
        self._robots: dict[str, Robots] = {}
        self._touched: set[str] = set()
        self._losses: dict[str, tuple[int, int]] = {}

    def restore(self, store: Store) -> None:
        """Know what an earlier run knew.

        Raises:
            StoreUnavailable: try again.
        """
        for node, robots in restored(store):
            self._host.remember(node)
            self._robots[node.name] = robots

    def knows(self, topic: str) -> bool:
        """Whether the register says whose edge node a message is of; true of messages that are of none."""
        parsed = parse_sparkplug(topic)
        return parsed is None or not parsed.type.is_ours or bool(self._register.owners(parsed.edge_node))

    def due(self, now_s: float, *, finishing: bool = False) -> bool:
        """Whether messages have waited long enough, or births are to be asked for."""
        asking_s = None if self._rebirths is None else self._rebirths.due_s
        times_s = [due_s for due_s in (self._host.due_s, asking_s) if due_s is not None]
        return any(due_s <= now_s for due_s in times_s) or (finishing and self._host.held_nodes > 0)

    def take(self, message: Arrival, batch: Batch) -> None:
        """Take a message, and judge those whose turn it is."""
        self.counts.sparkplug_messages += 1
        topic = parse_sparkplug(message.topic)
        if topic is None:
            detail = "The topic is none of Sparkplug B 3.0: correct it, or publish elsewhere than under spBv1.0."
            self._refuse(message, "", Refusal("unknown_kind", detail), batch)
        elif not topic.type.is_ours:
            batch.ignored += 1
        else:
            try:
                self._take(topic, message, batch)
            except WireError as error:
                self._refuse(message, topic.edge_node, error.refusal, batch)
            except Exception:  # noqa: BLE001 - an error of ours must not hold up everybody else's messages
                _log.exception("A message could not be judged; it is stored as refused.", topic=message.topic)
                self._refuse(message, topic.edge_node, Refusal("invalid_field", _OURS_FAILED), batch)

    def release(self, now_s: float, batch: Batch, *, finishing: bool = False) -> None:
        """Judge messages that have waited long enough; all that wait, where the worker ends."""
        self._hear(self._host.release() if finishing else self._host.expire(now_s), now_s, batch)

    def keep(self, batch: Batch, now_ns: int) -> None:
        """Let the batch carry what is known now."""
        touched = [self._host.nodes[name] for name in sorted(self._touched) if name in self._host.nodes]
        for node in touched:
            self._count_losses(node)
        if touched:
            batch.state = frames_of(((node, self._robots[node.name]) for node in touched), now_ns)
        self._touched.clear()

    def requests(self, now_s: float, now_ms: int) -> list[tuple[str, bytes]]:
        """Topics and payloads that ask for births now."""
        nodes = self._rebirths.due(now_s) if self._rebirths is not None else []
        return [rebirth_request(node, now_ms) for node in nodes]

    def _take(self, topic: SparkplugTopic, message: Arrival, batch: Batch) -> None:
        told = Told(topic, decode_payload(message.payload), message, len(message.payload), may_wait=not message.mid)
        heard = self._host.take(told, message.received_s)
        self._touched.add(topic.edge_node)
        self._robots.setdefault(topic.edge_node, Robots())
        self._hear(heard, message.received_s, batch)
        if topic.type is MessageType.NBIRTH and self._rebirths is not None:
            self._rebirths.born(topic.edge_node)
        for name in self._host.forgotten:
            self._robots.pop(name, None)
            self._losses.pop(name, None)
        self._host.forgotten.clear()

    def _hear(self, heard: Iterable[Heard], now_s: float, batch: Batch) -> None:
        for each in heard:
            self._touched.add(each.topic.edge_node)
            self._count(each, batch)
            items = self._robots[each.topic.edge_node].take(each, self._register.paths(each.topic.edge_node))
            if items:
                self._judge(each, items, batch)
            self._want_births(each.topic.edge_node, now_s)

    def _judge(self, heard: Heard, items: list[Item], batch: Batch) -> None:
        message, node = heard.told.origin, heard.topic.edge_node
        if not isinstance(message, Arrival):
            return
        factory = self._factory(node)
        receipt = Receipt(factory, message.arrived_ns // 1000, self._telemetry_days)
        judged = list(judge_items(items, receipt) if factory else refuse_items(items, self._mismatch(node)))
        for each in judged:
            self._keep(message, each, factory, batch)
        if factory:
            batch.verdicts += [(verdict_topic(factory), payload) for payload in _verdicts(judged, message.arrived_ns)]

    def _keep(self, message: Arrival, judged: Judged, factory: str, batch: Batch) -> None:
        if judged.kind and judged.columns:
            batch.take(judged.kind, judged.columns)
            if judged.kind == "status":
                batch.deliveries.note_samples(factory, newest_us(judged.columns), message.arrived_ns // 1000)
        counted = factory or UNKNOWN
        batch.refuse(refusal_rows(message, judged, factory=factory, counted=counted))
        key = (counted, judged.kind or UNKNOWN, day_of_us(message.arrived_ns // 1000))
        batch.count(key, arrived=judged.items, refused=len(judged.refused), redelivered=message.dup)

    def _refuse(self, message: Arrival, edge_node: str, refusal: Refusal, batch: Batch) -> None:
        factory = self._factory(edge_node)
        batch.refuse([whole_row(message, refusal, factory=factory, counted=factory or UNKNOWN)])
        key = (factory or UNKNOWN, UNKNOWN, day_of_us(message.arrived_ns // 1000))
        batch.count(key, arrived=1, refused=1, redelivered=message.dup)
        if factory:
            payloads = verdict_payloads(None, [refusal], at_ns=message.arrived_ns)
            batch.verdicts += [(verdict_topic(factory), payload) for payload in payloads]

    def _factory(self, edge_node: str) -> str:
        owners = self._register.owners(edge_node)
        return next(iter(owners)) if len(owners) == 1 else ""

    def _mismatch(self, edge_node: str) -> Refusal:
        owners = self._register.owners(edge_node)
        claims = f"{len(owners)} factories claim" if owners else "No factory is registered with"
        detail = f"{claims} the edge node {edge_node}: put it into edge_nodes of one; then this can be replayed."
        return Refusal("identity_mismatch", detail)

    def _want_births(self, edge_node: str, now_s: float) -> None:
        node = self._host.nodes.get(edge_node)
        if node is None or node.lacks is None:
            return
        node.lacks = None
        if self._rebirths is not None and self._factory(edge_node):
            self._rebirths.want(edge_node, now_s)

    def _count_losses(self, node: EdgeNode) -> None:
        missing, ignored = node.sequence.missing, node.deaths_ignored
        before = self._losses.get(node.name, (0, 0))
        self._losses[node.name] = missing, ignored
        self.counts.sparkplug_missing += missing - before[0]
        self.counts.sparkplug_deaths_ignored += ignored - before[1]
        self.counts.sparkplug_nodes = len(self._host.nodes)
        self.counts.sparkplug_nodes_waiting = self._host.held_nodes
        if self._rebirths is not None:
            self.counts.sparkplug_rebirths_requested = self._rebirths.requested
            self.counts.sparkplug_rebirths_suppressed = self._rebirths.suppressed

    def _count(self, heard: Heard, batch: Batch) -> None:
        message, factory = heard.told.origin, self._factory(heard.topic.edge_node)
        if factory and heard.count is not None and isinstance(message, Arrival):
            boot = f"{digest(heard.topic.edge_node)}-{heard.session_ms}"
            batch.deliveries.note_number(factory, "sparkplug", boot, heard.count, message.arrived_ns // 1000)
        self.counts.sparkplug_births += heard.topic.type.is_birth
        self.counts.sparkplug_deaths += heard.topic.type.is_death
        self.counts.sparkplug_unnamed += bool(heard.unnamed)


def _verdicts(judged: Iterable[Judged], at_ns: int) -> list[bytes]:
    """Of one message at most 20 answers and a count; of so many no kind is told."""
    refusals = {each.kind: [refusal for _, refusal in each.refused] for each in judged if each.refused}
    if sum(map(len, refusals.values())) > MOST_VERDICTS:
        refusals = {None: [refusal for each in refusals.values() for refusal in each]}
    return [payload for kind, each in refusals.items() for payload in verdict_payloads(kind, each, at_ns=at_ns)]

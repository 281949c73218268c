"""Rows of refused judged again, JSON and Sparkplug; of the latter each names in its payload all that it stood on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.arrival import Arrival
from ingest.refused import Row
from ingest.register import Register
from ingest.rejudging import KnownSites, Rejudged, is_cut, json_again, payload_of
from ingest.sparkplug.refused import refusal_rows
from ingest.wire.json_v1 import Decoded
from ingest.wire.receipt import Receipt
from ingest.wire.refusals import WireError
from ingest.wire.sparkplug.edge_node import Heard, Told
from ingest.wire.sparkplug.judging import Judged, judge_items
from ingest.wire.sparkplug.payloads import decode_payload
from ingest.wire.sparkplug.robots import Robots
from ingest.wire.sparkplug.topics import SparkplugTopic, parse_sparkplug
from ingest.wire.topics import Role, Topic


@dataclass(frozen=True)
class RejudgedSparkplug(Rejudged):
    """A row of `refusal` with a Sparkplug topic, judged again.

    Attributes:
        judged: what became of its items.
    """

    judged: Judged

    @property
    def refusals(self) -> list[Row]:
        """What is still refused, as rows of their own with the arrival of the first."""
        row = self.row
        arrival = Arrival(
            row["topic"], payload_of(row), row["arrived_us"] * 1000, dup=False, mid=0, generation=0, received_s=0
        )
        return list(refusal_rows(arrival, self.judged, factory=self.topic.factory, counted=self.topic.factory))


def judged_again(row: Mapping[str, Any], known: KnownSites, telemetry_days: int) -> Rejudged | None:
    """A row under a register, its times judged by its arrival; None where it cannot be judged again."""
    edge_node = edge_node_of(row)
    if edge_node is None:
        return json_again(row, known, telemetry_days)
    factory = known.owners.get(edge_node)
    return None if factory is None or is_cut(row) else sparkplug_again(row, factory, telemetry_days)


def known_sites(register: Register, rows: Iterable[Mapping[str, Any]]) -> KnownSites:
    """What the register says now of the factories and edge nodes that rows name."""
    named = [(row["factory"] or "", edge_node_of(row)) for row in rows]
    owners = {node: next(iter(owner)) for _, node in named if node and len(owner := register.owners(node)) == 1}
    factories = {factory for factory, _ in named} | set(owners.values())
    return KnownSites({name: register.sites(name) for name in factories if name in register}, owners)


def edge_node_of(row: Mapping[str, Any]) -> str | None:
    """The edge node that a row is of; None where it is none of Sparkplug's."""
    topic = parse_sparkplug(row["topic"] or "")
    return topic.edge_node if topic is not None and topic.type.is_ours else None


def sparkplug_again(row: Mapping[str, Any], factory: str, telemetry_days: int) -> RejudgedSparkplug | None:
    """The row as its factory's, its times judged by its arrival; None where it cannot be judged by itself.

    That is so where aliases have no names, where it held what is not read, and where its items are not those that it
    was counted with.
    """
    topic = parse_sparkplug(row["topic"] or "")
    if topic is None or not row["kind"] or row["whole"]:
        return None
    judged = _judged(topic, row, Receipt(factory, row["arrived_us"], telemetry_days))
    if judged is None or judged.items != row["items"] or judged.kind is None:
        return None
    decoded = Decoded(
        judged.kind,
        judged.items,
        judged.columns,
        range(judged.items - len(judged.refused)),
        tuple(refusal for _, refusal in judged.refused),
    )
    return RejudgedSparkplug(row, Topic(Role.REPORT, factory, judged.kind), decoded, judged)


def _judged(topic: SparkplugTopic, row: Mapping[str, Any], receipt: Receipt) -> Judged | None:
    try:
        payload = decode_payload(payload_of(row))
    except WireError:
        return None
    named = tuple(metric for metric in payload.metrics if metric.name)
    items = Robots().take(Heard(Told(topic, payload), named))
    judged = [each for each in judge_items(items, receipt) if each.kind == row["kind"]]
    return judged[0] if len(judged) == 1 else None

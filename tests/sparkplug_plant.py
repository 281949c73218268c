"""A plant that speaks Sparkplug, for tests: payloads built by hand, and what a host makes of them."""

from dataclasses import dataclass, field

from ingest.wire.sparkplug.datatypes import DataType, Value
from ingest.wire.sparkplug.edge_node import Told
from ingest.wire.sparkplug.host import Host
from ingest.wire.sparkplug.items import Item
from ingest.wire.sparkplug.payloads import Metric, Payload, decode_payload, encode_payload
from ingest.wire.sparkplug.robots import Robots
from ingest.wire.sparkplug.topics import parse_sparkplug

NOW_MS = 1_795_406_400_000  # 2026-11-23T12:00:00+08:00
NODE = "F00001/line1"

Message = tuple[str, bytes]

PLATE = {"Nameplate/Manufacturer": "FANUC", "Nameplate/Model": "M-20iD/25", "Nameplate/ArmSerial": "E21503127",
         "Nameplate/Category": "articulated"}  # fmt: skip
COMMISSIONED = {**PLATE, "Lifecycle/State": "commissioned", "Lifecycle/CommissionedAt": "2026-11-02"}
EVENT = {
    "robot": "R-1", "event": "commissioned", "at": "2026-11-02", "category": "articulated",
    "nameplate": {"manufacturer": "FANUC", "model": "M-20iD/25", "serial": "E21503127"},
}  # fmt: skip


def topic(type_: str, device: str = "", node: str = NODE) -> str:
    group, name = node.split("/")
    return f"spBv1.0/{group}/{type_}/{name}" + (f"/{device}" if device else "")


def datatype_of(value: Value) -> DataType:
    if isinstance(value, bool):
        return DataType.BOOLEAN
    return {int: DataType.INT64, float: DataType.DOUBLE, str: DataType.STRING, bytes: DataType.BYTES}.get(
        type(value), DataType.STRING
    )


def metric(name: str | None, value: Value, alias: int | None = None, **more: object) -> Metric:
    return Metric(name, value, alias, **{"datatype": datatype_of(value), **more})  # type: ignore[arg-type]


def payload(*metrics: Metric, seq: int | None = None, at_ms: int | None = NOW_MS) -> bytes:
    return encode_payload(Payload(metrics, at_ms, seq))


def nbirth(*metrics: Metric, bd_seq: int = 0, seq: int = 0, at_ms: int = NOW_MS, **values: Value) -> Message:
    number = Metric("bdSeq", bd_seq, datatype=DataType.INT64)
    return topic("NBIRTH"), payload(number, *metrics, seq=seq, at_ms=at_ms)


def ndeath(bd_seq: int = 0) -> Message:
    return topic("NDEATH"), payload(Metric("bdSeq", bd_seq, datatype=DataType.INT64))


def dbirth(device: str, values: dict[str, Value], *, seq: int, first_alias: int = 1, at_ms: int = NOW_MS) -> Message:
    """A birth that gives its metrics aliases in their order."""
    metrics = [metric(name, value, first_alias + place) for place, (name, value) in enumerate(values.items())]
    return topic("DBIRTH", device), payload(*metrics, seq=seq, at_ms=at_ms)


def ddata(device: str, *metrics: Metric, seq: int | None, at_ms: int | None = NOW_MS) -> Message:
    return topic("DDATA", device), payload(*metrics, seq=seq, at_ms=at_ms)


def by_alias(alias: int, value: Value, **more: object) -> Metric:
    """A metric as data carries it: no name, no datatype."""
    return Metric(None, value, alias, **more)  # type: ignore[arg-type]


@dataclass
class Listener:
    """A host with what it keeps of robots; its clock stands still until told."""

    paths: dict[str, str] = field(default_factory=dict)
    host: Host = field(default_factory=Host)
    robots: dict[str, Robots] = field(default_factory=dict)
    now_s: float = 0.0

    def hear(self, *messages: Message) -> list[Item]:
        items: list[Item] = []
        for name, raw in messages:
            parsed = parse_sparkplug(name)
            assert parsed is not None
            if parsed.type.is_ours:
                items += self._items(self.host.take(Told(parsed, decode_payload(raw), size=len(raw)), self.now_s))
        return items

    def wait(self, seconds: float) -> list[Item]:
        self.now_s += seconds
        return self._items(self.host.expire(self.now_s))

    def _items(self, heard: object) -> list[Item]:
        items: list[Item] = []
        for each in heard:  # type: ignore[attr-defined]
            robots = self.robots.setdefault(each.topic.edge_node, Robots())
            items += robots.take(each, self.paths)
        return items

    @property
    def missing(self) -> int:
        return sum(node.sequence.missing for node in self.host.nodes.values())


def told(items: list[Item]) -> list[dict[str, object]]:
    """What items say, and of those that cannot be read the first words of why."""
    return [{"refused": item.refusal.detail.split(",")[0]} if item.refusal else dict(item.body) for item in items]

"""What the Sparkplug worker knows of edge nodes, kept in the store: aliases outlive its restart."""

import hashlib
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import polars as pl

from ingest.wire.sparkplug.births import Birth
from ingest.wire.sparkplug.edge_node import EdgeNode
from ingest.wire.sparkplug.payloads import Metric
from ingest.wire.sparkplug.robots import Robots, Twin
from store.base import Store
from store.schema import SPARKPLUG_BIRTH, SPARKPLUG_NODE, SPARKPLUG_ROBOT, STATE, Measurement

_PART_CHARACTERS: Final = 16_000  # at most 48 KiB: InfluxDB takes 64 KiB a text
_ROBOT: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_UNKNOWN: Final = -1

Row = dict[str, object]


def frames_of(known: Iterable[tuple[EdgeNode, Robots]], now_ns: int) -> dict[Measurement, pl.DataFrame]:
    """Points of edge nodes and of what changed of their births and robots since they were last asked for."""
    nodes: list[Row] = []
    births: list[Row] = []
    robots: list[Row] = []
    for node, said in known:
        key = {"time": 0, "node": digest(node.name)}
        nodes.append(key | _session(node))
        for device in sorted(node.fresh):
            births += [key | row for row in _birth(device, node.births.get(device), now_ns)]
        robots += [
            key | {"robot": robot} | _values(said.twins[robot]) for robot in sorted(said.changed) if _fits(robot)
        ]
        node.fresh.clear()
        said.changed.clear()
    rows = {SPARKPLUG_NODE: nodes, SPARKPLUG_BIRTH: births, SPARKPLUG_ROBOT: robots}
    return {measurement: measurement.frame(each) for measurement, each in rows.items() if each}


def restored(store: Store) -> Iterator[tuple[EdgeNode, Robots]]:
    """Every edge node as it was kept last.

    Raises:
        StoreUnavailable: try again.
    """
    frames = {kind: store.read(STATE, kind) for kind in (SPARKPLUG_NODE, SPARKPLUG_BIRTH, SPARKPLUG_ROBOT)}
    births = _by_node(frames[SPARKPLUG_BIRTH])
    robots = _by_node(frames[SPARKPLUG_ROBOT])
    for row in frames[SPARKPLUG_NODE].iter_rows(named=True):
        node = EdgeNode(row["name"])
        node.is_born = bool(row["born"])
        node.bd_seq = _known(row["bd_seq"])
        node.sequence.expected = _known(row["expected"])
        node.sequence.count, node.session_ms = row["count"] or 0, row["session_ms"] or 0
        for device, birth in _births(births.get(row["node"], [])):
            node.bear(device, birth)
        node.drop_earlier()
        node.fresh.clear()
        said = Robots()
        for each in robots.get(row["node"], []):
            said.remember(str(each["robot"]), _twin(each))
        said.changed.clear()
        yield node, said


def digest(name: str) -> str:
    """A short name for any name, which can be a tag: only ids in the wire alphabet become tags."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def _session(node: EdgeNode) -> Row:
    expected, bd_seq = node.sequence.expected, node.bd_seq
    return {
        "name": node.name,
        "born": node.is_born,
        "expected": _UNKNOWN if expected is None else expected,
        "bd_seq": _UNKNOWN if bd_seq is None else bd_seq % 256,
        "count": node.sequence.count,
        "session_ms": node.session_ms % 2**63,
    }


def _birth(device: str, birth: Birth | None, now_ns: int) -> Iterator[Row]:
    if birth is None:
        return
    parts = list(_parts(birth))
    for number, metrics in enumerate(parts):
        yield {
            "device": digest(device), "device_name": device, "part": str(number), "parts": len(parts), "birth": now_ns,
            "metrics": metrics, "told_ms": _UNKNOWN if birth.told_ms is None else birth.told_ms % 2**63,
        }  # fmt: skip


def _parts(birth: Birth) -> Iterator[str]:
    part: list[str] = []
    size = 0
    for row in birth.rows():
        text = json.dumps(row, ensure_ascii=False)
        if part and size + len(text) > _PART_CHARACTERS:
            yield f"[{','.join(part)}]"
            part, size = [], 0
        part.append(text)
        size += len(text)
    yield f"[{','.join(part)}]"


def _births(rows: list[Row]) -> Iterator[tuple[str, Birth]]:
    """The newest birth of each device; one of which a part is missing was not written to its end."""
    devices: dict[object, list[Row]] = {}
    for row in rows:
        devices.setdefault(row["device"], []).append(row)
    for parts in devices.values():
        newest = max(parts, key=lambda row: int(str(row["birth"])))
        mine = [row for row in parts if row["birth"] == newest["birth"]]
        if len(mine) == newest["parts"]:
            metrics = [tuple(each) for row in mine for each in json.loads(str(row["metrics"]))]
            yield str(newest["device_name"] or ""), Birth.of(metrics, _known(newest["told_ms"]))


def _values(twin: Twin) -> Row:
    kept = {
        name: [metric.value, metric.datatype, metric.timestamp_ms]
        for name, metric in twin.values.items()
        if isinstance(metric.value, (int, str)) or (isinstance(metric.value, float) and math.isfinite(metric.value))
    }
    return {"device": twin.device, "values": json.dumps(kept, ensure_ascii=False)}


def _twin(row: Row) -> Twin:
    values = {
        name: Metric(name, value, datatype=datatype, timestamp_ms=at_ms)
        for name, (value, datatype, at_ms) in json.loads(str(row["values"] or "{}")).items()
    }
    return Twin(str(row["device"] or ""), values)


def _by_node(frame: pl.DataFrame) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(row["node"], []).append(row)
    return found


def _fits(robot: str) -> bool:
    return _ROBOT.fullmatch(robot) is not None


def _known(number: object) -> int | None:
    return None if number is None or number == _UNKNOWN else int(str(number))

"""What an edge node has said of its robots so far, and the items that a message adds to it.

Data comes by exception: a value holds until another one comes, a death or a null takes it away, and a birth says all
anew. A historical value is told and changes nothing of this.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from ingest.wire.sparkplug.datatypes import TEMPLATE
from ingest.wire.sparkplug.edge_node import Heard
from ingest.wire.sparkplug.items import Item, Values, event, headcount, inventory, sample, unreadable
from ingest.wire.sparkplug.metric_names import GROUPS, OPERATION, Group, Place, locate
from ingest.wire.sparkplug.payloads import Metric
from ingest.wire.sparkplug.topics import MessageType

MOST_ROBOTS: Final = 20_000  # of one edge node; what more say is read, but not remembered

_STATUS: Final = frozenset(name for name, group in GROUPS.items() if group == "status")
_MAKERS: Final[Mapping[Group, Callable[[Values], Item]]] = {"workforce": headcount, "inventory": inventory}
_NO_PATHS: Final[Mapping[str, str]] = {}


@dataclass
class Twin:
    """The latest values of one robot.

    Attributes:
        device: where they come from; empty for the edge node.
        values: by name in GROUPS; only metrics that have a value.
        past: the operation state at the newest historical moment.
    """

    device: str
    values: dict[str, Metric] = field(default_factory=dict)
    past: Metric | None = None

    def take(self, name: str, metric: Metric) -> None:
        """Let a value hold, or none."""
        if metric.has_value:
            self.values[name] = metric
        else:
            self.values.pop(name, None)


class Robots:
    """The robots of one edge node.

    Attributes:
        twins: by asset number.
        changed: whose values changed, for keeping them.
    """

    def __init__(self) -> None:
        self.twins: dict[str, Twin] = {}
        self.changed: set[str] = set()
        self._of: dict[str, set[str]] = {}  # robots by device

    def remember(self, robot: str, twin: Twin) -> None:
        """Take in what was known of a robot, or what is known now."""
        last = self.twins.get(robot)
        if last is not None:
            self._of[last.device].discard(robot)
        elif len(self.twins) >= MOST_ROBOTS:
            return
        self.twins[robot] = twin
        self._of.setdefault(twin.device, set()).add(robot)
        self.changed.add(robot)

    def take(self, heard: Heard, paths: Mapping[str, str] = _NO_PATHS) -> list[Item]:
        """The items that a message brings.

        Args:
            heard: a message in its turn.
            paths: the register's table of the edge node.
        """
        kind, device = heard.topic.type, heard.topic.device
        if kind.is_death:
            self._end(device if kind is MessageType.DDEATH else None)
            return []
        if kind.is_birth:
            self._begin(device)
        items = list(_unread(heard))
        for robot, metrics in _by_robot(heard, paths).items():
            if robot is None:
                items += _of_factory(metrics)
            else:
                items += self._of_robot(robot, device, metrics)
        return items

    def _begin(self, device: str) -> None:
        for robot in self._of.get(device, ()):
            self.twins[robot].values = {}
            self.changed.add(robot)

    def _end(self, device: str | None) -> None:
        """Let the status of a device's robots, or of all, be unknown."""
        for robot in self.twins if device is None else self._of.get(device, ()):
            twin = self.twins[robot]
            twin.values = {name: metric for name, metric in twin.values.items() if name not in _STATUS}
            self.changed.add(robot)

    def _of_robot(self, robot: str, device: str, metrics: list[tuple[Place, Metric]]) -> Iterator[Item]:
        last = self.twins.get(robot, Twin(device))
        twin = replace(last, device=device)
        self.remember(robot, twin)
        yield from _samples(robot, twin, [(p, m) for p, m in metrics if p.group == "status"])
        yield from _events(robot, twin, [(p, m) for p, m in metrics if p.group != "status"])


def _by_robot(heard: Heard, paths: Mapping[str, str]) -> dict[str | None, list[tuple[Place, Metric]]]:
    """Metrics of ours by robot, those of the factory under None."""
    found: dict[str | None, list[tuple[Place, Metric]]] = {}
    sent_ms = heard.told.payload.timestamp_ms
    is_birth = heard.topic.type.is_birth
    for metric in heard.metrics:
        place = locate(heard.topic.device, metric.name or "", paths)
        if place is None:
            continue
        # A birth tells what holds when it is sent, however long ago a value was taken.
        holds = is_birth and sent_ms and not metric.is_historical
        at_ms = sent_ms if metric.timestamp_ms is None or holds else metric.timestamp_ms
        timed = replace(metric, timestamp_ms=at_ms)
        owner = None if place.group in {"workforce", "inventory"} else place.robot
        found.setdefault(owner, []).append((place, timed))
    return found


def _samples(robot: str, twin: Twin, metrics: list[tuple[Place, Metric]]) -> Iterator[Item]:
    """One sample a moment, the past first."""
    for said in _moments(metrics):
        told = {name: metric for name, metric in said.items() if metric.has_value}
        if next(iter(said.values())).is_historical:
            twin.past = told.get(OPERATION, twin.past)
            state = twin.past
        else:
            for name, metric in said.items():
                twin.take(name, metric)
            state = twin.values.get(OPERATION)
        if told:
            yield sample(robot, told, state)


def _events(robot: str, twin: Twin, metrics: list[tuple[Place, Metric]]) -> Iterator[Item]:
    """What the past tells, each moment by itself, and what holds now."""
    told: list[Item | None] = []
    for said in _moments([(p, m) for p, m in metrics if m.is_historical]):
        past = {**twin.values, **{name: metric for name, metric in said.items() if metric.has_value}}
        told.append(event(robot, _lasting(past)))
    now = [(place, metric) for place, metric in metrics if not metric.is_historical]
    for place, metric in now:
        twin.take(place.name, metric)
    if now:
        told.append(event(robot, _lasting(twin.values)))
    yield from (item for item in told if item is not None)


def _lasting(values: Mapping[str, Metric]) -> dict[str, Metric]:
    return {name: metric for name, metric in values.items() if name not in _STATUS}


def _of_factory(metrics: list[tuple[Place, Metric]]) -> Iterator[Item]:
    """Headcounts and inventories: of the present one a payload, of the past one a moment."""
    for group, make in _MAKERS.items():
        mine = [(place, metric) for place, metric in metrics if place.group == group]
        past = list(_moments([(p, m) for p, m in mine if m.is_historical]))
        now = {place.name: metric for place, metric in mine if not metric.is_historical}
        for said in (*past, now):
            told = {name: metric for name, metric in said.items() if metric.has_value}
            if told:
                yield make(told)


def _moments(metrics: Iterable[tuple[Place, Metric]]) -> Iterator[dict[str, Metric]]:
    """Metrics by moment, the historical ones first, each part in the order of time."""
    found: dict[tuple[bool, float], dict[str, Metric]] = {}
    for place, metric in metrics:
        at_ms = float("inf") if metric.timestamp_ms is None else metric.timestamp_ms
        found.setdefault((not metric.is_historical, at_ms), {})[place.name] = metric
    for key in sorted(found):
        yield found[key]


def _unread(heard: Heard) -> Iterator[Item]:
    if heard.unnamed:
        aliases = ", ".join(str(metric.alias) for metric in heard.unnamed[:5])
        yield unreadable(
            heard.unnamed,
            f"{len(heard.unnamed)} metrics have aliases that no birth named ({aliases}): have the edge node "
            "publish its births again.",
        )
    templates = [metric for metric in heard.metrics if metric.value == TEMPLATE]
    if templates:
        name = (templates[0].name or "")[:60]
        yield unreadable(
            templates,
            f"{len(templates)} metrics are templates ({name}), which are not read: have the gateway convert its UDTs "
            "to metrics <robot>/Status/Operation and so on.",
        )

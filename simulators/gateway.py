"""What a factory says, as its Sparkplug gateway says it; what Sparkplug has no metric for stays JSON."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from ingest.wire.sparkplug.datatypes import DataType, Value
from ingest.wire.sparkplug.payloads import Metric
from simulators.edge_node import EdgeNode
from simulators.message import Message, compact

_STATUS: Final = {"state": "Status/Operation", "power_on_hours": "Counter/PowerOnHours"}
_PLATE: Final = {
    "manufacturer": "Nameplate/Manufacturer", "model": "Nameplate/Model", "serial": "Nameplate/ArmSerial",
}  # fmt: skip
_EVENT: Final = {"category": "Nameplate/Category", "purpose": "Lifecycle/Purpose", "record": "Lifecycle/Record"}
_MOMENT: Final = {
    "commissioned": "Lifecycle/CommissionedAt", "moved_in": "Lifecycle/CommissionedAt",
    "decommissioned": "Lifecycle/DecommissionedAt", "moved_out": "Lifecycle/DecommissionedAt",
}  # fmt: skip
_HEADCOUNT: Final = {
    "period": "Workforce/Period", "average": "Workforce/Average", "end_of_period": "Workforce/EndOfPeriod",
}  # fmt: skip
_LIVE_MS: Final = 60_000

NODE_METRICS: Final = {
    "Workforce/Period": DataType.STRING, "Workforce/Average": DataType.INT32, "Workforce/EndOfPeriod": DataType.INT32,
    "Inventory/AsOf": DataType.STRING, "Inventory/Stock": DataType.INT32,
}  # fmt: skip
_DEVICE_METRICS: Final = {
    **dict.fromkeys((*_PLATE.values(), *_EVENT.values(), "Lifecycle/State"), DataType.STRING),
    "Lifecycle/CommissionedAt": DataType.STRING,
    "Lifecycle/DecommissionedAt": DataType.DATE_TIME,
    "Status/Operation": DataType.STRING,
    "Counter/PowerOnHours": DataType.DOUBLE,
}


class Gateway:
    """The gateway of one factory.

    Args:
        node: its edge node.
        now_ms: the clock.
    """

    def __init__(self, node: EdgeNode, now_ms: Callable[[], int]) -> None:
        self._node, self._now_ms = node, now_ms

    def say(self, message: Message) -> Message | None:
        """Say of a message what metrics can, and hand back the rest."""
        body = json.loads(message.body)
        if message.kind == "lifecycle":
            return self._events(message, body)
        if message.kind == "status":
            self._samples(body["robots"])
        elif message.kind == "workforce":
            self._periods(body["periods"])
        elif message.kind == "inventory" and body["complete"]:
            stock = (("Inventory/AsOf", body["as_of"]), ("Inventory/Stock", body["stock"]))
            self._node.say("", [Metric(name, value) for name, value in stock])
        else:
            return message
        return None

    def _samples(self, samples: Sequence[Mapping[str, Any]]) -> None:
        for robot, of_robot in groupby(samples, key=lambda sample: sample["robot"]):
            if not self._node.knows(robot):
                self._node.bear(robot, _DEVICE_METRICS, {})
            self._node.say(robot, [metric for sample in of_robot for metric in self._sample(sample)])

    def _sample(self, sample: Mapping[str, Any]) -> list[Metric]:
        """Metrics of one moment; what is older than a minute was stored and is forwarded."""
        at_ms = sample["at"]
        past = at_ms < self._now_ms() - _LIVE_MS
        return [
            Metric(name, float(sample[field]) if field == "power_on_hours" else sample[field].upper(),
                   timestamp_ms=at_ms, is_historical=past)
            for field, name in _STATUS.items() if field in sample
        ]  # fmt: skip

    def _periods(self, periods: Iterable[Mapping[str, Any]]) -> None:
        for period in periods:
            self._node.say("", [Metric(_HEADCOUNT[name], value) for name, value in period.items()])

    def _events(self, message: Message, body: Mapping[str, Any]) -> Message | None:
        """Void and corrections have no metric; `reported_at` has none either."""
        events = body["events"]
        left = [each for each in events if "reported_at" in body or each["event"] not in _MOMENT]
        for event in events:
            if event not in left:
                self._event(event["robot"], event)
        if not left:
            return None
        return replace(message, body=compact({**body, "events": left}), items=len(left))

    def _event(self, robot: str, event: Mapping[str, Any]) -> None:
        plate = event.get("nameplate", {})
        values: dict[str, Value] = {name: event.get(field) for field, name in _EVENT.items()}
        values |= {name: plate[field] for field, name in _PLATE.items() if field in plate}
        values["Lifecycle/State"] = event["event"].upper()
        moment = _MOMENT[event["event"]]
        at, datatype = _moment(event["at"])
        values[moment] = at
        if self._node.knows(robot):
            self._node.say(robot, [Metric(name, value) for name, value in values.items()])
        else:
            self._node.bear(robot, {**_DEVICE_METRICS, moment: datatype}, values)


def _moment(at: str) -> tuple[Value, DataType]:
    """An instant as a DateTime, anything less exact as text."""
    if "T" not in at:
        return at, DataType.STRING
    return round(datetime.fromisoformat(at).timestamp() * 1000), DataType.DATE_TIME

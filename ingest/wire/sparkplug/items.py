"""From metrics to items of the JSON contract: a sample, an event, a headcount, an inventory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from ingest.wire.refusals import Refusal, shown
from ingest.wire.sparkplug.metric_names import (
    COMMISSIONED_AT,
    DECOMMISSIONED_AT,
    OPERATION,
    STATE,
    contract_value,
)
from ingest.wire.sparkplug.payloads import Metric
from ingest.wire.topics import Kind

Values = Mapping[str, Metric]  # by their names in metric_names

SAMPLE: Final = {
    OPERATION: "state", "Status/Mode": "mode", "Counter/PowerOnHours": "power_on_hours",
    "Counter/EnergyKWh": "energy_kwh", "Alarm/Code": "fault_code",
}  # fmt: skip
PLATE: Final = {
    "Nameplate/Manufacturer": "manufacturer", "Nameplate/Model": "model", "Nameplate/ArmSerial": "serial",
}  # fmt: skip
EVENT: Final = {"Nameplate/Category": "category", "Lifecycle/Purpose": "purpose", "Lifecycle/Record": "record"}
HEADCOUNT: Final = {
    "Workforce/Period": "period", "Workforce/Average": "average", "Workforce/EndOfPeriod": "end_of_period",
}  # fmt: skip
INVENTORY: Final = {"Inventory/AsOf": "as_of", "Inventory/Stock": "stock"}

MOMENT_OF: Final = {
    "commissioned": COMMISSIONED_AT, "moved_in": COMMISSIONED_AT,
    "decommissioned": DECOMMISSIONED_AT, "moved_out": DECOMMISSIONED_AT,
}  # fmt: skip
_WITHOUT_MOMENT: Final = frozenset({"installed", "changed", "void"})


@dataclass(frozen=True)
class Item:
    """What one message says of one thing.

    Attributes:
        kind: of the JSON contract; None where that cannot be told.
        body: an item of the JSON contract, not yet judged.
        metrics: what it was made of, named `<robot>/<ours>`: as a payload they can be judged again by themselves.
        robot: the asset number; empty for the factory.
        refusal: why it is refused before it is judged.
    """

    kind: Kind | None
    body: Mapping[str, object]
    metrics: tuple[Metric, ...]
    robot: str = ""
    refusal: Refusal | None = None


def sample(robot: str, said: Values, state: Metric | None) -> Item:
    """A sample from the status metrics of one moment.

    Args:
        robot: the asset number.
        said: metrics with a value, at least one, all of one moment.
        state: the operation state that holds then, which data repeats only when it changes.
    """
    one = next(iter(said.values()))
    values = dict(said)
    if state is not None:
        values[OPERATION] = replace(state, timestamp_ms=one.timestamp_ms, is_historical=one.is_historical)
    at = {} if one.timestamp_ms is None else {"at": one.timestamp_ms}
    return _item("status", {"robot": robot, **at, **_fields(values, SAMPLE)}, values, robot)


def event(robot: str, values: Values) -> Item | None:
    """The event that the lifecycle metrics of a robot tell; None while its state is not told.

    Its moment is a metric of its own, never the message's: so that a birth that is repeated tells the same event.
    """
    if STATE not in values:
        return None
    word = _value(STATE, values)
    known = word if isinstance(word, str) else ""
    body: dict[str, object] = {"robot": robot, "event": word}
    moment = MOMENT_OF.get(known)
    if moment is not None and moment in values:
        body["at"] = _value(moment, values)
    body |= _fields(values, {"Lifecycle/Record": "record"})
    if moment == COMMISSIONED_AT:  # who leaves is known by its asset number
        body |= _fields(values, EVENT)
        plate = _fields(values, PLATE)
        body |= {"nameplate": plate} if plate else {}
    held = {name: replace(metric, is_historical=False) for name, metric in values.items()}
    item = _item("lifecycle", body, held, robot)
    return replace(item, refusal=_without_moment(known)) if known in _WITHOUT_MOMENT else item


def headcount(values: Values) -> Item:
    """A headcount from the workforce metrics of one payload."""
    return _item("workforce", _fields(values, HEADCOUNT), values)


def inventory(values: Values) -> Item:
    """An inventory from the inventory metrics of one payload, which are of the whole factory."""
    return _item("inventory", {**_fields(values, INVENTORY), "complete": True}, values)


def unreadable(metrics: Iterable[Metric], detail: str) -> Item:
    """Metrics of a message that cannot be read, as one item."""
    return Item(None, {}, tuple(metrics), refusal=Refusal("invalid_field", detail))


def _item(kind: Kind, body: Mapping[str, object], values: Values, robot: str = "") -> Item:
    prefix = f"{robot}/" if robot else ""
    metrics = tuple(replace(metric, name=f"{prefix}{name}", alias=None) for name, metric in values.items())
    return Item(kind, body, metrics, robot)


def _fields(values: Values, names: Mapping[str, str]) -> dict[str, object]:
    return {field: _value(name, values) for name, field in names.items() if name in values}


def _value(name: str, values: Values) -> object:
    return contract_value(name, values[name].value, values[name].datatype)


def _without_moment(word: str) -> Refusal:
    detail = f"{STATE} is {shown(word)}, whose moment no metric tells: send it as JSON to robodensity/v1."
    return Refusal("invalid_field", detail, STATE)

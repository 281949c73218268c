"""Rows of workforce, inventory and lifecycle: judged by the code that judges messages, one row as one message."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from api.checking import KnownFactories
from api.uploads.entries import Entry, nested, not_taken, shown
from api.uploads.faults import Fault
from api.uploads.holdings import Holdings
from api.uploads.judged import Tell, Told
from density.register import Name
from density.reports import SLOTS
from ingest.wire.admission import judge
from ingest.wire.json_v1 import encode
from ingest.wire.receipt import Receipt
from ingest.wire.refusals import Refusal
from ingest.wire.topics import Kind, Role, Topic
from store.schema import INVENTORY, LIFECYCLE, WORKFORCE, Measurement

MEASUREMENTS: Final[Mapping[Kind, Measurement]] = {
    "workforce": WORKFORCE, "inventory": INVENTORY, "lifecycle": LIFECYCLE,
}  # fmt: skip
_LISTS: Final = {"workforce": "periods", "lifecycle": "events"}
_HEAD: Final = {"basis"}  # stands beside the list
_BESIDE: Final = {"factory", "factory_name"}  # of the topic, and to check the row by
# What the sender's envelope says, and how `at` was spelt, makes no other report.
_NOT_CONTENTS: Final = {"reported_at_us", "seq", "boot", "ext", "at"}

Held = Mapping[tuple[Any, ...], object]


def teller(
    kind: Kind, entries: Sequence[Entry], holdings: Holdings, known: KnownFactories, *, now_ns: int, telemetry_days: int
) -> Tell:
    """How the rows of a kind are judged.

    Args:
        kind: of report.
        entries: all of them, so that what the platform holds of their factories is looked up once.
        holdings: what the platform holds.
        known: the register.
        now_ns: the moment of arrival.
        telemetry_days: as in ingest.
    """
    measurement = MEASUREMENTS[kind]
    held = _held(kind, holdings, {str(entry.values["factory"]) for entry in entries})

    def tell(entry: Entry) -> Told | list[Fault]:
        factory = str(entry.values["factory"])
        receipt = Receipt(factory, now_ns // 1_000, telemetry_days)
        decoded = judge(Topic(Role.REPORT, factory, kind), encode(_message(kind, entry)), receipt, known)
        if decoded.refusals:
            return [_fault(entry, each) for each in decoded.refusals]
        row = {name: values[0] for name, values in decoded.columns.items()}
        slot = tuple(row[name] for name in SLOTS[kind])
        return Told(entry, measurement, slot, _contents(measurement, row), held.get(slot), row, factory)

    return tell


def _held(kind: Kind, holdings: Holdings, factories: set[str]) -> Held:
    rows = holdings.standing(kind, factories).iter_rows(named=True)
    return {tuple(row[name] for name in SLOTS[kind]): _contents(MEASUREMENTS[kind], row) for row in rows}


def _contents(measurement: Measurement, row: Mapping[str, Any]) -> object:
    return tuple(row.get(field.name) for field in measurement.fields if field.name not in _NOT_CONTENTS)


def _message(kind: Kind, entry: Entry) -> dict[str, Any]:
    values = {name: value for name, value in entry.values.items() if name not in _BESIDE}
    if kind not in _LISTS:
        return values
    head = {name: value for name, value in values.items() if name in _HEAD}
    item = nested({name: value for name, value in values.items() if name not in _HEAD})
    return {**head, _LISTS[kind]: [item]}


def _fault(entry: Entry, refusal: Refusal) -> Fault:
    path = refusal.path.split(".0.", 1)[-1]
    if refusal.code == "unknown_factory":
        path = "factory"
    return entry.fault(path, refusal.code, Name(_chinese(entry, path, refusal), refusal.detail))


def _chinese(entry: Entry, path: str, refusal: Refusal) -> str:
    """The refusal for those who read Chinese; the contract's own sentences are English."""
    place = entry.place_of(path)
    heading, value = (place.heading if place else path), shown(entry.values.get(path, ""))
    sentences = {
        "unknown_factory": f"工厂 {value} 未登记；请核对编号，或先登记该工厂。",
        "clock_ahead": f"“{heading}”为 {value}，尚未到来；请在期间开始或事件发生后再报。",
        "placeholder_serial": f"“{heading}”为 {value}，不是真实的序列号；请照本体铭牌填写，或自编并注明。",
        "entity_headcount": "同一统一社会信用代码下登记有多个厂区，不能按法人口径报；请分厂区填报。",
    }
    if refusal.code in sentences:
        return sentences[refusal.code]
    if path not in entry.values:
        return f"“{heading}”没有填写，而本行需要它；请补上。"
    return not_taken(place, entry.values[path]).zh if place else f"本行不符合要求：{refusal.detail}"

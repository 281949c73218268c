"""Items of Sparkplug judged by the rules of the JSON contract, and answered in the words of Sparkplug."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ingest.wire.json_v1 import CODECS, decode_message
from ingest.wire.receipt import Columns, Receipt
from ingest.wire.refusals import Refusal
from ingest.wire.sparkplug.items import EVENT, HEADCOUNT, INVENTORY, MOMENT_OF, PLATE, SAMPLE, Item
from ingest.wire.sparkplug.metric_names import STATE
from ingest.wire.topics import Kind

_MOST_ITEMS: Final[Mapping[Kind | None, int]] = {"status": 1000, "lifecycle": 5000, "workforce": 240, "inventory": 1}
_METRIC_OF: Final = {
    **{("status", name): metric for metric, name in SAMPLE.items()},
    **{("lifecycle", name): metric for metric, name in EVENT.items()},
    **{("lifecycle", f"nameplate.{name}"): metric for metric, name in PLATE.items()},
    **{("workforce", name): metric for metric, name in HEADCOUNT.items()},
    **{("inventory", name): metric for metric, name in INVENTORY.items()},
    ("lifecycle", "event"): STATE,
    ("lifecycle", "nameplate"): "Nameplate/ArmSerial",
}


@dataclass(frozen=True)
class Judged:
    """The items of one kind of one message: arrived = stored + refused.

    Attributes:
        kind: None where it cannot be told.
        items: how many arrived.
        columns: the good ones, by column of the measurement of this kind.
        refused: the others, each with why.
    """

    kind: Kind | None
    items: int
    columns: Columns = field(default_factory=dict)
    refused: tuple[tuple[Item, Refusal], ...] = ()


def judge_items(items: Sequence[Item], receipt: Receipt) -> Iterator[Judged]:
    """Judge what a message brings, kind by kind."""
    for kind, mine in _by_kind(items).items():
        most = _MOST_ITEMS.get(kind, len(mine))
        for start in range(0, len(mine), most):
            yield _judged(kind, mine[start : start + most], receipt)


def refuse_items(items: Sequence[Item], refusal: Refusal) -> Iterator[Judged]:
    """Refuse all that a message brings for one reason."""
    for kind, mine in _by_kind(items).items():
        yield Judged(kind, len(mine), refused=tuple((item, refusal) for item in mine))


def _by_kind(items: Iterable[Item]) -> dict[Kind | None, list[Item]]:
    """Items by their kind."""
    found: dict[Kind | None, list[Item]] = {}
    for item in items:
        found.setdefault(item.kind, []).append(item)
    return found


def _judged(kind: Kind | None, items: Sequence[Item], receipt: Receipt) -> Judged:
    early = tuple((item, item.refusal) for item in items if item.refusal is not None)
    rest = [item for item in items if item.refusal is None]
    if kind is None or not rest:
        return Judged(kind, len(items), refused=early)
    name = CODECS[kind].list_name
    message = {name: [item.body for item in rest]} if name else rest[0].body
    decoded = decode_message(kind, message, receipt)
    late = tuple(_named(kind, rest[refusal.position or 0], refusal) for refusal in decoded.refusals)
    return Judged(kind, len(items), decoded.columns, early + late)


def _named(kind: Kind, item: Item, refusal: Refusal) -> tuple[Item, Refusal]:
    """A refusal whose path names the metric, as the gateway's engineer knows it."""
    list_name = CODECS[kind].list_name
    path = refusal.path.removeprefix(f"{list_name}.{refusal.position}").removeprefix(".")
    metric = MOMENT_OF.get(str(item.body.get("event"))) if path == "at" else _METRIC_OF.get((kind, path))
    robot = f"{item.robot}/" if item.robot and metric else item.robot
    detail = refusal.detail.replace(path, metric, 1) if metric and refusal.detail.startswith(path) else refusal.detail
    if path == "robot" and not item.robot:
        detail = (
            "A metric of a robot stands at the edge node, which names no robot: publish it under a device, or as "
            "<robot>/Status/Operation and so on."
        )
    return item, replace(refusal, path=f"{robot}{metric or ''}", detail=detail)

"""Many status messages read at once: the same answer as one by one, where all of them are good.

Each payload is read within brackets of its own, `[[…],⏎[…],⏎[…]]`, and can neither break out of them nor reach into
the next: no JSON string holds a bare line feed, no list of the contract takes a list, and a pair of brackets around
anything but one message is refused. So of as many pairs as there are payloads, each holds its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, repeat
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from ingest.wire.models import Status
from ingest.wire.receipt import Columns, Receipt
from ingest.wire.refusals import WireError
from ingest.wire.strict_json import count_keys
from ingest.wire.times import parse_instant

_EACH_IN_ITS_OWN: Final = b"],\n["
_EXT: Final = b'"ext"'  # may hold lists of lists, so it is read alone
_MESSAGES: Final = TypeAdapter(list[tuple[Status]])


@dataclass(frozen=True)
class Statuses:
    """Good status messages.

    Attributes:
        messages: as read, in order.
        sizes: how many samples each has.
        newest_us: when the newest sample of each was taken; None where none has a time of its own.
        columns: of all their samples, by column of `robot_status`.
    """

    messages: Sequence[Mapping[str, Any]]
    sizes: Sequence[int]
    newest_us: Sequence[int | None]
    columns: Columns


def decode_statuses(
    payloads: Sequence[bytes], factories: Sequence[str], arrived_us: Sequence[int], telemetry_days: int
) -> Statuses | None:
    """Judge status messages together; None where they must be judged one by one, since one is bad or not plain.

    Args:
        payloads: none longer than a message may be.
        factories: who sent each.
        arrived_us: when each arrived.
        telemetry_days: how long status is kept.
    """
    text = b"[[%b]]" % _EACH_IN_ITS_OWN.join(payloads)
    keys = None if _EXT in text else count_keys(text)
    if keys is None:
        return None
    try:
        messages = [message for (message,) in _MESSAGES.validate_json(text)]
        each = [message["robots"] for message in messages]
        samples = list(chain.from_iterable(each))
        if len(messages) != len(payloads) or keys != sum(map(len, messages)) + sum(map(len, samples)):
            return None
        common_us = _instants_us(messages, "at")
        stated_us = _instants_us(messages, "reported_at")
        own_us = _instants_us(samples, "at")
    except (ValidationError, WireError):
        return None
    if not _in_time(chain(common_us, stated_us, own_us), arrived_us, telemetry_days):
        return None
    sizes = [len(robots) for robots in each]
    if len(samples) > len(messages):
        common_us, factories, arrived_us = (_repeated(values, sizes) for values in (common_us, factories, arrived_us))
    said_us = [common if own is None else own for own, common in zip(own_us, common_us, strict=True)]
    return Statuses(messages, sizes, _newest_us(said_us, sizes), _columns(samples, factories, arrived_us, said_us))


def _instants_us(members: Sequence[Mapping[str, Any]], name: str) -> list[int | None]:
    return [parse_instant(each[name], name) if name in each else None for each in members]


def _in_time(told_us: Iterable[int | None], arrived_us: Sequence[int], telemetry_days: int) -> bool:
    """Whether every time is in time by each of the arrivals; what is so by its own only is judged alone."""
    times_us = [instant_us for instant_us in told_us if instant_us is not None]
    if not times_us:
        return True
    first, last = Receipt("", min(arrived_us), telemetry_days), Receipt("", max(arrived_us), telemetry_days)
    return max(times_us) <= first.latest_us and min(times_us) >= last.oldest_us


def _repeated(values: Sequence[Any], sizes: Sequence[int]) -> list[Any]:
    return list(chain.from_iterable(map(repeat, values, sizes)))


def _newest_us(said_us: Sequence[int | None], sizes: Sequence[int]) -> Sequence[int | None]:
    if len(said_us) == len(sizes):
        return said_us
    samples = iter(said_us)
    return [max((us for us in islice(samples, size) if us is not None), default=None) for size in sizes]


def _columns(
    samples: Sequence[Mapping[str, Any]],
    factories: Sequence[str],
    arrived_us: Sequence[int],
    said_us: Sequence[int | None],
) -> Columns:
    times_us = [arrived if said is None else said for said, arrived in zip(said_us, arrived_us, strict=True)]
    return {
        "time": [instant_us * 1000 for instant_us in times_us],
        "factory": list(factories),
        "robot": [sample["robot"] for sample in samples],
        "state": [sample["state"] for sample in samples],
        "mode": [sample.get("mode") for sample in samples],
        "power_on_hours": [sample.get("power_on_hours") for sample in samples],
        "energy_kwh": [sample.get("energy_kwh") for sample in samples],
        "fault_code": [sample.get("fault_code") for sample in samples],
        "arrived_us": list(arrived_us),
        "at_is_arrival": [said is None for said in said_us],
    }

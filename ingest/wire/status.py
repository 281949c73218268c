"""Samples to columns of the store."""

from collections.abc import Mapping, Sequence
from typing import Any

from ingest.wire.receipt import Columns, Receipt
from ingest.wire.refusals import WireError, shown
from ingest.wire.times import parse_instant


def status_head(message: Mapping[str, Any], receipt: Receipt) -> int | None:
    """The message's own time in µs, if it has one; checks also when it was stated.

    Raises:
        WireError: `invalid_field` or `clock_ahead`.
    """
    receipt.reported_us(message)
    return receipt.instant(message["at"], "at") if "at" in message else None


def status_columns(samples: Sequence[Mapping[str, Any]], message: Mapping[str, Any], receipt: Receipt) -> Columns:
    """Columns of `robot_status` from valid samples; `time` in ns.

    Raises:
        WireError: of a sample's time: `invalid_field`, `clock_ahead` or `too_old`.
    """
    common_us = status_head(message, receipt)
    fallback_us = receipt.arrived_us if common_us is None else common_us
    times_us = [parse_instant(s["at"], "at") if "at" in s else fallback_us for s in samples]
    _check_span(times_us, samples, receipt)
    count = len(samples)
    return {
        "time": [instant_us * 1000 for instant_us in times_us],
        "factory": [receipt.factory] * count,
        "robot": [s["robot"] for s in samples],
        "state": [s["state"] for s in samples],
        "mode": [s.get("mode") for s in samples],
        "power_on_hours": [s.get("power_on_hours") for s in samples],
        "energy_kwh": [s.get("energy_kwh") for s in samples],
        "fault_code": [s.get("fault_code") for s in samples],
        "arrived_us": [receipt.arrived_us] * count,
        "at_is_arrival": [common_us is None and "at" not in s for s in samples],
    }


def newest_us(columns: Columns) -> int | None:
    """When the newest sample was taken; None where none has a time of its own."""
    told = [
        time_ns for time_ns, is_arrival in zip(columns["time"], columns["at_is_arrival"], strict=True) if not is_arrival
    ]
    return max(told) // 1000 if told else None


def _check_span(times_us: Sequence[int], samples: Sequence[Mapping[str, Any]], receipt: Receipt) -> None:
    newest_us, oldest_us = max(times_us), min(times_us)
    receipt.not_ahead(newest_us, samples[times_us.index(newest_us)].get("at"), "at")
    if oldest_us < receipt.oldest_us:
        at = samples[times_us.index(oldest_us)].get("at")
        said = "The message's at" if at is None else f"at is {shown(at)}, which"
        detail = f"{said} is older than the {receipt.telemetry_days} days for which status is kept: send it sooner."
        raise WireError("too_old", detail, "at")

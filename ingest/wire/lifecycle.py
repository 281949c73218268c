"""Lifecycle events to columns of the store, and what the types alone cannot say of an event."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ingest.wire.receipt import Columns, Receipt, sender_columns
from ingest.wire.refusals import WireError, shown
from ingest.wire.serials import is_placeholder
from ingest.wire.times import Moment, parse_made, parse_moment

ENTERING: Final = frozenset({"installed", "commissioned", "moved_in"})
_CHANGEABLE: Final = ("purpose", "category", "nameplate")
# What an event does not say stays null: the defaults are the fold's, and in changed it means unchanged.
_PLAIN: Final = (
    "robot", "event", "category", "purpose", "application", "acquisition", "owner", "integrator", "record", "axes",
    "payload_kg", "collaborative",
)  # fmt: skip
_PLATE: Final = ("manufacturer", "model", "serial", "serial_source", "manufactured")
_NO_PLATE: Final[Mapping[str, Any]] = {}


def lifecycle_columns(events: Sequence[Mapping[str, Any]], message: Mapping[str, Any], receipt: Receipt) -> Columns:
    """Columns of `lifecycle` from valid events, without the writer's stamp.

    Raises:
        WireError: `invalid_field`, `placeholder_serial` or `clock_ahead`.
    """
    sender = sender_columns(message, receipt, len(events))
    for event in events:
        _check(event, receipt)
    moments = [_moment(event["at"], "at", receipt) for event in events]
    voided = [_moment(event["voids"]["at"], "voids.at", receipt) if "voids" in event else None for event in events]
    plates = [event.get("nameplate", _NO_PLATE) for event in events]
    return {
        **sender,
        **{name: [event.get(name) for event in events] for name in _PLAIN},
        **{name: [plate.get(name) for plate in plates] for name in _PLATE},
        "at": [str(event["at"]) for event in events],
        "at_us": [moment.at_us for moment in moments],
        "span_first_day": [moment.first_day for moment in moments],
        "span_last_day": [moment.last_day for moment in moments],
        "voids_event": [event["voids"]["event"] if "voids" in event else None for event in events],
        "voids_at_us": [moment.at_us if moment else None for moment in voided],
    }


def _moment(value: object, path: str, receipt: Receipt) -> Moment:
    moment = parse_moment(value, path)
    receipt.not_ahead(moment.at_us, value, path)
    return moment


def _check(event: Mapping[str, Any], receipt: Receipt) -> None:
    name = event["event"]
    if name in ENTERING and "nameplate" not in event:
        raise WireError("invalid_field", f"nameplate is missing: {name} says which robot it is.", "nameplate")
    if ("voids" in event) != (name == "void"):
        detail = "voids is missing: name the event and the at that are void." if name == "void" else (
            f"voids belongs to the event void, not to {name}: leave it out.")  # fmt: skip
        raise WireError("invalid_field", detail, "voids")
    if name == "changed" and not any(field in event for field in _CHANGEABLE):
        raise WireError("invalid_field", "changed gives no purpose, category or nameplate: say what changed.", "event")
    if "nameplate" in event:
        _check_plate(event["nameplate"], receipt)
        if "category" not in event:
            raise WireError("invalid_field", "category is missing: it is required with a nameplate.", "category")


def _check_plate(plate: Mapping[str, Any], receipt: Receipt) -> None:
    serial, path = plate["serial"], "nameplate.serial"
    if is_placeholder(serial):
        detail = f"{path} is {shown(serial)}, which is no serial: read it from the arm's plate, or assign one."
        raise WireError("placeholder_serial", detail, path)
    if plate.get("serial_source") == "assigned" and not serial.startswith(receipt.factory):
        detail = f"{path} is {shown(serial)}: an assigned serial starts with the factory, {receipt.factory}."
        raise WireError("invalid_field", detail, path)
    if "manufactured" in plate:
        made, path = plate["manufactured"], "nameplate.manufactured"
        receipt.not_ahead(parse_made(made, path).at_us, made, path)

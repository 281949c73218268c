"""What is known of a message beside its bytes: who sent it, when it arrived, how old a status may be."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from ingest.wire.refusals import WireError, shown
from ingest.wire.times import DAY_US, US, day_start_us, parse_instant

Columns = dict[str, list[Any]]

_AHEAD_US: Final = 300 * US
_EXT_BYTES: Final = 4096


@dataclass(frozen=True)
class Receipt:
    """The arrival of one message.

    Attributes:
        factory: from the topic.
        arrived_us: the clock that `clock_ahead` and `too_old` are judged by.
        telemetry_days: how long status is kept; older is refused.
    """

    factory: str
    arrived_us: int
    telemetry_days: int = 90

    @cached_property
    def latest_us(self) -> int:
        """No time may lie after this."""
        return self.arrived_us + _AHEAD_US

    @cached_property
    def oldest_us(self) -> int:
        """No status may lie before this."""
        return self.arrived_us - self.telemetry_days * DAY_US

    def instant(self, value: object, path: str) -> int:
        """The instant of a time that is not ahead of the clock.

        Raises:
            WireError: `invalid_field` or `clock_ahead`.
        """
        return self.not_ahead(parse_instant(value, path), value, path)

    def not_ahead(self, instant_us: int, value: object, path: str) -> int:
        """The instant itself.

        Raises:
            WireError: `clock_ahead` where it lies over 5 minutes in the future.
        """
        if instant_us > self.latest_us:
            detail = (
                f"{path} is {shown(value)}, over 5 minutes in the future: set the clock, or send it when it has begun."
            )
            raise WireError("clock_ahead", detail, path)
        return instant_us

    def reported_us(self, message: Mapping[str, Any]) -> int | None:
        """When the factory stated a message, if it says so.

        Raises:
            WireError: `invalid_field` or `clock_ahead`.
        """
        return self.instant(message["reported_at"], "reported_at") if "reported_at" in message else None

    def begun(self, day: int, value: object, path: str) -> int:
        """A day that has begun.

        Raises:
            WireError: `clock_ahead`.
        """
        self.not_ahead(day_start_us(day), value, path)
        return day


def sender_columns(message: Mapping[str, Any], receipt: Receipt, count: int) -> Columns:
    """What the envelope says of the sender, once for each item.

    Raises:
        WireError: `invalid_field` or `clock_ahead`.
    """
    ext = message.get("ext")
    return {
        "factory": [receipt.factory] * count,
        "reported_at_us": [receipt.reported_us(message)] * count,
        "seq": [message.get("seq")] * count,
        "boot": [message.get("boot")] * count,
        "ext": [None if ext is None else _ext_text(ext)] * count,
    }


def _ext_text(ext: Mapping[str, Any]) -> str:
    try:
        text = json.dumps(ext, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        size = len(text.encode("utf-8"))
    except (ValueError, RecursionError):
        raise WireError("invalid_field", "ext holds what is no JSON text: an infinite number or half a character; "
                        "correct it.", "ext") from None  # fmt: skip
    if size > _EXT_BYTES:
        raise WireError("invalid_field", f"ext has {size} bytes; at most {_EXT_BYTES} are kept. Shorten it.", "ext")
    return text

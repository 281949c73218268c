"""Bytes to a JSON object, more strictly than Python's own reader: no NaN, no duplicate keys, no mark of byte order."""

import json
from collections.abc import Sequence
from typing import Any, NoReturn

from ingest.wire.refusals import WireError, shown

MAX_BYTES = 1024 * 1024
_BLANK_AFTER_QUOTE = (b'" ', b'"\n', b'"\r', b'"\t')


def parse_object(payload: bytes) -> dict[str, Any]:
    """The JSON object in a payload.

    Raises:
        WireError: `too_large` above 1 MiB, else `not_json`.
    """
    if len(payload) > MAX_BYTES:
        raise WireError("too_large", f"The payload has {len(payload)} bytes; at most {MAX_BYTES} are taken. Split it.")
    try:
        value = _DECODER.decode(payload.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise WireError("not_json", f"The payload is not UTF-8 at byte {error.start}; encode it as UTF-8.") from None
    except RecursionError:
        raise WireError("not_json", "The payload is nested too deeply; flatten it.") from None
    except ValueError as error:  # also an integer of more than 4,300 digits
        raise WireError("not_json", f"The payload is not JSON ({error}); send one JSON object.") from None
    if not isinstance(value, dict):
        raise WireError("not_json", f"The payload is {shown(value)}; send one JSON object.")
    return value


def count_keys(payload: bytes) -> int | None:
    """How many keys valid JSON has, duplicates and all, without reading it; None where that needs reading.

    With no escapes, a quote before a colon ends a key or begins a text with a colon: the answer is never too small.
    """
    if b"\\" in payload or any(blank in payload for blank in _BLANK_AFTER_QUOTE):
        return None
    return payload.count(b'":')


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in found if names.count(name) > 1)
        raise ValueError(f"the key {shown(twice)} stands twice in one object")
    return found


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)

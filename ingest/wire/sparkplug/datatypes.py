"""Datatypes of Sparkplug metrics, and their values to and from the wire.

The wire has unsigned integers alone: Int8 to Int32 stand in 32 bits and Int64 in 64 bits, in two's complement, so
that -12 arrives as 4294967284 and only the datatype tells. Data messages leave the datatype to the birth.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from ingest.wire.sparkplug import sparkplug_b_pb2 as pb


class DataType(IntEnum):
    """Codes of chapter 6.4.16; from INT8_ARRAY on arrays packed into bytes."""

    UNKNOWN = 0
    INT8 = 1
    INT16 = 2
    INT32 = 3
    INT64 = 4
    UINT8 = 5
    UINT16 = 6
    UINT32 = 7
    UINT64 = 8
    FLOAT = 9
    DOUBLE = 10
    BOOLEAN = 11
    STRING = 12
    DATE_TIME = 13
    TEXT = 14
    UUID = 15
    DATA_SET = 16
    BYTES = 17
    FILE = 18
    TEMPLATE = 19
    PROPERTY_SET = 20
    PROPERTY_SET_LIST = 21
    INT8_ARRAY = 22
    DATE_TIME_ARRAY = 34


@dataclass(frozen=True)
class Opaque:
    """A value that no metric of ours can have, by what it is; its content is not read."""

    what: str


Value = int | float | bool | str | bytes | Opaque | None

TEMPLATE_DEFINITION: Final = Opaque("a template's definition")
TEMPLATE: Final = Opaque("a template")
DATA_SET: Final = Opaque("a data set")
EXTENSION: Final = Opaque("an extension")
NOT_UTF8: Final = Opaque("text that is not UTF-8")

_KNOWN: Final = frozenset(DataType)
_SIGNED_BITS: Final = {DataType.INT8: 8, DataType.INT16: 16, DataType.INT32: 32, DataType.INT64: 64}
_UNSIGNED: Final = frozenset({DataType.UINT8, DataType.UINT16, DataType.UINT32, DataType.UINT64})
_WIDTHS: Final = {"int_value": 32, "long_value": 64}
_IN_INT: Final = frozenset({DataType.INT8, DataType.INT16, DataType.INT32, DataType.UINT8, DataType.UINT16,
                            DataType.UINT32})  # fmt: skip


def decode_value(metric: pb.Payload.Metric, datatype: int) -> Value:
    """The value of a metric, read as its datatype says; None where it has none."""
    field = metric.WhichOneof("value")
    if field is None or metric.is_null:
        return None
    if field in _WIDTHS:
        return _integer(getattr(metric, field), _WIDTHS[field], datatype)
    if field == "template_value":
        return TEMPLATE_DEFINITION if metric.template_value.is_definition else TEMPLATE
    if field in {"dataset_value", "extension_value"}:
        return DATA_SET if field == "dataset_value" else EXTENSION
    value: Value = getattr(metric, field)
    return NOT_UTF8 if field == "string_value" and isinstance(value, bytes) else value


def _integer(value: int, width: int, datatype: int) -> int:
    return value if datatype in _UNSIGNED else typed(_wrapped(value, width), datatype)


def typed(value: int, datatype: int) -> int:
    """An integer that was read as signed, since its message left the datatype to the birth, read as that says.

    Without any datatype the sign bit is believed: no count of ours reaches so far.
    """
    if datatype in _UNSIGNED:
        width = 32 if value >= -(1 << 31) else 64
        return value if value >= 0 else value & ((1 << width) - 1)
    bits = _SIGNED_BITS.get(DataType(datatype)) if datatype in _KNOWN else None
    fits = bits is not None and -(1 << (bits - 1)) <= value < 1 << bits
    return _wrapped(value, bits) if bits is not None and fits else value


def _wrapped(value: int, bits: int) -> int:
    low = value & ((1 << bits) - 1)
    return low - (1 << bits) if low >> (bits - 1) else low


def encode_value(value: Value, datatype: int) -> dict[str, Any]:
    """The field of the wire that holds a value, as arguments of a metric; none for None.

    Raises:
        ValueError: a value that is not read is not written either.
    """
    if value is None:
        return {"is_null": True}
    if isinstance(value, Opaque):
        raise ValueError(f"{value.what} cannot be encoded: its content was not read.")  # noqa: TRY004 - of any type
    if isinstance(value, int) and not isinstance(value, bool):
        width = 32 if datatype in _IN_INT else 64
        return {"int_value" if width == 32 else "long_value": value & ((1 << width) - 1)}
    return {_field(value, datatype): value}


def _field(value: float | bool | str | bytes, datatype: int) -> str:  # noqa: FBT001 - one of many types
    if isinstance(value, bool):
        return "boolean_value"
    if isinstance(value, float):
        return "float_value" if datatype == DataType.FLOAT else "double_value"
    return "string_value" if isinstance(value, str) else "bytes_value"

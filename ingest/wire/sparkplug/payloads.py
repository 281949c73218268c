"""Sparkplug payloads as frozen values: bytes to metrics, and back."""

from dataclasses import dataclass
from typing import Final

from google.protobuf.message import DecodeError

from ingest.wire.refusals import WireError
from ingest.wire.sparkplug import sparkplug_b_pb2 as pb
from ingest.wire.sparkplug.datatypes import DataType, Value, decode_value, encode_value
from ingest.wire.strict_json import MAX_BYTES

MOST_METRICS: Final = 50_000
SEQUENCE: Final = 256  # seq and bdSeq wrap from 255 to 0

_QUALITY: Final = "Quality"
_WITHOUT_VALUE: Final = frozenset({0, 500})  # BAD and STALE


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric of a payload.

    Attributes:
        name: None in data that carries the alias alone.
        value: None where it is null.
        alias: unique within the edge node.
        datatype: a code of `DataType`, or one that is not known yet; 0 where the message does not say.
        timestamp_ms: when the value was taken.
        is_historical: not the latest value.
        quality: 0 bad, 192 good, 500 stale; None where the message does not say.
    """

    name: str | None
    value: Value = None
    alias: int | None = None
    datatype: int = DataType.UNKNOWN
    timestamp_ms: int | None = None
    is_historical: bool = False
    quality: int | None = None

    @property
    def has_value(self) -> bool:
        """Whether it says anything: null, bad and stale do not."""
        return self.value is not None and self.quality not in _WITHOUT_VALUE


@dataclass(frozen=True, slots=True)
class Payload:
    """One payload.

    Attributes:
        metrics: in the order of the wire.
        timestamp_ms: when it was sent.
        seq: None where the field is missing, which an encoder that leaves out zeros means as 0.
    """

    metrics: tuple[Metric, ...] = ()
    timestamp_ms: int | None = None
    seq: int | None = None

    @property
    def place(self) -> int:
        """Its number in the count of its edge node."""
        return (self.seq or 0) % SEQUENCE


def decode_payload(payload: bytes) -> Payload:
    """Read a payload; each metric is read as its own datatype says.

    Raises:
        WireError: `too_large` above 1 MiB or 50,000 metrics, `invalid_field` where it is no Sparkplug B.
    """
    if len(payload) > MAX_BYTES:
        raise WireError("too_large", f"The payload has {len(payload)} bytes; at most {MAX_BYTES} are taken. Split it.")
    try:
        message = pb.Payload.FromString(payload)
    except DecodeError as error:
        detail = f"The payload is no Sparkplug B ({error}): publish under spBv1.0 what the specification defines."
        raise WireError("invalid_field", detail) from None
    if len(message.metrics) > MOST_METRICS:
        detail = f"The payload has {len(message.metrics)} metrics; at most {MOST_METRICS} are taken. Split the node."
        raise WireError("too_large", detail)
    return Payload(
        tuple(_decode_metric(metric) for metric in message.metrics),
        message.timestamp if message.HasField("timestamp") else None,
        message.seq if message.HasField("seq") else None,
    )


def encode_payload(payload: Payload) -> bytes:
    """A payload as bytes; `decode_payload` reads it back.

    Raises:
        ValueError: a value that was not read.
    """
    message = pb.Payload(timestamp=payload.timestamp_ms, seq=payload.seq)
    message.metrics.extend(_encode_metric(metric) for metric in payload.metrics)
    return bytes(message.SerializeToString())


def _decode_metric(metric: pb.Payload.Metric) -> Metric:
    return Metric(
        name=_text(metric.name) if metric.HasField("name") else None,
        value=decode_value(metric, metric.datatype),
        alias=metric.alias if metric.HasField("alias") else None,
        datatype=metric.datatype,
        timestamp_ms=metric.timestamp if metric.HasField("timestamp") else None,
        is_historical=metric.is_historical,
        quality=_quality(metric.properties) if metric.HasField("properties") else None,
    )


def _encode_metric(metric: Metric) -> pb.Payload.Metric:
    encoded = pb.Payload.Metric(
        name=metric.name,
        alias=metric.alias,
        timestamp=metric.timestamp_ms,
        datatype=metric.datatype or None,
        is_historical=metric.is_historical or None,
        **encode_value(metric.value, metric.datatype),
    )
    if metric.quality is not None:
        encoded.properties.keys.append(_QUALITY)
        encoded.properties.values.add(type=DataType.INT32, int_value=metric.quality)
    return encoded


def _text(text: str | bytes) -> str:
    """A name; the library hands over bytes where it is not UTF-8."""
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text


def _quality(properties: pb.Payload.PropertySet) -> int | None:
    for key, value in zip(properties.keys, properties.values, strict=False):
        if key == _QUALITY and value.WhichOneof("value") in {"int_value", "long_value"}:
            return int(getattr(value, value.WhichOneof("value")))
    return None

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.wire.refusals import WireError
from ingest.wire.sparkplug import sparkplug_b_pb2 as pb
from ingest.wire.sparkplug.datatypes import NOT_UTF8, TEMPLATE, TEMPLATE_DEFINITION, DataType, typed
from ingest.wire.sparkplug.payloads import Metric, Payload, decode_payload, encode_payload


def _signed(bits: int) -> st.SearchStrategy[int]:
    return st.integers(-(1 << (bits - 1)), (1 << (bits - 1)) - 1)


VALUES: dict[DataType, st.SearchStrategy[Any]] = {
    DataType.INT8: _signed(8), DataType.INT16: _signed(16), DataType.INT32: _signed(32), DataType.INT64: _signed(64),
    DataType.UINT8: st.integers(0, 2**8 - 1), DataType.UINT16: st.integers(0, 2**16 - 1),
    DataType.UINT32: st.integers(0, 2**32 - 1), DataType.UINT64: st.integers(0, 2**64 - 1),
    DataType.FLOAT: st.floats(width=32, allow_nan=False), DataType.DOUBLE: st.floats(allow_nan=False),
    DataType.BOOLEAN: st.booleans(), DataType.STRING: st.text(), DataType.TEXT: st.text(),
    DataType.DATE_TIME: _signed(64), DataType.UUID: st.uuids().map(str), DataType.BYTES: st.binary(),
    DataType.FILE: st.binary(), DataType.INT8_ARRAY: st.binary(),
}  # fmt: skip
SLOW_MACHINE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
UINT64 = st.integers(0, 2**64 - 1)


@st.composite
def metrics(draw: Callable[..., Any]) -> Metric:
    datatype = draw(st.sampled_from(list(VALUES)))
    return Metric(
        draw(st.none() | st.text()), draw(st.none() | VALUES[datatype]), draw(st.none() | UINT64), datatype,
        draw(st.none() | UINT64), draw(st.booleans()), draw(st.sampled_from([None, 0, 192, 500])),
    )  # fmt: skip


@SLOW_MACHINE
@given(st.builds(Payload, st.lists(metrics(), max_size=5).map(tuple), st.none() | UINT64, st.none() | UINT64))
def test_decode_payload_reads_what_encode_payload_wrote(payload: Payload) -> None:
    assert decode_payload(encode_payload(payload)) == payload


@pytest.mark.parametrize(
    ("datatype", "field", "on_the_wire", "value"),
    [
        (DataType.INT8, "int_value", 4294967284, -12),  # sign-extended to 32 bits
        (DataType.INT8, "int_value", 244, -12),  # 8 bits alone
        (DataType.INT8, "int_value", 12, 12),
        (DataType.INT16, "int_value", 65524, -12),
        (DataType.INT32, "int_value", 4294967284, -12),
        (DataType.INT32, "long_value", 2**64 - 12, -12),
        (DataType.INT64, "long_value", 2**64 - 12, -12),
        (DataType.INT8, "int_value", 300, 300),  # too large for its type: not wrapped into a number it is not
        (DataType.UINT32, "int_value", 4294967284, 4294967284),
        (DataType.UINT32, "long_value", 4294967284, 4294967284),  # as Java encodes it
        (DataType.DATE_TIME, "long_value", 2**64 - 1, -1),  # before 1970
        (DataType.UNKNOWN, "int_value", 4294967284, -12),
        (99, "long_value", 7, 7),  # a datatype of a later version
    ],
)
def test_decode_payload_integers_are_signed_as_their_datatype_says(
    datatype: int, field: str, on_the_wire: int, value: int
) -> None:
    message = pb.Payload(metrics=[pb.Payload.Metric(name="n", datatype=datatype, **{field: on_the_wire})])
    assert decode_payload(message.SerializeToString()).metrics[0].value == value


@pytest.mark.parametrize("datatype", [DataType.INT8, DataType.INT16, DataType.INT32, DataType.UINT16, DataType.UINT32])
@SLOW_MACHINE
@given(data=st.data())
def test_typed_by_the_birth_is_as_typed_by_the_message(datatype: DataType, data: st.DataObject) -> None:
    value = data.draw(VALUES[datatype])
    untyped = decode_payload(encode_payload(Payload((Metric("n", value, datatype=datatype),))))
    encoded = pb.Payload.FromString(encode_payload(untyped))
    encoded.metrics[0].ClearField("datatype")
    guessed = decode_payload(encoded.SerializeToString()).metrics[0].value
    assert isinstance(guessed, int)
    assert typed(guessed, datatype) == value


def test_decode_payload_nan_is_kept_for_the_contract_to_refuse() -> None:
    payload = encode_payload(Payload((Metric("n", math.nan, datatype=DataType.DOUBLE),)))
    value = decode_payload(payload).metrics[0].value
    assert isinstance(value, float)
    assert math.isnan(value)


def test_decode_payload_null_and_stale_have_no_value() -> None:
    null, stale, bad, good = (
        Metric("n", None, datatype=DataType.STRING), Metric("n", "idle", quality=500),
        Metric("n", "idle", quality=0), Metric("n", "idle", quality=192),
    )  # fmt: skip
    read = decode_payload(encode_payload(Payload((null, stale, bad, good)))).metrics
    assert [metric.has_value for metric in read] == [False, False, False, True]


def test_decode_payload_templates_are_seen_and_not_read() -> None:
    template = pb.Payload.Template(template_ref="Robot")
    definition = pb.Payload.Template(is_definition=True)
    message = pb.Payload(metrics=[{"template_value": template}, {"template_value": definition}])
    assert [metric.value for metric in decode_payload(message.SerializeToString()).metrics] == [
        TEMPLATE, TEMPLATE_DEFINITION,
    ]  # fmt: skip
    with pytest.raises(ValueError, match="a template cannot be encoded"):
        encode_payload(Payload((Metric("n", TEMPLATE),)))


def test_decode_payload_text_that_is_not_utf8() -> None:
    (metric,) = decode_payload(b"\x12\x08\x0a\x02\xff\xfe\x7a\x02\xff\xfe").metrics
    assert metric == Metric("\ufffd\ufffd", NOT_UTF8)


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b'{"robots": []}', "invalid_field"),
        (b"\x12\xff", "invalid_field"),
        (b"\x00" * (1024 * 1024 + 1), "too_large"),
        (b"\x12\x00" * 50_001, "too_large"),
    ],
)
def test_decode_payload_refuses(payload: bytes, code: str) -> None:
    with pytest.raises(WireError) as refused:
        decode_payload(payload)
    assert refused.value.refusal.code == code
    assert refused.value.refusal.detail.endswith(".")


def test_decode_payload_a_missing_seq_is_0() -> None:
    assert decode_payload(b"") == Payload()
    assert Payload().place == 0

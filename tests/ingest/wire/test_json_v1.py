import json
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.arrival import Arrival
from ingest.batch import Batch
from ingest.refused import refusal_rows
from ingest.wire.json_v1 import CODECS, Decoded, decode, encode, encode_items
from ingest.wire.receipt import Receipt
from ingest.wire.strict_json import MAX_BYTES
from ingest.wire.topics import KINDS, Kind, parse_topic, report_topic
from store.schema import REFUSAL

CASES = Path(__file__).parent.parent / "cases"
RECEIPT = Receipt("F00042", 1_795_492_800_000_000)  # 2026-11-24T12:00:00+08:00


def samples() -> list[tuple[Kind, bytes]]:
    found = []
    for case in sorted(CASES.iterdir()):
        kind = parse_topic((case / "topic").read_text().strip()).kind
        payload = next(case.glob("payload.*")).read_bytes()
        if kind and len(payload) < 4000:
            found.append((kind, payload))
    return found


SAMPLES = samples()
SOUND = [(kind, payload) for kind, payload in SAMPLES if not decode(kind, payload, RECEIPT).refusals]


def assert_accounted_for(kind: Kind, payload: bytes, decoded: Decoded) -> None:
    alone = sum(refusal.position is not None for refusal in decoded.refusals)
    refused = decoded.items if decoded.whole_refused else alone
    assert len(decoded.positions) + refused == decoded.items >= 1
    assert {len(values) for values in decoded.columns.values()} <= {len(decoded.positions)}
    batch, topic = Batch(), parse_topic(report_topic("F00042", kind))
    if decoded.columns:
        batch.take(kind, decoded.columns)
    rows = list(refusal_rows(Arrival("", payload, 0, False, 1, 1, 0.0), topic, decoded, "F00042"))
    batch.refuse(rows)
    for frame in batch.frames().values():
        frame.write_ndjson().encode()
    assert bool(rows) == bool(decoded.refusals)
    assert {name for row in rows for name in row} <= set(REFUSAL.columns)


@given(st.sampled_from(SAMPLES), st.integers(0, 4000), st.binary(max_size=4))
@settings(max_examples=300, deadline=None)
def test_decode_damaged_bytes_are_stored_or_refused(sample: tuple[Kind, bytes], at: int, damage: bytes) -> None:
    kind, payload = sample
    damaged = payload[:at] + damage + payload[at + len(damage) :]
    assert_accounted_for(kind, damaged, decode(kind, damaged, RECEIPT))


@pytest.mark.parametrize(("kind", "payload"), SOUND)
def test_decode_indented_message_is_judged_alike(kind: Kind, payload: bytes) -> None:
    quick = decode(kind, encode(json.loads(payload)), RECEIPT)
    strict = decode(kind, json.dumps(json.loads(payload), indent=1).encode(), RECEIPT)
    assert (quick.columns, list(quick.positions)) == (strict.columns, list(strict.positions))
    assert quick.refusals == strict.refusals == ()


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_decode_no_number_where_any_value_stands_is_not_json(value: str) -> None:
    payload = b'{"at":%s,"robots":[{"robot":"R","state":"off"}]}' % value.encode()
    assert decode("status", payload, RECEIPT).refusals[0].code == "not_json"


def test_decode_above_a_mebibyte_is_too_large() -> None:
    payload = b'{"robots":[{"robot":"R","state":"off"}]}'
    assert decode("status", payload.ljust(MAX_BYTES), RECEIPT).positions == range(1)
    assert decode("status", payload.ljust(MAX_BYTES + 1), RECEIPT).refusals[0].code == "too_large"


def test_decode_sentence_names_the_nearest_field() -> None:
    payload = encode_items("lifecycle", [{"robot": "R", "event": "changed", "at": "2025", "purpos": "training"}])
    assert '"purpos"' in decode("lifecycle", payload, RECEIPT).refusals[0].detail
    assert "the nearest is purpose" in decode("lifecycle", payload, RECEIPT).refusals[0].detail


def test_encode_items_is_read_back_by_decode() -> None:
    items = [
        {"robot": f"R-{i}", "state": "idle", "at": 1_795_400_000_000 + i, "energy_kwh": i / 3} for i in range(1000)
    ]
    decoded = decode("status", encode_items("status", items, seq=4, boot="b"), RECEIPT)
    assert not decoded.refusals
    assert decoded.columns["robot"] == [item["robot"] for item in items]
    assert decoded.columns["energy_kwh"] == [item["energy_kwh"] for item in items]
    assert decoded.columns["time"] == [cast("int", item["at"]) * 1_000_000 for item in items]


def test_encode_items_of_a_kind_without_items() -> None:
    with pytest.raises(ValueError, match="inventory is one item"):
        encode_items("inventory", [])


@pytest.mark.parametrize("kind", KINDS)
def test_codec_states_its_message_as_json_schema(kind: Kind) -> None:
    schema = CODECS[kind].whole.json_schema()
    assert schema["additionalProperties"] is False
    assert {"seq", "boot", "reported_at", "ext"} <= set(schema["properties"])

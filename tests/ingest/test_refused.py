import base64
import hashlib
import json

from ingest.arrival import Arrival
from ingest.refused import KEPT_BYTES, refusal_rows
from ingest.wire.json_v1 import Decoded, decode, encode
from ingest.wire.receipt import Receipt
from ingest.wire.refusals import Refusal
from ingest.wire.topics import parse_topic

TOPIC = parse_topic("robodensity/v1/F1/status")
RECEIPT = Receipt("F1", 1_795_492_800_000_000)


def arrival(payload: bytes) -> Arrival:
    return Arrival("robodensity/v1/F1/status", payload, 1_795_492_800_000_000_000, False, 1, 1, 0.0)


def payload_of(row: dict[str, object]) -> bytes:
    return base64.b64decode(str(row["payload"]))


def test_refusal_rows_item_stands_alone_in_its_envelope() -> None:
    good, bad = {"robot": "R-1", "state": "off"}, {"robot": "R-2", "state": "\ud800"}
    payload = json.dumps({"at": 1_795_492_000_000, "seq": 7, "robots": [good, bad]}).encode()
    (row,) = refusal_rows(arrival(payload), TOPIC, decode("status", payload, RECEIPT), "F1")
    assert json.loads(payload_of(row)) == {"at": 1_795_492_000_000, "seq": 7, "robots": [bad]}
    assert (row["path"], row["whole"]) == ("robots.1.state", False)


def test_refusal_rows_whole_message_is_cut_and_hashed() -> None:
    payload = b"\xff" * 100_000
    (row,) = refusal_rows(arrival(payload), TOPIC, decode("status", payload, RECEIPT), "F1")
    assert payload_of(row) == payload[:KEPT_BYTES]
    assert len(str(row["payload"])) == 65_536
    assert (row["length"], row["whole"]) == (100_000, True)
    assert row["sha256"] == hashlib.sha256(payload).hexdigest()


def test_refusal_rows_large_message_of_an_unknown_factory_can_be_replayed() -> None:
    items = [{"robot": f"R-{i:060d}", "state": "off"} for i in range(1000)]
    payload = encode({"at": 1_795_492_000_000, "robots": items})
    read = decode("status", payload, RECEIPT)
    refused = Decoded(
        "status", 1000, refusals=(Refusal("unknown_factory", "F1 is not registered."),), message=read.message
    )
    rows = list(refusal_rows(arrival(payload), TOPIC, refused, "?"))
    assert len(payload) > KEPT_BYTES
    parts = [json.loads(payload_of(row)) for row in rows]
    assert [item for part in parts for item in part["robots"]] == items
    assert {part["at"] for part in parts} == {1_795_492_000_000}
    assert rows[0]["path"] == "robots.0-499"
    assert [(row["items"], row["counted"]) for row in rows] == [(500, "?"), (500, "?")]

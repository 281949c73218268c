import json
import random
from collections.abc import Callable
from itertools import product
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workers import register_factories

from ingest.arrival import Arrival
from ingest.batch import MEASUREMENT_OF, Batch
from ingest.intake import Intake
from ingest.register import Register
from ingest.state import Counts
from ingest.wire import json_v1
from ingest.wire.receipt import Receipt
from ingest.wire.strict_json import parse_object
from ingest.wire.topics import KINDS, Kind, report_topic
from store.embedded import EmbeddedStore
from store.points import checked
from store.schema import REFUSAL

NOW_NS = 1_795_406_400 * 10**9  # 2026-11-23T12:00:00+08:00
DAY = 20_780

SOUND: dict[Kind, dict[str, Any]] = {
    "status": {
        "at": "2026-11-23T08:00:00+08:00",
        "reported_at": "2026-11-23T08:00:00Z",
        "robots": [
            {"robot": "R-1", "state": "idle", "mode": "manual", "power_on_hours": 1.5, "fault_code": None},
            {"robot": "R-2", "state": "off", "at": 1_795_392_000_000, "energy_kwh": 7, "fault_code": "E1"},
        ],
    },
    "lifecycle": {
        "seq": 4, "boot": "b", "reported_at": "2026-11-23T08:00:00Z",
        "events": [
            {
                "robot": "R-1", "event": "commissioned", "at": "2025-03", "category": "scara", "purpose": "research",
                "nameplate": {"manufacturer": "FANUC", "model": "SR-6", "serial": "E2150312", "manufactured": "2024"},
            },
            {"robot": "R-1", "event": "void", "at": "2025-04-01", "voids": {"event": "installed", "at": "2025"}},
        ],
    },
    "workforce": {"basis": "site", "periods": [{"period": "2026-10", "average": 5}, {"period": "2025", "average": 0}]},
    "inventory": {"as_of": "2026-10-31", "stock": 312, "complete": True, "ext": {"a": [1, {"b": None}]}},
    "assessment": {"standard": "GB/T 39116-2020", "level": 3, "score": 2.94, "on": "2026-05-01"},
}  # fmt: skip

ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8),
    st.sampled_from([
        2**63, -(2**63) - 1, 10**400, "", " ", "\ud800", "a\x00", "\u2028", "x" * 129, "2026-11-23T08:00:60Z",
        "2026-11-23T24:00:00Z", "0000", "0000-00-00", "9999-12-31", "before:9999-12-31", "9999-12-31T23:59:59-23:59",
        "2026-Q0", [], {}, [[]], "NaN", "٢٠٢٦-١٠",
    ]),
)  # fmt: skip


def _spots(value: Any) -> list[tuple[Any, Any]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [spot for key, child in inner for spot in [(value, key), *_spots(child)]]


@st.composite
def mutated(draw: Callable[..., Any]) -> tuple[Kind, bytes]:
    kind = draw(st.sampled_from(KINDS))
    message = json.loads(json.dumps(SOUND[kind]))
    for _ in range(draw(st.integers(0, 3))):
        place, key = draw(st.sampled_from(_spots(message)))
        match draw(st.sampled_from(["replace", "remove", "add", "repeat"])):
            case "replace":
                place[key] = draw(ODD)
            case "remove":
                del place[key]
            case "add" if isinstance(place, dict):
                place[draw(st.sampled_from(["at", "ext", "robots", "robot ", "purpose"]) | st.text(max_size=5))] = draw(
                    ODD
                )
            case _ if isinstance(place, list):
                place.append(place[key])
        if not _spots(message):
            break
    text = json.dumps(message, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from([None, 1])))
    payload = text.encode("utf-8", "surrogatepass")
    return (kind, _scratched(payload, draw(st.integers(0, 2**32)))) if draw(st.integers(0, 4)) == 0 else (kind, payload)


def _scratched(payload: bytes, seed: int) -> bytes:
    chance, scratched = random.Random(seed), bytearray(payload)
    for _ in range(chance.randrange(1, 4)):
        scratched[chance.randrange(len(scratched))] = chance.choice(b'"{}[]:,\\0e-\xff\x00 ')
    return bytes(scratched)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    opened = EmbeddedStore(tmp_path_factory.mktemp("intake"))
    opened.prepare(simulated=True)
    register_factories(opened, "F00001", "F00002")
    return opened


@pytest.fixture(scope="module")
def register(store: EmbeddedStore) -> Register:
    known = Register(store)
    known.refresh(0.0)
    return known


def _take(register: Register, kind: Kind, payload: bytes) -> None:
    counts = Counts()
    arrival = Arrival(report_topic("F00001", kind), payload, NOW_NS, dup=False, mid=1, generation=0, received_s=0.0)
    batch = Intake(register, 90).take_all(Batch([arrival]))
    counts.take(batch)
    frames = batch.frames()
    for measurement, frame in frames.items():
        ready = frame.with_columns(
            pl.lit(1 if key == "time" else "w").alias(key) for key in measurement.key if key not in frame
        )
        _, unusable = checked(measurement, ready)
        assert unusable.is_empty()
    stored = frames[MEASUREMENT_OF[kind]].height if MEASUREMENT_OF[kind] in frames else 0
    assert counts.messages == 1
    assert counts.stored == stored
    assert counts.arrived == counts.stored + counts.refused
    assert (counts.refused > 0) == (REFUSAL in frames)
    for topic, verdict in batch.verdicts:
        assert topic == "robodensity/v1/F00001/verdict"
        assert json.loads(verdict)["reason"] not in {"", "ok"}
        assert "failed to judge" not in json.loads(verdict)["detail"]


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated())
def test_take_mutated_messages_are_stored_or_refused(register: Register, message: tuple[Kind, bytes]) -> None:
    _take(register, *message)


def _arrivals(messages: list[tuple[str, Kind, bytes, bool]]) -> list[Arrival]:
    return [
        Arrival(report_topic(factory, kind), payload, NOW_NS + i, dup=dup, mid=1, generation=0, received_s=0.0)
        for i, (factory, kind, payload, dup) in enumerate(messages)
    ]


def _judged(register: Register, arrivals: list[Arrival], *, together: bool) -> tuple[Any, ...]:
    batch, intake = Batch(arrivals), Intake(register, 90)
    if together:
        intake.take_all(batch)
    else:
        for arrival in arrivals:
            intake.take(arrival, batch)
    frames = {kind.name: frame.to_dict(as_series=False) for kind, frame in batch.frames().items()}
    refused = sorted(map(str, batch.frames()[REFUSAL].rows())) if frames.pop("refusal", None) else []
    deliveries = batch.deliveries.frame().sort("factory", "kind", "boot").to_dicts()
    return frames, refused, batch.tally, sorted(batch.verdicts), deliveries


@st.composite
def crowd(draw: Callable[..., Any]) -> list[tuple[str, Kind, bytes, bool]]:
    """Good status of many factories, with a few other messages among it."""
    rows = [{"robot": "R-1", "state": "idle"}, {"robot": "R-2", "state": "off", "at": "2026-11-23T08:00:00.5Z"}]
    heads = [{}, {"at": 1_795_392_000_000}, {"seq": 3, "boot": "b"}, {"reported_at": "2026-11-23T10:00:00+08:00"}]
    good = st.builds(
        lambda factory, head, robots, dup: (factory, "status", json.dumps(head | {"robots": robots}).encode(), dup),
        st.sampled_from(["F00001", "F00002", "F9"]), st.sampled_from(heads),
        st.lists(st.sampled_from(rows), min_size=1, max_size=3), st.booleans(),
    )  # fmt: skip
    odd = st.one_of(mutated().map(lambda each: ("F00001", *each, False)), st.sampled_from(FRAGMENTS).map(
        lambda payload: ("F00001", "status", payload, False)))  # fmt: skip
    messages = draw(st.lists(good, min_size=5, max_size=30))
    for each in draw(st.lists(odd, max_size=3)):
        messages.insert(draw(st.integers(0, len(messages))), each)
    return messages


SAMPLE = b'{"robot":"R-9","state":"idle"}'
# No messages; each opening might be one with a closing behind it, and then a double would make up for the number.
OPENINGS = [b'{"robots":[' + SAMPLE, b'{"boot":"x', b'{"at":[[1', b'{"at":[1', b'{"ext":{"x":[[1', b"[", b""]
CLOSINGS = [
    SAMPLE + b"]}", b'y","robots":[%b]}' % SAMPLE, b'2]],"robots":[%b]}' % SAMPLE,
    b'2]],"at":1795392000000,"robots":[%b]}' % SAMPLE, b'2]]},"robots":[%b]}' % SAMPLE, b"]", b"null",
]  # fmt: skip
DOUBLES = [
    b'{"robots":[%b]}%b{"robots":[%b]}' % (SAMPLE, between, SAMPLE) for between in (b",", b"],[", b"],\n[", b"]],[[")
]
FRAGMENTS = [
    *OPENINGS, *CLOSINGS, *DOUBLES, b'{"robots":[%b],"robots":[%b]}' % (SAMPLE, SAMPLE), b'{"robots":[%b]} ' % SAMPLE,
    b'\n{"robots":\n[%b]}' % SAMPLE, b"\xef\xbb\xbf{}", b"\xff", b"\x00", b" ", b"0",
]  # fmt: skip


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(crowd())
def test_take_all_answers_as_one_by_one(register: Register, messages: list[tuple[str, Kind, bytes, bool]]) -> None:
    arrivals = _arrivals(messages)
    assert _judged(register, arrivals, together=True) == _judged(register, arrivals, together=False)


def test_take_all_lets_no_payload_reach_into_the_next(register: Register) -> None:
    good = b'{"robots":[%b]}' % SAMPLE
    for parts in product(OPENINGS, CLOSINGS, DOUBLES):
        batch = Batch(_arrivals([("F00001", "status", each, False) for each in (good, *parts, good)]))
        Intake(register, 90).take_all(batch)
        assert batch.tally["F00001", "status", DAY].refused == 3, parts


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(KINDS), st.binary(max_size=200))
def test_take_raw_bytes_are_refused(register: Register, kind: Kind, payload: bytes) -> None:
    _take(register, kind, payload)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated())
def test_judge_the_quick_way_agrees_with_the_strict_one(register: Register, message: tuple[Kind, bytes]) -> None:
    kind, payload = message
    receipt = Receipt("F00001", NOW_NS // 1000)
    quick = json_v1._at_once(kind, payload, receipt)
    if quick is None:
        return
    strict = json_v1._one_by_one(kind, parse_object(payload), receipt)
    assert strict.refusals == ()
    assert (quick.items, dict(quick.columns)) == (strict.items, dict(strict.columns))

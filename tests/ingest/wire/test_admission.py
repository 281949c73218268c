"""Each folder of cases is one rule of the contract, judged at 2026-11-24T12:00 in Shanghai."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from workers import register_factories

from ingest.register import Register
from ingest.wire.admission import judge
from ingest.wire.receipt import Receipt
from ingest.wire.topics import parse_topic
from store.embedded import EmbeddedStore

CASES = sorted((Path(__file__).parents[1] / "cases").iterdir())
NOW_US = 1_795_492_800_000_000


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    store = EmbeddedStore(tmp_path_factory.mktemp("register"))
    store.prepare(simulated=True)
    register_factories(store, "F00042", credit_code="91310000MA1FL0XXX1")
    register_factories(store, "F00043", "F00044", credit_code="91310000MA1FL0XXX2")
    register_factories(store, "F00045")
    read = Register(store)
    read.refresh(0.0)
    yield read
    store.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_judge_case(case: Path, register: Register) -> None:
    topic = parse_topic((case / "topic").read_text().removesuffix("\n"))
    payload = next(case.glob("payload.*")).read_bytes()
    expected = json.loads((case / "expected.json").read_text())
    judged = judge(topic, payload, Receipt(topic.factory, NOW_US), register)
    rows = [
        {name: values[i] for name, values in judged.columns.items() if values[i] is not None}
        for i in range(len(judged.positions))
    ]
    assert judged.items == expected["items"]
    assert [{"reason": refusal.code, "path": refusal.path} for refusal in judged.refusals] == expected["refused"]
    assert rows == expected["stored"]
    assert all(refusal.detail.endswith(".") for refusal in judged.refusals)


def test_judge_cases_cover_the_codes_of_json() -> None:
    reasons = {
        refused["reason"] for case in CASES for refused in json.loads((case / "expected.json").read_text())["refused"]
    }
    assert reasons == {
        "not_json", "invalid_field", "unknown_field", "unknown_kind", "unknown_factory", "placeholder_serial",
        "entity_headcount", "clock_ahead", "too_old",
    }  # fmt: skip
    assert len(CASES) >= 40

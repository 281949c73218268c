"""The commands over a real API, with what is replayed replayed by the real replayer."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from api_city import KEY, Clock, clock, factory, plan, reference, serve, store
from services import free_port
from typer.testing import CliRunner

from ingest.replay import Replayer
from robodensity.__main__ import app
from robodensity.errors import Refusal
from store.embedded import EmbeddedStore
from store.schema import INVENTORY, REFUSAL, REFUSED

__all__ = ["Clock", "clock", "plan", "reference", "serve", "store"]

NIL = b'{"as_of":"2026-10-31","stock":0,"complete":true}'


@pytest.fixture
def url(serve: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    monkeypatch.chdir(tmp_path)
    client = serve()  # type: ignore[operator] # the fixture's own type is api_city's
    monkeypatch.setenv("ROBODENSITY_ADMIN_KEY", KEY)
    monkeypatch.setenv("ROBODENSITY_API_URL", str(client.base_url))
    client.post("/v1/factories", json=factory(1), headers={"Authorization": f"Bearer {KEY}"}).raise_for_status()
    return str(client.base_url)


@pytest.fixture
def refused(url: str, store: EmbeddedStore, clock: Clock) -> Iterator[EmbeddedStore]:
    row = {
        "time": clock.now_ns, "writer": "ingest-1", "reason": "unknown_factory", "factory": "F00001",
        "topic": "robodensity/v1/F00001/inventory", "kind": "inventory", "detail": "F00001 is not registered.",
        "arrived_us": clock.now_ns // 1_000, "payload": base64.b64encode(NIL).decode(), "length": len(NIL),
        "whole": True, "items": 1, "counted": "?",
    }  # fmt: skip
    store.write(REFUSED, {REFUSAL: REFUSAL.frame([row])})
    stop = threading.Event()
    worker = Replayer(store, telemetry_days=90, clock_ns=clock, poll_s=0.02)
    worker._registered.due = lambda _now_s: []  # type: ignore[method-assign] # only what is asked for
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    yield store
    stop.set()
    thread.join(20)


def test_refused_list_tells_a_line_each(refused: EmbeddedStore) -> None:
    told = CliRunner().invoke(app, ["refused", "list"]).stdout
    assert told.strip().endswith("unknown_factory  robodensity/v1/F00001/inventory: F00001 is not registered.")
    assert CliRunner().invoke(app, ["refused", "list", "--reason", "not_json"]).stdout == ""
    assert json.loads(CliRunner().invoke(app, ["refused", "list", "--json"]).stdout)["factory"] == "F00001"


def test_refused_export_writes_the_payload_decoded(refused: EmbeddedStore) -> None:
    told = CliRunner().invoke(app, ["refused", "export", "--format", "jsonl", "--factory", "F00001"]).stdout
    assert json.loads(told)["payload"] == json.loads(NIL)


def test_refused_replay_stores_it_and_says_so(refused: EmbeddedStore, clock: Clock) -> None:
    clock.pass_s(1)
    result = CliRunner().invoke(app, ["refused", "replay", "--factory", "F00001"])
    assert "1 rows judged again, 1 of them settled: 1 items stored" in result.stdout
    assert refused.read("reports", INVENTORY)["stock"].to_list() == [0]
    assert CliRunner().invoke(app, ["refused", "list"]).stdout == ""


def test_refused_replay_of_nothing_named_is_refused() -> None:
    result = CliRunner().invoke(app, ["refused", "replay"])
    assert isinstance(result.exception, Refusal)
    assert "--everything" in str(result.exception)


def test_check_asks_the_running_system(url: str, tmp_path: Path) -> None:
    (tmp_path / "nil.json").write_bytes(NIL)
    result = CliRunner().invoke(app, ["check", "inventory", "nil.json", "--factory", "F00001"])
    assert (result.exit_code, result.stdout.strip()) == (
        0,
        "1 of 1 items would be stored, 0 refused. The register was asked.",
    )
    unknown = CliRunner().invoke(app, ["check", "inventory", "--factory", "F9"], input=NIL)
    assert unknown.exit_code == 1
    assert unknown.stdout.startswith("unknown_factory  the message: F9 is not registered")


def test_check_without_a_system_judges_by_the_message_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROBODENSITY_API_URL", f"http://127.0.0.1:{free_port()}")
    at = time.time_ns() // 10**6
    message = {"at": at, "robots": [{"robot": "R-1", "state": "idle"}, {"robot": "R-2", "state": "asleep"}]}
    result = CliRunner().invoke(app, ["check", "status"], input=json.dumps(message))
    assert result.exit_code == 1
    assert result.stdout.startswith("invalid_field  robots.1.state: ")
    assert "1 of 2 items would be stored" in result.stdout
    assert "no system answers" in result.stdout

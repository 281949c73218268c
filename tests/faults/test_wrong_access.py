"""A worker that may not, or cannot yet, write to its store waits, says so once and on /readyz, and drops nothing."""

import httpx
import pytest
from flow import Flow, WorkerProcess, await_all, wait_for
from sender import Sender

from store.influx import InfluxStore

pytestmark = [pytest.mark.broker, pytest.mark.influx]

COUNT = 200


def _reasons(worker: WorkerProcess) -> str:
    answer = httpx.get(f"http://127.0.0.1:{worker.health_port}/readyz", timeout=20)
    assert answer.status_code == 503
    return " ".join(answer.json()["reasons"])


def test_worker_with_a_wrong_token_waits_and_drops_nothing(
    flow: Flow, worker: WorkerProcess, store: InfluxStore, sender: Sender
) -> None:
    worker.start()  # the session begins
    worker.stop()
    right, worker.influx_token = worker.influx_token, "a-token-of-yesterday"
    worker.launch()
    sender.send(flow.messages(0, COUNT))
    wait_for(sender.settled, "the broker has every message")
    wait_for(lambda: "cannot be prepared" in worker.log.read_text(), "it is told")
    assert "401" in _reasons(worker)
    assert not flow.census(store).found
    worker.stop()
    assert worker.log.read_text().count("cannot be prepared") == 1
    worker.influx_token = right
    worker.start()
    await_all(flow, store, sender, COUNT)
    worker.stop()

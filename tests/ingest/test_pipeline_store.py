"""What goes wrong between a worker and a real InfluxDB holds up nobody for ever, and loses nothing."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from services import InfluxServer
from structlog.testing import capture_logs
from workers import Gateway, all_points, now_ms, register_factories, running, sample, wait_for

from api.options import Readiness
from ingest.options import IngestOptions
from robodensity.readiness import WorkerProbe
from store.embedded import EmbeddedStore
from store.influx import InfluxStore
from store.schema import ACCOUNTING, INVENTORY, REFUSAL, REPORTS, ROBOT_STATUS, TELEMETRY


@pytest.fixture
def server(tmp_path: Path) -> Iterator[InfluxServer]:
    started = InfluxServer(tmp_path / "influx")
    started.start()
    yield started
    started.stop()


@pytest.fixture
def influx_store(server: InfluxServer) -> Iterator[InfluxStore]:
    store = server.store(timeout_s=20)
    store.prepare(simulated=True)
    register_factories(store, "F00001")
    yield store
    store.close()


def query(server: InfluxServer, statement: str) -> None:
    headers = {"Authorization": f"Token {server.token}"}
    httpx.post(f"{server.url}/query", data={"q": statement}, headers=headers).raise_for_status()


@pytest.mark.broker
def test_run_ten_windows_of_bad_messages_do_not_stop_good_ones(
    store: EmbeddedStore, options: IngestOptions, gateway: Gateway
) -> None:
    register_factories(store, "F00001")
    options = replace(options, receive_maximum=30)
    at, bad = (
        now_ms() - 60_000,
        [b"{", b"\xff", b'{"robots":[]}', b'{"robots":[{"robot":"R-1","state":"asleep"}]}', b""],
    )
    good = [{"robots": [sample("R-1", at + number)]} for number in range(30)]
    with running(store, options) as worker:
        gateway.report_all("status", [message for one in good for message in (*bad, *bad, one)])
        wait_for(lambda: worker.state.counters["messages"] == 330, "all are judged")
        wait_for(lambda: not worker.state.in_flight_bytes, "all is acknowledged")
    assert all_points(store, ROBOT_STATUS)["time"].sort().to_list() == [(at + each) * 1_000_000 for each in range(30)]
    assert all_points(store, REFUSAL).height == 300


@pytest.mark.broker
@pytest.mark.influx
def test_run_a_batch_that_influx_refuses_for_ever_blocks_nobody(
    server: InfluxServer, influx_store: InfluxStore, options: IngestOptions, gateway: Gateway
) -> None:
    # The server holds the field as text, so that no inventory can ever be stored.
    headers = {"Authorization": f"Token {server.token}"}
    line = b'inventory,writer=x stock="three" 1790000000000000000'
    httpx.post(f"{server.url}/api/v2/write?bucket={REPORTS}&precision=ns", content=line, headers=headers)
    at = now_ms() - 60_000
    with running(influx_store, options) as worker:
        gateway.report_all("inventory", [{"as_of": "2025-10-31", "stock": n, "complete": True} for n in range(20)])
        gateway.report_all("status", [{"robots": [sample("R-1", at + number)]} for number in range(20)])
        wait_for(lambda: worker.state.counters["messages"] == 40, "all are done")
        wait_for(lambda: not worker.state.in_flight_bytes, "all is acknowledged")
    assert influx_store.read(TELEMETRY, ROBOT_STATUS).height == 20
    assert all_points(influx_store, REFUSAL)["reason"].to_list() == ["invalid_field"] * 20
    assert {verdict["kind"] for verdict in gateway.verdicts} == {"inventory"}
    counts = all_points(influx_store, ACCOUNTING).select("kind", "arrived", "stored", "refused").sort("kind")
    assert counts.rows() == [("inventory", 20, 0, 20), ("status", 20, 20, 0)]


@pytest.mark.broker
@pytest.mark.influx
def test_run_with_a_credential_that_is_wrong_waits_and_says_so_once(
    server: InfluxServer, influx_store: InfluxStore, options: IngestOptions, gateway: Gateway
) -> None:
    right = server.token
    with capture_logs() as logs, running(influx_store, options) as worker:
        probe = WorkerProbe(lambda: Readiness(ready=True, reasons=()), lambda: worker.state)
        server.stop()
        server.token = "another"
        server.start()
        gateway.report("inventory", {"as_of": "2025-10-31", "stock": 1, "complete": True})
        wait_for(lambda: any("Check the token" in reason for reason in probe().reasons), "/readyz says so")
        wait_for(lambda: worker.state.oldest_unacknowledged_s > 1, "it was tried again")
        assert not probe().ready
        assert worker.state.in_flight_bytes > 0
        server.stop()
        server.token = right
        server.start()
        wait_for(lambda: not worker.state.in_flight_bytes, "it is stored at last")
        wait_for(lambda: probe().ready, "/readyz is content")
    assert [log["event"] for log in logs if "does not answer" in log["event"]] == [
        "The store does not answer; waiting for it."
    ]
    assert influx_store.read(REPORTS, INVENTORY)["stock"].to_list() == [1]


@pytest.mark.broker
@pytest.mark.influx
def test_run_without_its_database_makes_it_again(
    server: InfluxServer, influx_store: InfluxStore, options: IngestOptions, gateway: Gateway
) -> None:
    at = now_ms() - 60_000
    with running(influx_store, options) as worker:
        query(server, f'DROP DATABASE "{TELEMETRY}"')
        gateway.publish("robodensity/v1/F00001/status", json.dumps({"robots": [sample("R-1", at)]}).encode())
        wait_for(lambda: worker.state.counters["stored"] == 1, "it is stored")
    assert influx_store.read(TELEMETRY, ROBOT_STATUS).height == 1

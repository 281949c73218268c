import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import httpx
import pytest
from services import InfluxServer, MosquittoServer, free_port

from store.schema import API_VITALS, BROKER_VITALS, INGEST_VITALS, ROLLUP_VITALS, VITALS

pytestmark = [pytest.mark.broker, pytest.mark.influx]

KEY = "a-key-for-the-tests-of-the-deployment"
PATIENCE_S = 60.0


@contextmanager
def running(command: str, settings: dict[str, str], log: Path) -> Iterator[None]:
    """A process of the deployment; it ends cleanly on SIGTERM."""
    with (
        log.open("w") as output,
        subprocess.Popen(
            [sys.executable, "-m", "robodensity", command], env=settings, stdout=output, stderr=output
        ) as child,
    ):
        try:
            yield
            assert child.poll() is None, log.read_text()
        finally:
            child.send_signal(signal.SIGTERM)
            code = child.wait(PATIENCE_S)
    assert code == 0, log.read_text()


def _await(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            if holds():
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < deadline, f"still waiting until {what}"
        time.sleep(0.2)


def test_processes_carry_a_city_from_mqtt_over_influxdb_to_the_api(
    influx_server: InfluxServer, mosquitto_server: MosquittoServer, tmp_path: Path
) -> None:
    ports = {name: free_port() for name in ("api", "ingest", "rollup")}
    own = {name: value for name, value in os.environ.items() if not name.startswith("ROBODENSITY_")}
    settings = own | {
        "ROBODENSITY_SIMULATED": "true",
        "ROBODENSITY_QUOTAS": "shanghai-2027-demo-quotas",
        "ROBODENSITY_FIRST_DAY": "2026-09-30",  # fewer days to write
        "ROBODENSITY_INFLUX_URL": influx_server.url,
        "ROBODENSITY_INFLUX_FLAVOUR": "influx1",
        "ROBODENSITY_INFLUX_TOKEN": influx_server.token,
        "ROBODENSITY_INFLUX_ORG": influx_server.org,
        "ROBODENSITY_MQTT_PORT": str(mosquitto_server.port),
        "ROBODENSITY_API_PORT": str(ports["api"]),
        "ROBODENSITY_API_URL": f"http://127.0.0.1:{ports['api']}",
        "ROBODENSITY_ADMIN_KEY": KEY,
        "ROBODENSITY_AUDIT_FILE": str(tmp_path / "audit.jsonl"),
        "ROBODENSITY_VITALS_S": "0.5",
    }
    with ExitStack() as stack:
        for name in ("api", "ingest", "rollup"):
            health = {"ROBODENSITY_HEALTH_PORT": str(ports[name])}
            stack.enter_context(running(name, settings | health, tmp_path / f"{name}.log"))
        for name, port in ports.items():
            _await(
                lambda port=port: httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200, f"{name} is ready"
            )
        played = subprocess.run(
            [sys.executable, "-m", "robodensity", "simulate", "--scale", "0.005", "--once", "--json"],
            env=settings, capture_output=True, text=True, check=True, timeout=PATIENCE_S,
        )  # fmt: skip
        published = json.loads(played.stdout.splitlines()[-1])["published"]
        api = stack.enter_context(httpx.Client(base_url=settings["ROBODENSITY_API_URL"], timeout=PATIENCE_S))

        def totals() -> dict[str, int]:
            return api.get("/v1/accounting").json()["totals"]

        _await(lambda: totals()["arrived"] >= published["items"], "every item is accounted for")
        assert totals()["stored"] == published["items"]

        def metrics(process: str) -> str:
            return httpx.get(f"http://127.0.0.1:{ports[process]}/metrics").text

        def latest() -> dict[str, dict[str, float]]:
            return api.get("/v1/figures/latest", params={"scope": "city"}).json()

        _await(
            lambda: (latest()["key"]["density_12m"] or 0) > 0 and latest()["total"]["gross_new"] > 0,
            "figures are served",
        )
        assert latest()["simulated"] is True
        assert "模拟数据" in api.get("/").text
        assert "robodensity_rollup_folds_total" in metrics("rollup")
        assert "robodensity_ingest_stored_total" in metrics("ingest")
        kinds = (INGEST_VITALS, BROKER_VITALS, ROLLUP_VITALS, API_VITALS)
        with closing(influx_server.store()) as store:
            _await(lambda: all(store.read(VITALS, kind).height for kind in kinds), "every process tells its vitals")
            ingest = store.read(VITALS, INGEST_VITALS, newest=1)
            assert ingest.select("stored", "ready", "store_errors").row(0) == (published["items"], True, 0)
            assert store.read(VITALS, BROKER_VITALS, newest=1)["limit_bytes"].item() == 2 * 1024**3
        _await(lambda: "robodensity_broker_dropped 0.0" in metrics("ingest"), "ingest tells of the broker")
        assert "robodensity_rollup_cursor_age_s" in httpx.get(f"http://127.0.0.1:{ports['rollup']}/metrics").text

import signal
from pathlib import Path

import httpx
import pytest
from commands import refusal, robodensity, running_robodensity, said
from services import InfluxServer, free_port


def test_ingest_refuses_a_broker_that_is_not_there(tmp_path: Path) -> None:
    port = free_port()
    sentence = refusal(robodensity("ingest", folder=tmp_path, MQTT_PORT=str(port)))
    assert sentence.startswith(f"No broker answers at 127.0.0.1:{port} ")
    assert sentence.endswith("start it, or set ROBODENSITY_MQTT_HOST and _PORT.")


def test_rollup_refuses_a_database_that_is_not_there(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    assert url in refusal(robodensity("rollup", folder=tmp_path, INFLUX_URL=url, INFLUX_FLAVOUR="influx1"))


@pytest.mark.influx
def test_api_process_becomes_ready_and_ends_cleanly(influx_server: InfluxServer, tmp_path: Path) -> None:
    port = free_port()
    settings = {
        "INFLUX_URL": influx_server.url, "INFLUX_FLAVOUR": "influx1", "INFLUX_TOKEN": influx_server.token,
        "INFLUX_ORG": influx_server.org, "API_PORT": str(port), "ADMIN_KEY": "a-key-of-this-test",
    }  # fmt: skip
    with running_robodensity("api", folder=tmp_path, **settings) as process:
        said(process, "Running: api.")
        url = f"http://127.0.0.1:{port}/readyz"
        with httpx.Client(transport=httpx.HTTPTransport(retries=10)) as client:
            assert client.get(url, timeout=20).json() == {"ready": True, "reasons": []}
        assert robodensity("ready", url, folder=tmp_path).returncode == 0
        process.send_signal(signal.SIGTERM)
        said(process, "Stopped;")
        assert process.wait(20) == 0

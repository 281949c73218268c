import signal
import time
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from commands import refusal, robodensity, running_robodensity, said
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from services import InfluxServer, MosquittoServer, free_port


def test_ingest_refuses_a_broker_that_is_not_there(tmp_path: Path) -> None:
    port = free_port()
    sentence = refusal(robodensity("ingest", folder=tmp_path, MQTT_PORT=str(port)))
    assert sentence.startswith(f"No broker answers at 127.0.0.1:{port} ")
    assert sentence.endswith("start it, or set ROBODENSITY_MQTT_HOST and _PORT.")


def test_api_refuses_a_database_that_is_not_there(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    assert url in refusal(robodensity("api", folder=tmp_path, INFLUX_URL=url, INFLUX_FLAVOUR="influx1"))


def _not_ready(port: int) -> str:
    with httpx.Client(transport=httpx.HTTPTransport(retries=10)) as client:
        answer = client.get(f"http://127.0.0.1:{port}/readyz", timeout=20)
    assert answer.status_code == 503
    return " ".join(answer.json()["reasons"])


def test_rollup_waits_for_a_database_that_is_not_there_and_says_so_once(tmp_path: Path) -> None:
    url, port = f"http://127.0.0.1:{free_port()}", free_port()
    settings = {"INFLUX_URL": url, "INFLUX_FLAVOUR": "influx1", "HEALTH_PORT": str(port)}
    with running_robodensity("rollup", folder=tmp_path, **settings) as process:
        assert url in said(process, "The store cannot be prepared")
        assert url in _not_ready(port)
        time.sleep(1.2)  # it has tried again
        process.send_signal(signal.SIGTERM)
        assert "cannot be prepared" not in process.communicate(timeout=30)[1]
        assert process.returncode == 0


@pytest.mark.influx
def test_rollup_refuses_a_store_of_the_other_kind(influx_server: InfluxServer, tmp_path: Path) -> None:
    with closing(influx_server.store()) as store:
        store.prepare(simulated=False)
    settings = {
        "INFLUX_URL": influx_server.url, "INFLUX_FLAVOUR": "influx1", "INFLUX_TOKEN": influx_server.token,
        "SIMULATED": "true", "HEALTH_PORT": str(free_port()),
    }  # fmt: skip
    done = robodensity("rollup", folder=tmp_path, **settings)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("The store holds real data and simulated data is to be written")


@pytest.mark.influx
def test_api_process_becomes_ready_and_ends_cleanly(influx_server: InfluxServer, tmp_path: Path) -> None:
    port = free_port()
    settings = {
        "INFLUX_URL": influx_server.url, "INFLUX_FLAVOUR": "influx1", "INFLUX_TOKEN": influx_server.token,
        "INFLUX_ORG": influx_server.org, "API_PORT": str(port), "ADMIN_KEY": "a-key-of-this-test",
    }  # fmt: skip
    with running_robodensity("api", folder=tmp_path, **settings) as process:
        said(process, "Running: api, ")
        url = f"http://127.0.0.1:{port}/readyz"
        with httpx.Client(transport=httpx.HTTPTransport(retries=10)) as client:
            assert client.get(url, timeout=20).json() == {"ready": True, "reasons": []}
        assert robodensity("ready", url, folder=tmp_path).returncode == 0
        process.send_signal(signal.SIGTERM)
        said(process, "Stopped;")
        assert process.wait(20) == 0


@pytest.mark.broker
@pytest.mark.influx
def test_ingest_process_retires_and_ends_its_session(
    influx_server: InfluxServer, mosquitto_server: MosquittoServer, tmp_path: Path
) -> None:
    settings = {
        "INFLUX_URL": influx_server.url, "INFLUX_FLAVOUR": "influx1", "INFLUX_TOKEN": influx_server.token,
        "MQTT_PORT": str(mosquitto_server.port), "WORKER": "ingest-retired", "HEALTH_PORT": str(free_port()),
    }  # fmt: skip
    assert not has_session(mosquitto_server, "robodensity-ingest-retired")  # and asking has made one
    done = robodensity("ingest", "--retire", folder=tmp_path, **settings)
    assert done.returncode == 0, done.stderr
    assert not has_session(mosquitto_server, "robodensity-ingest-retired")


def has_session(server: MosquittoServer, client_id: str) -> bool:
    found: list[bool] = []
    client = Client(CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=False)
    client.on_connect = lambda _client, _data, flags, *_: found.append(flags.session_present)
    client.connect(server.host, server.port)
    while not found:
        client.loop(0.05)
    client.disconnect()
    return found[0]

import getpass
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
import yaml
from services import free_port

from robodensity.settings import Settings

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
JOBS = ("prepare", "boards")
OURS = ("ingest", "rollup", "api", "simulator", *JOBS)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What docker-compose reads, with the secrets of a first run."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "deploy", folder / "deploy", ignore=shutil.ignore_patterns("passwords", "acl"))
    shutil.copy(COMPOSE, folder)
    subprocess.run(
        [ROOT / "deploy" / "make_secrets.py", "--simulated", "--folder", folder], check=True, capture_output=True
    )
    return folder


@pytest.fixture(scope="module")
def config(checkout: Path) -> dict[str, Any]:
    done = subprocess.run(
        ["docker-compose", "--profile", "simulator", "config"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return yaml.safe_load(done.stdout)


def test_compose_has_every_service(config: dict[str, Any]) -> None:
    assert set(config["services"]) == {"mosquitto", "influxdb", "grafana", *OURS}


def test_compose_refuses_to_start_without_secrets(tmp_path: Path) -> None:
    shutil.copy(COMPOSE, tmp_path)
    done = subprocess.run(["docker-compose", "config"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "run deploy/make_secrets.py first" in done.stderr


@pytest.mark.parametrize("service", OURS)
def test_compose_commands_are_commands(config: dict[str, Any], service: str) -> None:
    program, *rest = config["services"][service]["command"]
    assert program == "robodensity"
    names = list(takewhile(lambda each: not each.startswith("--"), rest))
    options = rest[len(names) :]
    help_ = subprocess.run(
        [sys.executable, "-m", "robodensity", *names, "--help"], capture_output=True, text=True, check=True
    )
    assert [option for option in options if option.startswith("--") and option not in help_.stdout] == []


@pytest.mark.parametrize("service", OURS)
def test_compose_settings_are_settings(config: dict[str, Any], service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {name: str(value) for name, value in config["services"][service]["environment"].items()}
    known = {f"ROBODENSITY_{name.upper()}" for name in Settings.model_fields}
    assert set(given) <= known
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    Settings(_env_file=None)


def test_compose_mounts_exist(config: dict[str, Any], checkout: Path) -> None:
    mounts = [mount.split(":")[0] for each in config["services"].values() for mount in each.get("volumes", [])]
    files = [Path(mount) for mount in mounts if mount.startswith(("/", "."))]
    assert len(files) == 3
    assert [file for file in files if not (checkout / file).is_file()] == []


def test_compose_services_wait_for_healthy_ones_and_tell_their_health(config: dict[str, Any]) -> None:
    services = config["services"]
    for name, service in services.items():
        assert name in {"simulator", *JOBS} or service["healthcheck"]["test"], name
        for other, wait in service.get("depends_on", {}).items():
            ends = other in JOBS
            assert wait["condition"] == ("service_completed_successfully" if ends else "service_healthy")
            assert ends or "healthcheck" in services[other]
            assert not ends or services[other]["restart"] == "on-failure"


def test_compose_services_are_confined(config: dict[str, Any]) -> None:
    """Only InfluxDB's image starts as root, to own its volumes, and keeps the five rights that this takes."""
    for name, service in config["services"].items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert {"mem_limit", "cpus", "pids_limit"} <= set(service), name
        if name == "influxdb":
            assert len(service["cap_add"]) == 5
            continue
        assert "cap_add" not in service, name
        assert service["read_only"] is True, name
        assert not service["user"].startswith("0"), name


def test_compose_gives_each_service_the_secrets_that_it_needs(config: dict[str, Any], checkout: Path) -> None:
    """Whoever is broken into gives away no more than he used: who writes may not make, and Grafana only reads."""
    secrets = dict(re.findall(r"^(\w+_(?:KEY|TOKEN|PASSWORD))=(.+)$", (checkout / ".env").read_text(), re.MULTILINE))
    held = {
        service: {name for name, secret in secrets.items() if secret in body["environment"].values()}
        for service, body in config["services"].items()
    }
    assert held == {
        "mosquitto": {"MQTT_HEALTH_PASSWORD"},
        "influxdb": {"INFLUX_ADMIN_PASSWORD", "INFLUX_ADMIN_TOKEN"},
        "prepare": {"INFLUX_ADMIN_TOKEN"},
        "grafana": {"GRAFANA_ADMIN_PASSWORD"},
        "boards": {"GRAFANA_ADMIN_PASSWORD"},
        "ingest": {"MQTT_INGEST_PASSWORD"},
        "rollup": set(),
        "api": {"ROBODENSITY_ADMIN_KEY"},
        "simulator": {"MQTT_SIMULATOR_PASSWORD", "ROBODENSITY_ADMIN_KEY"},
    }


def test_compose_lets_the_jobs_alone_write_tokens(config: dict[str, Any]) -> None:
    mounts = {
        (name, mount.split(":")[0]): mount.endswith(":ro")
        for name, service in config["services"].items()
        for mount in service.get("volumes", [])
        if "-token" in mount
    }
    assert mounts == {
        ("prepare", "write-token"): False,
        ("prepare", "read-tokens"): False,
        ("boards", "read-tokens"): True,
        ("ingest", "write-token"): True,
        ("rollup", "write-token"): True,
        ("api", "write-token"): True,
    }


def test_compose_keeps_the_broker_and_grafana_apart(config: dict[str, Any]) -> None:
    networks = {name: set(service["networks"]) for name, service in config["services"].items()}
    assert networks["mosquitto"] == {"broker"}
    assert networks["influxdb"] == {"store"}
    assert networks["grafana"] & networks["mosquitto"] == set()
    for name, service in config["services"].items():
        for other in service.get("depends_on", {}):
            reached = networks[name] & networks[other]
            assert reached or other in JOBS, (name, other)


def test_dockerfile_installs_grafana_client_in_the_image_of_boards_alone() -> None:
    platform, boards = (ROOT / "deploy" / "Dockerfile").read_text().split("FROM platform AS boards")
    assert "requirements-boards.lock" not in platform
    assert "pip install --require-hashes -r requirements-boards.lock" in boards
    assert not re.search(
        r"^(grafana-client|niquests|urllib3-future)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE
    )


def test_compose_holds_no_secret_and_no_image_without_a_version() -> None:
    text = COMPOSE.read_text()
    assert re.findall(r"(?:PASSWORD|TOKEN|KEY): (?!\$\{)", text) == []
    images = re.findall(r"image: (.+)", text)
    assert [
        image for image in images if not image.startswith("robodensity") and not re.search(r":\d+\.\d+", image)
    ] == []


def test_dockerfile_copies_what_exists() -> None:
    sources = re.findall(r"^COPY (.+) \S+$", (ROOT / "deploy" / "Dockerfile").read_text(), re.MULTILINE)
    assert [name for line in sources for name in line.split() if not (ROOT / name).exists()] == []


def test_secrets_are_not_replaced(checkout: Path) -> None:
    before = (checkout / ".env").read_text()
    done = subprocess.run(
        [ROOT / "deploy" / "make_secrets.py", "--folder", checkout], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "is not replaced" in done.stderr
    assert (checkout / ".env").read_text() == before


@pytest.fixture(scope="module")
def broker(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The shipped mosquitto.conf on a real mosquitto, with only its paths and its port changed."""
    data, port = tmp_path_factory.mktemp("data"), free_port()
    text = (checkout / "deploy" / "mosquitto.conf").read_text()
    text = text.replace("listener 1883", f"listener {port} 127.0.0.1\nuser {getpass.getuser()}")
    text = text.replace("/mosquitto/config/passwords", str(checkout / "deploy" / "passwords"))
    text = text.replace("/mosquitto/config/acl", str(checkout / "deploy" / "acl"))
    (data / "mosquitto.conf").write_text(text.replace("/mosquitto/data/", f"{data}/"))
    mosquitto = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
    with subprocess.Popen([mosquitto, "-c", data / "mosquitto.conf"], stderr=subprocess.PIPE) as process:
        for _ in range(200):
            with socket.socket() as probe:
                probe.settimeout(0.05)
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, process.stderr.read().decode()
        yield port, process
        process.terminate()


def _publish(
    port: int, user: str, password: str, topic: str, *, mqtt: str = "5", payload: str = "{}"
) -> subprocess.CompletedProcess[str]:
    command = ["mosquitto_pub", "-V", mqtt, "-q", "1", "-p", str(port), "-u", user, "-P", password, "-t", topic, "-s"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=10, input=payload)


def _new_account(checkout: Path, process: subprocess.Popen[bytes], port: int, *words: str) -> str:
    command = [ROOT / "deploy" / "make_secrets.py", "--folder", checkout, *words]
    password = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + 5
    account = ".".join(words[1::2])
    while (own := _publish(port, account, password, f"robodensity/v1/{words[1]}/status")).returncode:
        assert time.monotonic() < deadline, own.stderr
    return password


@pytest.mark.broker
def test_broker_ties_the_topic_to_the_account(broker: tuple[int, subprocess.Popen[bytes]], checkout: Path) -> None:
    port, process = broker
    password = _new_account(checkout, process, port, "--factory", "F00042")
    for topic in ("robodensity/v1/F00043/status", "robodensity/v1/F00042/verdict", "robodensity/v1/F00042/x"):
        assert "Not authorized" in _publish(port, "F00042", password, topic).stderr, topic
    assert _publish(port, "F00042", "guess", "robodensity/v1/F00042/status").returncode != 0


@pytest.mark.broker
def test_broker_ties_every_gateway_of_a_factory_to_its_topics(
    broker: tuple[int, subprocess.Popen[bytes]], checkout: Path
) -> None:
    port, process = broker
    first = _new_account(checkout, process, port, "--factory", "F00044", "--gateway", "hall-1")
    second = _new_account(checkout, process, port, "--factory", "F00044", "--gateway", "hall_2")
    for account, password in (("F00044.hall-1", first), ("F00044.hall_2", second)):
        for kind in ("lifecycle", "workforce", "inventory", "assessment", "check/status"):
            assert _publish(port, account, password, f"robodensity/v1/F00044/{kind}").returncode == 0, kind
        for topic in ("robodensity/v1/F00043/status", "robodensity/v1/F00044/verdict", "robodensity/v1/hall-1/status"):
            assert "Not authorized" in _publish(port, account, password, topic).stderr, topic
    assert _publish(port, "F00044.hall-1", second, "robodensity/v1/F00044/status").returncode != 0


@pytest.mark.broker
def test_broker_ties_the_sparkplug_group_to_the_account(
    broker: tuple[int, subprocess.Popen[bytes]], checkout: Path
) -> None:
    port, process = broker
    password = _new_account(checkout, process, port, "--factory", "F00047", "--gateway", "hall-1")
    for topic in ("spBv1.0/F00047/NBIRTH/line1", "spBv1.0/F00047/DDATA/line1/R-1"):
        assert _publish(port, "F00047.hall-1", password, topic).returncode == 0, topic
    for topic in ("spBv1.0/F00048/NBIRTH/line1", "spBv1.0/STATE/robodensity", "STATE/robodensity"):
        assert "Not authorized" in _publish(port, "F00047.hall-1", password, topic).stderr, topic


@pytest.mark.broker
def test_broker_tells_a_sender_without_rights_in_mqtt_5_alone(
    broker: tuple[int, subprocess.Popen[bytes]], checkout: Path
) -> None:
    port, process = broker
    password = _new_account(checkout, process, port, "--factory", "F00045")
    foreign = "robodensity/v1/F00046/status"
    assert "Not authorized" in _publish(port, "F00045", password, foreign).stderr
    assert _publish(port, "F00045", password, foreign, mqtt="311").stderr == ""  # acknowledged, and dropped


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--factory", "F 1"], "is no name"),
        (["--factory", "F1", "--gateway", "a.b"], "is no name"),
        (["--factory", "ingest"], "of the platform itself"),
        (["--gateway", "hall-1"], "say --factory too"),
    ],
)
def test_secrets_refuse_an_account_that_the_contract_does_not_know(
    checkout: Path, words: list[str], reason: str
) -> None:
    before = (checkout / "deploy" / "passwords").read_text()
    command = [ROOT / "deploy" / "make_secrets.py", "--folder", checkout, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert reason in done.stderr
    assert (checkout / "deploy" / "passwords").read_text() == before

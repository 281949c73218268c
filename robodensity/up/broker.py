"""The broker of `up`: mosquitto where it is installed, else amqtt."""

import getpass
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil

from robodensity.errors import Refusal
from robodensity.up import children

START_S = 10.0
QUEUE_BYTES = 0  # no limit: the history of a whole city may wait in it
PLACES = "/usr/local/sbin:/usr/sbin:/sbin"  # where Debian puts it, off the PATH of most users

CONFIGURATION = """\
# Written by `robodensity up` at every start. Loopback only, so no accounts.
user {user}
listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {folder}/
# Every change is due to be saved within this many seconds; a crash of the broker loses no more.
autosave_interval 30
# The default drops after 1,000 queued messages although the publisher was told success.
max_queued_messages 0
max_queued_bytes {queue_bytes}
max_inflight_messages 0
log_dest file {folder}/mosquitto.log
log_type error
log_type warning
log_type notice
"""


@dataclass(frozen=True)
class Broker:
    """A running broker.

    Attributes:
        name: mosquitto or amqtt.
        port: on 127.0.0.1.
        protocol: the newest MQTT that it speaks.
        process: the child.
    """

    name: str
    port: int
    protocol: Literal["5", "3.1.1"]
    process: subprocess.Popen[str]


def mosquitto_path() -> str | None:
    """Where mosquitto is, or None."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path=PLACES)


def start(folder: Path, port: int) -> Broker:
    """Start the broker and wait until it answers.

    Raises:
        Refusal: it does not start, or cannot keep what it holds.
    """
    try:
        folder.mkdir(exist_ok=True)
        broker, log = _started(folder, port)
    except OSError as error:
        raise Refusal(
            f"The broker's folder {folder} cannot be written: {error.strerror}. Repair it, or name another --data-dir."
        ) from error
    _await(broker, log)
    return broker


def _started(folder: Path, port: int) -> tuple[Broker, Path]:
    path = mosquitto_path()
    if path is None:
        log = folder / "amqtt.log"
        command = [sys.executable, "-m", "robodensity.up.amqtt_broker", str(port)]
        return Broker("amqtt", port, "3.1.1", _child(command, log)), log
    configuration, log = folder / "mosquitto.conf", folder / "mosquitto.out"
    where = {"user": getpass.getuser(), "port": port, "folder": folder.resolve(), "queue_bytes": QUEUE_BYTES}
    configuration.write_text(CONFIGURATION.format(**where))
    return Broker("mosquitto", port, "5", _child([path, "-c", str(configuration)], log)), log


def _child(command: list[str], log: Path) -> subprocess.Popen[str]:
    with log.open("w") as output:
        return children.start(command, stdout=output, stderr=output)


def _await(broker: Broker, log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if broker.process.poll() is not None:
            break
        if _listens(broker):
            return
        time.sleep(0.05)
    children.stop(broker.process)
    said = log.read_text().strip().splitlines()
    raise Refusal(
        f"The broker {broker.name} did not start on port {broker.port}: {said[-1] if said else 'it said nothing'}. "
        f"See {log.parent}, or name another --mqtt-port or --data-dir."
    )


def _listens(broker: Broker) -> bool:
    """Whether it is our broker that listens there, and not another's that was quicker."""
    try:
        connections = psutil.Process(broker.process.pid).net_connections("tcp")
    except psutil.NoSuchProcess:
        return False
    return any(each.status == psutil.CONN_LISTEN and each.laddr.port == broker.port for each in connections)

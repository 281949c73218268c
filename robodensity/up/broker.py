"""The broker of `up`: mosquitto where it is installed, else amqtt."""

import getpass
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from robodensity.errors import Refusal
from robodensity.up import children

START_S = 10.0
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
max_queued_bytes 0
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
    path = mosquitto_path()
    folder.mkdir(exist_ok=True)
    if path is None:
        command = [sys.executable, "-m", "robodensity.up.amqtt_broker", str(port)]
        log = (folder / "amqtt.log").open("w")
        broker = Broker("amqtt", port, "3.1.1", children.start(command, stdout=log, stderr=log))
    else:
        configuration = folder / "mosquitto.conf"
        configuration.write_text(CONFIGURATION.format(user=getpass.getuser(), port=port, folder=folder.resolve()))
        log = (folder / "mosquitto.out").open("w")
        broker = Broker(
            "mosquitto", port, "5", children.start([path, "-c", str(configuration)], stdout=log, stderr=log)
        )
    _await(broker, Path(log.name))
    return broker


def _await(broker: Broker, log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if broker.process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", broker.port)) == 0:
                return
        time.sleep(0.05)
    children.stop(broker.process)
    said = log.read_text().strip().splitlines()
    raise Refusal(
        f"The broker {broker.name} did not start on port {broker.port}: {said[-1] if said else 'it said nothing'}. "
        f"See {log.parent}, or name another --mqtt-port or --data-dir."
    )

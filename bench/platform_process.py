"""`robodensity up --demo` as a child process, with either broker, on free ports."""

import json
import resource
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bench.process_tree import MemoryWatch
from robodensity.up import children

# Debian keeps mosquitto where `up` finds it whatever PATH says, so the look-up itself is told that there is none.
_WITHOUT_MOSQUITTO = (
    "from robodensity.up import broker; broker.mosquitto_path = lambda: None; "
    "from robodensity.__main__ import main; main()"
)
_START_S = 60.0


@dataclass(frozen=True)
class Run:
    """A whole `up --demo --once`.

    Attributes:
        page_s: until the board first answered.
        seconds: until the command had ended.
        cpu_s: of all its processes.
        summary: what it wrote to stdout.
    """

    page_s: float
    seconds: float
    cpu_s: float
    rss_mib: float
    pss_mib: float
    summary: dict[str, Any]


@dataclass(frozen=True)
class Demo:
    """How a demo is started.

    Attributes:
        data: its folder; a second start goes on where the first stopped.
        broker: mosquitto or amqtt.
    """

    data: Path
    scale: float
    broker: str
    port: int
    mqtt_port: int

    @classmethod
    def on_free_ports(cls, data: Path, scale: float, broker: str = "mosquitto") -> "Demo":
        """A demo that disturbs nothing else on this machine."""
        return cls(data, scale, broker, _free_port(), _free_port())

    @property
    def url(self) -> str:
        """Where its page is."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *options: str) -> subprocess.Popen[str]:
        """Start it; what it says goes to up.log beside its data."""
        head = ["-c", _WITHOUT_MOSQUITTO] if self.broker == "amqtt" else ["-m", "robodensity"]
        command = [
            sys.executable, *head, "up", "--demo", "--scale", str(self.scale), "--data-dir", str(self.data),
            "--port", str(self.port), "--mqtt-port", str(self.mqtt_port), *options,
        ]  # fmt: skip
        with self.log.open("a") as log:
            return children.start(command, stdout=subprocess.PIPE, stderr=log)

    @property
    def log(self) -> Path:
        """What it said on stderr."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        return self.data.parent / f"{self.data.name}.log"

    def await_page(self) -> None:
        """Wait until the board answers.

        Raises:
            RuntimeError: it does not.
        """
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline:
            try:
                if httpx.get(self.url, timeout=5).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                time.sleep(0.02)
        raise RuntimeError(f"The board does not answer; see {self.log}.")

    def run_once(self) -> Run:
        """Play the history and wait for the summary.

        Raises:
            RuntimeError: the demo failed.
        """
        began, cpu_before = time.monotonic(), _cpu_of_children_s()
        process = self.start("--once", "--json")
        with MemoryWatch(process.pid) as memory:
            self.await_page()
            page_s = time.monotonic() - began
            said, _ = process.communicate()
        seconds = time.monotonic() - began
        if process.returncode:
            raise RuntimeError(f"The demo ended with code {process.returncode}: {self.log.read_text()[-2000:]}")
        cpu_s = _cpu_of_children_s() - cpu_before
        return Run(page_s, seconds, cpu_s, memory.rss_mib, memory.pss_mib, json.loads(said))


def _cpu_of_children_s() -> float:
    """Processor time of every child that has ended, with theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

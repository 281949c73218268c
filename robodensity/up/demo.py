"""The simulated city as a child of `up`, and how far it has come."""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from robodensity.up import children
from robodensity.up.platform import Platform

PHASES = {
    "registrations": "登记 registrations",
    "designations": "认定 designations",
    "workforce": "用工 headcount",
    "lifecycle": "机器人 robots",
    "inventory": "盘点 inventories",
    "assessment": "自评 assessments",
    "status": "状态 status",
}


@dataclass
class Sent:
    """What the simulator says.

    Attributes:
        items: how many items it has published over MQTT in this run; None while its history is under way.
        progress: by phase, items done and to do.
    """

    items: int | None = None
    progress: dict[str, tuple[int, int]] = field(default_factory=dict)


class Simulator:
    """The child that plays the city; it knows the broker and the API and nothing else."""

    def __init__(self, platform: Platform, *, scale: float, once: bool) -> None:
        self.sent = Sent()
        place = platform.place
        command = [
            sys.executable, "-m", "robodensity", "simulate", "--scale", str(scale), "--json",
            "--mqtt-port", str(place.mqtt_port), "--mqtt-protocol", platform.broker.protocol,
            "--api-url", place.url, "--admin-key-file", str(place.folder / "admin.key"),
            "--cursor", str(place.folder / "simulator.json"), *(["--once"] if once else []),
        ]  # fmt: skip
        self._log = (place.folder / "simulator.log").open("a")
        self._child = children.start(command, stdout=subprocess.PIPE, stderr=self._log)
        threading.Thread(target=self._listen, name="simulator-progress", daemon=True).start()

    def _listen(self) -> None:
        for line in self._child.stdout or ():
            said = json.loads(line)
            if "progress" in said:
                step = said["progress"]
                self.sent.progress[step["phase"]] = (step["done"], step["of"])
            if "published" in said:
                self.sent.items = said["published"]["items"]

    def failure(self) -> str | None:
        """What is wrong with it, as a sentence."""
        code = self._child.poll()
        if code in {None, 0}:
            return None
        return f"The simulator has stopped with code {code}: look at {Path(self._log.name)}."

    def stop(self) -> None:
        """End it; it writes down how far it came."""
        children.stop(self._child)
        self._log.close()


class Bars:
    """The progress of the history on the terminal, one bar a phase."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("模拟 simulated · {task.description:<22}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, sent: Sent) -> None:
        """Draw what the simulator has said."""
        for phase, (done, of) in list(sent.progress.items()):
            if phase not in self._tasks:
                self._tasks[phase] = self._progress.add_task(PHASES.get(phase, phase), total=of)
            self._progress.update(self._tasks[phase], completed=done, total=of)

"""Numbered messages of one factory, and where each of them is: what the fault tests compare, message by message."""

import base64
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from sender import Message, Sender
from services import free_port, spawn

from store.base import Store
from store.schema import ACCOUNTING, INVENTORY, REFUSAL, ROBOT_STATUS

FACTORY = "F00001"
PATIENCE_S = 240.0


def wait_for(holds: Callable[[], bool], what: str, *, patience_s: float = PATIENCE_S, every_s: float = 0.02) -> None:
    deadline = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < deadline, f"still waiting until {what}"
        time.sleep(every_s)


@dataclass
class Flow:
    """Of ten messages eight are samples, one is a report of the ledger, and one is refused; each bears its number.

    Attributes:
        begin_ms: the time of the sample of message 0; each one is a millisecond later.
    """

    begin_ms: int = field(default_factory=lambda: (int(time.time()) - 86_400) * 1000)

    def message(self, place: int) -> Message:
        kind, payload = "inventory", f'{{"as_of":"2025-10-31","stock":{place},"complete":true}}'
        if place % 10 < 8:
            kind = "status"
            payload = f'{{"robots":[{{"robot":"R-{place % 100}","at":{self.begin_ms + place},"state":"executing"}}]}}'
        if place % 10 == 9:
            payload = f'{{"as_of":"2025-10-31","stock":"{place}","complete":true}}'  # no integer
        return f"robodensity/v1/{FACTORY}/{kind}", payload.encode()

    def numbered(self, place: int) -> Message:
        """A sample that bears its number on the wire too, so that a loss on the way can be seen."""
        sample = f'{{"robot":"R-{place % 100}","at":{self.begin_ms + place},"state":"executing"}}'
        payload = f'{{"seq":{place},"boot":"b","robots":[{sample}]}}'
        return f"robodensity/v1/{FACTORY}/status", payload.encode()

    def messages(self, begin: int, end: int) -> Iterator[tuple[int, Message]]:
        return ((place, self.message(place)) for place in range(begin, end))

    def census(self, store: Store) -> "Census":
        """Where every message is, read back from the store."""
        samples = store.read(ROBOT_STATUS.database, ROBOT_STATUS, where={"factory": FACTORY})["time"]
        reports = store.read(INVENTORY.database, INVENTORY)["stock"]
        refused = (
            json.loads(base64.b64decode(each)) for each in store.read(REFUSAL.database, REFUSAL)["payload"].to_list()
        )
        counts = store.read(ACCOUNTING.database, ACCOUNTING).select(
            pl.col("messages", "arrived", "stored", "refused", "redelivered").sum()
        )
        return Census(
            stored=Counter(((samples // 1_000_000) - self.begin_ms).to_list()) + Counter(reports.to_list()),
            refused=Counter(int(each["stock"]) for each in refused),
            accounts=counts.row(0, named=True),
        )


@dataclass(frozen=True)
class Census:
    """How often each message is in the store and in refused, by its number, and what the accounting says."""

    stored: Counter[int]
    refused: Counter[int]
    accounts: dict[str, int]

    @property
    def found(self) -> set[int]:
        return set(self.stored) | set(self.refused)

    def demand(self, count: int, *, repeated: int = 0) -> None:
        """Every message is stored or refused, as it should be, and whatever is there twice came twice.

        Args:
            count: of the messages sent.
            repeated: so many may have been published twice: over a lost connection the sender cannot know better.
        """
        assert self.found == set(range(count)), f"{count - len(self.found)} of {count} messages are gone"
        assert set(self.refused) == {place for place in range(count) if place % 10 == 9}
        assert not set(self.stored) & set(self.refused)
        accounts = self.accounts
        assert accounts["arrived"] == accounts["stored"] + accounts["refused"]
        assert count <= accounts["arrived"] <= count + accounts["redelivered"] + repeated
        twice = sum((self.stored + self.refused).values()) - count
        assert twice <= accounts["redelivered"] + repeated


def await_all(flow: Flow, store: Store, sender: Sender, count: int, *, repeated: int = 0) -> Census:
    """Wait until everything is acknowledged and found; then look once more and compare."""
    wait_for(sender.settled, "every message is acknowledged")
    wait_for(lambda: len(flow.census(store).found) >= count, f"{count} messages are found", every_s=0.5)
    time.sleep(0.5)  # the accounting of the last batch, and whatever comes twice
    census = flow.census(store)
    census.demand(count, repeated=repeated)
    return census


@dataclass
class WorkerProcess:
    """`robodensity ingest` as a process that can be killed; each start goes on in the same log."""

    folder: Path
    mqtt_port: int
    influx_url: str
    influx_token: str
    name: str = "ingest-1"
    settings: dict[str, str] = field(default_factory=dict)
    health_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    def start(self) -> None:
        """Start it and wait until the broker has granted its subscription."""
        before = self.subscriptions
        process = self.launch()
        wait_for(lambda: self.subscriptions > before or process.poll() is not None, f"{self.name} is subscribed")
        assert process.poll() is None, self.log.read_text()[-2000:]

    def launch(self) -> subprocess.Popen[bytes]:
        """Start it and wait for nothing."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("ROBODENSITY_")}
        given = {
            "MQTT_PORT": str(self.mqtt_port),
            "INFLUX_URL": self.influx_url,
            "INFLUX_FLAVOUR": "influx1",
            "INFLUX_TOKEN": self.influx_token,
            "WORKER": self.name,
            "HEALTH_PORT": str(self.health_port),
            **self.settings,
        }
        root = Path(__file__).parents[1]
        environment = own | {"PYTHONPATH": str(root)} | {f"ROBODENSITY_{name}": value for name, value in given.items()}
        self.process = spawn([sys.executable, "-m", "robodensity", "ingest"], self.log, env=environment)
        return self.process

    @property
    def subscriptions(self) -> int:
        return len(re.findall("Subscribed", self.log.read_text())) if self.log.exists() else 0

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it in its own way."""
        assert self.process is not None
        self.process.terminate()
        assert self.process.wait(60) == 0, self.log.read_text()[-2000:]

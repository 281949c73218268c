"""A simulated city that came over MQTT through the whole platform, in the InfluxDB that Grafana would ask."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import polars as pl
from api_city import KEY, serving
from paho.mqtt import publish
from services import InfluxServer, free_port

from density.days import day_of_ns, start_ns
from robodensity.assembly import Law, load_law
from robodensity.plans import DEMO_QUOTAS
from robodensity.settings import Settings
from robodensity.up import ports
from robodensity.up.platform import Place, Platform
from rollup.job import Rollup, RollupOptions
from simulators.run import SimulateOptions, simulate
from store.base import Store
from store.embedded import EmbeddedStore
from store.influx import InfluxStore
from store.known import with_flags
from store.schema import FIGURE, FIGURES, MEASUREMENTS, PLAN_STATUS, ROBOT_ACTIVITY, Measurement

PATIENCE_S = 120.0
ROWS = 20_000
KEPT_NS = 45 * 86_400 * 1_000_000_000
SCALE = 0.015  # the smallest with a park that may be ranked


@dataclass(frozen=True)
class BoardCity:
    """What boards are asked against.

    Attributes:
        influx: asks InfluxDB as Grafana's data source does: `/query` with `q` and `epoch=ms`.
        api: the API on the same store, as its administrator.
        store: the same store.
        now_ms: when the city was looked at.
        law: what its figures are made by.
    """

    influx: httpx.Client
    api: httpx.Client
    store: Store
    now_ms: int
    law: Law

    def ask(self, statement: str) -> list[dict[str, object]]:
        """The series of an answer; an error of the store fails the test."""
        answer = self.influx.post("/query", data={"q": statement, "epoch": "ms"})
        result = answer.raise_for_status().json()["results"][0]
        assert "error" not in result, (result, statement)
        return list(result.get("series", []))


class Recent:
    """A store that keeps of areas below the city some days alone: boards ask for no older ones, and a test has no time.

    Args:
        store: keeps the rest, and does everything else.
        since_ns: where those days begin.
    """

    def __init__(self, store: Store, since_ns: int) -> None:
        self._store, self._since_ns = store, since_ns

    def write(self, database: str, frames: Mapping[Measurement, pl.DataFrame]) -> None:
        """Write what is kept."""
        kept = (pl.col("time") >= self._since_ns) | (pl.col("scope") == "city")
        self._store.write(
            database,
            {kind: frame.filter(kept) if kind in {FIGURE, PLAN_STATUS} else frame for kind, frame in frames.items()},
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


@contextmanager
def board_city(folder: Path, scale: float = SCALE) -> Iterator[BoardCity]:
    """Play the city, put its reports into InfluxDB, roll them up there, and serve the API on that."""
    law = load_law(Settings(_env_file=None, quotas=DEMO_QUOTAS, simulated=True))
    play(folder / "data", law, scale)
    server = InfluxServer(folder / "influx")
    server.start()
    store = InfluxStore(server.url, token=server.token, org=server.org, flavour="influx1", timeout_s=120)
    try:
        source = EmbeddedStore(folder / "data")
        copy(source, store)
        source.close()
        roll_up(Recent(store, time.time_ns() - KEPT_NS), law)
        headers = {"Authorization": f"Token {server.token}"}
        with (
            httpx.Client(base_url=server.url, headers=headers, timeout=120) as influx,
            serving(store, law.reference, law.plan, time.time_ns, definition=law.definition) as api,
        ):
            api.headers["Authorization"] = f"Bearer {KEY}"
            yield BoardCity(influx, api, store, time.time_ns() // 1_000_000, law)
    finally:
        store.close()
        server.stop()


def play(folder: Path, law: Law, scale: float) -> None:
    """Over broker and ingest into the ledger; the last message of each factory is refused. The rollup waits."""
    http, _ = ports.claim("127.0.0.1", free_port(), 0, purpose="a test")
    idle = RollupOptions(poll_s=10.0**6)
    platform = Platform(Place(folder, http, free_port(), "key", simulated=True), law, idle)
    platform.start()
    try:
        place = platform.place
        options = SimulateOptions(
            scale=scale, once=True, port=place.mqtt_port, protocol=platform.broker.protocol, api_url=place.url,
            admin_key="key",
        )  # fmt: skip
        simulate(options, now=lambda: datetime.now(UTC), stop=threading.Event())
        listed = httpx.get(f"{place.url}/v1/factories?limit=1000", headers={"Authorization": "Bearer key"}).json()
        dances = json.dumps({"robots": [{"robot": "R-1", "state": "dancing"}]})
        wrong = [(f"robodensity/v1/{each['factory']}/status", dances, 1, False) for each in listed["factories"]]
        publish.multiple(wrong, port=place.mqtt_port)

        def total(name: str) -> int:
            told: dict[str, int] = httpx.get(f"{place.url}/v1/accounting").json()["totals"]
            return told[name]

        _await(lambda: total("refused") == len(wrong), "the refusals are accounted for, and all that came before")
    finally:
        platform.stop()


def copy(source: Store, store: Store) -> None:
    """Everything that is no figure."""
    store.prepare(simulated=True)
    for kind in MEASUREMENTS:
        rows = source.read(kind.database, kind) if kind.database != FIGURES else kind.frame()
        for start in range(0, rows.height, ROWS):
            store.write(kind.database, {kind: with_flags(kind, rows[start : start + ROWS])})


def roll_up(store: Recent, law: Law) -> None:
    """The figures, once."""
    rollup = Rollup(
        store, law.reference, law.definition, law.plan, clock_ns=time.time_ns, options=RollupOptions(patience_s=0)
    )
    assert rollup.step()
    rollup.settle()
    deadline = time.monotonic() + PATIENCE_S
    today = start_ns(day_of_ns(time.time_ns()))
    while today not in store.read(FIGURES, ROBOT_ACTIVITY, newest=1)["time"].to_list():  # told at a pace of its own
        assert time.monotonic() < deadline, "nothing is told of who works"
        rollup.step()
    assert rollup.caught_up()


def _await(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, f"still waiting until {what}"
        time.sleep(0.1)

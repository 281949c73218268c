"""A simulated city that came over MQTT through the whole platform, in the InfluxDB that Grafana would ask."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import polars as pl
from api_city import KEY, serving
from paho.mqtt import publish
from services import InfluxServer, free_port

from api.answer import SHANGHAI
from api.options import Readiness
from density.days import day_of_ns, start_ns
from ingest.state import IngestState
from robodensity.assembly import Law, load_law
from robodensity.plans import DEMO_QUOTAS
from robodensity.settings import Settings
from robodensity.up import ports
from robodensity.up.platform import Place, Platform
from robodensity.vitals.rows import ProcessRow, RollupRow, figures_age, ingest_row
from robodensity.vitals.watched_store import WatchedStore
from robodensity.vitals.writer import Vital, VitalsWriter
from rollup.job import Rollup, RollupOptions
from rollup.sharing import SharedStore
from simulators.run import SimulateOptions, simulate
from store.base import Store
from store.embedded import EmbeddedStore
from store.known import with_flags
from store.schema import (
    ACCOUNTING,
    API_VITALS,
    AREA_ACCOUNT,
    BROKER_VITALS,
    DELIVERY,
    FIGURES,
    INGEST_VITALS,
    MEASUREMENTS,
    REPORTS,
    ROBOT_ACTIVITY,
    ROLLUP_VITALS,
    Measurement,
)

PATIENCE_S = 120.0
ROWS = 20_000
DAY_NS = 86_400 * 1_000_000_000
SCALE = 0.015  # the smallest with a park that may be ranked
LOST, SKEW_S, SILENT_NS = 3, 600.0, 3 * DAY_NS
ENDED = timedelta(minutes=31)  # history is older than what counts as live: its age is no clock's fault
STATES = ("ready", "idle", "fault", "maintenance", "off")  # and executing, which the simulator plays
FRAMED = {"city": 2_000_000, "district": 200_000, "park": 50_000}  # persons in the official frame, of each kind
PUBLISHED_DENSITY = 452.0
ARRIVED_PER_S, UNACKNOWLEDGED_S, QUEUED, HOURS_UNTIL_FULL = 2, 0.4, 7, 40.0


@dataclass(frozen=True)
class Troubled:
    """Factories that call for somebody.

    Attributes:
        losing: LOST of its numbered messages are missing.
        late: its clock is SKEW_S behind.
        silent: it was heard SILENT_NS earlier than the others.
    """

    losing: str
    late: str
    silent: str


@dataclass(frozen=True)
class BoardCity:
    """What boards are asked against.

    Attributes:
        influx: asks InfluxDB as Grafana's data source does: `/query` with `q` and `epoch=ms`.
        api: the API on the same store, as its administrator.
        store: the same store.
        server: holds it, and asks for passwords.
        now_ms: when the city was looked at.
        law: what its figures are made by.
        troubled: who is in trouble.
    """

    influx: httpx.Client
    api: httpx.Client
    store: Store
    server: InfluxServer
    now_ms: int
    law: Law
    troubled: Troubled

    def ask(self, statement: str) -> list[dict[str, object]]:
        """The series of an answer; an error of the store fails the test."""
        answer = self.influx.post("/query", data={"q": statement, "epoch": "ms"})
        result = answer.raise_for_status().json()["results"][0]
        assert "error" not in result, (result, statement)
        return list(result.get("series", []))


class Recent:
    """A store that keeps of areas the last points alone, and of the city a year: no test asks more, and none has time.

    Args:
        store: keeps the rest, and does everything else.
        now_ns: before which the days are counted.
    """

    def __init__(self, store: Store, now_ns: int) -> None:
        self._store, self._now_ns = store, now_ns

    def write(self, database: str, frames: Mapping[Measurement, pl.DataFrame]) -> None:
        """Write what is kept."""
        self._store.write(database, {kind: self._kept(kind, frame) for kind, frame in frames.items()})

    def _kept(self, kind: Measurement, frame: pl.DataFrame) -> pl.DataFrame:
        if "scope" not in frame.columns:
            return frame
        kept_ns = pl.when(pl.col("scope") == "city").then(400 * DAY_NS).otherwise(3 * DAY_NS)
        newest = pl.col("time") == pl.col("time").max().over(kind.tags)
        return frame.filter((pl.col("time") >= self._now_ns - kept_ns) | newest)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


@contextmanager
def board_city(folder: Path, scale: float = SCALE) -> Iterator[BoardCity]:
    """Play the city, put its reports into InfluxDB, roll them up there, and serve the API on that."""
    law = load_law(Settings(_env_file=None, quotas=DEMO_QUOTAS, simulated=True))
    troubled = play(folder / "data", law, scale)
    server = InfluxServer(folder / "influx", guarded=True)
    server.start()
    store = server.store(timeout_s=120)
    try:
        source = EmbeddedStore(folder / "data")
        copy(source, store, silent=troubled.silent)
        source.close()
        recent = Recent(store, time.time_ns())
        tell_vitals(store, roll_up(SharedStore(recent, law.reference), law))
        headers = {"Authorization": f"Token {server.token}"}
        with (
            httpx.Client(base_url=server.url, headers=headers, timeout=120) as influx,
            serving(store, law.reference, law.plan, time.time_ns, definition=law.definition) as api,
        ):
            api.headers["Authorization"] = f"Bearer {KEY}"
            yield BoardCity(influx, api, store, server, time.time_ns() // 1_000_000, law, troubled)
    finally:
        store.close()
        server.stop()


def play(folder: Path, law: Law, scale: float) -> Troubled:
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
        simulate(options, now=lambda: datetime.now(UTC) - ENDED, stop=threading.Event())
        office = {"Authorization": "Bearer key"}
        httpx.post(f"{place.url}/v1/statistics", json=list(published(law)), headers=office).raise_for_status()
        listed = httpx.get(f"{place.url}/v1/factories?limit=1000", headers=office).json()
        dances = json.dumps({"robots": [{"robot": "R-1", "state": "dancing"}]})
        wrong = [(f"robodensity/v1/{each['factory']}/status", dances, 1, False) for each in listed["factories"]]
        troubled = Troubled(*(each["factory"] for each in listed["factories"][:3]))
        rested = [resting(each["factory"]) for each in listed["factories"][3:]]
        publish.multiple([*troubles(troubled), *rested, *wrong], port=place.mqtt_port)

        def total(name: str) -> int:
            told: dict[str, int] = httpx.get(f"{place.url}/v1/accounting").json()["totals"]
            return told[name]

        _await(lambda: total("refused") == len(wrong), "the refusals are accounted for, and all that came before")
    finally:
        platform.stop()
    return troubled


def published(law: Law) -> Iterator[dict[str, object]]:
    """What authorities tell of last year: the density of the city, and the frame of every area."""
    year = datetime.now(SHANGHAI).year
    told = {"period": str(year - 1), "source": "simulated", "published": f"{year}-01-01"}
    yield {**told, "figure": "density_annual", "scope": "city", "value": PUBLISHED_DENSITY, "unit": "台/万人"}
    areas = [f"district:{each}" for each in law.reference.districts] + [f"park:{each}" for each in law.reference.parks]
    for scope in ("city", *areas):
        framed = FRAMED[scope.partition(":")[0]]
        yield {**told, "figure": "frame_persons", "scope": scope, "value": framed, "unit": "人"}


def resting(factory: str) -> tuple[str, str, int, bool]:
    """A sample of a factory with a robot in each state in which it does no work."""
    sample = {"at": int(1_000 * time.time()), "robots": [{"robot": f"R-{state}", "state": state} for state in STATES]}
    return f"robodensity/v1/{factory}/status", json.dumps(sample), 1, False


def troubles(troubled: Troubled) -> Iterator[tuple[str, str, int, bool]]:
    """Messages of factories whose numbers have a hole, or whose clock is behind."""

    def status(factory: str, at_s: float, **numbers: object) -> tuple[str, str, int, bool]:
        sample = {"at": int(1_000 * at_s), "robots": [{"robot": "R-1", "state": "idle"}], **numbers}
        return f"robodensity/v1/{factory}/status", json.dumps(sample), 1, False

    now_s = time.time()
    for seq in (1, 2, 3 + LOST):
        yield status(troubled.losing, now_s, seq=seq, boot="before the last one")
    yield status(troubled.late, now_s - SKEW_S)


def copy(source: Store, store: Store, *, silent: str = "") -> None:
    """Everything that is no figure; what is logged of a factory that is to be silent came long before."""
    store.prepare(simulated=True)
    for kind in MEASUREMENTS:
        rows = source.read(kind.database, kind) if kind.database != FIGURES else kind.frame()
        if kind in {DELIVERY, ACCOUNTING}:
            rows = rows.with_columns(_long_before(rows, silent))
        for start in range(0, rows.height, ROWS):
            store.write(kind.database, {kind: with_flags(kind, rows[start : start + ROWS])})


def _long_before(rows: pl.DataFrame, silent: str) -> list[pl.Expr]:
    """When what a log or an account tells of came; stamps of the log stay."""
    here = (pl.col("factory") == silent).cast(pl.Int64)
    arrivals = [pl.col(name) - here * (SILENT_NS // 1_000) for name in ("first_us", "last_us") if name in rows.columns]
    return arrivals or [pl.col("time") - here * SILENT_NS]


def roll_up(store: Store, law: Law) -> Rollup:
    """The figures, once."""
    rollup = Rollup(
        store, law.reference, law.definition, law.plan, clock_ns=time.time_ns, options=RollupOptions(patience_s=0)
    )
    assert rollup.step()
    rollup.settle()
    deadline = time.monotonic() + PATIENCE_S
    arrivals = set(store.read(REPORTS, ACCOUNTING)["time"])
    while not _paced(store, arrivals):
        assert time.monotonic() < deadline, "nothing is told of who works, or of what arrived"
        rollup.step()
    assert rollup.caught_up()
    return rollup


def _paced(store: Store, arrivals: AbstractSet[int]) -> bool:
    """Whether all is told that the rollup tells at a pace of its own."""
    today = start_ns(day_of_ns(time.time_ns()))
    works = store.read(FIGURES, ROBOT_ACTIVITY, newest=1)["time"].to_list()
    return today in works and arrivals <= set(store.read(FIGURES, AREA_ACCOUNT, where={"scope": "city"})["time"])


def tell_vitals(store: Store, rollup: Rollup) -> None:
    """As every process does, an hour ago and now: a rate needs two points."""
    for ago_s, arrived in ((3_600, 0), (0, 3_600 * ARRIVED_PER_S)):
        _tell_vitals(store, rollup, time.time_ns() - ago_s * 10**9, {"arrived": arrived, "stored": arrived})


def _tell_vitals(store: Store, rollup: Rollup, moment_ns: int, counters: Mapping[str, int]) -> None:
    watched = WatchedStore(store)
    process = ProcessRow(watched, lambda: Readiness(ready=True))
    ingest = IngestState(True, True, UNACKNOWLEDGED_S, 0, 0, counters={"refused": 0, **counters})
    queue = {"queued_messages": QUEUED, "hours_until_full": HOURS_UNTIL_FULL, "hours_until_full_known": True}
    vitals = (
        Vital(INGEST_VITALS, "ingest-1", (process, lambda: ingest_row(ingest))),
        Vital(BROKER_VITALS, "ingest-1", (lambda: queue,)),
        Vital(ROLLUP_VITALS, "rollup", (process, RollupRow(watched, rollup.state, time.time_ns))),
        Vital(API_VITALS, "api-1", (process, lambda: figures_age(store, time.time_ns()))),
    )
    writer = VitalsWriter(store, vitals, clock_ns=lambda: moment_ns)
    for each in vitals:
        writer.write(each)


def _await(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, f"still waiting until {what}"
        time.sleep(0.1)

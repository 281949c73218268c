import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from api.answer import SHANGHAI
from api.app import create_app
from api.options import ApiOptions
from density.days import day_of_ns, month_ends, start_ns, to_day
from density.definition import Definition
from density.plan import Plan
from density.register import Reference
from robodensity.plans import load_plan
from robodensity.seeds import load_reference
from robodensity.up.ports import claim
from store.embedded import EmbeddedStore
from store.known import with_flags
from store.ledger import LedgerWriter
from store.schema import (
    ALERT,
    COMPARISON,
    CROSSING,
    DISCLOSURE,
    FIGURE,
    FIGURES,
    FLOW,
    FORECAST,
    LEDGER,
    PLAN_STATUS,
    ROBOT_ACTIVITY,
    ROLLUP,
    SMART_FACTORY,
    STATE,
    Measurement,
)

KEY = "test-admin-key-0123456789"
TODAY = date(2026, 11, 24)
NOON_NS = int(datetime(2026, 11, 24, 12, tzinfo=SHANGHAI).timestamp()) * 1_000_000_000


@dataclass
class Clock:
    now_ns: int = NOON_NS

    def __call__(self) -> int:
        self.now_ns += 1
        return self.now_ns

    def pass_s(self, seconds: float) -> None:
        self.now_ns += int(seconds * 1e9)


class _Server(uvicorn.Server):
    """Ends when it is told to, not at its next look; of a test that adds up."""

    async def main_loop(self) -> None:
        self.told = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        await self.on_tick(0)
        await self.told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for each in [*self.servers, *(sockets or [])]:
            each.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks)
        await self.lifespan.shutdown()

    def end(self) -> None:
        self.loop.call_soon_threadsafe(self.told.set)


@contextmanager
def running(app: Any, *, lifespan: str = "off") -> Iterator[str]:
    listener, _ = claim("127.0.0.1", None, 0, purpose="a test")
    config = uvicorn.Config(app, lifespan=lifespan, log_level="error", ws="none", access_log=False)
    server = _Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not hasattr(server, "loop") and thread.is_alive():
        time.sleep(0.002)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.end()
        thread.join()
        listener.close()


@pytest.fixture(scope="session")
def reference() -> Reference:
    return load_reference()


@pytest.fixture(scope="session")
def plan(reference: Reference) -> Plan:
    return load_plan(reference)


def definition_of(reference: Reference) -> Definition:
    chosen, other = reference.key_sets["bureau6"], reference.key_sets["plan6"]
    return Definition(chosen, reference.manufacturers, reference.crosswalk, other_key_sets=(other,))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    opened = EmbeddedStore(tmp_path / "data")
    opened.prepare(simulated=True)
    yield opened
    opened.close()


Serve = Callable[..., httpx.Client]


@contextmanager
def serving(store: Any, reference: Reference, plan: Plan, clock: Clock, **given: Any) -> Iterator[httpx.Client]:
    options = ApiOptions(
        admin_key=given.pop("admin_key", KEY),
        simulated=given.pop("simulated", True),
        writer=given.pop("writer", "api-1"),
        audit_path=given.pop("audit_path", None),
        fresh_s=given.pop("fresh_s", 0),
        wrong_keys_a_minute=given.pop("wrong_keys_a_minute", 100_000),
    )
    lifespan = given.pop("lifespan", "off")
    law = {"reference": reference, "plan": plan, "options": options, "clock_ns": clock}
    app = create_app(store, **{"definition": definition_of(reference), **law, **given})
    with running(app, lifespan=lifespan) as url, httpx.Client(base_url=url, timeout=30) as client:
        try:
            yield client
        finally:
            app.state.service.board.close()


@pytest.fixture(scope="module")
def quiet_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    opened = EmbeddedStore(tmp_path_factory.mktemp("quiet"))
    opened.prepare(simulated=True)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def quiet_admin(quiet_store: EmbeddedStore, reference: Reference, plan: Plan) -> Iterator[httpx.Client]:
    with serving(quiet_store, reference, plan, Clock()) as client:
        client.headers["Authorization"] = f"Bearer {KEY}"
        yield client


@pytest.fixture
def serve(store: EmbeddedStore, reference: Reference, plan: Plan, clock: Clock) -> Iterator[Serve]:
    parts = {"store": store, "reference": reference, "plan": plan, "clock": clock}
    with ExitStack() as stack:
        yield lambda **given: stack.enter_context(serving(**{**parts, **given}))


@pytest.fixture
def client(serve: Serve) -> httpx.Client:
    return serve()


@pytest.fixture
def admin(serve: Serve) -> httpx.Client:
    connected = serve()
    connected.headers["Authorization"] = f"Bearer {KEY}"
    return connected


def figure(scope: str, series: str, day: date, **figures: Any) -> dict[str, Any]:
    stock, persons = figures.get("stock", 100), figures.get("persons", 4_000)
    row = {
        "time": start_ns(to_day(day)),
        "scope": scope,
        "kind": scope.partition(":")[0],
        "series": series,
        "stock": stock,
        "gross_new": 10,
        "persons": persons,
        "stock_counted": stock,
        "persons_counted": persons,
        "density": stock / persons * 1e4,
        "density_12m": stock / persons * 1e4,
        "response_headcount_factories": 0.9,
        "response_headcount_persons": 0.96,
        "response_robots_factories": 0.8,
        "response_robots_persons": 0.92,
        "factories": 12,
        "smart_factories": 2,
        "definition_version": 1,
    }
    return {**row, **figures}


def standing(scope: str, target: str, day: date, **values: Any) -> dict[str, Any]:
    row = {
        "time": start_ns(to_day(day)),
        "scope": scope,
        "kind": scope.partition(":")[0],
        "target": target,
        "actual": 60.0,
        "baseline": 0.0,
        "goal": 100.0,
        "planned": 72.0,
        "progress": 0.60,
        "planned_progress": 0.72,
        "lead": -12.0,
        "pace": 0.83,
        "gap": -12.0,
        "status": "on_track",
        "basis": "assigned",
    }
    return {**row, **values}


@dataclass
class Writer:
    store: EmbeddedStore

    def figures(self, *rows: dict[str, Any]) -> None:
        self.store.write(FIGURES, {FIGURE: with_flags(FIGURE, FIGURE.frame(rows))})
        self.open(*((row["scope"], row["series"], day_of_ns(row["time"])) for row in rows))

    def open(self, *cells: tuple[str, str, int], why: str = "open") -> None:
        """Decide that cells are public around a day, or why not."""
        rows = [
            {
                "time": start_ns(int(end)), "scope": scope, "kind": scope.partition(":")[0], "series": series,
                "why": why, "final": False,
            }
            for scope, series, day in cells
            for end in (month_ends(day - 31, day - 1)[-1], month_ends(day, day + 31)[0])
        ]  # fmt: skip
        self.store.write(FIGURES, {DISCLOSURE: DISCLOSURE.frame(rows)})

    def standings(self, *rows: dict[str, Any]) -> None:
        self.store.write(FIGURES, {PLAN_STATUS: with_flags(PLAN_STATUS, PLAN_STATUS.frame(rows))})
        series = ("total", "all", "key", "key:plan6")
        self.open(*((row["scope"], each, day_of_ns(row["time"])) for row in rows for each in series))

    def crossings(self, *rows: dict[str, Any]) -> None:
        self._put(CROSSING, rows)

    def flows(self, *rows: dict[str, Any]) -> None:
        self._put(FLOW, rows)

    def activity(self, *rows: dict[str, Any]) -> None:
        self._put(ROBOT_ACTIVITY, rows)

    def comparisons(self, *rows: dict[str, Any]) -> None:
        self._put(COMPARISON, rows)

    def alerts(self, *rows: dict[str, Any]) -> None:
        self._put(ALERT, rows)

    def forecasts(self, *rows: dict[str, Any], target: str = "SH-13") -> None:
        self._put(FORECAST, [{**each, "target": target} for each in rows])

    def _put(self, kind: Measurement, rows: Iterable[dict[str, Any]]) -> None:
        """Write rows, by default of the city's key series today."""
        line = {"scope": "city", "kind": "city", "series": "key", "time": start_ns(to_day(TODAY))}
        told = [{name: value for name, value in (line | row).items() if name in kind.columns} for row in rows]
        self.store.write(FIGURES, {kind: with_flags(kind, kind.frame(told))})

    def grades(self, *rows: dict[str, Any]) -> None:
        self.store.write(FIGURES, {SMART_FACTORY: SMART_FACTORY.frame(rows)})

    def folded(self, day: date = TODAY, *, at_us: int = NOON_NS // 1_000) -> None:
        row = {"time": 0, "data_until_us": at_us, "folded_us": at_us, "day": to_day(day), "definition_version": 1}
        self.store.write(STATE, {ROLLUP: ROLLUP.frame([row])})


def report(store: EmbeddedStore, at_ns: int, *, writer: str = "ingest-1", **rows: list[dict[str, Any]]) -> None:
    """Put reports of some kinds into the ledger, stamped from an instant on."""
    kinds = {kind.name: kind for kind in LEDGER}
    log = LedgerWriter(store, writer, lambda: at_ns)
    frames = {kinds[name]: kinds[name].frame(told).drop("time") for name, told in rows.items()}
    log.write(log.stamp(frames))


@pytest.fixture
def write(store: EmbeddedStore) -> Writer:
    return Writer(store)


def factory(number: int = 1, **changes: Any) -> dict[str, Any]:
    item = {
        "factory": f"F{number:05}",
        "name": {"zh": f"模拟工厂{number}", "en": f"Simulated factory {number}"},
        "credit_code": None,
        "district": "310115",
        "park": None,
        "industry": "3670",
        "above_scale": True,
        "edge_nodes": [],
    }
    return {**item, **changes}

"""The accounts of areas against sums over those of factories, which workers wrote into a real store."""

import json
from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest
from cities import CASE_DEFINITION, CASE_REFERENCE, DAY0, reports, site, stamped
from rolling import Clock

from density.city import City
from density.days import day_of_ns, start_ns, to_date
from rollup.activity import Summing
from rollup.area_accounts import ITEMS, NUMBERS, AreaAccounts
from rollup.deliveries import CONSUMER, DeliveryStep
from store.embedded import EmbeddedStore
from store.errors import StoreUnavailable
from store.known import with_flags
from store.ledger import REPLAY_WRITER, LedgerWriter
from store.schema import ACCOUNTING, AREA_ACCOUNT, CURSOR, DELIVERY, FIGURES, NUMBERING, REPORTS, STATE, Measurement

DAY = DAY0 + 45
SITES = [
    site("F1", park="P01"),
    site("F2", district="310114", above_scale=False),
    site("F3", park="P02", closed_day=DAY - 20),
    site("F4"),
]
MOVED = site("F4", district="310114", from_day=DAY - 5)
SOURCES = City(reports(stamped(registration=[*SITES, MOVED])), CASE_REFERENCE, CASE_DEFINITION, to_date(DAY)).sources
SUMMING = Summing(SOURCES.scopes, CASE_DEFINITION.series, SOURCES.lines.sums)
COUNTS = (*ITEMS, *NUMBERS)


class Worker:
    """Writes accounts, and the log of deliveries beside them, as a worker of ingest does."""

    def __init__(self, store: Any, clock: Clock, name: str = "w1") -> None:
        self._ledger, self.clock, self._totals = LedgerWriter(store, name, clock), clock, dict[Any, dict[str, int]]()

    def take(
        self,
        factory: str,
        *,
        stored: int,
        refused: int = 0,
        numbers: list[list[int]] | None = None,
        logged: bool = True,
    ) -> None:
        """A message arrives and is written."""
        now_us = self.clock() // 1_000
        totals = self._totals.setdefault((factory, day_of_ns(now_us * 1_000)), dict.fromkeys(ITEMS, 0))
        for name, more in (("messages", 1), ("arrived", stored + refused), ("stored", stored), ("refused", refused)):
            totals[name] += more
        of = {"factory": factory, "kind": "status"}
        frames = {ACCOUNTING: ACCOUNTING.frame([{"time": start_ns(day_of_ns(now_us * 1_000)), **of, **totals}])}
        if logged:
            told = {"messages": 1, "first_us": now_us, "last_us": now_us, "skew_s": None}
            log = {**of, **told, "boot": "a", "numbers": json.dumps(numbers) if numbers else None}
            frames[DELIVERY] = with_flags(DELIVERY, DELIVERY.frame([log])).drop("time", "writer")
        frames[ACCOUNTING] = frames[ACCOUNTING].drop("writer")
        self._ledger.write(self._ledger.stamp(frames))


class Watching:
    """The real store, which notes the days of the areas' accounts that are written, and may die at one of them."""

    def __init__(self, store: EmbeddedStore, dies_at: int | None = None) -> None:
        self._store, self._dies_at, self.days = store, dies_at, list[int]()

    def write(self, database: str, frames: Mapping[Measurement, pl.DataFrame]) -> None:
        """Write, or die."""
        days = [day_of_ns(each) for each in frames[AREA_ACCOUNT]["time"].unique()] if AREA_ACCOUNT in frames else []
        if self._dies_at in days:
            raise StoreUnavailable("The process is dead.")
        self.days += days
        self._store.write(database, frames)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


@pytest.fixture
def watching(store: EmbeddedStore) -> Watching:
    return Watching(store)


@pytest.fixture
def worker(store: EmbeddedStore, clock: Clock) -> Worker:
    return Worker(store, clock)


class Step:
    """A step that looks anew and goes on until nothing is due."""

    def __init__(self, store: Any, clock: Clock) -> None:
        self._step, self._now_s = DeliveryStep(store, clock), 0.0

    def look(self, calls: int = 20) -> None:
        self._now_s += 3_600
        for _ in range(calls):
            self._step.update(SOURCES.sites, SUMMING, day=DAY, now_s=self._now_s)


def told(store: EmbeddedStore, scope: str, *fields: str) -> dict[int, Any]:
    """A scope's counts by day after DAY."""
    rows = store.read(FIGURES, AREA_ACCOUNT, where={"scope": scope}).select("time", *fields).rows()
    return {day_of_ns(time) - DAY: counts if len(counts) > 1 else counts[0] for time, *counts in rows}


def check_sums(store: EmbeddedStore) -> int:
    """City = Σ factories = Σ districts and what came of nobody, of each count and day; answers how many days."""
    sums = [pl.col(name).sum().alias(name) for name in COUNTS]
    factories = pl.concat([store.read(REPORTS, kind) for kind in (ACCOUNTING, NUMBERING)], how="diagonal")
    areas = store.read(FIGURES, AREA_ACCOUNT)
    city = areas.filter(kind="city").select("time", *COUNTS).sort("time")
    assert city.rows() == factories.group_by("time").agg(sums).sort("time").rows()
    strangers = factories.filter(factory="?")
    parts = pl.concat([areas.filter(kind="district"), strangers], how="diagonal")
    assert city.rows() == parts.group_by("time").agg(sums).sort("time").rows()
    unregistered = areas.filter(pl.col("unregistered") != 0).select("time", "kind", "unregistered").sort("time").rows()
    arrived = strangers.group_by("time").agg(pl.col("arrived").sum()).filter(pl.col("arrived") != 0).sort("time")
    assert unregistered == [(time, "city", count) for time, count in arrived.rows()]
    assert (areas["arrived"] == areas["stored"] + areas["refused"]).all()
    assert areas.filter(scope="zone:Z1").select(COUNTS).rows() == (
        areas.filter(kind="park").group_by("time").agg(sums).sort("time").select(COUNTS).rows()
    )
    return city.height


def days_of_work(worker: Worker, clock: Clock, *days: int) -> None:
    for place, back in enumerate(days):
        clock.set(DAY - back)
        worker.take("F1", stored=10 + place, refused=1, numbers=[[10 * place, 10 * place + 8]])
        worker.take("F2", stored=100)
        worker.take("F3", stored=3)
        worker.take("F4", stored=20, refused=4)
        worker.take("?", stored=0, refused=2)


def looked(watching: Watching, worker: Worker, clock: Clock, *days: int) -> Step:
    """A step that has told some days of work; what is watched begins behind it."""
    days_of_work(worker, clock, *days)
    step = Step(watching, clock)
    step.look()
    watching.days.clear()
    return step


def test_update_adds_every_account_up_to_the_city(store: EmbeddedStore, worker: Worker, clock: Clock) -> None:
    """F3 is closed and stays where it was; F4 moved five days ago; ? is nobody in the register."""
    days_of_work(worker, clock, 6, 5, 1, 0)
    Step(store, clock).look()
    assert check_sums(store) == 4
    assert told(store, "city", "arrived", "stored", "refused", "unregistered", "messages")[0] == [143, 136, 7, 2, 5]
    parks = {-6: [10, 1, 9, 0], -5: [11, 1, 9, 1], -1: [12, 1, 9, 1], 0: [13, 1, 9, 1]}
    assert told(store, "park:P01", "stored", "refused", "numbered", "missing") == parks
    assert told(store, "park:P02", "stored") == dict.fromkeys((-6, -5, -1, 0), 3)
    assert told(store, "district:310114", "stored") == {-6: 100, -5: 120, -1: 120, 0: 120}
    assert told(store, "district:310115", "refused") == {-6: 5, -5: 1, -1: 1, 0: 1}


def test_late_account_restates_the_day_that_it_touches_and_no_other(
    store: EmbeddedStore, watching: Watching, worker: Worker, clock: Clock
) -> None:
    """What was written for another day, after an outage of the store."""
    step = looked(watching, worker, clock, 6, 5, 1, 0)
    clock.set(DAY - 5, hour=20)
    worker.take("F1", stored=1_000)
    clock.set(DAY, hour=13)
    step.look()
    assert watching.days == [DAY - 5]
    assert check_sums(store) == 4
    assert told(store, "district:310115", "stored") == {-6: 33, -5: 1_014, -1: 15, 0: 16}


def test_hole_that_is_filled_later_restates_the_day_that_noticed_it(
    store: EmbeddedStore, watching: Watching, worker: Worker, clock: Clock
) -> None:
    step = looked(watching, worker, clock, 6, 5, 1)
    assert told(store, "city", "missing") == {-6: 0, -5: 1, -1: 1}
    clock.set(DAY)
    worker.take("F1", stored=1, numbers=[[9, 9]])
    step.look()
    assert watching.days == [DAY - 5, DAY]
    assert told(store, "city", "missing") == {-6: 0, -5: 0, -1: 1, 0: 0}
    assert check_sums(store) == 4


def test_replay_restates_the_day_that_it_moves(
    store: EmbeddedStore, watching: Watching, worker: Worker, clock: Clock
) -> None:
    """From nobody to F4, which stood in the other district then; also a replay that an older process saw no more."""
    step = looked(watching, worker, clock, 6, 5, 1, 0)
    replay = LedgerWriter(store, REPLAY_WRITER, clock)
    for amount, looking in ((1, step), (2, Step(watching, clock))):
        moved = {"time": start_ns(DAY - 6), "kind": "status"}
        left = {"factory": "?", "messages": -amount, "arrived": -amount, "stored": 0, "refused": -amount}
        joined = {"factory": "F4", "messages": amount, "arrived": amount, "stored": amount, "refused": 0}
        rows = [{**moved, **each, "redelivered": 0} for each in (left, joined)]
        replay.reserve(1)
        replay.write(replay.stamp({ACCOUNTING: ACCOUNTING.frame(rows).drop("writer")}))
        looking.look()
        assert watching.days == [DAY - 6] * amount
        assert check_sums(store) == 4
    assert told(store, "city", "arrived", "stored", "refused", "unregistered")[-6] == [140, 135, 5, 0]
    assert told(store, "district:310115", "stored", "refused")[-6] == [35, 5]


def test_upload_that_no_log_tells_of_is_in_today_s_account(store: EmbeddedStore, worker: Worker, clock: Clock) -> None:
    step = Step(store, clock)
    worker.take("F2", stored=5, logged=False)
    step.look()
    worker.take("F2", stored=6, logged=False)
    step.look()
    assert told(store, "district:310114", "stored") == {0: 11}


def test_upload_just_before_midnight_is_counted_after_it(store: EmbeddedStore, clock: Clock) -> None:
    early, late = Worker(store, clock, "w1"), Worker(store, clock, "w2")
    clock.set(DAY - 1, hour=23)
    early.take("F2", stored=5, logged=False)
    step = Step(store, clock)
    clock.set(DAY, hour=0)
    step.look()
    clock.set(DAY - 1, hour=23)
    late.take("F2", stored=6, logged=False)
    clock.set(DAY, hour=0)
    step.look()
    assert told(store, "city", "stored") == {-1: 11}


def test_update_goes_on_after_a_restart(store: EmbeddedStore, watching: Watching, worker: Worker, clock: Clock) -> None:
    """With what came meanwhile, today and of a day long told, and nothing else is written again."""
    days_of_work(worker, clock, 6, 5, 1)
    Step(store, clock).look()
    clock.set(DAY - 6, hour=20)
    worker.take("F2", stored=7)
    clock.set(DAY)
    worker.take("F2", stored=8)
    Step(watching, clock).look()
    assert watching.days == [DAY - 6, DAY]
    assert check_sums(store) == 4
    watching.days.clear()
    Step(watching, clock).look()
    assert watching.days == []


@pytest.mark.parametrize("dies_at", [DAY - 6, DAY - 5, DAY - 1, DAY])
def test_update_killed_at_any_day_tells_it_after_a_restart(
    store: EmbeddedStore, worker: Worker, clock: Clock, dies_at: int
) -> None:
    """In what was never told, and then in what late accounts and a hole that is filled change."""
    days_of_work(worker, clock, 6, 5, 1, 0)
    with pytest.raises(StoreUnavailable):
        Step(Watching(store, dies_at), clock).look()
    Step(store, clock).look()
    assert check_sums(store) == 4
    clock.set(dies_at, hour=20)
    worker.take("F1", stored=1_000, numbers=[[9, 9], [19, 19], [29, 29]])
    clock.set(DAY, hour=21)
    with pytest.raises(StoreUnavailable):
        Step(Watching(store, dies_at), clock).look()
    Step(store, clock).look()
    assert check_sums(store) == 4
    assert sum(told(store, "city", "missing").values()) == 0


def test_update_tells_a_portion_at_a_time_and_keeps_its_place_at_the_end(
    store: EmbeddedStore, watching: Watching, worker: Worker, clock: Clock
) -> None:
    days_of_work(worker, clock, *range(5, -1, -1))
    deliveries = DeliveryStep(watching, clock)
    deliveries._areas = AreaAccounts(watching, budget_s=0.0)
    for day in range(DAY - 5, DAY + 1):
        assert store.read(STATE, CURSOR).is_empty()
        deliveries.update(SOURCES.sites, SUMMING, day=DAY, now_s=0.0)
        assert watching.days[-1] == day
    assert store.read(STATE, CURSOR, where={"consumer": CONSUMER}).height == 1
    assert check_sums(store) == 6


def test_update_writes_no_account_of_a_day_on_which_nothing_came(store: EmbeddedStore, clock: Clock) -> None:
    Step(store, clock).look()
    assert store.read(FIGURES, AREA_ACCOUNT).is_empty()

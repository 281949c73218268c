"""The rollup's side of accounting, over logs that workers of a real store wrote."""

import json
from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest
from listened import SUMMING, sites_of

from density.days import DAY_NS, start_ns
from density.sites import Sites
from rollup.deliveries import DeliveryStep
from store.embedded import EmbeddedStore
from store.errors import StoreUnavailable
from store.known import with_flags
from store.ledger import LedgerWriter
from store.schema import (
    ACCOUNTING,
    ATTENTION,
    CONTACT,
    CURSOR,
    DELIVERY,
    FIGURES,
    LISTS,
    NUMBERING,
    REPORTS,
    SILENCE,
    Measurement,
)

DAY = 20_000
HOUR_NS = 3_600 * 10**9


class Clock:
    def __init__(self, now_ns: int) -> None:
        self.now_ns = now_ns

    def __call__(self) -> int:
        return self.now_ns


@pytest.fixture
def clock() -> Clock:
    return Clock(start_ns(DAY) + 8 * HOUR_NS)


SITES = sites_of("F1", "F2")


class Worker:
    def __init__(self, store: EmbeddedStore, clock: Clock, name: str = "w1") -> None:
        self._writer, self._clock = LedgerWriter(store, name, clock), clock

    def log(self, factory: str, numbers: list[list[int]] | None, *, boot: str = "a", **more: object) -> None:
        now_us = self._clock.now_ns // 1_000
        row = {
            "factory": factory, "kind": "status", "boot": boot, "messages": 1, "first_us": now_us, "last_us": now_us,
            "numbers": None if numbers is None else json.dumps(numbers), "skew_s": None, **more,
        }  # fmt: skip
        frame = with_flags(DELIVERY, DELIVERY.frame([row])).drop("time", "writer")
        self._writer.write(self._writer.stamp({DELIVERY: frame}))


def step(store: EmbeddedStore, clock: Clock) -> DeliveryStep:
    return DeliveryStep(store, clock, period_s=0.0)


def update(deliveries: DeliveryStep, day: int = DAY) -> int:
    return deliveries.update(SITES, SUMMING, day=day, now_s=0.0)


def numbering(store: EmbeddedStore, factory: str = "F1") -> list[tuple[int, ...]]:
    rows = store.read(REPORTS, NUMBERING, where={"factory": factory})
    day = (pl.col("time") - start_ns(0)) // DAY_NS
    return rows.select(day - DAY, "numbered", "missing", "unnumbered").rows()


def test_update_unites_what_each_worker_saw(store: EmbeddedStore, clock: Clock) -> None:
    one, other = Worker(store, clock, "w1"), Worker(store, clock, "w2")
    one.log("F1", [[0, 0], [2, 2], [4, 4]])
    other.log("F1", [[1, 1], [3, 3], [6, 6]])
    update(step(store, clock))
    assert numbering(store) == [(0, 6, 1, 0)]


def test_update_takes_back_a_hole_that_is_filled_a_day_later(store: EmbeddedStore, clock: Clock) -> None:
    worker, deliveries = Worker(store, clock), step(store, clock)
    worker.log("F1", [[0, 5], [9, 9]])
    update(deliveries)
    assert numbering(store) == [(0, 7, 3, 0)]
    clock.now_ns += DAY_NS
    worker.log("F1", [[6, 7]])
    update(deliveries)
    assert numbering(store) == [(0, 7, 1, 0), (1, 2, 0, 0)]


def test_update_of_messages_without_numbers_knows_nothing_of_what_was_sent(store: EmbeddedStore, clock: Clock) -> None:
    Worker(store, clock).log("F1", None, messages=7)
    update(step(store, clock))
    assert numbering(store) == [(0, 0, 0, 7)]


def test_update_goes_on_after_a_restart_and_takes_no_row_twice(store: EmbeddedStore, clock: Clock) -> None:
    worker = Worker(store, clock)
    worker.log("F1", [[0, 3]])
    worker.log("F1", None, messages=2)
    update(step(store, clock))
    worker.log("F1", [[7, 7]])
    update(step(store, clock))
    assert numbering(store) == [(0, 5, 3, 2)]


class Dying:
    """The real store, whose process dies before it writes how far it has come."""

    def __init__(self, store: EmbeddedStore) -> None:
        self._store = store

    def write(self, database: str, frames: Mapping[Measurement, pl.DataFrame]) -> None:
        if CURSOR in frames:
            raise StoreUnavailable("The process is dead.")
        self._store.write(database, frames)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def test_update_killed_before_its_cursor_takes_no_row_twice(store: EmbeddedStore, clock: Clock) -> None:
    Worker(store, clock).log("F1", None, messages=2, live=2, skew_s=1.0)
    with pytest.raises(StoreUnavailable):
        update(step(Dying(store), clock))  # type: ignore[arg-type] # what it does not say is the store's
    update(step(store, clock))
    assert numbering(store) == [(0, 0, 0, 2)]
    assert store.read(REPORTS, CONTACT)["live"].to_list() == [2]


def test_update_tells_who_is_silent_and_since_when(store: EmbeddedStore, clock: Clock) -> None:
    deliveries = step(store, clock)
    worker = Worker(store, clock)
    for _ in range(4 * 24):
        worker.log("F1", None)
        worker.log("F2", None)
        clock.now_ns += HOUR_NS
    update(deliveries, DAY + 4)
    last_us = (clock.now_ns - HOUR_NS) // 1_000
    clock.now_ns += 2 * HOUR_NS
    worker.log("F2", None)
    update(deliveries, DAY + 4)
    rows = store.read(REPORTS, CONTACT, after=start_ns(DAY + 4) - 1).select("factory", "silent", "silent_after_s")
    assert sorted(rows.rows()) == [("F1", True, 5_400), ("F2", False, 16_200)]
    assert store.read(REPORTS, CONTACT, where={"factory": "F1"}, newest=1)["last_us"].to_list() == [last_us]
    told = store.read(FIGURES, SILENCE).select("scope", "silent_factories", "heard_factories").rows()
    assert told == [("city", 1, 2)]


def test_update_leaves_days_that_are_over_as_they_were(store: EmbeddedStore, clock: Clock) -> None:
    deliveries = step(store, clock)
    Worker(store, clock).log("F1", None)
    update(deliveries)
    clock.now_ns += 3 * DAY_NS
    update(deliveries, DAY + 3)
    assert store.read(FIGURES, SILENCE).select("silent_factories").rows() == [(0,), (1,)]
    assert store.read(REPORTS, CONTACT).select("silent").rows() == [(False,), (True,)]


def test_update_tells_the_skew_of_a_day(store: EmbeddedStore, clock: Clock) -> None:
    worker = Worker(store, clock)
    for skew_s in (2.0, 3.0, 40.0):
        worker.log("F1", None, live=1, late=0, skew_s=skew_s)
    worker.log("F1", None, live=0, late=1)
    update(step(store, clock))
    assert store.read(REPORTS, CONTACT).select("skew_s", "live", "late").rows() == [(3.0, 3, 1)]


def test_update_that_is_not_due_writes_nothing(store: EmbeddedStore, clock: Clock) -> None:
    deliveries = DeliveryStep(store, clock, period_s=60.0)
    worker = Worker(store, clock)
    worker.log("F1", [[0, 0]])
    assert deliveries.update(SITES, SUMMING, day=DAY, now_s=0.0) > 0
    worker.log("F1", [[1, 1]])
    assert deliveries.update(SITES, SUMMING, day=DAY, now_s=59.0) == 0
    assert deliveries.update(SITES, SUMMING, day=DAY, now_s=60.0) > 0
    assert numbering(store) == [(0, 2, 0, 0)]


def listed(store: EmbeddedStore, concern: str) -> list[tuple[object, ...]]:
    rows = store.read(LISTS, ATTENTION, where={"concern": concern})
    facts = {
        "silent": ["silent_after_s"], "missing": ["missing_30_days", "missing_today"], "clock": ["skew_s", "late"],
        "refused": ["refused", "arrived"],
    }[concern]  # fmt: skip
    return rows.select("district", "factory", "listed", "rank", *facts).rows()


def test_update_lists_who_calls_for_somebody(store: EmbeddedStore, clock: Clock) -> None:
    """F1 lost three messages yesterday and one today, its clock is an hour off and half of what it sent was refused."""
    worker, deliveries = Worker(store, clock), step(store, clock)
    worker.log("F1", [[0, 0], [4, 4]])
    clock.now_ns += DAY_NS
    worker.log("F1", [[5, 5], [7, 7]], live=3, late=2, skew_s=-3_600.0)
    worker.log("F2", [[0, 9]], live=1, skew_s=59.0)
    today = {"time": start_ns(DAY + 1), "writer": "w1", "kind": "status", "arrived": 100}
    accounts = [today | {"factory": "F1", "refused": 50}, today | {"factory": "F2", "refused": 5}]
    store.write(REPORTS, {ACCOUNTING: ACCOUNTING.frame(accounts)})
    update(deliveries, DAY + 1)
    assert listed(store, "missing") == [("310115", "F1", True, 1, 4, 1)]
    assert listed(store, "clock") == [("310115", "F1", True, 1, -3_600.0, 2)]
    assert listed(store, "refused") == [("310115", "F1", True, 1, 50, 100)]
    assert listed(store, "silent") == []


def test_update_takes_from_the_list_who_needs_nobody_any_more(store: EmbeddedStore, clock: Clock) -> None:
    """Also by a process that did not write it, and on the same day alone."""
    worker = Worker(store, clock)
    worker.log("F1", None)
    worker.log("F2", None)
    clock.now_ns += 2 * DAY_NS
    update(step(store, clock), DAY + 2)
    assert listed(store, "silent") == [("310115", each, True, at, 86_400) for at, each in enumerate(("F1", "F2"), 1)]
    worker.log("F2", None)
    update(step(store, clock), DAY + 2)
    assert listed(store, "silent") == [("310115", "F1", True, 1, 86_400), ("310115", "F2", False, 2, 86_400)]
    clock.now_ns += DAY_NS // 2
    worker.log("F1", None)
    deliveries = step(store, clock)
    update(deliveries, DAY + 2)
    assert update(deliveries, DAY + 2) == 0
    assert [row[2] for row in listed(store, "silent")] == [False, False]


def test_update_lists_no_factory_that_is_closed_or_unknown(store: EmbeddedStore, clock: Clock) -> None:
    worker = Worker(store, clock)
    worker.log("F2", [[0, 0], [9, 9]])
    worker.log("?", [[0, 0], [9, 9]])
    closed = Sites(SITES.rows.with_columns(to_day=pl.when(factory="F2").then(DAY).otherwise("to_day")))
    step(store, clock).update(closed, SUMMING, day=DAY, now_s=0.0)
    assert listed(store, "missing") == []

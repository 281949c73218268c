from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from cities import DAY0, Row, at, designation, event, period, site
from rolling import OTHERS, Clock, FailingStore, Ledger, contents, differences, folded, restated, rollup
from services import InfluxServer  # noqa: TC002 - as other servers are named

from rollup.job import Rollup
from store.base import Store
from store.embedded import EmbeddedStore
from store.errors import StoreUnavailable
from store.schema import LIFECYCLE, REPORTS

# December and January are published on the last day
BORN, TODAY = DAY0 + 5, DAY0 + 45
BEGIN: dict[str, Any] = {
    "registration": [site("F1", park="P01"), site("F2", district="310114"), *OTHERS[:10]],
    "lifecycle": [event("F1", "R1", "commissioned", DAY0 + 1), event("F2", "R2", "commissioned", DAY0 - 50)],
    "workforce": [period("F1", DAY0 - 20, 100), period("F2", DAY0 - 20, 80)],
    "designation": [designation("F1", DAY0 + 10)],
}
MOVE = {"registration": [site("F1", district="310114", industry="2611", from_day=DAY0 + 9)]}
VOID = event("F1", "R1", "void", DAY0 + 6, voids_event="commissioned", voids_at_us=at(DAY0 + 1))


def robot(number: int) -> Row:
    """Of F1 and F2 in turn, on an earlier day each time, so that rows come to mark no change any more."""
    return event(f"F{1 + number % 2}", f"N{number}", "commissioned", DAY0 + 30 - number)


# each with the write that it is killed at
LATE: list[tuple[int, dict[str, list[Row]]]] = [
    (0, {"lifecycle": [robot(1)]}),
    (1, {"lifecycle": [robot(2)], "designation": [designation("F1", DAY0 + 6)]}),
    (2, {"lifecycle": [VOID]}),
    (6, MOVE),
    (4, {"lifecycle": [robot(3)], "designation": [designation("F1", DAY0 + 10, DAY0 + 10)]}),
    (5, {"lifecycle": [robot(4), event("F1", "N2", "moved_out", DAY0 + 29)]}),
    (3, {"lifecycle": [robot(5), event("F2", "N2", "moved_in", DAY0 + 29)]}),
]


INFLUX = pytest.param("influx", marks=pytest.mark.influx)


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened: Store
    if request.param == "embedded":
        opened = EmbeddedStore(tmp_path)
    else:
        server: InfluxServer = request.getfixturevalue("influx_server")
        server.empty()
        opened = server.store()
    opened.prepare(simulated=True)
    yield opened
    opened.close()


@pytest.fixture
def calm(tmp_path: Path) -> Iterator[EmbeddedStore]:
    """A store whose rollup nobody kills."""
    opened = EmbeddedStore(tmp_path / "calm")
    opened.prepare(simulated=True)
    yield opened
    opened.close()


def begun(store: Store) -> tuple[Ledger, Clock]:
    """The first reports in a store; they come on one day everywhere, whatever a rollup does meanwhile."""
    hours = Clock(BORN)
    ledger = Ledger(store, hours)
    ledger.report(**BEGIN)
    hours.set(TODAY)
    return ledger, hours


@pytest.mark.parametrize("store", [INFLUX], indirect=True)
def test_step_killed_after_any_write_of_a_whole_city_ends_the_same(store: Store, calm: EmbeddedStore) -> None:
    now = Clock(TODAY)
    for each in (store, calm):
        ledger, _ = begun(each)
        rollup(each, now).step()
        ledger.report(**MOVE | {"lifecycle": [VOID, robot(1)]})
    rollup(calm, now).step()
    kills = 0
    for writes in cycle((1, 2)):  # of a figure only the restatement, or the figure too
        try:
            rollup(FailingStore(store, writes), now).step()
        except StoreUnavailable:
            kills += 1
        else:
            break
    assert kills > 5
    assert contents(store) == contents(calm)


@pytest.mark.parametrize("store", ["embedded", INFLUX], indirect=True)
def test_step_killed_at_any_write_of_a_late_report_ends_the_same(store: Store, calm: EmbeddedStore) -> None:
    now = Clock(TODAY)
    ledgers = [begun(each)[0] for each in (store, calm)]
    undisturbed, failing = rollup(calm, now), FailingStore(store)
    undisturbed.step()
    job = rollup(failing, now)
    job.step()
    for write, late in LATE:
        for ledger in ledgers:
            ledger.report(**late)
        undisturbed.step()
        failing.left = write
        with pytest.raises(StoreUnavailable):
            job.step()
        failing.left = None
        job = rollup(failing, now)
        job.step()
    assert contents(store) == contents(calm)
    assert differences(store, folded(store, TODAY)) == []


@pytest.mark.parametrize("store", ["embedded"], indirect=True)
def test_step_after_a_death_before_it_settled_still_names_the_report(store: Store) -> None:
    now = Clock(TODAY)
    ledger, _ = begun(store)
    # a division in two districts: a robot in the one moves what is expected of the other
    ledger.report(registration=[site("F3", park="P02")], workforce=[period("F3", DAY0 - 20, 60)])
    ledger.report(lifecycle=[event("F3", "R3", "commissioned", DAY0 - 60)])
    job = rollup(store, now)
    job.step()
    ledger.report(lifecycle=[event("F2", "N9", "commissioned", DAY0 + 3)])
    assert Rollup.step(job)
    moved = {"scope": "park:P02", "figure": "expected_density"}
    assert restated(store, **moved) == []  # not yet
    rollup(store, now).step()
    (stamp,) = store.read(REPORTS, LIFECYCLE, newest=1)["time"]
    assert {row[-1] for row in restated(store, **moved)} == {stamp}

from typing import Any

import pytest
from cities import DAY0, at, designation, event, period, site
from rolling import OTHERS, Clock, Ledger, differences, folded, rollup

from store.embedded import EmbeddedStore
from store.figures import daily_factory
from store.schema import CROSSING, FACTORY_FIGURE, FIGURE, FIGURES, FLOW, district_database

TODAY = DAY0 + 45
BOTH = ("310114", "310115")
BEGIN: dict[str, Any] = {
    "registration": [site("F1", park="P01"), site("F2", district="310114"), *OTHERS],
    "lifecycle": [event("F1", "R1", "commissioned", DAY0 + 5)],
    "workforce": [period("F1", DAY0, 100), period("F2", DAY0, 80)],
    "designation": [designation("F1", DAY0 + 10)],
}
VOID = event("F1", "R1", "void", DAY0 + 6, voids_event="commissioned", voids_at_us=at(DAY0 + 5))
LATE = {"lifecycle": [event("F1", "R9", "commissioned", DAY0 + 3)]}
MOVED = {"registration": [site("F1", district="310114", industry="2611")]}
BACK = {"registration": [site("F1", district="310115", industry="3610")]}


@pytest.mark.parametrize(
    "batches",
    [
        [{"lifecycle": [VOID]}, LATE],  # the row of day 5 marks no change any more, and then another stock
        [MOVED, LATE, BACK, {"lifecycle": [VOID]}],
        [{"designation": [designation("F1", DAY0 + 10, DAY0 + 10)]}, {"designation": [designation("F1", DAY0 + 8)]}],
    ],
    ids=["void", "moved", "designated"],
)
def test_update_of_rows_that_mark_a_change_no_more(
    store: EmbeddedStore, clock: Clock, ledger: Ledger, batches: list[dict[str, Any]]
) -> None:
    ledger.report(**BEGIN)
    job = rollup(store, clock)
    job.step()
    for batch in batches:
        ledger.report(**batch)
        assert job.step()
    assert differences(store, folded(store, TODAY)) == []


def test_update_of_a_factory_that_always_was_in_another_district(
    store: EmbeddedStore, clock: Clock, ledger: Ledger
) -> None:
    ledger.report(**BEGIN)
    job = rollup(store, clock)
    job.step()
    ledger.report(**MOVED)
    job.step()
    ledger.report(lifecycle=[event("F1", "R1", "decommissioned", DAY0 + 8)])
    job.step()
    rows = daily_factory(store, "F1", districts=BOTH, first=DAY0, last=DAY0 + 10)
    assert rows["stock"].to_list() == [0] * 5 + [1] * 3 + [0] * 3
    alone = daily_factory(store, "F1", districts=["310114"], first=DAY0, last=DAY0 + 10)
    assert alone["stock"].to_list() == [0] * 5 + [1] * 3 + [0] * 3


def test_update_of_a_class_that_no_registration_names_any_more(
    store: EmbeddedStore, clock: Clock, ledger: Ledger
) -> None:
    ledger.report(**BEGIN)
    ledger.report(registration=[site("F1", industry="3620")])
    job = rollup(store, clock)
    job.step()
    ledger.report(registration=[site("F1")])
    job.step()
    gone = {"scope": "industry:3620", "series": "total"}
    figures, flows = (store.read(FIGURES, kind, where=gone) for kind in (FIGURE, FLOW))
    assert figures.height == TODAY - DAY0 + 1
    assert (figures["stock"].max(), figures["persons"].max(), figures["density"].null_count()) == (0, 0, figures.height)
    assert flows["commissioned"].sum() == 0
    clock.set(TODAY + 1)
    job.step()
    assert store.read(FIGURES, FIGURE, where=gone)["stock"].to_list() == [0] * (TODAY - DAY0 + 2)
    ledger.report(registration=[site("F1", industry="3620")])
    job.step()
    assert store.read(FIGURES, FIGURE, where=gone)["stock"].to_list()[-1] == 1


def test_update_by_another_definition_writes_all_figures_again(
    store: EmbeddedStore, clock: Clock, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.report(**BEGIN)
    rollup(store, clock).step()
    monkeypatch.setattr("rollup.points.VERSION", 99)
    monkeypatch.setattr("rollup.stored.VERSION", 99)
    again = rollup(store, clock)
    again.step()
    for kind in (FIGURE, CROSSING):
        assert store.read(FIGURES, kind)["definition_version"].unique().to_list() == [99]
    for adcode in BOTH:
        rows = store.read(district_database(adcode), FACTORY_FIGURE)
        assert rows["definition_version"].unique().to_list() == [99]
    assert again.state.points > 0
    once_more = rollup(store, clock)
    once_more.step()
    assert once_more.state.points == 0

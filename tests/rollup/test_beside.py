from dataclasses import replace

import polars as pl
from cities import DAY0, FIRST, event, period, site
from rolling import PLAN, Clock, Ledger, rollup

from density.days import start_ns
from density.plan import Plan
from store.base import Store
from store.embedded import EmbeddedStore
from store.schema import FACTORY_CARD, FIGURES, PROVENANCE, PUBLISHED, RANKING, district_database

TODAY = DAY0 + 45


def ranked(store: Store, scope: str) -> dict[str, object]:
    return store.read(FIGURES, RANKING, where={"scope": scope}).row(-1, named=True)


def test_update_says_who_may_be_ranked(store: EmbeddedStore, clock: Clock, ledger: Ledger) -> None:
    firms = [site(f"F{number}", park="P01", credit_code=f"C{number}") for number in range(3)]
    ledger.report(registration=[*firms, site("X", park="P02")], workforce=[period("F0", DAY0 + 1, 999)])
    job = rollup(store, clock)
    job.step()
    assert ranked(store, "park:P01") == {
        "time": start_ns(TODAY), "scope": "park:P01", "kind": "park", "firms": 3, "persons": 999, "ranked": False,
        "area": "P01", "district": "310115",
    }  # fmt: skip
    ledger.report(workforce=[period("F1", DAY0 + 1, 1)])
    job.step()
    assert ranked(store, "park:P01")["ranked"] is True
    assert ranked(store, "park:P02")["firms"] == 1
    assert ranked(store, "district:310115")["firms"] == 4


def test_update_keeps_a_card_of_each_factory_where_it_stands(
    store: EmbeddedStore, clock: Clock, ledger: Ledger
) -> None:
    ledger.report(registration=[site("F1", park="P01", name_zh="甲厂"), site("F2", name_zh="乙厂")])
    job = rollup(store, clock)
    job.step()
    ledger.report(registration=[site("F1", district="310114", name_zh="甲厂", from_day=DAY0 + 9)])
    job.step()
    read = pl.col("factory"), pl.col("park").fill_null(""), pl.col("here")
    here = store.read(district_database("310115"), FACTORY_CARD).sort("factory").select(read).rows()
    assert here == [("F1", "P01", False), ("F2", "", True)]
    assert store.read(district_database("310114"), FACTORY_CARD).select(read).rows() == [("F1", "", True)]


def test_update_takes_a_park_off_a_card(store: EmbeddedStore, clock: Clock, ledger: Ledger) -> None:
    ledger.report(registration=[site("F1", park="P01")])
    job = rollup(store, clock)
    job.step()
    ledger.report(registration=[site("F1", from_day=DAY0 + 9)])
    job.step()
    assert store.read(district_database("310115"), FACTORY_CARD)["park"].to_list() == [None]


def test_update_marks_what_was_published(store: EmbeddedStore, clock: Clock, ledger: Ledger) -> None:
    target = replace(PLAN.targets[0], published_baseline=383.0, published_source="ARE", baseline_day=FIRST)
    year = {
        "figure": "density_annual",
        "scope": "city",
        "period": "2024",
        "period_end_day": DAY0 + 366,
        "unit": "台/万人",
    }
    ledger.report(
        registration=[site("F1")], lifecycle=[event("F1", "R1", "commissioned", DAY0 + 5)],
        statistic=[
            year | {"value": 401.0, "source": "公报", "published_day": DAY0 + 30},
            year | {"value": 400.0, "source": "更正", "published_day": DAY0 + 31},
            year | {"figure": "gdp", "value": 1.0, "source": "", "published_day": DAY0 + 31},
        ],
    )  # fmt: skip
    rollup(store, clock, plan=Plan("p", PLAN.name, "", (target,))).step()
    marks = store.read(FIGURES, PUBLISHED).select("time", "figure", "value", "source").rows()
    assert marks == [
        (start_ns(DAY0), target.figure, 383.0, "ARE"), (start_ns(DAY0 + 366), "density_annual", 400.0, "更正"),
    ]  # fmt: skip


def test_reached_says_that_the_data_is_simulated(store: EmbeddedStore, clock: Clock, ledger: Ledger) -> None:
    ledger.report(registration=[site("F1")])
    rollup(store, clock).step()
    row = store.read(FIGURES, PROVENANCE).row(0, named=True)
    assert (row["simulated"], row["day"], row["time"]) == (True, TODAY, 0)
    assert row["folded_ms"] >= row["data_until_ms"] > start_ns(TODAY) // 1_000_000


def test_update_writes_nothing_that_the_store_holds(store: EmbeddedStore, clock: Clock, ledger: Ledger) -> None:
    ledger.report(registration=[site("F1", name_zh="甲厂")])
    rollup(store, clock).step()
    written: list[str] = []

    class Watched:
        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        def write(self, database: str, frames: dict) -> None:  # type: ignore[type-arg]
            written.extend(kind.name for kind, frame in frames.items() if frame.height)
            store.write(database, frames)

    ledger.report(workforce=[period("F1", DAY0 + 1, 5)])
    rollup(Watched(), clock).step()
    assert "factory_card" not in written
    assert "published" not in written

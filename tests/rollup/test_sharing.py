"""What districts are given of the figures, over a real store."""

from collections.abc import Mapping

import polars as pl
import pytest

from robodensity.seeds import load_reference
from rollup.sharing import SHARED, SharedStore
from store.base import Store
from store.embedded import EmbeddedStore
from store.errors import StoreUnavailable
from store.known import with_flags
from store.schema import (
    ALERT,
    ATTENTION,
    CONTACT,
    DISCLOSURE,
    FIGURE,
    FIGURES,
    FIGURES_SHARED,
    LISTS,
    MEASUREMENTS,
    PROVENANCE,
    REPORTS,
    RESTATEMENT,
    Measurement,
    district_database,
)

REFERENCE = load_reference()
PUDONG, JIADING = "310115", "310114"


def figures(*scopes: str) -> Mapping[Measurement, pl.DataFrame]:
    rows = [
        {"time": 1, "scope": scope, "kind": scope.partition(":")[0], "series": "total", "stock": 7} for scope in scopes
    ]
    return {FIGURE: with_flags(FIGURE, FIGURE.frame(rows))}


def seen(store: Store, adcode: str, kind: Measurement = FIGURE, column: str = "scope") -> set[str]:
    return set(store.read(district_database(adcode), kind)[column])


def test_write_gives_a_district_what_lies_in_it_and_the_city(store: EmbeddedStore) -> None:
    elsewhere = next(park.id for park in REFERENCE.parks.values() if park.district == JIADING)
    scopes = (
        "city", f"district:{PUDONG}", f"district:{JIADING}", f"district:{PUDONG}/industry:36", "park:P01",
        "park:P01/industry:36", f"park:{elsewhere}", "industry:16", "zone:zhangjiang",
    )  # fmt: skip
    assert REFERENCE.parks["P01"].district == PUDONG
    SharedStore(store, REFERENCE).write(FIGURES, figures(*scopes))
    assert set(store.read(FIGURES, FIGURE)["scope"]) == set(scopes)
    assert set(store.read(FIGURES_SHARED, FIGURE)["scope"]) == {"city"}
    assert seen(store, PUDONG) == {each for each in scopes if PUDONG in each or "P01" in each}
    assert seen(store, JIADING) == {f"district:{JIADING}", f"park:{elsewhere}"}


def test_write_gives_a_factory_to_its_district_alone(store: EmbeddedStore) -> None:
    row = {"time": 1, "concern": "silent", "district": PUDONG, "factory": "F1", "listed": True, "rank": 1}
    SharedStore(store, REFERENCE).write(LISTS, {ATTENTION: ATTENTION.frame([row])})
    assert seen(store, PUDONG, ATTENTION, "factory") == {"F1"}
    assert store.read(FIGURES_SHARED, ATTENTION).is_empty()
    assert not any(seen(store, each, ATTENTION, "factory") for each in REFERENCE.districts if each != PUDONG)


def test_write_gives_nobody_what_is_not_of_areas(store: EmbeddedStore) -> None:
    shared = SharedStore(store, REFERENCE)
    shared.write(REPORTS, {CONTACT: CONTACT.frame([{"time": 1, "factory": "F1", "last_us": 1}])})
    alert = {"time": 1, "rule": "lagging", "scope": f"district:{PUDONG}", "kind": "district", "target": "SH-13"}
    shared.write(FIGURES, {ALERT: with_flags(ALERT, ALERT.frame([alert | {"state": "standing"}]))})
    assert store.read(FIGURES, ALERT).height == 1
    assert store.read(district_database(PUDONG), ALERT).is_empty()
    assert store.read(district_database(PUDONG), CONTACT).is_empty()


def test_write_shares_what_was_written_before_there_were_shares(store: EmbeddedStore) -> None:
    store.write(FIGURES, figures("city", f"district:{PUDONG}", f"district:{JIADING}"))
    store.write(FIGURES, {PROVENANCE: PROVENANCE.frame([{"time": 0, "day": 1}])})
    SharedStore(store, REFERENCE).write(FIGURES, figures("park:P01"))
    assert seen(store, PUDONG) == {f"district:{PUDONG}", "park:P01"}
    assert seen(store, JIADING) == {f"district:{JIADING}"}
    assert store.read(FIGURES_SHARED, FIGURE)["scope"].to_list() == ["city"]
    assert store.read(FIGURES_SHARED, PROVENANCE)["day"].to_list() == [1]
    assert store.read(district_database(PUDONG), FIGURE)["density"].to_list() == [None] * 2


class Dying:
    """The real store, whose process dies once it has written so often."""

    def __init__(self, store: EmbeddedStore, writes: int) -> None:
        self._store, self._left = store, writes

    def write(self, database: str, frames: Mapping[Measurement, pl.DataFrame]) -> None:
        if not self._left:
            raise StoreUnavailable("The process is dead.")
        self._left -= 1
        self._store.write(database, frames)

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


@pytest.mark.parametrize("writes", [0, 1, 2])
def test_write_killed_anywhere_leaves_no_figure_that_a_district_lacks(store: EmbeddedStore, writes: int) -> None:
    """What the figures hold counts as written: so it is there last."""
    scopes = ("city", f"district:{PUDONG}")
    with pytest.raises(StoreUnavailable):
        SharedStore(Dying(store, writes), REFERENCE).write(FIGURES, figures(*scopes))  # type: ignore[arg-type]
    assert store.read(FIGURES, FIGURE).is_empty()
    SharedStore(store, REFERENCE).write(FIGURES, figures(*scopes))
    assert store.read(FIGURES_SHARED, FIGURE)["scope"].to_list() == ["city"]
    assert seen(store, PUDONG) == {f"district:{PUDONG}"}


def test_shared_is_every_kind_of_figure_but_those_that_need_the_city_s_role() -> None:
    of_factories = {"factory_figure", "factory_card"}  # written to the districts' databases alone
    kinds = {kind.name for kind in MEASUREMENTS if kind.database in {FIGURES, LISTS}} - of_factories
    assert kinds - {kind.name for kind in SHARED} == {RESTATEMENT.name, ALERT.name, DISCLOSURE.name}
    assert SHARED[-1] is PROVENANCE

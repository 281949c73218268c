"""What of the figures each district may see, apart from all else, in databases that its credential may read.

Whoever sees a data source of Grafana may ask it anything. So the city's own figures stand once more in a database that
every district reads, and those of a district, its parks and its factories in one that this district alone reads.
"""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from density.register import Reference
from store.base import Store
from store.known import with_flags
from store.schema import (
    AREA_ACCOUNT,
    ATTENTION,
    COMPARISON,
    CROSSING,
    FIGURE,
    FIGURES_SHARED,
    FLOW,
    FORECAST,
    PLAN_STATUS,
    PROVENANCE,
    PUBLISHED,
    RANKING,
    ROBOT_ACTIVITY,
    SILENCE,
    SMART_FACTORY,
    Measurement,
    district_database,
)

# Provenance is last: where it is shared, all else is.
SHARED: Final = (
    FIGURE, CROSSING, FLOW, COMPARISON, ROBOT_ACTIVITY, SILENCE, AREA_ACCOUNT, SMART_FACTORY, PLAN_STATUS, FORECAST,
    RANKING, PUBLISHED, ATTENTION, PROVENANCE,
)  # fmt: skip
_KINDS: Final = ("city", "district", "park")

Frames = Mapping[Measurement, pl.DataFrame]


class SharedStore:
    """Another store, whose figures are given to the districts as they are written.

    The districts are given their part first: a process that is killed between the two writes both again, since only
    what the figures hold counts as written. Figures from before there were shares are given at the first write.

    Args:
        store: holds the figures and what is shared of them.
        reference: districts, and the parks that lie in each.
    """

    def __init__(self, store: Store, reference: Reference) -> None:
        self._store, self._districts = store, frozenset(reference.districts)
        self._parks = {park.id: park.district for park in reference.parks.values()}
        self._filled = False

    def write(self, database: str, frames: Frames) -> None:
        """As the store does, and the districts' parts.

        Raises:
            StoreUnavailable: write the same again.
            PointsRejected: some rows can never be stored.
        """
        if any(kind in SHARED for kind in frames):
            self._fill()
            self._share(frames)
        self._store.write(database, frames)

    def _fill(self) -> None:
        if not self._filled and self._store.read(FIGURES_SHARED, PROVENANCE).is_empty():
            for kind in SHARED:
                for where in [{"kind": each} for each in _KINDS] if "kind" in kind.tags else [{}]:
                    self._share({kind: with_flags(kind, self._store.read(kind.database, kind, where=where))})
        self._filled = True

    def _share(self, frames: Frames) -> None:
        placed = {kind: self._placed(kind, rows) for kind, rows in frames.items() if kind in SHARED and rows.height}
        for database in sorted({name for rows in placed.values() for name in rows["_to"].unique()}):
            self._store.write(database, {kind: rows.filter(_to=database).drop("_to") for kind, rows in placed.items()})

    def _placed(self, kind: Measurement, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows that are shared, each with the database that they go to as `_to`."""
        if "scope" in kind.tags:
            to = {scope: self._shared_in(scope) for scope in rows["scope"].unique()}
            return rows.with_columns(_to=pl.col("scope").replace_strict(to, return_dtype=pl.String)).drop_nulls("_to")
        if "district" in kind.tags:
            return rows.with_columns(_to=pl.concat_str(pl.lit(district_database("")), "district"))
        return rows.with_columns(_to=pl.lit(FIGURES_SHARED))

    def _shared_in(self, scope: str) -> str | None:
        """Where a scope is shared: `city`, a district, a park, and an industry within these two."""
        kind, _, area = scope.partition("/")[0].partition(":")
        district = {"district": area, "park": self._parks.get(area, "")}.get(kind)
        if district in self._districts:
            return district_database(district)
        return FIGURES_SHARED if scope == "city" else None

    def prepare(self, *, simulated: bool) -> None:
        """As the store does."""
        self._store.prepare(simulated=simulated)

    def read(self, database: str, measurement: Measurement, **bounds: Any) -> pl.DataFrame:  # noqa: ANN401 - the store's
        """As the store does."""
        return self._store.read(database, measurement, **bounds)

    def expire(self, now_ns: int) -> None:
        """As the store does."""
        self._store.expire(now_ns)

    def close(self) -> None:
        """As the store does."""
        self._store.close()

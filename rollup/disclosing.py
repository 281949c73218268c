"""What the public may know, decided month by month and kept: a published month is not decided again."""

import time

import numpy as np
import polars as pl

from density.city import City
from density.days import day_of_ns, month_ends, start_ns
from density.disclosure.decision import cells_of, decided
from store.base import Store
from store.schema import DISCLOSURE, FIGURES

PERIOD_S = 300.0  # between two looks at months that are not published yet


class Disclosing:
    """Decides one month at a time, the running one first.

    A month is decided by the factories at its end, the running one by those of now.
    """

    def __init__(self, store: Store, *, period_s: float = PERIOD_S) -> None:
        self._store, self._period_s = store, period_s
        self._final: set[int] | None = None
        self._looked: dict[int, float] = {}

    def update(self, city: City, *, day: int, published: int) -> bool:
        """Decide a month that is due; answers whether one was.

        Args:
            city: the newest figures.
            day: their last day.
            published: the last day of the last published month.

        Raises:
            StoreUnavailable: the store does not answer.
        """
        if self._final is None:
            known = self._store.read(FIGURES, DISCLOSURE, where={"scope": "city", "series": "total"})
            self._final = {day_of_ns(time_) for time_ in known.filter("final")["time"]}
        due = self._due(city.figures.first_day, day, published)
        if due is None:
            return False
        final = due <= published
        told = _decision(city, min(due, day)).with_columns(time=pl.lit(start_ns(due), pl.Int64), final=pl.lit(final))
        self._store.write(FIGURES, {DISCLOSURE: told.select(*DISCLOSURE.columns)})
        self._looked[due] = time.monotonic()
        if final:
            self._final.add(due)
        return True

    def _due(self, first: int, day: int, published: int) -> int | None:
        """The last day of the newest month that is to be decided."""
        for end in reversed(_months(first, day)):
            if end <= published and end in (self._final or ()):
                continue
            looked_s = self._looked.get(end, -np.inf)
            if time.monotonic() - looked_s >= self._period_s:
                return end
        return None


def _months(first: int, day: int) -> list[int]:
    """The last day of every month from the first day on, that of the running one too."""
    ends = month_ends(first, day + 31)
    return [int(end) for end in ends[: int((ends < day).sum()) + 1]]


def _decision(city: City, day: int) -> pl.DataFrame:
    sources = city.sources
    registration = sources.reports.standing("registration")
    cells, factories = cells_of(sources.lines, sources.scopes, sources.sites, registration, day)
    held = (
        city.figures.factories.filter(pl.col("day") <= day)
        .group_by("factory")
        .agg(pl.col("stock", "persons").sort_by("day").last())
    )
    sizes = factories.join(held, on="factory", how="left", maintain_order="left").fill_null(0)
    firm = sizes["code"].rank("dense").cast(pl.Int64).to_numpy() - 1
    stock, persons = (sizes[name].cast(pl.Int64).to_numpy() for name in ("stock", "persons"))
    return decided(cells, firm, stock, persons)

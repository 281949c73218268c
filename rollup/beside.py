"""What readers of the store need beside the figures: whose they are, who may be ranked, and what was published."""

from collections.abc import Iterable, Iterator

import polars as pl

from density.city import City
from density.days import start_ns, to_day
from density.norms import YEARLY
from density.plan import Plan
from density.ranking import MIN_FIRMS, MIN_PERSONS, firms, open_factories
from density.register import Reference
from store.base import Store
from store.schema import (
    FACTORY_CARD,
    FIGURES,
    IDENTITY,
    PROVENANCE,
    PUBLISHED,
    RANKING,
    STATE,
    Measurement,
    district_database,
)


class Beside:
    """Writes them, and only what the store does not hold yet."""

    def __init__(self, store: Store, reference: Reference) -> None:
        self._store, self._reference = store, reference
        self._told: dict[tuple[str, Measurement], pl.DataFrame] = {}
        self._open: pl.DataFrame | None = None
        self._simulated: bool | None = None

    def update(self, city: City, plan: Plan, day: int) -> None:
        """Write what changed.

        Args:
            city: its reports and figures.
            plan: in force on the day.
            day: the last day of the figures.
        """
        factories = open_factories(city.reports.standing("registration"), day)
        self._put(FIGURES, RANKING, RANKING.frame(_ranking(city, factories, self._reference, day)))
        marks = PUBLISHED.frame(_published(plan, city.reports.standing("statistic")))
        self._put(FIGURES, PUBLISHED, marks.unique(PUBLISHED.key, keep="last", maintain_order=True))
        if self._open is None or not self._open.equals(factories):  # a late report is rarely a registration
            for adcode in self._reference.districts:
                self._put_cards(district_database(adcode), factories.filter(district=adcode))
            self._open = factories

    def reached(self, state: pl.DataFrame) -> None:
        """Say how far the figures go, beside the figures too.

        Args:
            state: the point that is written to `state`.
        """
        if self._simulated is None:
            self._simulated = bool(self._store.read(STATE, IDENTITY)["simulated"].to_list()[-1:] == [True])
        told = state.select(
            "time", "day", "definition_version", simulated=pl.lit(self._simulated),
            data_until_ms=pl.col("data_until_us") // 1_000, folded_ms=pl.col("folded_us") // 1_000,
        )  # fmt: skip
        self._store.write(FIGURES, {PROVENANCE: told})

    def _put_cards(self, database: str, factories: pl.DataFrame) -> None:
        cards = factories.select(
            "factory", *(pl.col(name).fill_null("") for name in ("name_zh", "name_en", "park", "industry")),
            "above_scale", time=pl.lit(0, pl.Int64), here=pl.lit(value=True),
        ).select(*FACTORY_CARD.columns)  # fmt: skip
        gone = self._known(database, FACTORY_CARD).join(cards, on="factory", how="anti")
        self._put(database, FACTORY_CARD, pl.concat([cards, gone.with_columns(here=pl.lit(value=False))]))

    def _put(self, database: str, kind: Measurement, rows: pl.DataFrame) -> None:
        new = rows.join(self._known(database, kind), on=rows.columns, how="anti", nulls_equal=True)
        if new.height:
            self._store.write(database, {kind: new})
        self._told[database, kind] = rows

    def _known(self, database: str, kind: Measurement) -> pl.DataFrame:
        if (database, kind) not in self._told:
            # Empty texts are stored, so that they replace others, and are read as nulls.
            self._told[database, kind] = self._store.read(database, kind).with_columns(pl.col(pl.String).fill_null(""))
        return self._told[database, kind]


def _ranking(city: City, factories: pl.DataFrame, reference: Reference, day: int) -> Iterator[dict[str, object]]:
    seats: dict[str, dict[str, str]] = {
        "district": {adcode: adcode for adcode in reference.districts},
        "park": {park.id: park.district for park in reference.parks.values()},
    }
    persons = city.figures.counts["persons"][:, city.figures.series.index("total"), -1]
    counted = {kind: firms(factories, kind) for kind in seats}
    for place, (scope, kind) in enumerate(zip(city.figures.scopes.names, city.figures.scopes.kinds, strict=True)):
        if kind in seats:
            area = scope.partition(":")[2]
            present, working = counted[kind].get(area, 0), int(persons[place])
            yield {
                "time": start_ns(day), "scope": scope, "kind": kind, "firms": present, "persons": working,
                "ranked": present >= MIN_FIRMS and working >= MIN_PERSONS, "area": area,
                "district": seats[kind].get(area, ""),
            }  # fmt: skip


def _published(plan: Plan, statistics: pl.DataFrame) -> Iterator[dict[str, object]]:
    """The plan's marks, then statistics, the last published one of a period last."""
    for target in plan.targets:
        if target.published_baseline is not None and target.baseline_day is not None:
            day, value = to_day(target.baseline_day), target.published_baseline
            yield _mark(day, "city", target.figure, value, target.published_source)
    figures = {target.figure for target in plan.targets} | {YEARLY}
    rows: Iterable[dict[str, object]] = statistics.sort("published_day").iter_rows(named=True)
    for row in rows:
        if row["figure"] in figures:
            yield _mark(row["period_end_day"], str(row["scope"]), str(row["figure"]), row["value"], row["source"])


def _mark(day: object, scope: str, figure: str, value: object, source: object) -> dict[str, object]:
    time = start_ns(int(str(day)))
    return {
        "time": time, "scope": scope, "kind": scope.partition(":")[0], "figure": figure, "value": value,
        "source": source or "",
    }  # fmt: skip

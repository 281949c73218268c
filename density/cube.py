"""Sums over areas, industries and days: one array [scope, series, day] for each measure."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from density.register import Reference
from density.sites import Sites

SERIES = ("total", "all", "key")

Counts = npt.NDArray[np.int64]
Ratios = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scopes:
    """Every scope of a city, in the order of the arrays, and its kind."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]

    def of_kind(self, kind: str) -> list[int]:
        """The positions of a kind's scopes."""
        return [place for place, each in enumerate(self.kinds) if each == kind]


def scopes(reference: Reference, sites: Sites) -> Scopes:
    """The city, every district, park and division, and the groups and classes that a site belongs to."""
    classes = sites.rows["industry"].drop_nulls().unique().to_list()
    codes = {code[:digits] for code in classes for digits in (2, 3, 4)} | set(reference.industries)
    named = [
        ("city", "city"),
        *((f"district:{adcode}", "district") for adcode in sorted(reference.districts)),
        *((f"park:{park}", "park") for park in sorted(reference.parks)),
        *((f"industry:{code}", "industry") for code in sorted(codes)),
    ]
    return Scopes(tuple(name for name, _ in named), tuple(kind for _, kind in named))


class Cells:
    """The sites grouped to cells of one district, park, industry and scale, and the scopes of each cell."""

    def __init__(self, sites: Sites, scopes: Scopes) -> None:
        same = ["district", "park", "industry", "above_scale", "in_key"]
        of_site = sites.rows.select("site", cell=pl.struct(same).rank("dense") - 1)
        rows = sites.rows.join(of_site, on="site").unique("cell").sort("cell")
        self.of_site: Counts = of_site.sort("site")["cell"].cast(pl.Int64).to_numpy()
        above = rows["above_scale"].to_numpy()
        member = np.stack([np.ones_like(above), above, rows["in_key"].to_numpy()], axis=1)
        self._lines = [self._places(names, scopes, member) for names in _levels(rows)]
        self._shape = (len(scopes.names), len(SERIES))

    @staticmethod
    def _places(names: pl.Series, scopes: Scopes, member: npt.NDArray[np.bool_]) -> Counts:
        """For each cell and series the line of the array that it adds to; -1 for none."""
        position = {name: place for place, name in enumerate(scopes.names)}
        place = np.array([position.get(name, -1) for name in names], dtype=np.int64)[:, np.newaxis]
        return np.where(member & (place >= 0), place * len(SERIES) + np.arange(len(SERIES)), -1)

    def sums(self, spans: pl.DataFrame, first_day: int, last_day: int) -> Counts:
        """What stands at the end of each day, for every scope and series.

        Args:
            spans: site, from_day, to_day (exclusive) and amount.
            first_day: the first day of the array.
            last_day: its last day.

        Returns:
            Array [scope, series, day].
        """
        days = last_day - first_day + 1
        steps = _steps(spans.with_columns(cell=pl.Series(self.of_site[spans["site"].to_numpy()])), first_day, days)
        cell, day, amount = (steps[name].to_numpy() for name in ("cell", "day", "amount"))
        flat = np.zeros(self._shape[0] * self._shape[1] * days)
        for lines in self._lines:
            line = lines[cell]
            chosen = line >= 0
            at = (line * days + day[:, np.newaxis])[chosen]
            weights = np.broadcast_to(amount[:, np.newaxis], line.shape)[chosen]
            flat += np.bincount(at, weights=weights, minlength=flat.size)
        return np.cumsum(flat.reshape(*self._shape, days), axis=2).astype(np.int64)


def _levels(rows: pl.DataFrame) -> list[pl.Series]:
    """The scope of each cell on each level that it belongs to; null where it belongs to none."""
    industry = pl.col("industry")
    levels = rows.select(
        city=pl.lit("city"),
        district=pl.format("district:{}", "district"),
        park=pl.format("park:{}", "park"),
        division=pl.format("industry:{}", industry.str.head(2)),
        group=pl.format("industry:{}", industry.str.head(3)),
        industry_class=pl.format("industry:{}", industry),
    )
    return levels.get_columns()


def _steps(spans: pl.DataFrame, first_day: int, days: int) -> pl.DataFrame:
    """Spans as changes: cell, day (from 0) and the amount that comes or goes on it."""
    inside = spans.filter((pl.col("to_day") > first_day) & (pl.col("from_day") < first_day + days))
    begin = inside.select("cell", "amount", day=(pl.col("from_day") - first_day).clip(0))
    end = inside.select("cell", amount=-pl.col("amount"), day=pl.col("to_day") - first_day).filter(pl.col("day") < days)
    return pl.concat([begin, end.select(begin.columns)]).group_by("cell", "day").agg(pl.col("amount").sum())


def ratio(over: Counts | Ratios, under: Counts | Ratios, *, at_least: float = 0.0, times: float = 1.0) -> Ratios:
    """`over` ÷ `under` × `times`; not a number where `under` is 0 or less than `at_least`."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((under > 0) & (under >= at_least), over / under * times, np.nan)

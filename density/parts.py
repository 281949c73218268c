"""What each factory has in a figure of a scope on two days, and by how much it moved the figure."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from density.arrays import Ratios
from density.effects import Sums, split
from density.recipes import Recipe

_DERIVED = {
    "factories": pl.lit(1, pl.Int64),
    "headcount_factories": pl.col("headcount_valid").cast(pl.Int64),
    "robots_factories": pl.col("robots_reported").cast(pl.Int64),
    "ifr_counted": pl.col("stock_ifr") * (pl.col("headcount_valid") & pl.col("robots_reported")),
}


def standing(rows: pl.DataFrame, day: int) -> pl.DataFrame:
    """Each factory's newest row up to a day.

    Args:
        rows: of factories, with `day` as an integer.
        day: the last day that counts.
    """
    return rows.filter(pl.col("day") <= day).sort("factory", "day").unique("factory", keep="last", maintain_order=True)


def mean_persons(months: list[tuple[pl.DataFrame, pl.DataFrame]]) -> pl.DataFrame:
    """Each factory's part of the mean headcount of some month-ends: factory, persons.

    Args:
        months: of each month-end who is in the series (`membership`) and what stands (`standing`).
    """
    counted = [
        standing_.join(members.filter(pl.col("out").is_null()), on="factory", how="semi").select(
            "factory", persons="persons_counted"
        )
        for members, standing_ in months
    ]
    if not counted:
        return pl.DataFrame(schema={"factory": pl.String, "persons": pl.Float64})
    sums = pl.concat(counted).group_by("factory").agg(pl.col("persons").sum())
    return sums.with_columns(persons=pl.col("persons") / len(months))


def part(members: pl.DataFrame, rows: pl.DataFrame, recipe: Recipe, means: pl.DataFrame | None) -> pl.DataFrame:
    """What each factory has in a figure: factory, park, amount, persons, present, counts, headcount, robots.

    A factory that the series leaves out has nothing in it but its part of a mean headcount.

    Args:
        members: who is in the series.
        rows: what stands at each factory.
        recipe: of the figure.
        means: each factory's part of the mean headcount where that is the denominator.
    """
    below = recipe.denominator if recipe.weighed else None
    inside = members.filter(pl.col("out").is_null()).join(rows, on="factory", how="left")
    told = inside.with_columns(pl.col("headcount_valid", "robots_reported").fill_null(value=False)).select(
        "factory",
        "park",
        amount=_column(recipe.moved_by).fill_null(0).cast(pl.Float64),
        persons=_column(below).fill_null(0).cast(pl.Float64),
        counts=pl.col("headcount_valid") & pl.col("robots_reported"),
        headcount="headcount_valid",
        robots="robots_reported",
        present=pl.lit(value=True),
    )
    if means is None:
        return told
    return (
        told.drop("persons")
        .join(means, on="factory", how="full", coalesce=True)
        .with_columns(
            pl.col("amount", "persons").fill_null(0.0),
            pl.col("counts", "headcount", "robots", "present").fill_null(value=False),
        )
    )


def _column(name: str | None) -> pl.Expr:
    return pl.lit(0) if name is None else _DERIVED.get(name, pl.col(name))


@dataclass(frozen=True)
class Parts:
    """The parts of every factory that is in the figure on either day.

    Attributes:
        rows: factory, park, and amount, persons, counts, in of the earlier day (`_then`) and of the later.
        recipe: of the figure.
    """

    rows: pl.DataFrame
    recipe: Recipe

    @classmethod
    def of(cls, then: pl.DataFrame, now: pl.DataFrame, recipe: Recipe) -> "Parts":
        """Bring both days together; a factory that moved between parks is in the one of the later day."""
        both = now.join(then, on="factory", how="full", coalesce=True, suffix="_then")
        rows = both.with_columns(
            pl.col("amount", "persons", "amount_then", "persons_then").fill_null(0.0),
            pl.col("counts", "present", "counts_then", "present_then").fill_null(value=False),
            park=pl.coalesce("park", "park_then"),
        )
        return cls(rows, recipe)

    def effects(self) -> dict[str, float] | None:
        """The three effects on a density; none where a density is null."""
        matched = self._sums(self.rows.filter("counts", "counts_then"))
        counting = self._sums(self.rows)
        told = {name: float(values) for name, values in split(counting, matched).items()}
        return None if np.isnan(list(told.values())).any() else told

    def composition(self) -> dict[str, float]:
        """A count's change, by factories that are in the scope on both days, on the later and on the earlier alone."""
        here, there = pl.col("present"), pl.col("present_then")
        moved = pl.col("amount") - pl.col("amount_then")
        groups = {"matched": here & there, "joined": here & ~there, "left": there & ~here}
        return self.rows.select(moved.filter(group).sum().alias(name) for name, group in groups.items()).row(
            0, named=True
        )

    def totals(self) -> tuple[float, float, float, float]:
        """Numerator and denominator then and now."""
        names = ("amount_then", "persons_then", "amount", "persons")
        return self.rows.select(pl.col(names).sum()).row(0)

    def movers(self) -> pl.DataFrame:
        """By how much each factory moved the figure: factory, park, moved; these add up to its change."""
        return self.rows.select("factory", "park", moved=pl.Series(self._moved())).filter(
            pl.col("moved").is_finite() & (pl.col("moved") != 0)
        )

    def _moved(self) -> Ratios:
        came = (self.rows["amount"] - self.rows["amount_then"]).to_numpy()
        if not self.recipe.weighed:
            return came
        joined = (self.rows["persons"] - self.rows["persons_then"]).to_numpy()
        above_then, below_then, above, below = self.totals()
        if not below or not below_then:
            return np.full(came.shape, np.nan)
        by_amount = came * (1 / below_then + 1 / below) / 2
        by_persons = (above_then + above) / 2 * joined / (below_then * below)
        moved: Ratios = self.recipe.times * (by_amount - by_persons)
        return moved

    def _sums(self, rows: pl.DataFrame) -> Sums:
        names = ("amount_then", "persons_then", "amount", "persons")
        return Sums(*(np.asarray(rows[name].sum()) for name in names))

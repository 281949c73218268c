"""口径敏感性表: every headline under all defensible definitions at once, and the choice that matters most."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
import polars as pl

from density.arrays import Ratios
from density.cube import ratio
from density.days import month_ends, to_day
from density.definition import MIN_PERSONS, Definition
from density.headcount import headcounts
from density.ratios import MONTHS, PER
from density.register import KeySet, Reference
from density.reports import Reports
from density.sources import Reader, Sources

WAFER = "wafer_handler"
YEARS = "_years"
_PREFER: tuple[Literal["average"], Literal["end_of_period"]] = ("average", "end_of_period")

Headline = tuple[str, str]  # figure and series
HEADLINES: tuple[Headline, ...] = (
    ("gross_new", "total"), ("density_12m", "key"), ("density_12m", "all"), ("stock", "total"),
)  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """One of two ways to define something.

    Attributes:
        id: what is chosen.
        options: ids of both ways.
        default: which of them the platform takes, 0 or 1.
    """

    id: str
    options: tuple[str, str]
    default: int = 0


@dataclass(frozen=True)
class Range:
    """One headline under every combination of choices.

    Attributes:
        values: array with an axis of 2 for each choice; NaN is null.
        default: under the platform's own definition; NaN is null.
        effects: by choice how much flipping it changes the headline, as the mean of the absolute differences.
    """

    values: Ratios
    default: float
    effects: Mapping[str, float]

    @property
    def lowest(self) -> float:
        """The least value; NaN where none is known."""
        return float(np.nanmin(self.values)) if not np.isnan(self.values).all() else np.nan

    @property
    def highest(self) -> float:
        """The greatest value; NaN where none is known."""
        return float(np.nanmax(self.values)) if not np.isnan(self.values).all() else np.nan

    @property
    def matters_most(self) -> str | None:
        """The choice with the largest effect; none where no choice has any."""
        most = max(self.effects, key=lambda each: self.effects[each])
        return most if self.effects[most] > 0 else None


@dataclass(frozen=True)
class Table:
    """All headlines.

    Attributes:
        choices: in the order of the axes.
        ranges: by headline.
    """

    choices: tuple[Choice, ...]
    ranges: Mapping[Headline, Range]

    def combinations(self, headline: Headline) -> Iterator[tuple[dict[str, str], float]]:
        """Every combination as option by choice, and the headline's value under it."""
        for place in itertools.product((0, 1), repeat=len(self.choices)):
            named = {each.id: each.options[at] for each, at in zip(self.choices, place, strict=True)}
            yield named, float(self.ranges[headline].values[place])


def choices(definition: Definition) -> tuple[Choice, ...]:
    """The choices, with the platform's own definition as default.

    Args:
        definition: the platform's own; its first other key set is the other way to say what is key.
    """
    sets = (definition.key_set, *definition.other_key_sets)
    return (
        Choice("key_set", (sets[0].id, sets[min(1, len(sets) - 1)].id)),
        Choice("wafer_handlers", ("in", "out"), 0 if WAFER in definition.categories else 1),
        Choice("headcount", _PREFER, _PREFER.index(definition.prefer)),
        Choice("service_life", ("none", f"{definition.service_life_years}{YEARS}")),
        Choice("stock_begins", ("commissioned", "installed"), int(definition.installed_counts)),
    )


def sensitivity(reports: Reports, reference: Reference, definition: Definition, today: date) -> Table:
    """Tell every headline of the last day under every combination of choices.

    Only the last day and the month-ends of its 12 months are told, and robots once for each way to count them.

    Args:
        reports: all.
        reference: of the city.
        definition: the platform's own.
        today: the last day.
    """
    made = choices(definition)
    values = {headline: np.full((2,) * len(made), np.nan) for headline in HEADLINES}
    sets = tuple(dict.fromkeys((definition.key_set, *definition.other_key_sets[:1])))
    for wafer, begins in itertools.product((0, 1), (0, 1)):
        categories = definition.categories | {WAFER} if wafer == 0 else definition.categories - {WAFER}
        variant = replace(definition, categories=categories, installed_counts=bool(begins))
        sources = Reader(reference, variant).read(reports)
        for headcount, prefer in enumerate(_PREFER):
            day = _Day.of(sources, prefer, to_day(definition.first_day), to_day(today))
            for key, life in itertools.product((0, 1), (0, 1)):
                chosen = sets[min(key, len(sets) - 1)]
                for headline in HEADLINES:
                    values[headline][key, wafer, headcount, life, begins] = day.headline(
                        headline, chosen, life=bool(life)
                    )
    return Table(made, {headline: _range(made, array) for headline, array in values.items()})


def _range(made: tuple[Choice, ...], values: Ratios) -> Range:
    default = float(values[tuple(each.default for each in made)])
    effects = {each.id: _flipped(values, axis) for axis, each in enumerate(made)}
    return Range(values, default, effects)


def _flipped(values: Ratios, axis: int) -> float:
    differences = np.abs(np.diff(values, axis=axis))
    known = differences[~np.isnan(differences)]
    return float(known.mean()) if known.size else 0.0


@dataclass(frozen=True)
class _Day:
    """What each site has on the last day, and its mean headcount of the last 12 month-ends.

    Attributes:
        sites: industry, above_scale, new, stock, young (stock within its service life), counts, persons.
    """

    sites: pl.DataFrame

    @classmethod
    def of(cls, sources: Sources, prefer: str, first_day: int, last_day: int) -> "_Day":
        rows = sources.sites.rows.select("site", "factory", "industry", "above_scale")
        heard = pl.col("factory").is_in(sources.reporting["factory"].implode())
        stock = _on(sources.placed.stock, last_day)
        counts = sources.sites.placed(headcounts(sources.reports, prefer))
        ends = month_ends(first_day, last_day)[-MONTHS:]
        means = [_on(counts, int(end)).select("site", "persons") for end in ends]
        new = sources.placed.credits.filter("sure", pl.col("from_day") <= last_day)
        joined = (
            rows.join(new.group_by("site").agg(new=pl.len()), on="site", how="left")
            .join(stock.group_by("site").agg(stock=pl.len()), on="site", how="left")
            .join(_young(stock, last_day), on="site", how="left")
            .join(_on(counts, last_day).select("site", valid=pl.lit(value=True)).unique(), on="site", how="left")
            .join(_mean(means), on="site", how="left")
        )
        told = joined.with_columns(
            pl.col("new", "stock", "young", "persons").fill_null(0),
            counts=heard & pl.col("valid").fill_null(value=False),
        )
        return cls(told.with_columns(persons=pl.when(heard).then("persons").otherwise(0)))

    def headline(self, headline: Headline, key: KeySet, *, life: bool) -> float:
        """One headline; with `life` robots beyond their service life are withdrawn."""
        figure, series = headline
        inside = self.sites if series == "total" else self.sites.filter("above_scale")
        if series == "key":
            codes = [code for code in inside["industry"].unique() if code is not None and key.holds(code)]
            inside = inside.filter(pl.col("industry").is_in(codes))
        stock = "young" if life else "stock"
        if figure != "density_12m":
            return float(inside["new" if figure == "gross_new" else stock].sum())
        above = inside.filter("counts")[stock].sum()
        return float(ratio(np.asarray(above), np.asarray(inside["persons"].sum()), at_least=MIN_PERSONS, times=PER))


def _on(spans: pl.DataFrame, day: int) -> pl.DataFrame:
    return spans.filter((pl.col("from_day") <= day) & (pl.col("to_day") > day))


def _young(stock: pl.DataFrame, day: int) -> pl.DataFrame:
    return stock.filter(pl.col("expiry_day") > day).group_by("site").agg(young=pl.len())


def _mean(months: list[pl.DataFrame]) -> pl.DataFrame:
    if not months:
        return pl.DataFrame(schema={"site": pl.UInt32, "persons": pl.Float64})
    return pl.concat(months).group_by("site").agg(persons=pl.col("persons").sum() / len(months))

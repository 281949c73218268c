"""口径敏感性表: every headline under all defensible definitions at once, and the choice that matters most."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from density.arrays import Counts, Ratios
from density.cube import ratio
from density.days import month_ends, to_day
from density.definition import MIN_PERSONS, Definition
from density.headcount import headcounts
from density.identity import Nameplates
from density.measures import placed_robots
from density.ratios import MONTHS, PER
from density.register import Reference
from density.reports import Reports
from density.robots import reviewed_models, robots
from density.sources import Reader, Sources
from density.stays import counted_events, stays

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

    Only the last day and the month-ends of its 12 months are told; what a choice does not change is told once.

    Args:
        reports: all.
        reference: of the city.
        definition: the platform's own.
        today: the last day.
    """
    made = choices(definition)
    values = {headline: np.full((2,) * len(made), np.nan) for headline in HEADLINES}
    sources, day = Reader(reference, definition).read(reports), to_day(today)
    masks = _masks(sources, definition)
    people = [_people(sources, prefer, to_day(definition.first_day), day) for prefer in _PREFER]
    for wafer, begins, stock in _robots(sources, reference, definition, day):
        for key, headcount, life in itertools.product((0, 1), repeat=3):
            for figure, series in HEADLINES:
                told = _headline(figure, masks[series, key], stock, people[headcount], life=bool(life))
                values[figure, series][key, wafer, headcount, life, begins] = told
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
class _Stock:
    """Robots of each site on the last day; `young` are those within their service life."""

    new: Counts
    stock: Counts
    young: Counts


@dataclass(frozen=True)
class _People:
    """Of each site whether it counts on the last day, and its part of the mean headcount of 12 month-ends."""

    counts: npt.NDArray[np.bool_]
    persons: Ratios


def _masks(sources: Sources, definition: Definition) -> dict[tuple[str, int], npt.NDArray[np.bool_]]:
    """Which sites are in a series, by series and key set."""
    sets = (definition.key_set, *definition.other_key_sets)
    above, industries = sources.sites.rows["above_scale"].to_numpy(), sources.sites.rows["industry"].fill_null("")
    masks = {}
    for place in (0, 1):
        chosen = sets[min(place, len(sets) - 1)]
        codes = [code for code in industries.unique() if chosen.holds(code)]
        masks["total", place], masks["all", place] = np.ones_like(above), above
        masks["key", place] = above & industries.is_in(codes).to_numpy()
    return masks


def _robots(
    sources: Sources, reference: Reference, definition: Definition, day: int
) -> Iterator[tuple[int, int, _Stock]]:
    """Robots with and without wafer handlers, from their commissioning and from their installation on."""
    reviews, events = sources.reports.standing("review"), counted_events(sources.reports)
    maker = Nameplates(reference.manufacturers).maker
    reviewed = reviewed_models(reviews, pl.Series([maker(name) for name in reviews["manufacturer"]], dtype=pl.String))
    sites = sources.sites.rows.height
    for begins in (0, 1):
        followed = stays(events, installed_counts=bool(begins))
        for wafer, categories in enumerate((definition.categories | {WAFER}, definition.categories - {WAFER})):
            variant = replace(definition, categories=categories, installed_counts=bool(begins))
            placed = placed_robots(robots(followed, variant, reviewed), sources.sites, variant)
            new, stock = placed.credits.filter("sure", pl.col("from_day") <= day), _on(placed.stock, day)
            frames = (new, stock, stock.filter(pl.col("expiry_day") > day))
            yield wafer, begins, _Stock(*(np.bincount(each["site"], minlength=sites) for each in frames))


def _people(sources: Sources, prefer: str, first_day: int, day: int) -> _People:
    rows = sources.sites.rows
    heard = rows.select(pl.col("factory").is_in(sources.reporting["factory"].implode())).to_series().to_numpy()
    known = sources.sites.placed(headcounts(sources.reports, prefer))
    ends = [_on(known, int(end)) for end in month_ends(first_day, day)[-MONTHS:]]
    sums = [np.bincount(each["site"], each["persons"], minlength=rows.height) for each in ends]
    mean = np.mean(sums, axis=0) if sums else np.zeros(rows.height)
    valid = np.bincount(_on(known, day)["site"], minlength=rows.height) > 0
    return _People(heard & valid, np.where(heard, mean, 0.0))


def _headline(figure: str, inside: npt.NDArray[np.bool_], stock: _Stock, people: _People, *, life: bool) -> float:
    """One headline of the sites inside; with `life` robots beyond their service life are withdrawn."""
    if figure == "gross_new":
        return float(stock.new[inside].sum())
    standing = stock.young if life else stock.stock
    if figure == "stock":
        return float(standing[inside].sum())
    above, below = standing[inside & people.counts].sum(), people.persons[inside].sum()
    return float(ratio(np.asarray(above), np.asarray(below), at_least=MIN_PERSONS, times=PER))


def _on(spans: pl.DataFrame, day: int) -> pl.DataFrame:
    return spans.filter((pl.col("from_day") <= day) & (pl.col("to_day") > day))

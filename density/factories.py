"""The figures of single factories, as rows on the days when one of them changed."""

import numpy as np
import polars as pl

from density.cube import Counts, Ratios, ratio
from density.days import month_ends
from density.definition import MIN_PERSONS
from density.measures import Measures
from density.ratios import PER, mean_at_month_ends
from density.sites import Sites

SUMMED = ("stock", "gross_new", "persons", "headcount_factories", "robots_factories", "smart_factories")


def factory_figures(measured: Measures, sites: Sites, *, first_day: int, last_day: int) -> pl.DataFrame:
    """One row for each registered factory and day on which one of its figures changed.

    Returns:
        factory, day, district, stock, gross_new, persons, stock_counted, persons_counted, smart_factories,
        density and density_12m (NaN is null), in_all, in_key, headcount_valid, robots_reported; sorted by factory
        and day. The first day has a row of every factory.
    """
    registered = sites.rows.filter("registered").with_columns(pl.col("factory").cast(_names(sites)))
    steps = [_steps(measured, registered, name, first_day, last_day) for name in SUMMED]
    rows = (
        pl.concat([*steps, _calendar(registered, first_day, last_day)], how="diagonal")
        .group_by("factory", "day")
        .agg(pl.col(SUMMED).sum())
        .sort("factory", "day")
        .with_columns(pl.col(SUMMED).cum_sum().over("factory"))
    )
    rows = _in_force(rows, registered)
    rows = rows.with_columns(**_ratios(rows, first_day, last_day))
    shown = [name for name in rows.columns if name not in {"factory", "day"}]
    changed = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in [*shown, "factory"])
    return rows.filter(changed).with_columns(pl.col("factory").cast(pl.String))


def _names(sites: Sites) -> pl.Enum:
    """Factories as small numbers that sort like their names: a million rows of them pass through memory."""
    return pl.Enum(sites.rows.filter("registered")["factory"].unique().sort())


def _steps(measured: Measures, registered: pl.DataFrame, name: str, first_day: int, last_day: int) -> pl.DataFrame:
    spans = measured.spans[name].join(registered.select("site", "factory"), on="site")
    inside = spans.filter((pl.col("to_day") > first_day) & (pl.col("from_day") <= last_day)).with_columns(
        pl.col("from_day").clip(first_day), amount=pl.col("amount").cast(pl.Int32)
    )
    begin = inside.select("factory", pl.col("amount").alias(name), day=pl.col("from_day").cast(pl.Int32))
    end = inside.filter(pl.col("to_day") <= last_day).select(
        "factory", (-pl.col("amount")).alias(name), day=pl.col("to_day").cast(pl.Int32)
    )
    return pl.concat([begin, end])


def _calendar(registered: pl.DataFrame, first_day: int, last_day: int) -> pl.DataFrame:
    """The days on which a figure can change with no report: month-ends, new registrations, the first day."""
    ends = pl.DataFrame({"day": np.unique([first_day, *month_ends(first_day, last_day)])}, schema={"day": pl.Int32})
    months = registered.select("factory").unique().join(ends, how="cross")
    edges = pl.concat([registered.select("factory", day=edge) for edge in ("from_day", "to_day")])
    inside = edges.filter(pl.col("day").is_between(first_day, last_day)).with_columns(pl.col("day").cast(pl.Int32))
    return pl.concat([months, inside])


def _in_force(rows: pl.DataFrame, registered: pl.DataFrame) -> pl.DataFrame:
    """Each row with its factory's district and series on that day; a closed factory keeps its last district."""
    spells = registered.select(
        "factory", "district", "in_key", in_all="above_scale", since=pl.col("from_day").cast(pl.Int32), until="to_day"
    )
    joined = rows.join_asof(
        spells.sort("factory", "since"), left_on="day", right_on="since", by="factory", check_sortedness=False
    )
    open_ = pl.col("day") < pl.col("until")
    valid, reported = pl.col("headcount_factories"), pl.col("robots_factories")
    return joined.with_columns(
        in_all=pl.col("in_all") & open_,
        in_key=pl.col("in_key") & open_,
        stock_counted=pl.col("stock") * valid * reported,
        persons_counted=pl.col("persons") * reported,
        headcount_valid=valid > 0,
        robots_reported=reported > 0,
    ).drop("since", "until", "headcount_factories", "robots_factories")


def _ratios(rows: pl.DataFrame, first_day: int, last_day: int) -> dict[str, pl.Series]:
    stock, persons = rows["stock_counted"].to_numpy(), rows["persons_counted"].to_numpy()
    annual = _annual_means(rows, first_day, last_day)
    return {
        "density": pl.Series(ratio(stock, persons, at_least=MIN_PERSONS, times=PER)),
        "density_12m": pl.Series(ratio(stock, annual, at_least=MIN_PERSONS, times=PER)),
    }


def _annual_means(rows: pl.DataFrame, first_day: int, last_day: int) -> Ratios:
    """For each row the mean of its factory's persons at the last 12 month-ends."""
    ends = month_ends(first_day, last_day)
    factory = (rows["factory"].rle_id()).to_numpy()
    day = rows["day"].to_numpy()
    at_end: Counts = np.zeros((int(factory[-1]) + 1 if factory.size else 0, ends.size), dtype=np.int64)
    column = np.searchsorted(ends, day)
    is_end = np.isin(day, ends)
    at_end[factory[is_end], column[is_end]] = rows["persons_counted"].to_numpy()[is_end]
    means: Ratios = mean_at_month_ends(at_end)[factory, np.searchsorted(ends, day, side="right")]
    return means

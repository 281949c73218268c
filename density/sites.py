"""What each factory was on each day: its area, industry and scale, as registered and in force."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from density.arrays import Counts
from density.definition import Definition
from density.reports import Reports

ALWAYS = -(10**9)  # before every day
NEVER = 10**9  # after every day


_COLUMNS = (
    "factory", "from_day", "to_day", "district", "park", "industry", "above_scale", "in_key", "registered",
)  # fmt: skip


@dataclass(frozen=True)
class Sites:
    """One row for each factory and spell of one registration.

    Attributes:
        rows: site (row number), factory, from_day (inclusive), to_day (exclusive), district, park, industry,
            above_scale, in_key, registered; sorted by factory and from_day. A designation's subject that is no
            registered factory stands here too, in its district alone, with registered false.
    """

    rows: pl.DataFrame

    def placed(self, spans: pl.DataFrame) -> pl.DataFrame:
        """Spans of factories, cut at every change of their registration and at their closing.

        Args:
            spans: factory, from_day, to_day and any other columns; a span of an unknown factory falls away.

        Returns:
            The same columns and `site`, with no empty span.
        """
        return cut(spans, self.rows.select("factory", "site", "from_day", "to_day"))

    def in_force(self, factory: Counts, day: Counts) -> Counts:
        """The site that a factory was last on each day, even if it is closed by then.

        Args:
            factory: places in the factories of `rows`, in their order.
            day: integer days, of a shape that broadcasts with `factory`.
        """
        span = 1 << 32
        number = self.rows["factory"].rle_id().to_numpy().astype(np.int64)
        starts = number * span + (self.rows["from_day"].to_numpy() + span // 2)
        site: Counts = np.searchsorted(starts, factory * span + (day + span // 2), side="right") - 1
        return site

    def of(self, factories: pl.DataFrame) -> "Sites":
        """The sites of some factories."""
        return Sites(self.rows.join(factories, on="factory", how="semi"))


def cut(spans: pl.DataFrame, bounds: pl.DataFrame) -> pl.DataFrame:
    """The parts of spans that lie in their factory's bounds, with the bounds' other columns; none is empty."""
    return (
        spans.join(bounds, on="factory", suffix="_bound")
        .with_columns(
            from_day=pl.max_horizontal("from_day", "from_day_bound"), to_day=pl.min_horizontal("to_day", "to_day_bound")
        )
        .filter(pl.col("from_day") < pl.col("to_day"))
        .drop("from_day_bound", "to_day_bound")
    )


def sites(reports: Reports, definition: Definition) -> Sites:
    """The registrations in force: the first holds for all days before the next, and `closed` ends one."""
    ordered = (
        reports.standing("registration")
        .sort("factory", pl.col("from_day").fill_null(ALWAYS))
        .with_columns(from_day=pl.when(pl.col("factory").is_first_distinct()).then(ALWAYS).otherwise("from_day"))
    )
    following = pl.col("from_day").shift(-1).over("factory", order_by="from_day").fill_null(NEVER)
    closed = pl.col("closed_day").fill_null(NEVER)
    key = [code for code in ordered["industry"].unique() if definition.key_set.holds(code)]
    rows = (
        ordered.with_columns(to_day=pl.min_horizontal(following, closed))
        .filter(pl.col("from_day") < pl.col("to_day"))
        .with_columns(
            in_key=pl.col("above_scale") & pl.col("industry").is_in(pl.Series(key, dtype=pl.String).implode()),
            park=pl.col("park").replace("", None),
            registered=pl.lit(value=True),
        )
        .select(*_COLUMNS)
    )
    return Sites(pl.concat([_joined(rows), _named(reports)]).with_row_index("site"))


def _joined(rows: pl.DataFrame) -> pl.DataFrame:
    """Registrations that differ in nothing that counts, as one: a new name moves no robot."""
    told = ("factory", "district", "park", "industry", "above_scale")
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift()) for name in told)
    begins = ~(same & (pl.col("from_day") == pl.col("to_day").shift())).fill_null(value=False)
    if rows.select(begins.all()).item():
        return rows
    return (
        rows.with_columns(span=begins.cum_sum())
        .group_by("span", maintain_order=True)
        .agg(pl.exclude("to_day", "span").first(), pl.col("to_day").last())
        .select(*_COLUMNS)
    )


def _named(reports: Reports) -> pl.DataFrame:
    subjects = reports.designation.filter(pl.col("subject_factory").is_null()).unique(
        ["subject_name", "subject_district"], maintain_order=True
    )
    return subjects.select(
        factory=pl.concat_str("subject_name", "subject_district", separator=":"),
        from_day=pl.lit(ALWAYS, pl.Int64),
        to_day=pl.lit(NEVER, pl.Int64),
        district="subject_district",
        park=pl.lit(None, pl.String),
        industry=pl.lit(None, pl.String),
        above_scale=pl.lit(value=False),
        in_key=pl.lit(value=False),
        registered=pl.lit(value=False),
    )

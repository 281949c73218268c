"""Everything that is counted, as spans: from when to when how much stands at which site.

Every additive figure is a sum of such spans over the sites of a scope, so that no figure can disagree with
another about who belongs where.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from density.cube import Counts
from density.days import DAY_US, OFFSET_US, to_day
from density.definition import Definition
from density.headcount import headcounts, valid_spans
from density.reports import Reports
from density.sites import ALWAYS, NEVER, Sites, cut
from density.stays import counted_events, spells


@dataclass(frozen=True)
class Measures:
    """The spans of each measure and the installations that they rest on.

    Attributes:
        spans: by measure: site, from_day, to_day (exclusive), amount.
        installed: robots new to the city: site, factory, from_day (their first day in stock).
        undated: how many first days can not be told from the days up to the baseline.
    """

    spans: Mapping[str, pl.DataFrame]
    installed: pl.DataFrame
    undated: int


def measures(reports: Reports, sites: Sites, definition: Definition) -> Measures:
    """Turn reports into spans.

    What few factories lack is measured as that lack (`silent_`: no robot report ever; `stale_`: the headcount is
    too old; `uncounted_`: either), so that the many spans of the others are summed once.
    """
    stock = sites.placed(standing_robots(reports, definition))
    counts = headcounts(reports)
    registered = sites.rows.filter("registered").select("site", "factory", "from_day", "to_day")
    reporting = _reporting(reports)
    valid = valid_spans(counts)
    persons = sites.placed(counts.select("factory", "from_day", "to_day", amount="persons"))
    stale = sites.placed(counts.select("factory", from_day="to_day", to_day="next_day", amount="persons"))
    first = stock.sort("from_day").unique("identity", keep="first", maintain_order=True)
    new, undated = _new(first, to_day(definition.baseline_day))
    spans = {
        "stock": stock,
        "uncounted_stock": _outside(stock, valid.join(reporting, on="factory", how="semi")),
        "gross_new": new.with_columns(to_day=pl.lit(NEVER, pl.Int64)),
        "persons": persons,
        "silent_persons": persons.join(reporting, on="factory", how="anti"),
        "stale_persons": stale,
        "silent_stale_persons": stale.join(reporting, on="factory", how="anti"),
        "factories": registered,
        "headcount_factories": sites.placed(valid).join(registered, on="site", how="semi"),
        "robots_factories": registered.join(reporting, on="factory", how="semi"),
        "smart_factories": sites.placed(_smart(reports, definition)),
    }
    return Measures({name: _amounts(frame) for name, frame in spans.items()}, new, undated)


def derived(sums: Mapping[str, Counts]) -> dict[str, Counts]:
    """The sums, and those that are told by what is lacking."""
    known = sums["persons"] + sums["stale_persons"]
    return {
        **sums,
        "stock_counted": sums["stock"] - sums["uncounted_stock"],
        "persons_counted": sums["persons"] - sums["silent_persons"],
        "known_persons": known,
        "robots_persons": known - sums["silent_persons"] - sums["silent_stale_persons"],
    }


def _amounts(frame: pl.DataFrame) -> pl.DataFrame:
    amount = pl.col("amount") if "amount" in frame.columns else pl.lit(1)
    return frame.select("site", "from_day", "to_day", amount=amount.cast(pl.Int64))


def standing_robots(reports: Reports, definition: Definition) -> pl.DataFrame:
    """The spans in which a robot counts: in production, of a category that is an industrial robot."""
    floor = spells(counted_events(reports), definition.manufacturers)
    day = (pl.col("from_us") + OFFSET_US) // DAY_US
    end = ((pl.col("to_us") + OFFSET_US) // DAY_US).fill_null(NEVER)
    counts = (
        (pl.col("purpose") == "production")
        & pl.col("category").is_in(list(definition.categories))
        & (pl.col("axes").fill_null(3) >= 3)
    )
    return (
        floor.filter(counts)
        .select("identity", "factory", "span_first_day", from_day=day, to_day=end)
        .filter(pl.col("from_day") < pl.col("to_day"))
    )


def _new(first: pl.DataFrame, baseline: int) -> tuple[pl.DataFrame, int]:
    later = first.filter(pl.col("from_day") > baseline)
    new = later.filter((pl.col("span_first_day") > baseline).fill_null(value=False))
    return new.select("site", "factory", "from_day"), later.height - new.height


def _outside(spans: pl.DataFrame, bounds: pl.DataFrame) -> pl.DataFrame:
    """The parts of spans that lie in none of their factory's bounds."""
    begin = bounds.select("factory", from_day=pl.lit(ALWAYS, pl.Int64), to_day="from_day")
    gaps = bounds.sort("factory", "from_day").select(
        "factory", from_day="to_day", to_day=pl.col("from_day").shift(-1).over("factory").fill_null(NEVER)
    )
    first = begin.group_by("factory").agg(pl.col("from_day").first(), pl.col("to_day").min())
    never = spans.join(bounds, on="factory", how="anti")
    return pl.concat([never, cut(spans, pl.concat([first, gaps]))])


def _reporting(reports: Reports) -> pl.DataFrame:
    """The factories that have ever sent a lifecycle or inventory report, as far as these reports know."""
    return pl.concat([reports.lifecycle.select("factory"), reports.inventory.select("factory")]).unique()


def _smart(reports: Reports, definition: Definition) -> pl.DataFrame:
    """The spans in which a site holds at least one designation that counts, overlapping ones as one."""
    counting = pl.DataFrame(
        sorted(definition.crosswalk.counts), schema={"scheme": pl.String, "grade": pl.String}, orient="row"
    )
    held = designations(reports).join(counting, on=["scheme", "grade"], how="semi").sort("factory", "from_day")
    reach = pl.col("to_day").cum_max().over("factory")
    begins = (pl.col("from_day") > reach.shift().over("factory")).fill_null(value=True)
    return (
        held.with_columns(span=begins.cum_sum())
        .group_by("span")
        .agg(pl.col("factory").first(), pl.col("from_day").min(), pl.col("to_day").max())
        .drop("span")
    )


def designations(reports: Reports) -> pl.DataFrame:
    """Smart-factory designations as factory, scheme, grade, from_day and to_day (exclusive)."""
    named = pl.concat_str("subject_name", "subject_district", separator=":")
    return (
        reports.standing("designation")
        .filter(pl.col("kind") == "smart_factory")
        .select(
            "scheme", "grade", "from_day",
            factory=pl.coalesce("subject_factory", named), to_day=pl.col("to_day").fill_null(NEVER),
        )
        .filter(pl.col("from_day") < pl.col("to_day"))
    )  # fmt: skip

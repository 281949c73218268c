"""Everything that is counted, as spans: from when to when how much stands at which site.

Every additive figure is made of such spans, factory by factory, so that no figure can disagree with another about
who belongs where, and the figures of a few factories can be told anew without the others.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from density.days import to_day
from density.definition import HEADCOUNT_DAYS, Definition
from density.headcount import headcounts
from density.reports import Reports
from density.robots import Robots
from density.sites import NEVER, Sites

FLOWS = (
    "commissioned", "moved_in", "reinstated", "reclassified_in", "decommissioned", "moved_out", "reclassified_out",
)  # fmt: skip
FLOW_FIGURES = tuple(f"flow_{name}" for name in FLOWS)
REGISTERS = ("chain_leader", "service_provider", "innovation_centre")

Spans = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Placed:
    """Robots at sites.

    Attributes:
        stock: identity, factory, site, from_day, to_day, came, went, expiry_day.
        credits: identity, factory, site, from_day, sure: each robot that is new to the city, and whether its whole
            span lies after the baseline.
    """

    stock: pl.DataFrame
    credits: pl.DataFrame

    def of(self, factories: pl.DataFrame) -> "Placed":
        """The robots of some factories."""
        return Placed(*(each.join(factories, on="factory", how="semi") for each in (self.stock, self.credits)))


def placed_robots(robots: Robots, sites: Sites, definition: Definition) -> Placed:
    """Cut the robots' spans at every change of their factories' registrations."""
    spans = robots.standing.with_columns(span_from="from_day", span_to="to_day")
    pieces = sites.placed(spans).with_columns(
        came=pl.when(pl.col("from_day") == pl.col("span_from")).then("came").otherwise(pl.lit("reclassified_in")),
        went=pl.when(pl.col("to_day") == pl.col("span_to")).then("went").otherwise(pl.lit("reclassified_out")),
    )
    baseline = to_day(definition.baseline_day)
    first = pieces.filter(pl.col("from_day") == pl.col("from_day").min().over("identity"))
    new = first.filter(pl.col("from_day") > baseline).with_columns(
        sure=(pl.col("span_first_day") > baseline).fill_null(value=False)
    )
    return Placed(
        pieces.select("identity", "factory", "site", "from_day", "to_day", "came", "went", "expiry_day"),
        new.select("identity", "factory", "site", "from_day", "sure"),
    )


def flows(placed: Placed, first_day: int, last_day: int) -> pl.DataFrame:
    """What came and went: site, day, flow, amount; what stands on the first day is the opening."""
    came = placed.stock.select("site", day="from_day", flow="came")
    went = placed.stock.select("site", day="to_day", flow="went")
    inside = pl.concat([came, went]).filter(pl.col("day").is_between(first_day + 1, last_day))
    return inside.group_by("site", "day", "flow").agg(amount=pl.len().cast(pl.Int64))


def measures(reports: Reports, sites: Sites, placed: Placed, robots: Robots, definition: Definition) -> Spans:
    """The spans of each measure: site, from_day, to_day (exclusive), amount.

    Args:
        reports: of the factories that are to be measured.
        sites: their sites.
        placed: their robots.
        robots: the same, before they were placed.
        definition: what counts.
    """
    stock, new = placed.stock, placed.credits.with_columns(to_day=pl.lit(NEVER, pl.Int64))
    counts = headcounts(reports, definition.prefer)
    held = designations(reports)
    gaps = sites.placed(_gaps(reports, stock))
    spans = {
        "stock": stock,
        "expired": stock.filter(pl.col("expiry_day") < pl.col("to_day")).with_columns(
            from_day=pl.max_horizontal("from_day", "expiry_day")
        ),
        "waiting": sites.placed(robots.waiting),
        "gross_new": new.filter("sure"),
        "undated": new.filter(~pl.col("sure")),
        **_persons(counts, sites),
        "registered": sites.rows.filter("registered"),
        "gap": gaps.rename({"gap": "amount"}),
        "inventories": gaps,
        "counting": sites.placed(_counting(held, definition)),
        "designated": sites.placed(held.filter(pl.col("kind") == "smart_factory")),
        "claimed": sites.placed(_claims(reports)),
        **{kind: sites.placed(held.filter(pl.col("kind") == kind)) for kind in REGISTERS},
    }
    return {name: _amounts(frame) for name, frame in spans.items()}


def _persons(counts: pl.DataFrame, sites: Sites) -> dict[str, pl.DataFrame]:
    known = sites.placed(counts.rename({"to_day": "until", "next_day": "to_day"}))
    fresh = known.with_columns(to_day=pl.min_horizontal("to_day", "until")).filter(
        pl.col("from_day") < pl.col("to_day")
    )
    return {
        "persons": fresh.rename({"persons": "amount"}),
        "at_end": fresh.filter(pl.col("at_end") > 0).rename({"at_end": "amount"}),
        "valid": fresh,
        "known": known.rename({"persons": "amount"}),
    }


def _amounts(frame: pl.DataFrame) -> pl.DataFrame:
    amount = pl.col("amount") if "amount" in frame.columns else pl.lit(1)
    return frame.select("site", "from_day", "to_day", amount=amount.cast(pl.Int64))


def reporting(reports: Reports) -> pl.DataFrame:
    """The factories that have ever sent a lifecycle or inventory report, as far as these reports know."""
    return pl.concat([reports.lifecycle.select("factory"), reports.inventory.select("factory")]).unique()


def _gaps(reports: Reports, stock: pl.DataFrame) -> pl.DataFrame:
    """Declared less standing robots on each inventory's day, held until the next inventory or for HEADCOUNT_DAYS."""
    declared = reports.standing("inventory").select("factory", "stock", day="as_of_day").sort("factory", "day")
    steps = pl.concat(
        [
            stock.select("factory", day="from_day", step=pl.lit(1)),
            stock.select("factory", day="to_day", step=pl.lit(-1)),
        ]
    )
    standing = (
        steps.group_by("factory", "day")
        .agg(pl.col("step").sum().cast(pl.Int64))
        .sort("factory", "day")
        .with_columns(standing=pl.col("step").cum_sum().over("factory"))
    )
    joined = declared.join_asof(standing, on="day", by="factory", check_sortedness=False)
    following = pl.col("day").shift(-1).over("factory").fill_null(NEVER)
    return joined.select(
        "factory",
        from_day="day",
        to_day=pl.min_horizontal(following, pl.col("day") + HEADCOUNT_DAYS + 1),
        gap=pl.col("stock") - pl.col("standing").fill_null(0),
    )


def _counting(held: pl.DataFrame, definition: Definition) -> pl.DataFrame:
    """Designations that count toward the plan, from the day on which the crosswalk says so."""
    rows = [(scheme, grade, to_day(day)) for (scheme, grade), day in definition.crosswalk.counts_from.items()]
    schema = {"scheme": pl.String, "grade": pl.String, "since": pl.Int64}
    counted = held.filter(pl.col("kind") == "smart_factory").join(
        pl.DataFrame(sorted(rows), schema=schema, orient="row"), on=["scheme", "grade"]
    )
    return counted.with_columns(from_day=pl.max_horizontal("from_day", "since")).filter(
        pl.col("from_day") < pl.col("to_day")
    )


def _claims(reports: Reports) -> pl.DataFrame:
    """The factories that say they have reached a level, from the first day that they say so."""
    first = reports.standing("assessment").group_by("factory").agg(from_day=pl.col("on_day").min())
    return first.with_columns(to_day=pl.lit(NEVER, pl.Int64))


def designations(reports: Reports) -> pl.DataFrame:
    """Designations as factory (or name and district), kind, scheme, grade, from_day and to_day (exclusive)."""
    named = pl.concat_str("subject_name", "subject_district", separator=":")
    return (
        reports.standing("designation")
        .select(
            "kind", "scheme", "grade", "from_day",
            factory=pl.coalesce("subject_factory", named), to_day=pl.col("to_day").fill_null(NEVER),
        )
        .filter(pl.col("from_day") < pl.col("to_day"))
        .unique()
    )  # fmt: skip

"""Robots that count, as days: in stock, travelling, waiting, and by what they came and went."""

from collections.abc import Collection
from dataclasses import dataclass, fields

import polars as pl

from density.days import DAY_US, OFFSET_US
from density.definition import Definition
from density.identity import SEPARATOR, normalised
from density.sites import NEVER
from density.stays import Stays

TRANSIT_DAYS = 180  # moved out for longer, a robot is gone


@dataclass(frozen=True)
class Robots:
    """Spans of industrial robots in production; every frame has the identity, and days count from 1970.

    Attributes:
        standing: factory, from_day, to_day (exclusive), came and went (entries of the flow account),
            expiry_day (the IFR variant withdraws it), span_first_day.
        assets: factory, robot, from_day, to_day: the same by asset number.
        entered: factory, robot, from_day: any entering, of whatever counts or not.
        travelling: from_day, to_day.
        waiting: factory, from_day, to_day.
    """

    standing: pl.DataFrame
    assets: pl.DataFrame
    entered: pl.DataFrame
    travelling: pl.DataFrame
    waiting: pl.DataFrame

    def replaced(self, identities: pl.Series, by: "Robots") -> "Robots":
        """These robots with those of some identities told anew."""
        gone = identities.to_frame("identity")
        kept = [getattr(self, each.name).join(gone, on="identity", how="anti") for each in fields(self)]
        return Robots(*(pl.concat([old, getattr(by, each.name)]) for old, each in zip(kept, fields(self), strict=True)))

    def only(self, identities: pl.Series) -> "Robots":
        """The robots of some identities."""
        wanted = identities.to_frame("identity")
        return Robots(*(getattr(self, each.name).join(wanted, on="identity", how="semi") for each in fields(self)))

    def of(self, factories: pl.DataFrame) -> "Robots":
        """The robots of some factories; those that travel are of none and stay."""
        told = [getattr(self, each.name) for each in fields(self)]
        return Robots(
            *(each.join(factories, on="factory", how="semi") if "factory" in each.columns else each for each in told)
        )


def robots(stays: Stays, definition: Definition, reviewed: Collection[str]) -> Robots:
    """The spans in which robots count.

    Args:
        stays: where robots stood.
        definition: what counts.
        reviewed: maker and model, joined as in an identity, of machines of category `other` that count.
    """
    counting = stays.spells.filter(_counts(definition, reviewed))
    return Robots(
        standing=_merged(_dated(counting, definition)),
        assets=_dated(counting, definition).select("identity", "factory", "robot", "from_day", "to_day"),
        entered=stays.spells.select("identity", "factory", "robot", from_day=_day("from_us")),
        travelling=_spans(stays.transits.filter(_counts(definition, reviewed)))
        .with_columns(pl.min_horizontal("to_day", pl.col("from_day") + TRANSIT_DAYS))
        .select("identity", "from_day", "to_day"),
        waiting=_spans(stays.waits.filter(_counts(definition, reviewed))).select(
            "identity", "factory", "from_day", "to_day"
        ),
    )


def reviewed_models(reviews: pl.DataFrame, maker: "pl.Series") -> frozenset[str]:
    """Maker and model of the machines that officials let count, as they begin an identity.

    Args:
        reviews: the reviews that stand.
        maker: the standing name of the manufacturer of each.
    """
    rows = reviews.with_columns(maker=maker).filter("counts")
    return frozenset(
        SEPARATOR.join((maker, normalised(model))) for maker, model in rows.select("maker", "model").iter_rows()
    )


def _counts(definition: Definition, reviewed: Collection[str]) -> pl.Expr:
    """In production, of a category that is an industrial robot, with at least three axes where they are given."""
    model = pl.col("identity").str.splitn(SEPARATOR, 3)
    named = pl.concat_str(model.struct.field("field_0"), model.struct.field("field_1"), separator=SEPARATOR)
    category = pl.col("category").is_in(list(definition.categories))
    if reviewed:
        category |= (pl.col("category") == "other") & named.is_in(list(reviewed))
    return (pl.col("purpose") == "production") & category & (pl.col("axes").fill_null(3) >= 3)


def _day(name: str) -> pl.Expr:
    return (pl.col(name) + OFFSET_US) // DAY_US


def _spans(frame: pl.DataFrame) -> pl.DataFrame:
    days = frame.with_columns(from_day=_day("from_us"), to_day=_day("to_us").fill_null(NEVER))
    return days.filter(pl.col("from_day") < pl.col("to_day"))


def _dated(spells: pl.DataFrame, definition: Definition) -> pl.DataFrame:
    entered = pl.when(pl.col("entry") == "moved_in").then(pl.lit("moved_in")).otherwise(
        pl.when("again").then(pl.lit("reinstated")).otherwise(pl.lit("commissioned"))
    )  # fmt: skip
    left = pl.when(pl.col("leave") == "decommissioned").then(pl.lit("decommissioned")).otherwise(pl.lit("moved_out"))
    fresh = (_day("stay_from_us") == pl.col("from_day")) & (pl.col("entry") != "changed")
    over = (_day("stay_to_us") == pl.col("to_day")).fill_null(value=False) & (pl.col("leave") != "changed")
    first = pl.from_epoch(_day("first_us"), time_unit="d")
    return _spans(spells).with_columns(
        came=pl.when(fresh).then(entered).otherwise(pl.lit("reclassified_in")),
        went=pl.when(over).then(left).otherwise(pl.lit("reclassified_out")),
        expiry_day=first.dt.offset_by(f"{definition.service_life_years}y").to_physical().cast(pl.Int64),
    )


def _merged(spans: pl.DataFrame) -> pl.DataFrame:
    """Spans of a robot at a factory that touch, as one: a robot that stands on both days did not come or go."""
    ordered = spans.sort("identity", "factory", "from_day")
    same = (pl.col("identity") == pl.col("identity").shift()) & (pl.col("factory") == pl.col("factory").shift())
    begins = ~(same & (pl.col("from_day") <= pl.col("to_day").shift())).fill_null(value=False)
    touching = ordered.with_columns(begins=begins)
    if touching["begins"].all():
        merged = touching
    else:
        merged = (
            touching.with_columns(span=pl.col("begins").cum_sum())
            .group_by("span", maintain_order=True)
            .agg(
                pl.col("identity", "factory", "from_day", "came", "expiry_day", "span_first_day").first(),
                pl.col("to_day", "went").last(),
            )
        )
    return merged.select("identity", "factory", "from_day", "to_day", "came", "went", "expiry_day", "span_first_day")

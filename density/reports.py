"""All reports that figures are made of, as frames with the ledger's columns, and which report of a slot counts."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import polars as pl

SLOTS: Mapping[str, tuple[str, ...]] = {
    "lifecycle": ("factory", "robot", "event", "at_us"),
    "workforce": ("factory", "period"),
    "inventory": ("factory", "as_of_day"),
    "registration": ("factory", "from_day"),
    "designation": ("kind", "scheme", "subject_factory", "subject_name", "subject_district", "grade", "from_day"),
    "assessment": ("factory", "standard", "on_day"),
    "statistic": ("figure", "scope", "period", "published_day"),
    "settlement": ("manufacturer", "serial", "model", "other_model"),
    "review": ("manufacturer", "model"),
}
_ARRIVAL = ("time", "writer", "seq", "boot", "reported_at_us")


@dataclass(frozen=True)
class Reports:
    """Every admitted report, in any order, repeated or not; `time` is the stamp of its arrival [ns]."""

    lifecycle: pl.DataFrame
    workforce: pl.DataFrame
    inventory: pl.DataFrame
    registration: pl.DataFrame
    designation: pl.DataFrame
    assessment: pl.DataFrame
    statistic: pl.DataFrame
    settlement: pl.DataFrame
    review: pl.DataFrame

    def extended(self, more: Mapping[str, pl.DataFrame]) -> "Reports":
        """These reports and the further ones, by kind; kinds that no figure is made of are left out."""
        return replace(
            self,
            **{
                each.name: pl.concat([getattr(self, each.name), more[each.name]])
                for each in fields(self)
                if each.name in more
            },
        )

    def without_identity(self) -> "Reports":
        """These reports as they came, whatever was read in them."""
        return replace(self, lifecycle=self.lifecycle.drop("identity", strict=False))

    def of(self, factories: pl.DataFrame) -> "Reports":
        """The reports of some factories; a designation of a named subject belongs to `name:district`.

        Args:
            factories: one column, `factory`.
        """
        named = pl.concat_str("subject_name", "subject_district", separator=":")
        subject = self.designation.with_columns(factory=pl.coalesce("subject_factory", named))
        kept = {
            each.name: getattr(self, each.name).join(factories, on="factory", how="semi")
            for each in fields(self)
            if "factory" in getattr(self, each.name).columns
        }
        designation = subject.join(factories, on="factory", how="semi").drop("factory")
        return replace(self, **kept, designation=designation)

    def standing(self, kind: str) -> pl.DataFrame:
        """One report of each slot: the one that was stated last.

        `reported_at` says when; without it the stamp does. Of two that were stated at one moment the contents
        decide, never the order of arrival.
        """
        frame: pl.DataFrame = getattr(self, kind)
        slot = SLOTS[kind]
        repeated = pl.struct(slot).is_duplicated()
        contents = sorted(set(frame.columns) - set(_ARRIVAL) - set(slot))
        stated = pl.col("time")
        if "reported_at_us" in frame.columns:
            stated = pl.coalesce(pl.col("reported_at_us") * 1_000, "time")
        again = frame.filter(repeated)
        last = again.sort(stated, *contents, "time").unique(slot, keep="last", maintain_order=True)
        return pl.concat([frame.filter(~repeated), last]) if again.height else frame

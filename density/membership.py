"""Which factories a scope and a series hold on a day, and why the others of the scope are left out."""

from collections.abc import Mapping

import polars as pl

from density.register import KeySet, Zone

CLOSED, BELOW_SCALE, NOT_KEY = "closed", "below_scale", "not_key"


def in_scope(scope: str, zones: Mapping[str, Zone]) -> pl.Expr:
    """Whether a registration lies in a scope, or in both parts of a crossing such as `district:310115/industry:36`.

    Args:
        scope: one that exists.
        zones: the zones by id.
    """
    return pl.all_horizontal(pl.lit(value=True), *(_in_part(part, zones) for part in scope.split("/"))).fill_null(
        value=False
    )


def _in_part(part: str, zones: Mapping[str, Zone]) -> pl.Expr:
    kind, _, key = part.partition(":")
    if kind == "city":
        return pl.lit(value=True)
    if kind == "zone":
        return pl.col("park").is_in(list(zones[key].parks))
    if kind == "industry":
        return pl.col("industry").str.starts_with(key)
    return pl.col(kind) == key


def membership(
    registrations: pl.DataFrame, scope: pl.Expr, day: int, *, key: KeySet | None, above_scale: bool
) -> pl.DataFrame:
    """The factories of a scope on a day: factory, park and `out`, the reason why a series leaves one out.

    Args:
        registrations: as `density.sites.Sites.rows`.
        scope: as `in_scope` gives it.
        day: integer day.
        key: the key industries of the series, none for a series of all industries.
        above_scale: whether the series leaves out what is below scale.
    """
    last = (
        registrations.filter(pl.col("registered") & (pl.col("from_day") <= day))
        .sort("factory", "from_day")
        .unique("factory", keep="last", maintain_order=True)
        .filter(scope)
    )
    held = [code for code in last["industry"].unique() if key is None or key.holds(code)]
    out = (
        pl.when(pl.col("to_day") <= day).then(pl.lit(CLOSED))
        .when(pl.lit(above_scale) & ~pl.col("above_scale")).then(pl.lit(BELOW_SCALE))
        .when(~pl.col("industry").is_in(held)).then(pl.lit(NOT_KEY))
    )  # fmt: skip
    return last.select("factory", "park", out=out)

"""Which areas may be ranked: few persons or few firms say little about an area and much about a firm."""

import polars as pl

MIN_PERSONS, MIN_FIRMS = 1_000, 3  # below either an area is in no ranking

_ALWAYS = -(10**9)


def open_factories(registration: pl.DataFrame, day: int) -> pl.DataFrame:
    """The registration in force on a day of each factory that is open then; the first one holds before the next.

    Args:
        registration: one row of each slot, with the ledger's columns.
        day: an integer day.
    """
    begins = pl.col("from_day").fill_null(_ALWAYS)
    first = begins == begins.min().over("factory")
    begun = registration.filter((begins <= day) | first).sort("factory", begins, maintain_order=True)
    in_force = begun.unique("factory", keep="last", maintain_order=True)
    return in_force.filter(pl.col("closed_day").is_null() | (pl.col("closed_day") > day))


def firms(factories: pl.DataFrame, area: str) -> dict[str, int]:
    """Distinct credit codes by area; a factory without a code is a firm of its own.

    Args:
        factories: as `open_factories` gives them.
        area: `district` or `park`.
    """
    code = pl.when(pl.col("credit_code").fill_null("") == "").then(pl.concat_str(pl.lit("factory:"), "factory"))
    placed = factories.filter(pl.col(area).fill_null("") != "").select(area, code=code.otherwise("credit_code"))
    return dict(placed.group_by(area).agg(pl.col("code").n_unique()).rows())

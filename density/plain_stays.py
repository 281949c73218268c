"""The stays of robots with the usual story, all at once; the state machine of `density.stays` takes the rest."""

import polars as pl


def plain_spells(events: pl.DataFrame) -> pl.DataFrame:
    """One entering under one asset number, at most one leaving after it: the story of nearly every robot.

    Args:
        events: with their `identity`.

    Returns:
        The columns of `density.stays.SPELLS`, at most one row for each factory and robot.
    """
    name = pl.col("event")
    enters, leaves = name.is_in(["commissioned", "moved_in"]), name.is_in(["moved_out", "decommissioned"])
    entered = {
        column: pl.col(column).filter(enters).first() for column in ("category", "purpose", "axes", "span_first_day")
    }
    stories = events.group_by("factory", "robot").agg(
        pl.len(),
        pl.col("identity").filter(enters).first(),
        from_us=pl.col("at_us").filter(enters).first(),
        to_us=pl.col("at_us").filter(leaves).first(),
        entry=name.filter(enters).first(),
        leave=name.filter(leaves).first(),
        named=pl.col("identity").is_not_null().sum(),
        entered=enters.sum(),
        left=leaves.sum(),
        **entered,
    )
    usual = (
        (pl.col("entered") == 1)
        & (pl.col("named") == 1)
        & (pl.col("left") <= 1)
        & (pl.col("len") == pl.col("entered") + pl.col("left"))
        & (pl.col("to_us") > pl.col("from_us")).fill_null(value=True)
    )
    met_once = events.select("identity", "factory", "robot").drop_nulls().unique().group_by("identity").len()
    known_once = met_once.filter(pl.col("len") == 1).select("identity")
    return (
        stories.filter(usual)
        .join(known_once, on="identity", how="semi")
        .with_columns(
            purpose=pl.col("purpose").fill_null("production"),
            again=pl.lit(value=False),
            first_us="from_us",
            stay_from_us="from_us",
            stay_to_us="to_us",
        )
    )

"""Figures that may be null: a value and a flag in the store, a null everywhere else."""

import polars as pl

from store.schema import Measurement

SUFFIX = "_known"


def _flagged(measurement: Measurement, frame: pl.DataFrame) -> list[str]:
    names = (field.name.removesuffix(SUFFIX) for field in measurement.fields if field.name.endswith(SUFFIX))
    return [name for name in names if name in frame.columns]


def with_flags(measurement: Measurement, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame as it is written: each null of a flagged figure becomes 0.0 with a flag of false.

    Points merge field by field, so a null that is not written would leave the older value standing.
    """
    names = _flagged(measurement, frame)
    return frame.with_columns(
        *(pl.col(name).is_not_null().alias(name + SUFFIX) for name in names),
        *(pl.col(name).fill_null(0.0) for name in names),
    )


def without_flags(measurement: Measurement, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame as it is read: a figure whose flag is false is null."""
    return frame.with_columns(
        pl.when(pl.col(name + SUFFIX).eq_missing(other=False)).then(None).otherwise(pl.col(name)).alias(name)
        for name in _flagged(measurement, frame)
    )

"""Rows as every back-end takes them: typed, and apart from those that no back-end can keep."""

import polars as pl

from store.errors import PointsRejected
from store.schema import Measurement

# InfluxDB ends a line at a newline, and reads a backslash before a separator as an escape.
_UNUSABLE_TAG = r"[\x00-\x1f\x7f]|\\$"


def checked(measurement: Measurement, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split rows into those that can be stored, with the schema's types, and those that never can.

    A row needs a time, a field, finite floats, and tags without control characters or a backslash at the end.
    An absent tag is the empty text.

    Raises:
        ValueError: a column is missing or unknown.
    """
    rows = _typed(measurement, frame)
    usable = rows.select(_usable(measurement, rows)).to_series()
    return (rows, rows.clear()) if usable.all() else (rows.filter(usable), rows.filter(~usable))


def _typed(measurement: Measurement, frame: pl.DataFrame) -> pl.DataFrame:
    unknown = [name for name in frame.columns if name not in measurement.columns]
    missing = [name for name in measurement.key if name not in frame.columns]
    if unknown or missing:
        raise ValueError(
            f"A frame of {measurement.name} has the unknown columns {unknown} and lacks {missing}: "
            "give it the columns of store.schema."
        )
    present = {name: type_ for name, type_ in measurement.columns.items() if name in frame.columns}
    rows = frame.select(pl.col(name).cast(type_) for name, type_ in present.items())
    return rows.with_columns(pl.col(tag).fill_null("") for tag in measurement.tags)


def _usable(measurement: Measurement, rows: pl.DataFrame) -> pl.Expr:
    fields = rows.columns[len(measurement.key) :]
    floats = [name for name in fields if rows.schema[name] == pl.Float64]
    return pl.all_horizontal(
        pl.col("time").is_not_null(),
        pl.any_horizontal(pl.col(name).is_not_null() for name in fields) if fields else pl.lit(value=False),
        *(pl.col(name).is_finite().fill_null(value=True) for name in floats),
        *(~pl.col(tag).str.contains(_UNUSABLE_TAG) for tag in measurement.tags),
    )


def merged(measurement: Measurement, rows: pl.DataFrame) -> pl.DataFrame:
    """One row a point: of several with one key, field by field the last that is not null."""
    if rows["time"].is_sorted() and rows["time"].n_unique() == rows.height:
        return rows
    if not rows.select(pl.struct(measurement.key).is_duplicated().any()).item():
        return rows
    fields = rows.columns[len(measurement.key) :]
    return rows.group_by(measurement.key, maintain_order=True).agg(pl.col(fields).drop_nulls().last())


def read_back(measurement: Measurement, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows as every back-end answers them: an empty text is null, since InfluxDB's CSV cannot tell the two apart."""
    texts = [field.name for field in measurement.fields if field.type == "text"]
    return rows.with_columns(pl.col(texts).replace("", None)) if texts else rows


def rejection(rows: dict[str, pl.DataFrame]) -> PointsRejected:
    """The error that names rows that can never be stored."""
    counts = ", ".join(f"{frame.height} of {name}" for name, frame in rows.items())
    return PointsRejected(
        f"These rows can never be stored: {counts}. A row needs a time, a field of its own type, finite numbers, "
        "and tags without control characters or a backslash at the end; correct them and write them again.",
        rows,
    )

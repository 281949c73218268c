"""Rows as every back-end takes them: typed, and apart from those that no back-end can keep."""

from collections.abc import Mapping

import polars as pl

from store.errors import PointsRejected
from store.schema import Measurement

# InfluxDB ends a line at a newline, and reads a backslash before a separator as an escape.
_UNUSABLE_TAG = r"[\x00-\x1f\x7f]|\\$"
_USABLE = "usable?"  # no measurement has such a column


def checked(measurement: Measurement, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split rows into those that can be stored, with the schema's types, and those that never can.

    A row needs a time, a field, finite floats, and tags without control characters or a backslash at the end.
    An absent tag is the empty text.

    Raises:
        ValueError: a column is missing or unknown.
    """
    columns = _columns(measurement, frame)
    rows = frame.select(*columns.values(), _usable(measurement, columns).alias(_USABLE))
    usable = rows.drop_in_place(_USABLE)
    return (rows, rows.clear()) if usable.all() else (rows.filter(usable), rows.filter(~usable))


def _columns(measurement: Measurement, frame: pl.DataFrame) -> dict[str, pl.Expr]:
    """The columns that a frame has, with the schema's types and in its order."""
    unknown = [name for name in frame.columns if name not in measurement.columns]
    missing = [name for name in measurement.key if name not in frame.columns]
    if unknown or missing:
        raise ValueError(
            f"A frame of {measurement.name} has the unknown columns {unknown} and lacks {missing}: "
            "give it the columns of store.schema."
        )
    present = {name: type_ for name, type_ in measurement.columns.items() if name in frame.columns}
    typed = {name: pl.col(name).cast(type_) for name, type_ in present.items()}
    return typed | {tag: typed[tag].fill_null("") for tag in measurement.tags}


def _usable(measurement: Measurement, columns: Mapping[str, pl.Expr]) -> pl.Expr:
    fields = [column for name, column in columns.items() if name not in measurement.key]
    floats = [columns[name] for name, type_ in measurement.columns.items() if name in columns and type_ == pl.Float64]
    return pl.all_horizontal(
        columns["time"].is_not_null(),
        pl.any_horizontal(field.is_not_null() for field in fields) if fields else pl.lit(value=False),
        *(column.is_finite().fill_null(value=True) for column in floats),
        *(~columns[tag].str.contains(_UNUSABLE_TAG) for tag in measurement.tags),
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

"""Frames as InfluxDB line protocol, built column by column."""

import polars as pl

from store.schema import Measurement


def lines(measurement: Measurement, rows: pl.DataFrame) -> pl.Series:
    """One line a row, in order.

    Args:
        measurement: what the rows are.
        rows: as `store.points.checked` gives them: each has a time, a field and usable tags.
    """
    # Sorted tags spare the server its own sorting.
    tags = [_tag(rows, name) for name in sorted(measurement.tags)]
    fields = [_field(rows, name) for name in rows.columns[len(measurement.key) :]]
    text = pl.concat_str(
        pl.lit(measurement.name),
        *tags,
        pl.lit(" "),
        pl.concat_str(fields, ignore_nulls=True).str.strip_prefix(","),
        pl.lit(" "),
        pl.col("time").cast(pl.String),
        ignore_nulls=True,
    )
    return rows.select(line=text).to_series()


def _tag(rows: pl.DataFrame, name: str) -> pl.Expr:
    value = pl.col(name)
    if rows.select(value.str.contains("[,= ]").any()).item():
        value = value.str.replace_all("([,= ])", r"\${1}")
    present = pl.concat_str(pl.lit(f",{name}="), value)
    # An empty tag is written as none: InfluxDB refuses `tag=`, and reads a missing one as empty.
    return pl.when(pl.col(name) != "").then(present) if rows.select((pl.col(name) == "").any()).item() else present


def _field(rows: pl.DataFrame, name: str) -> pl.Expr:
    value, head = pl.col(name), pl.lit(f",{name}=")
    kind = rows.schema[name]
    if kind == pl.String:
        if rows.select(value.str.contains(r'["\\]').any()).item():
            value = value.str.replace_all(r'(["\\])', r"\${1}")
        return pl.concat_str(pl.lit(f',{name}="'), value, pl.lit('"'))
    if kind == pl.Int64:
        return pl.concat_str(head, value.cast(pl.String), pl.lit("i"))
    return pl.concat_str(head, value.cast(pl.String))

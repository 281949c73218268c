"""Frames as InfluxDB line protocol, built column by column."""

from collections.abc import Iterator

import polars as pl

from store.schema import Measurement

_SEPARATORS = "[,= ]"
_QUOTES = r'["\\]'


def lines(measurement: Measurement, rows: pl.DataFrame) -> pl.Series:
    """One line a row, in order.

    Args:
        measurement: what the rows are.
        rows: as `store.points.checked` gives them: each has a time, a field and usable tags.
    """
    # Sorted tags spare the server its own sorting.
    tags, fields = sorted(measurement.tags), rows.columns[len(measurement.key) :]
    found = rows.select(_rarities(rows, tags, fields))  # all in one pass, since each costs more than its rows
    rare = {column.name for column in found if column.item()}
    text = pl.concat_str(
        pl.lit(measurement.name),
        *(_tag(name, rare) for name in tags),
        pl.lit(" "),
        pl.concat_str((_field(name, rows.schema[name], rare) for name in fields), ignore_nulls=True).str.strip_prefix(
            ","
        ),
        pl.lit(" "),
        pl.col("time").cast(pl.String),
        ignore_nulls=True,
    )
    return rows.select(line=text).to_series()


def _rarities(rows: pl.DataFrame, tags: list[str], fields: list[str]) -> Iterator[pl.Expr]:
    """Whether any value of a column needs what few values do: to be escaped, or to be left out."""
    for name in tags:
        yield pl.col(name).str.contains(_SEPARATORS).any().alias(f"{name} escaped")
        yield (pl.col(name) == "").any().alias(f"{name} empty")
    for name in fields:
        if rows.schema[name] == pl.String:
            yield pl.col(name).str.contains(_QUOTES).any().alias(f"{name} escaped")


def _tag(name: str, rare: set[str]) -> pl.Expr:
    value = pl.col(name)
    if f"{name} escaped" in rare:
        value = value.str.replace_all(f"({_SEPARATORS})", r"\${1}")
    present = pl.concat_str(pl.lit(f",{name}="), value)
    # An empty tag is written as none: InfluxDB refuses `tag=`, and reads a missing one as empty.
    return pl.when(pl.col(name) != "").then(present) if f"{name} empty" in rare else present


def _field(name: str, kind: pl.DataType, rare: set[str]) -> pl.Expr:
    value, head = pl.col(name), pl.lit(f",{name}=")
    if kind == pl.String:
        if f"{name} escaped" in rare:
            value = value.str.replace_all(f"({_QUOTES})", r"\${1}")
        return pl.concat_str(pl.lit(f',{name}="'), value, pl.lit('"'))
    if kind == pl.Int64:
        return pl.concat_str(head, value.cast(pl.String), pl.lit("i"))
    return pl.concat_str(head, value.cast(pl.String))

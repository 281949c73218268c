"""What a measurement is: the tags that name its points, and its fields with type, unit and meaning."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

FieldType = Literal["int", "float", "bool", "text"]

POLARS: Mapping[FieldType, pl.DataType] = {
    "int": pl.Int64(),
    "float": pl.Float64(),
    "bool": pl.Boolean(),
    "text": pl.String(),
}


@dataclass(frozen=True)
class Field:
    """One field of a measurement: its type, unit and meaning."""

    name: str
    type: FieldType
    unit: str
    meaning: str


@dataclass(frozen=True)
class Measurement:
    """A kind of point: its database, the tags that name it and the fields that it carries."""

    name: str
    database: str
    tags: tuple[str, ...]
    fields: tuple[Field, ...]

    @property
    def columns(self) -> dict[str, pl.DataType]:
        """Every column of a frame of this measurement, in order, with its type: time, tags, fields."""
        head: dict[str, pl.DataType] = {"time": pl.Int64(), **{tag: pl.String() for tag in self.tags}}
        return {**head, **{field.name: POLARS[field.type] for field in self.fields}}

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a point."""
        return ("time", *self.tags)

    def frame(self, rows: Iterable[Mapping[str, object]] = ()) -> pl.DataFrame:
        """A frame of this measurement from mappings; what a mapping lacks is null."""
        return pl.DataFrame(list(rows), schema=self.columns)


def ints(unit: str, **meanings: str) -> tuple[Field, ...]:
    """Integers of one unit."""
    return tuple(Field(name, "int", unit, meaning) for name, meaning in meanings.items())


def texts(**meanings: str) -> tuple[Field, ...]:
    """Texts."""
    return tuple(Field(name, "text", "", meaning) for name, meaning in meanings.items())


def nullable(name: str, unit: str, meaning: str) -> tuple[Field, ...]:
    """A number that may be null, and the flag that says so."""
    return (
        Field(name, "float", unit, meaning),
        Field(f"{name}_known", "bool", "", f"false where {name} is null and stored as 0"),
    )

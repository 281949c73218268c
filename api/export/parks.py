"""The parks as one flat table."""

from collections.abc import Mapping, Sequence

import polars as pl

from api.parks import ParkLine
from api.points import COUNTS, FLOWS, RATIOS, SIGNALS, STANDING, SUPPRESSED

SERIES = ("total", "key")

SCHEMA: Mapping[str, pl.DataType] = {
    **dict.fromkeys(("park", "name_zh", "name_en", "district", "administering_body", "target"), pl.String()),
    "day": pl.Date(),
    "firms": pl.Int64(),
    "ranked": pl.Boolean(),
    "basis": pl.String(),
    **{name: pl.String() if name == "status" else pl.Float64() for name in STANDING},
    SUPPRESSED: pl.String(),
    **{
        f"{series}_{name}": type_
        for series in SERIES
        for name, type_ in {
            **dict.fromkeys(COUNTS, pl.Int64()),
            **dict.fromkeys(RATIOS, pl.Float64()),
            **{f"flow_{name}": pl.Int64() for name in FLOWS},
            **dict.fromkeys(SIGNALS, pl.Int64()),
            SUPPRESSED: pl.String(),
        }.items()
    },
}


def park_frame(lines: Sequence[ParkLine]) -> pl.DataFrame:
    """The lines as a frame of SCHEMA."""
    return pl.DataFrame([_flat(line) for line in lines], schema=dict(SCHEMA))


def _flat(line: ParkLine) -> dict[str, object]:
    named = {"name_zh": line["name"]["zh"], "name_en": line["name"]["en"]}
    figures = {f"{series}_{name}": value for series in SERIES for name, value in _figures(line[series]).items()}
    return {name: {**line, **named, **figures}.get(name) for name in SCHEMA}


def _figures(point: Mapping[str, object]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in point.items():
        if isinstance(value, Mapping):
            inner = _figures(value)
            found |= {f"{name}_{each}": told for each, told in inner.items()}
        else:
            found[name] = value
    return found

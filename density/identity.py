"""Which machine a nameplate names: manufacturer, model and serial of the arm, freed of how they were typed."""

import unicodedata
from collections.abc import Callable, Mapping

import polars as pl

_SEPARATORS = str.maketrans("", "", " -/_\t\n\u3000\u00a0")


def normalised(text: str) -> str:
    """A nameplate entry after NFKC, case-folding and removal of spaces, `-`, `/` and `_`."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_SEPARATORS)


def identities(events: pl.DataFrame, manufacturers: Mapping[str, str]) -> pl.Series:
    """The identity of each event's nameplate, null where it carries none.

    Args:
        events: has the columns manufacturer, model, serial.
        manufacturers: the standing name by normalised alias; an unknown name stands for itself.
    """
    maker = _mapped(events["manufacturer"], lambda name: manufacturers.get(normalised(name), normalised(name)))
    model = _mapped(events["model"], normalised)
    parts = pl.DataFrame({"maker": maker, "model": model, "serial": _serials(events["serial"])})
    return parts.select(pl.concat_str("maker", "model", "serial", separator="\x1f")).to_series()


def _mapped(column: pl.Series, change: Callable[[str], str]) -> pl.Series:
    distinct = column.drop_nulls().unique()
    return column.replace_strict(distinct, [change(name) for name in distinct], return_dtype=pl.String)


def _serials(column: pl.Series) -> pl.Series:
    """As `normalised`: plain ASCII in one pass, since nearly every serial is, and the rest one by one."""
    ascii_only = column.str.len_bytes() == column.str.len_chars()
    quick = column.str.to_lowercase().str.replace_all(r"[ \-/_\t\n]", "")
    if ascii_only.fill_null(value=True).all():
        return quick
    slow = column.filter(~ascii_only.fill_null(value=True))
    return pl.select(
        pl.when(ascii_only.fill_null(value=True))
        .then(quick)
        .otherwise(column.replace_strict(slow.unique(), [normalised(each) for each in slow.unique()], default=None))
    ).to_series()

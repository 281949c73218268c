"""Which machine a nameplate names: manufacturer, model and serial of the arm, freed of how they were typed."""

import unicodedata
from collections.abc import Callable, Mapping

import polars as pl

_SEPARATORS = str.maketrans("", "", " -/_\t\n\u3000\u00a0")


def normalised(text: str) -> str:
    """A nameplate entry after NFKC, case-folding and removal of spaces, `-`, `/` and `_`."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_SEPARATORS)


SEPARATOR = "\x1f"  # between maker, model and serial; no nameplate can hold it


class Nameplates:
    """Reads nameplates as identities.

    Args:
        manufacturers: the standing name by normalised alias; an unknown name stands for itself.
        settled: settlements that stand: manufacturer, serial, model, other_model, same.
    """

    def __init__(self, manufacturers: Mapping[str, str], settled: pl.DataFrame | None = None) -> None:
        self._manufacturers = manufacturers
        rows = [] if settled is None else settled.filter("same").iter_rows(named=True)
        self._same = {
            (self.maker(row["manufacturer"]), normalised(row["other_model"]), normalised(row["serial"])): normalised(
                row["model"]
            )
            for row in rows
        }

    def maker(self, name: str) -> str:
        """The standing name of a manufacturer."""
        return self._manufacturers.get(normalised(name), normalised(name))

    def identities(self, events: pl.DataFrame) -> pl.Series:
        """The identity of each event's nameplate, null where it carries none.

        Args:
            events: has the columns manufacturer, model, serial.
        """
        parts = pl.DataFrame(
            {
                "maker": _mapped(events["manufacturer"], self.maker),
                "model": _mapped(events["model"], normalised),
                "serial": _serials(events["serial"]),
            }
        )
        joined = parts.select(pl.concat_str("maker", "model", "serial", separator=SEPARATOR)).to_series()
        return joined.replace(self._replaced()) if self._same else joined

    def _replaced(self) -> dict[str, str]:
        """The identity that each settled one is read as; a chain of settlements is followed to its end."""
        return {
            SEPARATOR.join((maker, model, serial)): SEPARATOR.join((maker, self._final(maker, model, serial), serial))
            for maker, model, serial in self._same
        }

    def _final(self, maker: str, model: str, serial: str) -> str:
        seen = {model}
        while (following := self._same.get((maker, model, serial))) is not None and following not in seen:
            model = following
            seen.add(model)
        return min(seen) if following is not None else model  # a circle has no end: its first name stands


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

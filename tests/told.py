"""One figure of the fold, wherever it keeps it: arrays of areas, or rows of factories and crossings."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from density.figures import Figures


class Told:
    """What the fold says, as the plain loops say it."""

    def __init__(self, figures: Figures) -> None:
        # a ratio is worked out whenever it is asked for
        self._figures, crossings = replace(figures, ratios=dict(figures.ratios)), figures.crossings
        self._factories = {f"factory:{name[0]}": rows for name, rows in figures.factories.group_by("factory")}
        self._every = [*figures.counts, *figures.ratios]
        self._of_factories, self._of_crossings = self._among(figures.factories), self._among(crossings)
        self._rows: dict[tuple[str, str, int], Mapping[str, Any]] = {}
        self._crossings: Mapping[Any, pl.DataFrame] = dict(crossings.group_by("scope", "series"))

    def row(self, scope: str, series: str, day: int) -> Mapping[str, Any]:
        """The last row of a factory or a crossing on or before a day; empty where there is none."""
        if (scope, series, day) not in self._rows:
            kept = self._factories.get(scope) if "/" not in scope else self._crossings.get((scope, series))
            rows = [] if kept is None else kept.filter(pl.col("day") <= day).sort("day").tail(1).to_dicts()
            self._rows[scope, series, day] = rows[0] if rows else {}
        return self._rows[scope, series, day]

    def at(self, scope: str, series: str, day: int, figure: str) -> float | None:
        """One figure; null is none."""
        if scope in self._figures.scopes.names:
            return self._figures.at(scope, series, day, figure)
        value = self.row(scope, series, day).get(figure, 0 if figure in self._figures.counts else None)
        return None if value is None or math.isnan(value) else float(value)

    def names(self, scope: str) -> Sequence[str]:
        """The figures that are kept of such a scope."""
        if scope in self._figures.scopes.names:
            return self._every
        return self._of_crossings if "/" in scope else self._of_factories

    def _among(self, rows: pl.DataFrame) -> Sequence[str]:
        return [name for name in rows.columns if name in self._every]

    def figures(self, scope: str, series: str, day: int) -> Mapping[str, float | None]:
        """Every figure of one scope, series and day."""
        names = [*self._figures.counts, *self._figures.ratios]
        return {name: self.at(scope, series, day, name) for name in names}

    def comparison(self, scope: str, series: str, day: int, base: str) -> Mapping[str, Any]:
        """The comparison of a day with the day a month (mom) or a year (yoy) before."""
        rows = self._figures.comparisons.filter(scope=scope, series=series, day=day, base=base).to_dicts()
        return (
            {}
            if not rows
            else {
                name: None if isinstance(value, float) and math.isnan(value) else value
                for name, value in rows[0].items()
            }
        )

"""What some factories add to the figures of a city."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import polars as pl

from density.arrays import Counts
from density.changes import COLUMN, COLUMNS, changes, steps
from density.cores import on_cores
from density.crossings import crossing_changes
from density.cube import Lines, Scatter, summed
from density.definition import Definition
from density.factories import factory_figures
from density.measures import FLOW_FIGURES, FLOWS
from density.sites import Sites
from density.sources import Sources

CHUNK, CHUNKS = 1_000, 12  # factories at a time bound the memory of a tally; of a country it is a twelfth of them


@dataclass(frozen=True)
class Tally:
    """Changes of cells, and the same factories' own figures.

    Attributes:
        lines: what the cells stand for.
        cell: array [row].
        day: array [row], from the first day on.
        amount: array [COLUMNS, row].
        flow_cell: array [flow row].
        flow_day: array [flow row].
        flow_amount: array [FLOWS, flow row].
        factories: as `factory_figures` gives them.
        days: of the figures.
    """

    lines: Lines
    cell: Counts
    day: Counts
    amount: Counts
    flow_cell: Counts
    flow_day: Counts
    flow_amount: Counts
    factories: pl.DataFrame
    days: int

    @cached_property
    def spread(self) -> tuple[Scatter, Scatter]:
        """Where the changes and the flows go to."""
        return self.lines.scatter(self.cell, self.day, self.days), self.lines.scatter(
            self.flow_cell, self.flow_day, self.days
        )

    @property
    def names(self) -> list[str]:
        """The figures that these factories have: names of COLUMNS and of FLOW_FIGURES."""
        told = [*zip(COLUMNS, self.amount, strict=True), *zip(FLOW_FIGURES, self.flow_amount, strict=True)]
        return [name for name, amount in told if amount.any()]

    def figure(self, name: str) -> tuple[Counts, Counts]:
        """The scopes that a figure is touched in and what these factories add there to each day.

        Returns:
            Array [touched scope]; array [touched scope, series, day] of what stands at the end of the day, or of a
            flow of what came or went on it.
        """
        changes, flows = self.spread
        if name in COLUMN:
            return changes.scopes, np.cumsum(changes.changes(self.amount[COLUMN[name]]), axis=2, dtype=np.int32)
        return flows.scopes, flows.changes(self.flow_amount[FLOW_FIGURES.index(name)])

    def crossed(self, series: int) -> tuple[Counts, Counts, Counts]:
        """The changes of crossings, as `crossing_changes` gives them."""
        return crossing_changes(self.lines, self.cell, self.day, self.amount, series)


def tally(
    sources: Sources, factories: pl.DataFrame | None, definition: Definition, first_day: int, last_day: int
) -> Tally:
    """Tell what some factories add, chunk by chunk.

    Args:
        sources: what is told from.
        factories: one column, `factory`; unknown ones add nothing, and none means all.
        definition: what counts.
        first_day: the first day.
        last_day: the last day.
    """
    own = sources.sites if factories is None else sources.sites.of(factories)
    spans = steps(sources.spans(factories, definition), first_day, last_day)

    def told(chunk: Sites) -> tuple[tuple[Counts, Counts, Counts], pl.DataFrame]:
        changed = changes(spans.of(chunk), chunk, sources.reporting, first_day, last_day)
        figures = factory_figures(changed, sources.sites, first_day=first_day, last_day=last_day)
        return sources.lines.cells(changed.site, changed.day, changed.amount), figures

    parts, rows = zip(*on_cores(told, _chunks(own)), strict=True)
    cell, day, amount = summed(*(np.concatenate(each, axis=-1) for each in zip(*parts, strict=True)))
    flows = _flow_cells(sources, factories, first_day, last_day)
    return Tally(sources.lines, cell, day, amount, *flows, pl.concat(rows), last_day - first_day + 1)


def _chunks(own: Sites) -> list[Sites]:
    """Whole factories, a portion at a time."""
    first = np.flatnonzero(np.diff(own.rows["factory"].rle_id().to_numpy().astype(np.int64), prepend=-1))
    size = max(CHUNK, -(-first.size // CHUNKS))
    bounds = [*first[::size].tolist(), own.rows.height] if first.size else [0, 0]
    return [Sites(own.rows[start:end]) for start, end in pairwise(bounds)]


def _flow_cells(
    sources: Sources, factories: pl.DataFrame | None, first_day: int, last_day: int
) -> tuple[Counts, Counts, Counts]:
    frame = sources.flows(factories, first_day, last_day)
    kind = frame["flow"].replace_strict({name: place for place, name in enumerate(FLOWS)}, return_dtype=pl.Int64)
    amount = np.zeros((len(FLOWS), frame.height), dtype=np.int32)
    amount[kind.to_numpy(), np.arange(frame.height)] = frame["amount"].to_numpy()
    return sources.lines.cells(frame["site"].to_numpy(), frame["day"].to_numpy() - first_day, amount)

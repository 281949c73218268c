"""What some factories add to the figures of a city."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from density.arrays import Counts
from density.changes import COLUMNS
from density.crossings import crossing_changes
from density.cube import Lines, Scatter, summed
from density.definition import Definition
from density.factories import factory_figures
from density.measures import FLOWS
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

    def spread(self) -> tuple[Scatter, Scatter]:
        """Where the changes and the flows go to."""
        return self.lines.scatter(self.cell, self.day, self.days), self.lines.scatter(
            self.flow_cell, self.flow_day, self.days
        )

    def figures(self) -> Iterator[tuple[str, Counts, Counts]]:
        """Each figure with the scopes that it is touched in and what these factories add there to each day.

        Yields:
            A name of COLUMNS, or of FLOWS with `flow_` before it; array [touched scope]; array [touched scope,
            series, day] of what stands at the end of the day, or of what came or went on it.
        """
        changes, flows = self.spread()
        for name, amount in zip(COLUMNS, self.amount, strict=True):
            yield name, changes.scopes, np.cumsum(changes.changes(amount), axis=2, dtype=np.int32)
        for name, amount in zip(FLOWS, self.flow_amount, strict=True):
            yield f"flow_{name}", flows.scopes, flows.changes(amount)

    def crossed(self, series: int) -> tuple[Counts, Counts, Counts]:
        """The changes of crossings, as `crossing_changes` gives them."""
        return crossing_changes(self.lines, self.cell, self.day, self.amount, series)


def tally(sources: Sources, factories: pl.DataFrame, definition: Definition, first_day: int, last_day: int) -> Tally:
    """Tell what some factories add, chunk by chunk.

    Args:
        sources: what is told from.
        factories: one column, `factory`; unknown ones add nothing.
        definition: what counts.
        first_day: the first day.
        last_day: the last day.
    """
    known = sources.sites.of(factories).rows.select("factory").unique(maintain_order=True)
    parts, flow_parts, rows = [], [], []
    size = max(CHUNK, -(-known.height // CHUNKS))
    for start in range(0, max(known.height, 1), size):
        chunk = known[start : start + size]
        changed = sources.changes(chunk, definition, first_day, last_day)
        parts.append(sources.lines.cells(changed.site, changed.day, changed.amount))
        flow_parts.append(_flow_cells(sources, chunk, first_day, last_day))
        rows.append(factory_figures(changed, sources.sites, first_day=first_day, last_day=last_day))
    cell, day, amount = summed(*(np.concatenate(each, axis=-1) for each in zip(*parts, strict=True)))
    flow_cell, flow_day, flow_amount = summed(
        *(np.concatenate(each, axis=-1) for each in zip(*flow_parts, strict=True))
    )
    return Tally(
        sources.lines, cell, day, amount, flow_cell, flow_day, flow_amount, pl.concat(rows), last_day - first_day + 1
    )


def _flow_cells(sources: Sources, chunk: pl.DataFrame, first_day: int, last_day: int) -> tuple[Counts, Counts, Counts]:
    frame = sources.flows(chunk, first_day, last_day)
    kind = frame["flow"].replace_strict({name: place for place, name in enumerate(FLOWS)}, return_dtype=pl.Int64)
    amount = np.zeros((len(FLOWS), frame.height), dtype=np.int32)
    amount[kind.to_numpy(), np.arange(frame.height)] = frame["amount"].to_numpy()
    return sources.lines.cells(frame["site"].to_numpy(), frame["day"].to_numpy() - first_day, amount)

"""A city's reports, folded once, and told anew for as little as possible when more of them come.

Every figure is a sum over factories, or made of such sums. So a late report costs what its factories add: what they
added before is taken away, what they add now is put in its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from density.area_ratios import AreaRatios
from density.arrays import Counts, Flags, Ratios
from density.changes import COLUMNS, SUMMED
from density.comparisons import comparisons
from density.cores import on_cores
from density.crossings import Crossed
from density.days import to_day
from density.definition import Definition
from density.figures import Figures
from density.grades import grade_counts
from density.matched import Matched, matched
from density.measures import FLOW_FIGURES
from density.norms import expected_density, framed_persons
from density.register import Reference
from density.reports import Reports
from density.sources import REREADS, Reader, Sources
from density.tally import Tally, tally

MANY = 0.2  # of the factories: so many are told anew as quickly as all
SHOWN = (*SUMMED, "in_transit", *FLOW_FIGURES)


@dataclass(frozen=True)
class Told:
    """What further reports changed.

    Attributes:
        whole: everything was told anew; the rest says nothing.
        before: the scopes, factories and crossings with figures that may have changed, as they were told last; what
            moved in other scopes `City.moved` tells.
        after: the same, as they are.
    """

    whole: bool
    before: Figures | None = None
    after: Figures | None = None


class City:
    """The figures of a city to one last day, and what they are told from."""

    def __init__(self, reports: Reports, reference: Reference, definition: Definition, today: date) -> None:
        self._reference, self._definition = reference, definition
        self._first, self._last = to_day(definition.first_day), to_day(today)
        self._reader = Reader(reference, definition)
        self._begin(self._reader.read(reports))

    @property
    def reports(self) -> Reports:
        """Every report that the figures stand on."""
        return self.sources.reports

    def take(self, arrived: Mapping[str, pl.DataFrame]) -> Told:
        """Take in further reports by kind."""
        known = {kind: frame for kind, frame in arrived.items() if kind in vars(self.reports) and frame.height}
        if REREADS & known.keys():
            self._begin(self._reader.read(self.reports.without_identity().extended(known)))
            return Told(whole=True)
        sources, factories = self._reader.more(self.sources, known)
        same = (sources.scopes, sources.lines.crossings) == (self.sources.scopes, self.sources.lines.crossings)
        if not same or factories.height > MANY * sources.sites.rows["factory"].n_unique():
            self._begin(sources)
            return Told(whole=True)
        return self._adjust(sources, factories)

    def _begin(self, sources: Sources) -> None:
        self.sources = sources
        told = self._tally(sources, None)
        shape = (len(sources.scopes.names), len(self._definition.series), told.days)
        names = ("in_transit", *COLUMNS, *FLOW_FIGURES)
        self._sums: dict[str, Counts] = {name: np.zeros(shape, dtype=np.int32) for name in names}
        self._crossed = Crossed(
            sources.lines.crossings, self._definition.series, self._first, self._last, *told.crossed(shape[1])
        )
        self._factories = told.factories
        self._matched = self._counting_twice(sources, told.factories)
        self._add(told, 1)
        del told  # the largest thing in memory that is not kept
        self._finish()
        self._expected, self._framed = self._ratios.expected.copy(), self._ratios.framed.copy()

    def _tally(self, sources: Sources, factories: pl.DataFrame | None) -> Tally:
        return tally(sources, factories, self._definition, self._first, self._last)

    def _counting_twice(self, sources: Sources, factories: pl.DataFrame) -> list[Matched]:
        """What factories add to the comparisons with earlier days."""
        days = (self._first, self._last)
        return matched(factories, sources.sites, sources.lines, len(sources.scopes.names), days)

    def _add(self, told: Tally, sign: int) -> None:
        """Put what factories add into the sums, or take it away."""

        def put(name: str) -> None:
            scopes, amount = told.figure(name)
            self._sums[name][scopes] += sign * amount

        _ = told.spread  # once, before two look for it
        on_cores(put, told.names)

    def _finish(self) -> None:
        """Tell what is no sum over factories: norms, transits, grades, comparisons."""
        sources, sums = self.sources, self._sums
        sums["in_transit"] = self._transits()
        first, last = self._first, self._last
        self._ratios = AreaRatios(
            {name: sums[name] for name in COLUMNS},
            first,
            expected_density(sums, self._crossed, sources.scopes, self._reference.zones),
            framed_persons(sources.reports.standing("statistic"), sources.scopes, first, last - first + 1),
        )
        self.figures = Figures(
            scopes=sources.scopes,
            series=self._definition.series,
            first_day=first,
            last_day=last,
            counts={name: sums[name] for name in SHOWN},
            ratios=self._ratios,
            factories=self._factories,
            crossed=self._crossed,
            grades=grade_counts(sources.reports, sources.sites, first_day=first, last_day=last),
            comparisons=comparisons(self._matched, sources.scopes, self._definition.series, sums, first),
            installed=sources.placed.credits.filter("sure").select("factory", "from_day"),
        )

    def _transits(self) -> Counts:
        """在途: between two factories, in the city's total alone."""
        spans = self.sources.robots.travelling
        begin, end = ((spans[name].to_numpy() - self._first).clip(0) for name in ("from_day", "to_day"))
        days = self._last - self._first + 1
        steps = np.bincount(begin[begin < days], minlength=days) - np.bincount(end[end < days], minlength=days)
        travelling = np.zeros_like(self._sums["in_transit"])
        travelling[0, 0] = np.cumsum(steps)
        return travelling

    def moved(self, most: int) -> Told | None:
        """Scopes whose norms moved with the city's densities since they were told; none when all are told.

        A robot more in one park moves, by a hair, what is expected of every other with such an industry.

        Args:
            most: so many scopes at a time.
        """
        now = self._ratios
        differ = _differ(now.expected, self._expected).any(axis=(1, 2)) | _differ(now.framed, self._framed).any(axis=1)
        places = np.flatnonzero(differ)[:most]
        if not places.size:
            return None
        nothing = np.array([], dtype=np.int64)
        rows = self._factories.clear()
        after = replace(self.figures.only(places), factories=rows, crossed=self._crossed.only(nothing))
        before = replace(after, ratios=now.only(places).with_norms(self._expected[places], self._framed[places]))
        self._norms_told(places)
        return Told(whole=False, before=before, after=after)

    def _norms_told(self, places: Counts) -> None:
        for kept, now in ((self._expected, self._ratios.expected), (self._framed, self._ratios.framed)):
            kept[places] = now[places]

    def _adjust(self, sources: Sources, factories: pl.DataFrame) -> Told:
        was, now = on_cores(lambda each: self._tally(each, factories), (self.sources, sources))
        touched = np.unique(np.concatenate([part.scopes for each in (was, now) for part in each.spread]))
        sums = self._ratios.only(touched).with_norms(self._expected[touched], self._framed[touched])
        saved = replace(self.figures.only(touched), ratios=sums, factories=was.factories)
        gone, come = (self._counting_twice(*each) for each in ((self.sources, was.factories), (sources, now.factories)))
        self._matched = [each.with_(*told) for each, *told in zip(self._matched, gone, come, strict=True)]
        self.sources = sources
        self._add(was, -1)
        self._add(now, 1)
        lines, crossed = self._cross(was, now)
        self._factories = replaced(self._factories, factories, now.factories)
        self._finish()
        self._norms_told(touched)
        after = replace(self.figures.only(touched), factories=now.factories, crossed=self._crossed.only(lines))
        return Told(whole=False, before=replace(saved, crossed=crossed), after=after)

    def _cross(self, was: Tally, now: Tally) -> tuple[Counts, Crossed]:
        """Tell the crossings anew; answers which lines that were, and those lines as they stood."""
        gone, come = (each.crossed(len(self._definition.series)) for each in (was, now))
        lines = np.unique(np.concatenate([gone[0], come[0]]))
        before = self._crossed.only(lines)
        more = (np.concatenate([old, new], axis=-1) for old, new in zip((*gone[:2], -gone[2]), come, strict=True))
        self._crossed = self._crossed.with_(*more)
        return lines, before


def replaced(frame: pl.DataFrame, factories: pl.DataFrame, by: pl.DataFrame) -> pl.DataFrame:
    """Rows of factories with those of some told anew, both sorted by factory and day, as the answer is."""
    names = factories["factory"].sort()
    gone, come = (
        [each["factory"].search_sorted(names, side=side).to_list() for side in ("left", "right")]
        for each in (frame, by)
    )
    kept = zip([0, *gone[1]], [*gone[0], frame.height], strict=True)
    pieces = [frame[start:end] for start, end in kept]
    told = [by[start:end] for start, end in zip(*come, strict=True)]
    between = [piece for pair in zip(pieces, told, strict=False) for piece in pair]
    return pl.concat([*between, pieces[-1]], rechunk=True)


def _differ(new: Ratios, old: Ratios) -> Flags:
    differ: Flags = (new != old) & ~(np.isnan(new) & np.isnan(old))
    return differ

"""Every report in the API's memory, for what is asked of them on demand: robots, explanations, figures as of a day."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, fields

import polars as pl

from api.errors import ApiError
from density.days import start_ns, to_date
from density.definition import Definition
from density.figures import Figures
from density.fold import fold
from density.identity import Nameplates
from density.register import Reference
from density.reports import Reports
from store.base import Store
from store.folded import FOLDED, no_reports
from store.ledger import LedgerReader

REFRESH_NS = 1_000_000_000
KEPT = 1  # computed cities; one takes hundreds of MB
PATIENCE_S = 60.0


@dataclass(frozen=True)
class AsOf:
    """The figures that were known at the end of a day.

    Attributes:
        figures: to that day.
        data_until_ns: arrival of the newest report in them.
    """

    figures: Figures
    data_until_ns: int


class Evidence:
    """Every report that the writers' marks cover; nothing is read before it is first asked for.

    Every call is safe from any thread, and raises StoreUnavailable when the store does not answer.
    """

    def __init__(self, store: Store, reference: Reference, *, clock_ns: Callable[[], int]) -> None:
        self._reference, self._clock_ns = reference, clock_ns
        self._reader = LedgerReader(store, FOLDED)
        self._reports = no_reports()
        self._read_ns: int | None = None
        self._named: tuple[Reports, pl.DataFrame] | None = None
        self._computed: OrderedDict[tuple[object, ...], AsOf] = OrderedDict()
        self._reading, self._computing = threading.Lock(), threading.Lock()

    def reports(self, as_of_ns: int | None = None) -> Reports:
        """The reports stamped up to an instant [ns since 1970 UTC]; all of them, at most a second old, without one."""
        with self._reading:
            now = self._clock_ns()
            if self._read_ns is None or now - self._read_ns >= REFRESH_NS:
                self._take()
                self._read_ns = now
            reports = self._reports
        if as_of_ns is None:
            return reports
        frames = ((each.name, getattr(reports, each.name)) for each in fields(reports))
        return Reports(**{name: frame.filter(pl.col("time") <= as_of_ns) for name, frame in frames})

    def events(self) -> tuple[Reports, pl.DataFrame]:
        """All reports, and their lifecycle events with the `identity` that each nameplate names."""
        reports, named = self.reports(), self._named
        if named is None or named[0] is not reports:
            plates = Nameplates(self._reference.manufacturers, reports.standing("settlement"))
            events = reports.lifecycle
            self._named = named = (reports, events.with_columns(identity=plates.identities(events)))
        return named

    def figures(self, day: int, definition: Definition) -> AsOf:
        """The figures that the reports stamped up to the end of a Shanghai day give, to that day.

        Computed on demand, one at a time; the newest KEPT are kept.

        Raises:
            ApiError: 422 when no report had arrived by then; 503 when others have been waiting for too long.
        """
        reports = self.reports(start_ns(day + 1) - 1)
        frames = [getattr(reports, each.name) for each in fields(reports)]
        stamps = [int(frame["time"].max()) for frame in frames if frame.height]
        if not stamps or to_date(day) < definition.first_day:
            raise _too_early(day)
        key = (day, definition_key(definition), tuple(frame.height for frame in frames))
        if not self._computing.acquire(timeout=PATIENCE_S):
            sentence = "Other figures are being computed; ask again in a minute."
            raise ApiError(503, "busy", sentence, headers={"Retry-After": "60"})
        try:
            if key not in self._computed:
                while len(self._computed) >= KEPT:
                    self._computed.popitem(last=False)
                told = fold(reports, self._reference, definition, to_date(day))
                self._computed[key] = AsOf(told, max(stamps))
            self._computed.move_to_end(key)
            return self._computed[key]
        finally:
            self._computing.release()

    def _take(self) -> None:
        arrived = self._reader.poll()
        if arrived:
            self._reports = self._reports.extended({kind.name: frame for kind, frame in arrived.items()})


def definition_key(definition: Definition) -> tuple[object, ...]:
    """What tells one choice of parameters from another; the reference data of a process never change."""
    return (
        definition.series, definition.key_set.id, definition.first_day, definition.baseline_day, definition.categories,
        definition.prefer, definition.service_life_years, definition.installed_counts,
    )  # fmt: skip


def _too_early(day: int) -> ApiError:
    sentence = f"No figure can be given as of {to_date(day)}: the platform had no report then, or counts from later on."
    return ApiError(422, "before_first_report", sentence, path="as_of")

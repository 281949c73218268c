"""Reports in, figures out, again and again; killed and started anywhere at any time.

marks ─► reports in memory ─► fold ─► what changed ─► figures, plan, factories ─► cursor
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
import structlog

from density.activity import Population
from density.city import City, Told
from density.days import day_of_ns, to_date, to_day
from density.definition import VERSION, Definition
from density.forecast import forecasts
from density.plan import Plan
from density.plan_book import PlanBook, plan_book
from density.progress import measure
from density.register import Reference
from density.standing import Progress
from rollup.activity import ActivityStep, Summing
from rollup.beside import Beside
from rollup.causes import Causes
from rollup.deliveries import DeliveryStep
from rollup.disclosing import Disclosing
from rollup.memory import Memory
from rollup.publication import Publication
from rollup.repeats import Repeats
from rollup.writing import Written
from store.base import Store
from store.errors import StoreUnavailable
from store.folded import no_reports
from store.schema import CURSOR, MARK, PLAN_VERSION, REPORTS, ROLLUP, STATE

CONSUMER = "rollup"
RESTED = 3  # while reports flood in, a fold is worth a quarter of the time
MOVED = 20  # scopes whose norms are written at a time, while nothing else is to be done


@dataclass(frozen=True)
class RollupOptions:
    """How the rollup runs.

    Attributes:
        poll_s: how long to wait for the next look at the marks.
        flood: so many reports between two looks are a flood: the fold waits for its end.
        patience_s: but no longer than this, or than RESTED times what the last fold and its writing took.
        quiet_s: so long nothing has come before a month's disclosure is decided: a report had to wait for it.
        fixed_day: fold to this day, whatever the clock says.
        publish_day: a month is published on this day of the next one.
    """

    poll_s: float = 0.2
    flood: int = 1_000
    patience_s: float = 10.0
    quiet_s: float = 2.0
    fixed_day: date | None = None
    publish_day: int = 10


@dataclass
class RollupState:
    """What an operator asks of the rollup.

    Attributes:
        folds: how often the figures were computed.
        fold_s: how long the last time took.
        write_s: how long its points took to write.
        points: how many points that were.
        reports: how many reports are in memory.
        undated: first days that may lie before or after the baseline.
        store_available: false while the store does not answer.
        folded_ns: when the last figures were written.
    """

    folds: int = 0
    fold_s: float = 0.0
    write_s: float = 0.0
    points: int = 0
    reports: int = 0
    undated: int = 0
    store_available: bool = True
    folded_ns: int = 0


class Rollup:
    """The one that computes figures."""

    def __init__(
        self,
        store: Store,
        reference: Reference,
        definition: Definition,
        plan: Plan,
        *,
        clock_ns: Callable[[], int],
        options: RollupOptions,
    ) -> None:
        self.state = RollupState()
        self._store, self._reference, self._definition, self._plan = store, reference, definition, plan
        self._clock_ns, self._options = clock_ns, options
        self._log = structlog.get_logger("rollup")
        self._history_is_in = threading.Event()
        self._restart()

    def _restart(self) -> None:
        """Forget everything: the store has it."""
        self._memory = Memory(self._store)
        self._written = Written(self._store, sorted(self._reference.districts), self._clock_ns)
        self._beside = Beside(self._store, self._reference)
        self._activity = ActivityStep(self._store)
        self._deliveries = DeliveryStep(self._store, self._clock_ns)
        self._repeats = Repeats(self._store)
        self._disclosing = Disclosing(self._store)
        self._publication: Publication | None = None
        self._city: City | None = None
        self._book = PlanBook(((-(10**6), self._plan),))
        self._arrived: dict[str, list[pl.DataFrame]] = {}
        self._versions: list[pl.DataFrame] = []
        self._before: Mapping[str, int] | None = None
        self._causes: Causes | None = None
        self._day, self._pending = -1, 0
        self._heard_s = 0.0
        self._since_s: float | None = None

    def publish_history(self) -> None:
        """Take the months before this one as published from the next step on: their history is in."""
        self._history_is_in.set()

    def run(self, stop: threading.Event) -> None:
        """Follow the marks until told to stop; waits for a store that is away and says so once."""
        wait_s = 0.0
        while not stop.wait(wait_s):
            try:
                self.step()
                self._available(answers=True)
                wait_s = self._options.poll_s
            except StoreUnavailable as error:
                self._available(answers=False, reason=str(error))
                self._restart()
                wait_s = max(1.0, self._options.poll_s)

    def caught_up(self) -> bool:
        """Whether the figures hold every report that a mark covers.

        Raises:
            StoreUnavailable: the store does not answer.
        """
        marks = dict(self._store.read(REPORTS, MARK).select("writer", "through").rows())
        taken = cursors(self._store)
        return all(taken.get(writer, 0) >= through for writer, through in marks.items())

    def _available(self, *, answers: bool, reason: str = "") -> None:
        if answers and not self.state.store_available:
            self._log.info("the store answers again")
        if not answers and self.state.store_available:
            self._log.warning("the store does not answer; the rollup waits and starts again", reason=reason)
        self.state.store_available = answers

    def step(self) -> bool:
        """Fold and write once if a report came or a day began; answers whether it did.

        Raises:
            StoreUnavailable: nothing is known of what was written; a new Rollup starts from the store.
        """
        arrived, day = self._take(), self._today()
        if self._waits(arrived, day):
            if self._tell_moved() | self._count_activity() | self._disclose():
                self._write_moment()
            self._pass_over()
            return False
        began = time.perf_counter()
        city, told = self._fold(day)
        standing = measure(self._book, city.figures, city.reports.standing("statistic"))
        forecast = forecasts(standing, city.figures)
        self.state.fold_s = time.perf_counter() - began
        self._write(city, told, standing, forecast, day)
        if self._count_activity():
            self._write_moment()
        return True

    def settle(self) -> None:
        """Write whatever is still due: norms that moved with the city's densities.

        Raises:
            StoreUnavailable: the store does not answer.
        """
        while self._tell_moved():
            self._write_moment()

    def _tell_moved(self) -> bool:
        """Write a portion of the norms that moved; answers whether there was any."""
        told = self._city.moved(MOVED) if self._city is not None and self._causes is not None else None
        if told is None or self._causes is None:
            return False
        self.state.points = self._written.part(told, causes=self._causes, published=self._published(self._day))
        return True

    def _disclose(self) -> bool:
        """Decide for one more month what the public may know; answers whether anything was due."""
        if self._city is None or time.monotonic() - self._heard_s < self._options.quiet_s:
            return False
        return self._disclosing.update(self._city, day=self._day, published=self._published(self._day))

    def _take(self) -> int:
        """Hold what has come since; answers how many reports that were."""
        arrived = dict(self._memory.follow())
        count = sum(frame.height for frame in arrived.values())
        versions = arrived.pop(PLAN_VERSION.name, None)
        if versions is not None:
            self._versions.append(versions)
            self._book = plan_book(self._plan, pl.concat(self._versions), self._reference)
            for fault in self._book.faults:
                self._log.warning(fault)
        self._repeats.take(arrived)
        for kind, frame in arrived.items():
            self._arrived.setdefault(kind, []).append(frame)
        self.state.reports = self._memory.count
        self._pending += count
        if count:
            self._heard_s = time.monotonic()
        return count

    def _waits(self, arrived: int, day: int) -> bool:
        """Whether there is nothing to fold, or so much is arriving that the fold had better wait."""
        if self._memory.count == 0 or (not self._pending and day == self._day):
            return True
        now_s = time.monotonic()
        self._since_s = now_s if self._since_s is None else self._since_s
        patience_s = max(self._options.patience_s, RESTED * (self.state.fold_s + self.state.write_s))
        return arrived >= self._options.flood and now_s - self._since_s < patience_s

    def _today(self) -> int:
        if self._options.fixed_day is not None:
            return to_day(self._options.fixed_day)
        return day_of_ns(self._clock_ns())

    def _fold(self, day: int) -> tuple[City, Told]:
        """The figures with what has come; a new day, like a start, tells all of them anew."""
        arrived = {kind: pl.concat(frames) for kind, frames in self._arrived.items()}
        if self._city is not None and day == self._day:
            return self._city, self._city.take(arrived)
        known = self._city.reports.without_identity() if self._city is not None else no_reports()
        self._city = None  # two cities at once would need twice the memory
        self._city = City(known.extended(arrived), self._reference, self._definition, to_date(day))
        return self._city, Told(whole=True)

    def _write(self, city: City, told: Told, standing: Sequence[Progress], forecast: pl.DataFrame, day: int) -> None:
        began = time.perf_counter()
        causes = self._causes = self._causes_of(city)
        self.state.points = self._written.update(
            city.figures, told, standing, forecast, causes=causes, published=self._published(day)
        )
        self._beside.update(city, self._book.on(day), day)
        self._repeats.write()
        self._write_cursor(day)
        self._day, self._since_s, self._pending = day, None, 0
        self._arrived = {}
        self.state.write_s = time.perf_counter() - began
        self.state.folds += 1
        self.state.undated = int(city.figures.counts["undated"][0, 0, -1])
        self.state.folded_ns = self._clock_ns()

    def _causes_of(self, city: City) -> Causes:
        """With no report since, what is still due comes of those before: after a start, of the newest."""
        since = self._since_written()
        if any(frame.height for frames in since.values() for frame in frames):
            return Causes(since, city.sources)
        newest = pl.col("time") == self._memory.newest_ns
        last = {kind: [frame.filter(newest) for frame in frames] for kind, frames in self._arrived.items()}
        return self._causes or Causes(last, city.sources)

    def _since_written(self) -> Mapping[str, list[pl.DataFrame]]:
        """What has come since figures were written last; after a start, by this or an earlier process."""
        if self._before is None:
            self._before = cursors(self._store)
        through = pl.col("writer").replace_strict(self._before, default=0, return_dtype=pl.Int64)
        return {
            kind: [frame.filter(pl.col("time") > through) for frame in frames] for kind, frames in self._arrived.items()
        }

    def _published(self, day: int) -> int:
        """The last day of the last published month."""
        if self._publication is None:
            self._publication = Publication(self._store, self._options.publish_day)
        now_us = self._clock_ns() // 1_000
        if self._history_is_in.is_set():
            self._publication.publish(day, now_us)
            self._history_is_in.clear()
        self._publication.follow(day, day_of_ns(self._memory.oldest_ns), now_us)
        return self._publication.through

    def _count_activity(self) -> bool:
        """Which robots work and who is silent: both come without reports, and pace themselves; whether either wrote."""
        if self._city is None:
            return False
        sources = self._city.sources
        population = Population(sources.robots.assets, sources.robots.entered, sources.sites)
        summing = Summing(sources.scopes, self._definition.series, sources.lines.sums)
        now_s = time.monotonic()
        points = self._activity.update(population, summing, day=self._day, now_s=now_s)
        return points + self._deliveries.update(sources.sites, summing, day=self._day, now_s=now_s) > 0

    def _write_moment(self) -> None:
        """Say that figures changed after their fold, so that whoever keeps answers asks anew."""
        row = {"time": 0, "written_us": self._clock_ns() // 1_000}
        self._store.write(STATE, {ROLLUP: ROLLUP.frame([row])})

    def _pass_over(self) -> None:
        """Say that marks are passed which brought no report: what was refused bears stamps too."""
        if not self._pending and self._memory.cursors != (self._before or {}):
            self._store.write(STATE, {CURSOR: self._cursor_rows()})

    def _cursor_rows(self) -> pl.DataFrame:
        self._before = self._memory.cursors
        return CURSOR.frame(
            {"time": 0, "consumer": CONSUMER, "writer": writer, "through": through}
            for writer, through in self._before.items()
        )

    def _write_cursor(self, day: int) -> None:
        """Say, last of all, how far the figures go: whoever reads this finds them."""
        rows, now_us = self._cursor_rows(), self._clock_ns() // 1_000
        state = {
            "time": 0,
            "data_until_us": self._memory.newest_ns // 1_000,
            "folded_us": now_us,
            "written_us": now_us,
            "day": day,
            "definition_version": VERSION,
        }
        reached = ROLLUP.frame([state])
        self._beside.reached(reached)
        self._store.write(STATE, {CURSOR: rows, ROLLUP: reached})


def cursors(store: Store) -> dict[str, int]:
    """Through which stamp each writer's reports are in the figures that the store holds.

    Raises:
        StoreUnavailable: the store does not answer.
    """
    rows = store.read(STATE, CURSOR, where={"consumer": CONSUMER}).select("writer", "through").rows()
    return dict(rows)

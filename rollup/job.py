"""Reports in, figures out, again and again; killed and started anywhere at any time.

marks ─► reports in memory ─► fold ─► what changed ─► figures, plan, factories ─► cursor
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import structlog

from density.days import day_of_ns, to_date, to_day
from density.definition import VERSION, Definition
from density.figures import Figures
from density.fold import fold
from density.plan import Plan
from density.progress import Progress, measure
from density.register import Reference
from rollup.memory import Memory
from rollup.writing import Written
from store.base import Store
from store.errors import StoreUnavailable
from store.schema import CURSOR, MARK, REPORTS, ROLLUP, STATE

CONSUMER = "rollup"


@dataclass(frozen=True)
class RollupOptions:
    """How the rollup runs.

    Attributes:
        poll_s: how long to wait for the next look at the marks.
        flood: so many reports between two looks are a flood: the fold waits for its end.
        patience_s: but no longer than this.
        fixed_day: fold to this day, whatever the clock says.
    """

    poll_s: float = 0.5
    flood: int = 1_000
    patience_s: float = 10.0
    fixed_day: date | None = None


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
        self._restart()

    def _restart(self) -> None:
        """Forget everything: the store has it."""
        self._memory = Memory(self._store)
        self._written = Written(self._store, sorted(self._reference.districts))
        self._day, self._folded = -1, 0
        self._since_s: float | None = None

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
        cursors = self._store.read(STATE, CURSOR, where={"consumer": CONSUMER}).select("writer", "through")
        taken = dict(cursors.rows())
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
        arrived = self._memory.follow()
        self.state.reports = self._memory.count
        day = self._today()
        if self._waits(arrived, day):
            return False
        began = time.perf_counter()
        figures = fold(self._memory.reports, self._reference, self._definition, to_date(day))
        standing = measure(self._plan, figures)
        self.state.fold_s = time.perf_counter() - began
        self._write(figures, standing, day)
        return True

    def _waits(self, arrived: int, day: int) -> bool:
        """Whether there is nothing to fold, or so much is arriving that the fold had better wait."""
        if self._memory.count == 0 or (self._memory.count == self._folded and day == self._day):
            return True
        now_s = time.monotonic()
        self._since_s = now_s if self._since_s is None else self._since_s
        return arrived >= self._options.flood and now_s - self._since_s < self._options.patience_s

    def _today(self) -> int:
        if self._options.fixed_day is not None:
            return to_day(self._options.fixed_day)
        return day_of_ns(self._clock_ns())

    def _write(self, figures: Figures, standing: list[Progress], day: int) -> None:
        began = time.perf_counter()
        self.state.points = self._written.update(figures, standing)
        self._write_cursor(day)
        self._day, self._folded, self._since_s = day, self._memory.count, None
        self.state.write_s = time.perf_counter() - began
        self.state.folds += 1
        self.state.undated = figures.undated
        self.state.folded_ns = self._clock_ns()

    def _write_cursor(self, day: int) -> None:
        """Say, last of all, how far the figures go: whoever reads this finds them."""
        cursors = [
            {"time": 0, "consumer": CONSUMER, "writer": writer, "through": through}
            for writer, through in self._memory.cursors.items()
        ]
        state = {
            "time": 0,
            "data_until_us": self._memory.newest_ns // 1_000,
            "folded_us": self._clock_ns() // 1_000,
            "day": day,
            "definition_version": VERSION,
        }
        self._store.write(STATE, {CURSOR: CURSOR.frame(cursors), ROLLUP: ROLLUP.frame([state])})

"""From the workers' logs of deliveries to what is missing and who is silent, kept up beside the figures.

delivery (every worker) ─► numbers, arrivals and lags of each factory ─► numbering, contact, silence ─► listening
                                                     │               └► attention
                                                     └► days whose area accounts are due

What is known of a factory is kept in the store with the stamps that it was taken up to, so that no row counts twice.
"""

from collections.abc import Callable
from typing import Final

import polars as pl
import structlog

from density.days import day_of_ns, start_ns
from density.sites import Sites
from rollup.activity import Summing
from rollup.area_accounts import AreaAccounts
from rollup.attention import Attention
from rollup.listened import Listened
from store.base import Store
from store.errors import PointsRejected
from store.known import with_flags
from store.ledger import REPLAY_WRITER, LedgerReader
from store.schema import CONTACT, CURSOR, DELIVERY, FIGURES, LISTENING, NUMBERING, REPORTS, SILENCE, STATE, Measurement

CONSUMER: Final = "deliveries"

_log = structlog.get_logger("rollup")


class DeliveryStep:
    """Follows the logs, as often as it is due; a new one goes on from the store.

    Args:
        store: holds the logs and takes what is told of them.
        clock_ns: the wall clock, by which factories are silent.
        period_s: the time between two looks.
    """

    def __init__(self, store: Store, clock_ns: Callable[[], int], *, period_s: float = 60.0) -> None:
        self._store, self._clock_ns, self._period_s = store, clock_ns, period_s
        self._next_s = float("-inf")
        self._reader: LedgerReader | None = None
        self._listened: dict[str, Listened] = {}
        self._written: dict[Measurement, pl.DataFrame] = {}
        self._attention = Attention(store)
        self._areas = AreaAccounts(store)
        self._unkept: set[str] = set()
        self._kept: dict[str, int] = {}
        self._missing: dict[str, tuple[int, int]] = {}
        self._missing_day = -1

    def update(self, sites: Sites, summing: Summing, *, day: int, now_s: float) -> int:
        """Write every point that differs, if it is time; answers how many that were.

        Args:
            sites: where the factories are.
            summing: their scopes.
            day: the last day of the figures.
            now_s: of a clock that never goes back [s].

        Raises:
            StoreUnavailable: nothing is known of what was written; a new step starts from the store.
        """
        points = 0
        reader = self._reader = self._reader or self._begun()
        if now_s >= self._next_s:
            self._next_s = now_s + self._period_s
            points += self._look(reader, sites, summing, day)
        if self._areas.due:
            points += self._areas.update(sites, summing)
            if self._listened and not self._areas.due:
                self._keep(reader)
        return points

    def _look(self, reader: LedgerReader, sites: Sites, summing: Summing, day: int) -> int:
        """Take what was logged since, and write what it changes; the accounts of areas are due then."""
        before = reader.cursors.get(REPLAY_WRITER, 0)
        touched, days = self._take(reader.poll().get(DELIVERY, DELIVERY.frame()))
        self._areas.note(days, self._clock_ns(), replayed=reader.cursors.get(REPLAY_WRITER, 0) > before)
        if not self._listened:
            return 0
        today, now_us = day_of_ns(self._clock_ns()), self._clock_ns() // 1_000
        counted = [row for factory in touched for row in self._listened[factory].counted(factory)]
        points = self._write(REPORTS, NUMBERING, NUMBERING.frame(counted).drop("repeated"))
        contacts = self._contacts(today, now_us)
        points += self._write(REPORTS, CONTACT, contacts)
        points += self._write(FIGURES, SILENCE, self._silence(sites, summing, day, now_us))
        return points + self._attention.update(contacts, self._lost(touched, today), _places(sites, today), today)

    def _begun(self) -> LedgerReader:
        reader = LedgerReader(self._store, [DELIVERY])
        kept = self._store.read(STATE, CURSOR, where={"consumer": CONSUMER})
        self._kept = dict(kept.select("writer", "through").rows())
        reader.cursors = dict(self._kept)
        rows = self._store.read(STATE, LISTENING).iter_rows(named=True)
        self._listened = {row["factory"]: Listened.from_row(row) for row in rows}
        return reader

    def _take(self, log: pl.DataFrame) -> tuple[list[str], set[int]]:
        """Take rows, each writer's in the order of its log; answers the factories and days that they concern."""
        days: set[int] = set()
        for row in log.sort("time").iter_rows(named=True):
            days |= self._listened.setdefault(row["factory"], Listened()).take(row)
        touched = log["factory"].unique().sort().to_list()
        for factory in touched:
            self._listened[factory].tidy(day_of_ns(self._clock_ns()))
        self._unkept |= set(touched)
        return touched, days

    def _contacts(self, today: int, now_us: int) -> pl.DataFrame:
        rows = []
        for factory, listened in self._listened.items():
            contact, of_day = listened.contact, listened.contact.days.get(today)
            rows.append(
                {
                    "time": start_ns(today), "factory": factory, "last_us": contact.last_us,
                    "silent_after_s": contact.silent_after_s, "silent": contact.is_silent(now_us),
                    "live": of_day.live if of_day else 0, "late": of_day.late if of_day else 0,
                    "skew_s": of_day.skew_s if of_day else None,
                }
            )  # fmt: skip
        return with_flags(CONTACT, CONTACT.frame(rows))

    def _lost(self, touched: list[str], today: int) -> pl.DataFrame:
        """What is missing of each factory, counted anew where something came, and of all on a new day."""
        anew = touched if today == self._missing_day else list(self._listened)
        self._missing |= {factory: self._listened[factory].missing(today) for factory in anew}
        self._missing_day = today
        rows = [(factory, *counts) for factory, counts in self._missing.items()]
        schema = {"factory": pl.String, "missing_30_days": pl.Int64, "missing_today": pl.Int64}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def _silence(self, sites: Sites, summing: Summing, day: int, now_us: int) -> pl.DataFrame:
        """A row for each scope and series on the day of now: how many were ever heard, and how many are silent."""
        heard = pl.DataFrame(
            [(name, day, day + 1, each.contact.is_silent(now_us)) for name, each in self._listened.items()],
            schema={"factory": pl.String, "from_day": pl.Int64, "to_day": pl.Int64, "silent": pl.Boolean},
            orient="row",
        )
        placed = sites.placed(heard).with_columns(amount=pl.lit(1, pl.Int64))
        columns = ("site", "from_day", "to_day", "amount")
        all_heard = summing.sums(placed.select(columns), day, day)[:, :, 0]
        silent = summing.sums(placed.filter("silent").select(columns), day, day)[:, :, 0]
        rows = [
            {
                "time": start_ns(day), "scope": scope, "kind": kind, "series": series,
                "silent_factories": int(silent[place, line]), "heard_factories": int(all_heard[place, line]),
            }
            for place, (scope, kind) in enumerate(zip(summing.scopes.names, summing.scopes.kinds, strict=True))
            for line, series in enumerate(summing.series)
        ]  # fmt: skip
        return SILENCE.frame(rows)

    def _write(self, database: str, kind: Measurement, rows: pl.DataFrame) -> int:
        """Write the rows that were not written so before."""
        before = self._written.get(kind)
        changed = rows if before is None else rows.join(before, on=rows.columns, how="anti", nulls_equal=True)
        if changed.height:
            self._store.write(database, {kind: changed})
        self._written[kind] = rows
        return changed.height

    def _keep(self, reader: LedgerReader) -> None:
        """Say how far the log is taken, once all that it changes is written: what is still due would be lost else."""
        if self._unkept:
            self._keep_listened()
        if reader.cursors != self._kept:
            rows = [
                {"time": 0, "consumer": CONSUMER, "writer": writer, "through": through}
                for writer, through in reader.cursors.items()
            ]
            self._store.write(STATE, {CURSOR: CURSOR.frame(rows)})
            self._kept = dict(reader.cursors)

    def _keep_listened(self) -> None:
        kept = LISTENING.frame(self._listened[factory].to_row(factory) for factory in sorted(self._unkept))
        try:
            self._store.write(STATE, {LISTENING: kept})
        except PointsRejected as error:
            _log.warning("Of some factories too many numbers are missing to be kept.", reason=str(error))
        self._unkept.clear()


def _places(sites: Sites, today: int) -> pl.DataFrame:
    """Where each registered and open factory stands."""
    in_force = pl.col("registered") & (pl.col("from_day") <= today) & (today < pl.col("to_day"))
    return sites.rows.filter(in_force).select("factory", "district")

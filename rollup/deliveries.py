"""From the workers' logs of deliveries to what is missing and who is silent, kept up beside the figures.

delivery (every worker) ─► numbers, arrivals and lags of each factory ─► numbering, contact, silence ─► listening
                                                                     └► attention

What is known of a factory is kept in the store with the stamps that it was taken up to, so that no row counts twice.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl
import structlog

from density.attention import RECENT_DAYS
from density.contact import Contact
from density.days import day_of_ns, start_ns
from density.numbering import Numbering
from density.sites import Sites
from rollup.activity import Summing
from rollup.attention import Attention
from store.base import Store
from store.errors import PointsRejected
from store.known import with_flags
from store.ledger import LedgerReader
from store.schema import CONTACT, CURSOR, DELIVERY, FIGURES, LISTENING, NUMBERING, REPORTS, SILENCE, STATE, Measurement

CONSUMER: Final = "deliveries"
KEPT_DAYS: Final = 35  # a hole of an older day is not filled any more

_log = structlog.get_logger("rollup")

Row = dict[str, Any]


@dataclass
class Listened:
    """What is known of one factory.

    Attributes:
        contact: how it is heard.
        numbers: by kind.
        unnumbered: messages without a number, by kind and day.
        through: stamp of the last row that was taken of each writer.
    """

    contact: Contact = field(default_factory=Contact)
    numbers: dict[str, Numbering] = field(default_factory=dict)
    unnumbered: dict[str, dict[int, int]] = field(default_factory=dict)
    through: dict[str, int] = field(default_factory=dict)

    def take(self, row: Mapping[str, Any]) -> None:
        """Take a row of `delivery`, unless it was taken before."""
        if row["time"] <= self.through.get(row["writer"], 0):
            return
        self.through[row["writer"]] = row["time"]
        kind, day = row["kind"], day_of_ns(row["last_us"] * 1_000)
        self.contact.hear(kind, row["first_us"], row["last_us"], day)
        if row["live"] is not None:
            self.contact.time(day, live=row["live"], late=row["late"] or 0, skew_s=row["skew_s"])
        if row["numbers"] is not None:
            self.numbers.setdefault(kind, Numbering()).take(row["boot"] or "", json.loads(row["numbers"]), day)
        else:
            of_kind = self.unnumbered.setdefault(kind, {})
            of_kind[day] = of_kind.get(day, 0) + (row["messages"] or 0)

    def tidy(self, today: int) -> None:
        """Keep it small."""
        self.contact.forget(today)
        for numbers in self.numbers.values():
            numbers.bound()
            numbers.forget(today - KEPT_DAYS)
        for kind, days in self.unnumbered.items():
            self.unnumbered[kind] = {day: count for day, count in days.items() if day >= today - KEPT_DAYS}

    def counted(self, factory: str) -> list[Row]:
        """Rows of `numbering` for every day that is known."""
        rows: dict[tuple[str, int], Row] = {}
        for kind, days in self.unnumbered.items():
            for day, count in days.items():
                rows[kind, day] = {"numbered": 0, "missing": 0, "unnumbered": count}
        for kind, numbers in self.numbers.items():
            for day, counts in numbers.counts().items():
                row = rows.setdefault((kind, day), {"unnumbered": 0})
                row |= {"numbered": counts.numbered, "missing": counts.missing}
        return [{"time": start_ns(day), "factory": factory, "kind": kind, **row} for (kind, day), row in rows.items()]

    def missing(self, today: int) -> tuple[int, int]:
        """How many messages are missing of the last RECENT_DAYS days, and how many of these were noticed today."""
        days = [(day, each.missing) for numbers in self.numbers.values() for day, each in numbers.counts().items()]
        recent = sum(missing for day, missing in days if day > today - RECENT_DAYS)
        return recent, sum(missing for day, missing in days if day == today)

    def to_row(self, factory: str) -> Row:
        """The point that keeps it."""
        heard = {"contact": self.contact.to_json(), "through": self.through, "unnumbered": self.unnumbered}
        numbers = {kind: each.to_json() for kind, each in self.numbers.items()}
        return {"time": 0, "factory": factory, "heard": _text(heard), "numbers": _text(numbers)}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Listened":
        """What `to_row` kept."""
        heard = json.loads(row["heard"])
        unnumbered = {kind: {int(day): n for day, n in days.items()} for kind, days in heard["unnumbered"].items()}
        numbers = {kind: Numbering.from_json(each) for kind, each in json.loads(row["numbers"]).items()}
        return cls(Contact.from_json(heard["contact"]), numbers, unnumbered, heard["through"])


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


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
        if now_s < self._next_s:
            return 0
        self._next_s = now_s + self._period_s
        reader = self._reader = self._reader or self._begun()
        touched = self._take(reader.poll().get(DELIVERY, DELIVERY.frame()))
        if not self._listened:
            return 0
        today, now_us = day_of_ns(self._clock_ns()), self._clock_ns() // 1_000
        counted = [row for factory in touched for row in self._listened[factory].counted(factory)]
        points = self._write(REPORTS, NUMBERING, NUMBERING.frame(counted).drop("repeated"))
        contacts = self._contacts(today, now_us)
        points += self._write(REPORTS, CONTACT, contacts)
        points += self._write(FIGURES, SILENCE, self._silence(sites, summing, day, now_us))
        points += self._attention.update(contacts, self._lost(touched, today), _places(sites, today), today)
        self._keep(touched, reader)
        return points

    def _begun(self) -> LedgerReader:
        reader = LedgerReader(self._store, [DELIVERY])
        kept = self._store.read(STATE, CURSOR, where={"consumer": CONSUMER})
        reader.cursors = dict(kept.select("writer", "through").rows())
        rows = self._store.read(STATE, LISTENING).iter_rows(named=True)
        self._listened = {row["factory"]: Listened.from_row(row) for row in rows}
        return reader

    def _take(self, log: pl.DataFrame) -> list[str]:
        """Take rows, each writer's in the order of its log; answers the factories that they are of."""
        for row in log.sort("time").iter_rows(named=True):
            self._listened.setdefault(row["factory"], Listened()).take(row)
        touched = log["factory"].unique().sort().to_list()
        for factory in touched:
            self._listened[factory].tidy(day_of_ns(self._clock_ns()))
        return touched

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

    def _keep(self, touched: list[str], reader: LedgerReader) -> None:
        kept = LISTENING.frame(self._listened[factory].to_row(factory) for factory in touched)
        rows = [
            {"time": 0, "consumer": CONSUMER, "writer": writer, "through": through}
            for writer, through in reader.cursors.items()
        ]
        try:
            self._store.write(STATE, {LISTENING: kept})
        except PointsRejected as error:
            _log.warning("Of some factories too many numbers are missing to be kept.", reason=str(error))
        self._store.write(STATE, {CURSOR: CURSOR.frame(rows)})


def _places(sites: Sites, today: int) -> pl.DataFrame:
    """Where each registered and open factory stands."""
    in_force = pl.col("registered") & (pl.col("from_day") <= today) & (today < pl.col("to_day"))
    return sites.rows.filter(in_force).select("factory", "district")

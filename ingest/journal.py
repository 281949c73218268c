"""What a replay is about to write, said before it is written: journal ─► everything in it ─► mark.

An entry names the rows that it settles, its first stamp, the register that it judged by and the totals that it leads
to. All that it writes follows from these, so that it can be written again, any number of times, to the same points.
The mark of the replay's writer is what ends it: an entry above the mark may be half written and is written again.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import polars as pl

from ingest.accounts import Totals
from ingest.activity import Activity
from ingest.batch import Batch
from ingest.refused import Row
from ingest.rejudging import KnownSites, Rejudged
from ingest.sparkplug.rejudging import judged_again
from ingest.wire.times import DAY_US, day_of_us, day_start_us
from store.base import Store
from store.ledger import REPLAY_WRITER, Entry
from store.schema import (
    ACCOUNTING,
    JOURNAL,
    MARK,
    REFUSAL,
    REFUSED,
    REPLAY,
    REPORTS,
    ROBOT_DAY,
    ROBOT_STATUS,
    STATE,
    Measurement,
)

KEY: Final = ("time", "writer", "reason")

Account = tuple[int, str, str]  # day, factory, kind


@dataclass(frozen=True)
class JournalEntry:
    """One portion of a replay.

    Attributes:
        first: stamp of the first row that it writes; the journal's own is the last.
        through: stamp of the last.
        settled_us: when it was judged.
        known: what the register said of the factories concerned.
        rows: the key of each row that it settles.
        totals: of each account that it moves, all that replays have moved there.
        progress: of the request, once this is written; a row of `replay`.
        owners: what the register said of the Sparkplug edge nodes concerned.
    """

    first: int
    through: int
    settled_us: int
    known: Mapping[str, int]
    rows: Sequence[Sequence[Any]]
    totals: Sequence[Sequence[Any]]
    progress: Mapping[str, Any]
    owners: Mapping[str, str] = field(default_factory=dict)

    def write(self, store: Store) -> None:
        """Make it known before anything of it is written."""
        point = {"time": 0, "entry": json.dumps(asdict(self), separators=(",", ":")), "through": self.through}
        store.write(STATE, {JOURNAL: JOURNAL.frame([point])})


def open_entry(store: Store) -> JournalEntry | None:
    """The entry that the mark has not passed; None where nothing is half written."""
    points = store.read(STATE, JOURNAL)
    marks = store.read(REPORTS, MARK, where={"writer": REPLAY_WRITER})
    if points.is_empty() or points["through"][0] <= (marks["through"].max() or 0):
        return None
    return JournalEntry(**json.loads(points["entry"][0]))


def rejudged_rows(store: Store, entry: JournalEntry, telemetry_days: int) -> list[Rejudged]:
    """The rows of an entry, read from the store and judged as they were when it was made."""
    known = KnownSites(entry.known, entry.owners)
    found = []
    for time, writer, reason in entry.rows:
        where = {"writer": writer, "reason": reason}
        frame = store.read(REFUSED, REFUSAL, after=time - 1, through=time, where=where)
        found += [judged_again(row, known, telemetry_days) for row in frame.iter_rows(named=True)]
    return [each for each in found if each is not None]


def points_of(entry: JournalEntry, rejudged: Sequence[Rejudged], telemetry_days: int) -> Entry:
    """Every point that an entry stands for, stamped."""
    batch = Batch()
    for each in rejudged:
        if each.topic.kind and each.decoded.columns:
            batch.take(each.topic.kind, each.decoded.columns)
        batch.refuse(each.refusals)
    frames = batch.frames()
    if ROBOT_STATUS in frames:
        frames[ROBOT_DAY] = Activity().marks(frames[ROBOT_STATUS])
        kept_us = entry.settled_us - telemetry_days * DAY_US
        frames[ROBOT_STATUS] = frames[ROBOT_STATUS].filter(pl.col("time") >= kept_us * 1000)
    stamped = _stamped(frames, entry.first)
    settled = [_settled(each, entry.settled_us) for each in rejudged]
    stamped[REFUSAL] = pl.concat([REFUSAL.frame(settled), *_present(stamped, REFUSAL)], how="diagonal")
    stamped[ACCOUNTING] = ACCOUNTING.frame(_accounting(row) for row in entry.totals)
    stamped[REPLAY] = REPLAY.frame([entry.progress])
    return Entry(stamped, entry.through)


def _present(frames: Mapping[Measurement, pl.DataFrame], kind: Measurement) -> Iterable[pl.DataFrame]:
    return [frames[kind]] if kind in frames else []


def _stamped(frames: Mapping[Measurement, pl.DataFrame], first: int) -> dict[Measurement, pl.DataFrame]:
    """Frames with this writer, and with rising stamps where they have no time of their own."""
    stamped: dict[Measurement, pl.DataFrame] = {}
    for kind, frame in frames.items():
        if "writer" not in kind.tags:
            stamped[kind] = frame
            continue
        stamps = pl.int_range(first, first + frame.height, dtype=pl.Int64, eager=True)
        stamped[kind] = frame.with_columns(time=stamps, writer=pl.lit(REPLAY_WRITER))
        first += frame.height
    return stamped


def _settled(each: Rejudged, settled_us: int) -> Row:
    return {name: each.row[name] for name in KEY} | {"restored": each.stored, "settled_us": settled_us}


def _accounting(row: Sequence[Any]) -> Row:
    day, factory, kind, *counts = row
    head = {"time": day_start_us(day) * 1000, "writer": REPLAY_WRITER, "factory": factory, "kind": kind}
    return head | dict(zip(Totals.__dataclass_fields__, counts, strict=True))


def moved(rejudged: Iterable[Rejudged]) -> dict[Account, Totals]:
    """What settling these rows moves between accounts: from refused to stored, and from ? to the factory.

    A message goes along where its row holds the whole of it.
    """
    moves: dict[Account, Totals] = {}
    for each in rejudged:
        row, items = each.row, each.decoded.items
        day, kind, messages = day_of_us(row["arrived_us"]), each.topic.kind or "?", int(row["whole"])
        left = moves.setdefault((day, row["counted"] or each.topic.factory, kind), Totals())
        left.messages -= messages
        left.arrived -= items
        left.refused -= items
        joined = moves.setdefault((day, each.topic.factory, kind), Totals())
        joined.messages += messages
        joined.arrived += items
        joined.stored += each.stored
        joined.refused += each.refused
    return moves


def totals_after(store: Store, moves: Mapping[Account, Totals]) -> list[list[Any]]:
    """The totals of each account that moves, with what replays had moved there before."""
    stored: dict[Account, Totals] = {}
    for day in {day for day, _, _ in moves}:
        start_ns = day_start_us(day) * 1000
        frame = store.read(REPORTS, ACCOUNTING, after=start_ns - 1, through=start_ns, where={"writer": REPLAY_WRITER})
        for factory, kind, *counts in frame.select("factory", "kind", *Totals.__dataclass_fields__).rows():
            stored[day, factory, kind] = Totals(*(count or 0 for count in counts))
    rows = []
    for account in sorted(moves):
        before, move = stored.get(account, Totals()), moves[account]
        rows.append([*account, *(getattr(before, name) + getattr(move, name) for name in Totals.__dataclass_fields__)])
    return rows

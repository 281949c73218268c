from collections.abc import Callable, Mapping

import polars as pl
import pytest

from store.base import Store
from store.errors import PointsRejected, StoreUnavailable
from store.ledger import LedgerReader, LedgerWriter
from store.schema import INVENTORY, LEDGER, MARK, REFUSAL, REPORTS, WORKFORCE, Measurement

NOW_NS = 1_790_000_000 * 10**9


def inventories(*stocks: int) -> pl.DataFrame:
    return INVENTORY.frame({"factory": "F1", "stock": stock} for stock in stocks).drop("time", "writer")


class Interrupted:
    """A real store whose connection ends after so many writes: the write is done, its answer never comes."""

    def __init__(self, store: Store, writes: int) -> None:
        self._store = store
        self._writes = writes
        self.read = store.read

    def write(self, database: str, frames: Mapping[Measurement, pl.DataFrame]) -> None:
        self._store.write(database, frames)
        self._writes -= 1
        if self._writes < 0:
            raise StoreUnavailable("The connection ended.")


def test_write_is_read_once_and_in_order(store: Store) -> None:
    writer = LedgerWriter(store, "w1", lambda: NOW_NS)
    reader = LedgerReader(store, LEDGER)
    assert reader.poll() == {}
    headcount = WORKFORCE.frame([{"factory": "F1", "average": 508}]).drop("time", "writer")
    writer.write(writer.stamp({INVENTORY: inventories(1, 2), WORKFORCE: headcount}))
    found = reader.poll()
    assert found[INVENTORY]["stock"].to_list() == [1, 2]
    assert found[WORKFORCE]["writer"].to_list() == ["w1"]
    assert reader.poll() == {}


def test_stamp_rises_while_the_clock_stands_or_falls(store: Store) -> None:
    clock = iter([NOW_NS, NOW_NS, NOW_NS - 10**9])
    writer = LedgerWriter(store, "w1", lambda: next(clock))
    entries = [writer.stamp({INVENTORY: inventories(1, 2)}) for _ in range(3)]
    stamps = [stamp for entry in entries for stamp in entry.frames[INVENTORY]["time"]]
    assert stamps == list(range(NOW_NS, NOW_NS + 6))
    assert entries[-1].through == NOW_NS + 5


def test_stamp_goes_on_after_a_restart_with_the_clock_set_back(opener: Callable[[], Store]) -> None:
    first = LedgerWriter(opener(), "w1", lambda: NOW_NS)
    first.write(first.stamp({INVENTORY: inventories(1, 2)}))
    second = LedgerWriter(opener(), "w1", lambda: 5)
    assert second.stamp({INVENTORY: inventories(3)}).through == NOW_NS + 2


def test_stamp_goes_on_after_reports_that_no_mark_covers(store: Store) -> None:
    lost = LedgerWriter(store, "w1", lambda: NOW_NS)
    store.write(REPORTS, lost.stamp({INVENTORY: inventories(1, 2)}).frames)
    assert LedgerWriter(store, "w1", lambda: 5).stamp({INVENTORY: inventories(3)}).through == NOW_NS + 2


def test_poll_never_passes_a_mark(store: Store) -> None:
    writer, other = (LedgerWriter(store, name, lambda: NOW_NS) for name in ("w1", "w2"))
    reader = LedgerReader(store, LEDGER)
    other.write(other.stamp({INVENTORY: inventories(7)}))
    pending = writer.stamp({INVENTORY: inventories(1)})
    store.write(REPORTS, pending.frames)
    assert reader.poll()[INVENTORY]["stock"].to_list() == [7]
    writer.write(pending)
    assert reader.poll()[INVENTORY]["stock"].to_list() == [1]


def test_poll_misses_nothing_of_a_writer_whose_clock_is_behind(store: Store) -> None:
    ahead, behind = LedgerWriter(store, "w1", lambda: NOW_NS), LedgerWriter(store, "w2", lambda: NOW_NS - 10**12)
    reader = LedgerReader(store, LEDGER)
    ahead.write(ahead.stamp({INVENTORY: inventories(1)}))
    reader.poll()
    behind.write(behind.stamp({INVENTORY: inventories(2)}))
    assert reader.poll()[INVENTORY]["stock"].to_list() == [2]


@pytest.mark.parametrize("writes", [0, 1])
def test_write_again_after_a_lost_answer_repeats_nothing(store: Store, writes: int) -> None:
    writer = LedgerWriter(Interrupted(store, writes), "w1", lambda: NOW_NS)  # type: ignore[arg-type]
    entry = writer.stamp({INVENTORY: inventories(1, 2)})
    with pytest.raises(StoreUnavailable):
        writer.write(entry)
    reader = LedgerReader(store, LEDGER)
    before = reader.poll()
    assert before.keys() == ({INVENTORY} if writes else set())  # the second write is the mark
    LedgerWriter(store, "w1", lambda: NOW_NS).write(entry)
    assert store.read(REPORTS, INVENTORY)["stock"].to_list() == [1, 2]
    assert store.read(REPORTS, MARK)["through"].to_list() == [NOW_NS + 1]
    after = reader.poll()
    assert after.keys() == (set() if writes else {INVENTORY})


def test_write_moves_the_mark_although_rows_are_rejected(store: Store) -> None:
    writer = LedgerWriter(store, "w1", lambda: NOW_NS)
    empty = INVENTORY.frame([{}, {"factory": "F1", "stock": 2}]).drop("time", "writer")
    refusal = REFUSAL.frame([{"reason": "not_json", "detail": "No JSON."}]).drop("time", "writer")
    with pytest.raises(PointsRejected) as refused:
        writer.write(writer.stamp({INVENTORY: empty, REFUSAL: refusal}))
    assert refused.value.rows["inventory"].height == 1
    assert LedgerReader(store, LEDGER).poll()[INVENTORY]["stock"].to_list() == [2]

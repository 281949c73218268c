import polars as pl

from density.days import DAY_NS, start_ns
from rollup.repeats import Repeats
from store.embedded import EmbeddedStore
from store.schema import INVENTORY, NUMBERING, REPORTS

DAY_START_NS = start_ns(20_000)


def inventories(*rows: tuple[int, int], writer: str = "w", seq: int = 0) -> dict[str, pl.DataFrame]:
    """Stocks of F1 by stamp, in hours of the day."""
    made = [
        {
            "time": DAY_START_NS + hour * 3_600 * 10**9, "writer": writer, "factory": "F1", "as_of_day": 19_999,
            "stock": stock, "seq": seq,
        }
        for hour, stock in rows
    ]  # fmt: skip
    return {"inventory": INVENTORY.frame(made)}


def repeated(store: EmbeddedStore) -> list[tuple[int, int]]:
    rows = store.read(REPORTS, NUMBERING, where={"factory": "F1", "kind": "inventory"})
    return rows.select((pl.col("time") - DAY_START_NS) // DAY_NS, "repeated").rows()


def test_write_counts_what_said_nothing_new(store: EmbeddedStore) -> None:
    repeats = Repeats(store)
    repeats.take(inventories((1, 5), (2, 5), (3, 6)))
    repeats.write()
    assert repeated(store) == [(0, 1)]
    repeats.take(inventories((4, 6), (30, 5), writer="v", seq=9))
    repeats.write()
    assert repeated(store) == [(0, 2), (1, 1)]


def test_write_of_news_alone_writes_nothing(store: EmbeddedStore) -> None:
    repeats = Repeats(store)
    repeats.take(inventories((1, 5), (2, 6)))
    repeats.write()
    assert store.read(REPORTS, NUMBERING).is_empty()


def test_new_repeats_come_to_the_same_and_leave_other_counts(store: EmbeddedStore) -> None:
    store.write(
        REPORTS,
        {NUMBERING: NUMBERING.frame([{"time": DAY_START_NS, "factory": "F1", "kind": "inventory", "numbered": 7}])},
    )
    for _ in range(2):
        repeats = Repeats(store)
        repeats.take(inventories((1, 5), (2, 5)))
        repeats.write()
    assert repeated(store) == [(0, 1)]
    assert store.read(REPORTS, NUMBERING)["numbered"].to_list() == [7]

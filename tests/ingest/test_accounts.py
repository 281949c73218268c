from typing import Any

import polars as pl
from workers import all_points

from ingest.accounts import Accounts, Key, Totals
from store.embedded import EmbeddedStore
from store.schema import ACCOUNTING, REPORTS

DAY = 20_781
COUNTS = ["messages", "arrived", "stored", "refused", "redelivered"]


def tally(*key: Any, **counts: Any) -> dict[Key, Totals]:
    totals = Totals()
    totals.add(**counts)
    return {key: totals}


def write(store: EmbeddedStore, accounts: Accounts) -> None:
    store.write(REPORTS, {ACCOUNTING: accounts.changed().with_columns(pl.lit("w").alias("writer"))})


def test_accounts_running_totals_are_continued(store: EmbeddedStore) -> None:
    accounts = Accounts(store, "w", DAY)
    accounts.take(tally("F1", "status", DAY, arrived=10, refused=3, redelivered=False))
    accounts.take(tally("F1", "status", DAY, arrived=5, refused=0, redelivered=True))
    write(store, accounts)
    assert all_points(store, ACCOUNTING).select(COUNTS).rows() == [(2, 15, 12, 3, 5)]
    again = Accounts(store, "w", DAY)
    again.take(tally("F1", "status", DAY, arrived=1, refused=1, redelivered=False))
    again.take(tally("F1", "status", DAY + 1, arrived=1, refused=0, redelivered=False))
    write(store, again)
    found = all_points(store, ACCOUNTING).sort("time").select(COUNTS).rows()
    assert found == [(3, 16, 12, 4, 5), (1, 1, 1, 0, 0)]


def test_accounts_of_another_writer_are_not_continued(store: EmbeddedStore) -> None:
    accounts = Accounts(store, "w", DAY)
    accounts.take(tally("F1", "status", DAY, arrived=10, refused=0, redelivered=False))
    write(store, accounts)
    other = Accounts(store, "v", DAY)
    other.take(tally("F1", "status", DAY, arrived=1, refused=0, redelivered=False))
    assert other.changed()["arrived"].to_list() == [1]


def test_changed_holds_only_what_changed(store: EmbeddedStore) -> None:
    accounts = Accounts(store, "w", DAY)
    accounts.take(tally("F1", "status", DAY, arrived=1, refused=0, redelivered=False))
    assert accounts.changed().height == 1
    assert accounts.changed().height == 0


def test_turn_down_moves_items_from_stored_to_refused(store: EmbeddedStore) -> None:
    accounts = Accounts(store, "w", DAY)
    accounts.take(tally("F1", "inventory", DAY, arrived=3, refused=0, redelivered=False))
    accounts.turn_down("F1", "inventory", 2)
    assert accounts.changed().select("arrived", "stored", "refused").rows() == [(3, 1, 2)]

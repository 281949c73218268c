from datetime import UTC, datetime

import polars as pl
import pytest

from store.errors import PointsRejected, StoreUnavailable
from store.schema import INVENTORY, REPORTS, WORKFORCE, Measurement
from store.shards import WARM_S, Frames, Shards


class Sent:
    """Keeps the (measurement, writer) of each request's rows; a clock stands still until it is moved."""

    def __init__(self, *errors: Exception) -> None:
        self.requests: list[list[tuple[str, str]]] = []
        self.now_s = 0.0
        self._errors = list(errors)

    def __call__(self, database: str, frames: Frames) -> None:
        assert database == REPORTS
        self.requests.append([(kind.name, writer) for kind, rows in frames.items() for writer in rows["writer"]])
        if self._errors:
            raise self._errors.pop()


def shards(sent: Sent, days: int = 7) -> Shards:
    return Shards(lambda _: days, clock=lambda: sent.now_s)


def rows(kind: Measurement, *times: str, writers: str = "abcdefg") -> pl.DataFrame:
    moments = [int(datetime.fromisoformat(time).replace(tzinfo=UTC).timestamp()) * 10**9 for time in times]
    return kind.frame(
        {"time": at, "writer": writer, "factory": "F"} for at, writer in zip(moments, writers, strict=False)
    )


def test_warm_sends_one_row_of_each_shard() -> None:
    sent = Sent()
    # InfluxDB's weeks begin on Mondays: 22 November 2026 is a Sunday.
    frames = {
        INVENTORY: rows(INVENTORY, "2026-11-21", "2026-11-22T23:59:59", "2026-11-23"),
        WORKFORCE: rows(WORKFORCE, "2026-11-24"),
    }
    shards(sent).warm(REPORTS, frames, sent)
    assert sent.requests == [[("inventory", "a"), ("inventory", "c")]]


def test_warm_leaves_a_shard_written_to_lately() -> None:
    sent = Sent()
    lately = shards(sent)
    for pause_s in (0.0, WARM_S, WARM_S, WARM_S + 1):
        sent.now_s += pause_s
        lately.warm(REPORTS, {INVENTORY: rows(INVENTORY, "2026-11-24")}, sent)
    assert len(sent.requests) == 2  # at first, and after the pause that was too long


def test_warm_takes_a_row_that_can_be_stored() -> None:
    sent = Sent()
    frames = {INVENTORY: rows(INVENTORY, "2026-11-24", "2026-11-24", writers="\nb")}
    shards(sent).warm(REPORTS, frames, sent)
    assert sent.requests == [[("inventory", "b")]]


def test_warm_leaves_refusals_to_the_write_of_all() -> None:
    sent = Sent(PointsRejected("no", {}))
    shards(sent).warm(REPORTS, {INVENTORY: rows(INVENTORY, "2026-11-24")}, sent)


def test_warm_that_failed_is_done_again() -> None:
    sent = Sent(StoreUnavailable("away"))
    lately = shards(sent)
    frames = {INVENTORY: rows(INVENTORY, "2026-11-24")}
    with pytest.raises(StoreUnavailable):
        lately.warm(REPORTS, frames, sent)
    lately.warm(REPORTS, frames, sent)
    assert len(sent.requests) == 2


def test_forget_makes_every_shard_of_a_database_cold() -> None:
    sent = Sent()
    lately = shards(sent)
    frames = {INVENTORY: rows(INVENTORY, "2026-11-24")}
    lately.warm(REPORTS, frames, sent)
    lately.forget("figures")
    lately.warm(REPORTS, frames, sent)
    assert len(sent.requests) == 1
    lately.forget(REPORTS)
    lately.warm(REPORTS, frames, sent)
    assert len(sent.requests) == 2


def test_warm_of_nothing_sends_nothing() -> None:
    sent = Sent()
    shards(sent).warm(REPORTS, {INVENTORY: INVENTORY.frame()}, sent)
    assert sent.requests == []

import json

import polars as pl
import pytest

from ingest.deliveries import Deliveries, spans
from store.schema import ROBOT_STATUS

NOW_US = 1_795_492_800_000_000


def status(*rows: tuple[str, int, float], without_time: bool = False) -> pl.DataFrame:
    """Samples: factory, arrival in seconds from now, how long before it they were taken."""
    return ROBOT_STATUS.frame(
        {
            "time": (NOW_US + int(arrived_s * 1e6) - int(lag_s * 1e6)) * 1000, "factory": factory, "robot": f"R-{i}",
            "arrived_us": NOW_US + int(arrived_s * 1e6), "at_is_arrival": without_time,
        }
        for i, (factory, arrived_s, lag_s) in enumerate(rows)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [([], []), ([3], [[3, 3]]), ([5, 1, 2, 1, 9], [[1, 2], [5, 5], [9, 9]]), ([0, 1, 2], [[0, 2]])],
)
def test_spans_are_ascending_and_hold_each_number_once(numbers: list[int], expected: list[list[int]]) -> None:
    assert spans(numbers) == expected


def test_frame_is_a_row_for_each_factory_kind_and_boot() -> None:
    deliveries = Deliveries()
    for seq in (1, 2, 4):
        deliveries.note("F1", "status", {"seq": seq, "boot": "a"}, NOW_US + seq)
    deliveries.note("F1", "status", {"seq": 0, "boot": "b"}, NOW_US)
    deliveries.note("F1", "inventory", {}, NOW_US)
    rows = (
        deliveries.frame(None).sort("kind", "boot").select("kind", "boot", "numbers", "messages", "first_us", "last_us")
    )
    assert rows.rows() == [
        ("inventory", None, None, 1, NOW_US, NOW_US),
        ("status", "a", "[[1,2],[4,4]]", 3, NOW_US + 1, NOW_US + 4),
        ("status", "b", "[[0,0]]", 1, NOW_US, NOW_US),
    ]


@pytest.mark.parametrize("seq", [True, "3", -1, 2**63, 1.0, None, [1]])
def test_note_of_what_is_no_number_counts_the_message_alone(seq: object) -> None:
    deliveries = Deliveries()
    deliveries.note("F1", "status", {"seq": seq, "boot": {"a": 1}}, NOW_US)
    assert deliveries.frame(None).select("boot", "numbers", "messages").rows() == [(None, None, 1)]


def test_frame_splits_spans_that_no_text_holds() -> None:
    deliveries = Deliveries()
    for seq in range(0, 10_000, 2):
        deliveries.note("F1", "status", {"seq": seq}, NOW_US)
    frame = deliveries.frame(None)
    assert frame["messages"].sum() == 5_000
    assert sum(len(json.loads(text)) for text in frame["numbers"]) == 5_000
    assert frame["numbers"].str.len_bytes().max() < 65_536  # type: ignore[operator]


def test_frame_tells_the_skew_of_live_messages_by_their_newest_sample() -> None:
    deliveries = Deliveries()
    # Three messages, of which one brings an old change of state beside the sample of now, and one a backlog alone.
    rows = [("F1", 0, 2.0), ("F1", 0, 600.0), ("F1", 1, 4.0), ("F1", 2, 7_200.0), ("F1", 2, 9_000.0)]
    for arrived_s in (0, 1, 2):
        deliveries.note("F1", "status", {}, NOW_US + arrived_s * 10**6)
    (row,) = deliveries.frame(status(*rows)).iter_rows(named=True)
    assert (row["live"], row["late"], row["skew_s"], row["messages"]) == (2, 1, 3.0, 3)


def test_frame_of_samples_without_a_time_tells_no_skew() -> None:
    deliveries = Deliveries()
    deliveries.note("F1", "status", {}, NOW_US)
    (row,) = deliveries.frame(status(("F1", 0, 0.0), without_time=True)).iter_rows(named=True)
    assert (row["skew_s_known"], row["live"]) == (False, None)


def test_frame_hears_factories_that_nobody_noted() -> None:
    (row,) = Deliveries().frame(status(("F7", 0, 1.0), ("F7", 5, 1.0))).iter_rows(named=True)
    assert (row["factory"], row["messages"], row["last_us"] - row["first_us"]) == ("F7", 2, 5_000_000)

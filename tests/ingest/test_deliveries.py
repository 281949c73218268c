import json

import pytest

from ingest.deliveries import Deliveries, spans

NOW_US = 1_795_492_800_000_000


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
    rows = deliveries.frame().sort("kind", "boot").select("kind", "boot", "numbers", "messages", "first_us", "last_us")
    assert rows.rows() == [
        ("inventory", None, None, 1, NOW_US, NOW_US),
        ("status", "a", "[[1,2],[4,4]]", 3, NOW_US + 1, NOW_US + 4),
        ("status", "b", "[[0,0]]", 1, NOW_US, NOW_US),
    ]


@pytest.mark.parametrize("seq", [True, "3", -1, 2**63, 1.0, None, [1]])
def test_note_of_what_is_no_number_counts_the_message_alone(seq: object) -> None:
    deliveries = Deliveries()
    deliveries.note("F1", "status", {"seq": seq, "boot": {"a": 1}}, NOW_US)
    assert deliveries.frame().select("boot", "numbers", "messages").rows() == [(None, None, 1)]


@pytest.mark.parametrize("boot", ["\ud800", "a" * 129, {"a": 1}, 7])
def test_note_of_a_boot_that_no_store_holds_counts_the_message_without_it(boot: object) -> None:
    deliveries = Deliveries()
    deliveries.note("F1", "status", {"seq": 3, "boot": boot}, NOW_US)
    assert deliveries.frame().select("boot", "numbers", "messages").rows() == [(None, "[[3,3]]", 1)]


def test_frame_splits_spans_that_no_text_holds() -> None:
    deliveries = Deliveries()
    for seq in range(0, 10_000, 2):
        deliveries.note("F1", "status", {"seq": seq}, NOW_US)
    frame = deliveries.frame()
    assert frame["messages"].sum() == 5_000
    assert sum(len(json.loads(text)) for text in frame["numbers"]) == 5_000
    assert frame["numbers"].str.len_bytes().max() < 65_536  # type: ignore[operator]


def test_frame_tells_the_skew_of_live_messages_by_their_newest_sample() -> None:
    deliveries = Deliveries()
    for arrived_us, lag_s in ((NOW_US, 2), (NOW_US + 1, 4), (NOW_US + 2, 7_200)):  # the last one is a backlog
        deliveries.note("F1", "status", {}, arrived_us)
        deliveries.note_samples("F1", arrived_us - lag_s * 10**6, arrived_us)
    (row,) = deliveries.frame().iter_rows(named=True)
    assert (row["live"], row["late"], row["skew_s"], row["messages"]) == (2, 1, 3.0, 3)


def test_frame_tells_no_skew_of_a_backlog() -> None:
    deliveries = Deliveries()
    deliveries.note_samples("F1", NOW_US - 7_200 * 10**6, NOW_US)
    (row,) = deliveries.frame().iter_rows(named=True)
    assert (row["skew_s_known"], row["live"], row["late"]) == (False, 0, 1)


def test_frame_of_samples_without_a_time_tells_no_skew() -> None:
    deliveries = Deliveries()
    deliveries.note("F1", "status", {}, NOW_US)
    deliveries.note_samples("F1", None, NOW_US)
    (row,) = deliveries.frame().iter_rows(named=True)
    assert (row["skew_s_known"], row["live"]) == (False, None)


def test_frame_hears_factories_whose_samples_alone_were_noted() -> None:
    deliveries = Deliveries()
    for arrived_us in (NOW_US, NOW_US + 5_000_000):
        deliveries.note_samples("F7", arrived_us, arrived_us)
    (row,) = deliveries.frame().iter_rows(named=True)
    assert (row["factory"], row["kind"], row["messages"], row["last_us"]) == ("F7", "status", 2, NOW_US + 5_000_000)

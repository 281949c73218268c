import math

import polars as pl
import pytest

from store.points import checked, merged, read_back, rejection
from store.schema import INVENTORY, ROBOT_STATUS


def test_checked_types_a_frame_and_leaves_absent_columns_absent() -> None:
    frame = pl.DataFrame(
        {"stock": pl.Series([3], dtype=pl.Int8), "writer": ["w"], "time": pl.Series([1], dtype=pl.Int32)}
    )
    good, bad = checked(INVENTORY, frame)
    assert good.schema == {"time": pl.Int64, "writer": pl.String, "stock": pl.Int64}
    assert bad.is_empty()


def test_checked_reads_an_absent_tag_as_empty() -> None:
    good, _ = checked(ROBOT_STATUS, ROBOT_STATUS.frame([{"time": 1, "factory": "F1", "state": "idle"}]))
    assert good["robot"].to_list() == [""]


@pytest.mark.parametrize("tag", ["a\nb", "a\tb", "a\x7fb", "a\\"])
def test_checked_sets_apart_tags_that_no_line_can_hold(tag: str) -> None:
    good, bad = checked(INVENTORY, INVENTORY.frame([{"time": 1, "writer": tag, "stock": 1}]))
    assert (good.height, bad.height) == (0, 1)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_checked_sets_apart_floats_that_are_no_numbers(value: float) -> None:
    row = {"time": 1, "factory": "F1", "robot": "R1", "state": "idle", "energy_kwh": value}
    good, bad = checked(ROBOT_STATUS, ROBOT_STATUS.frame([row]))
    assert (good.height, bad.height) == (0, 1)


def test_checked_sets_apart_rows_without_a_field() -> None:
    _, bad = checked(INVENTORY, pl.DataFrame({"time": [1], "writer": ["w"]}))
    assert bad.height == 1


def test_checked_names_a_missing_column() -> None:
    with pytest.raises(ValueError, match=r"lacks \['writer'\]"):
        checked(INVENTORY, pl.DataFrame({"time": [1], "stock": [1]}))


def test_merged_takes_each_field_s_last_value() -> None:
    rows = INVENTORY.frame(
        {"time": 1, "writer": "w", **fields}
        for fields in ({"stock": 1}, {"stock": 2, "factory": "F"}, {"as_of_day": 9})
    )
    assert merged(INVENTORY, rows).select("stock", "factory", "as_of_day", "complete").rows() == [(2, "F", 9, None)]


def test_merged_keeps_points_of_other_tags_apart() -> None:
    rows = INVENTORY.frame([{"time": 1, "writer": "a", "stock": 1}, {"time": 1, "writer": "b", "stock": 2}])
    assert merged(INVENTORY, rows)["stock"].to_list() == [1, 2]


def test_read_back_turns_empty_texts_into_null_and_keeps_empty_tags() -> None:
    rows = read_back(INVENTORY, INVENTORY.frame([{"time": 1, "writer": "", "factory": "", "ext": "x"}]))
    assert rows.select("writer", "factory", "ext").rows() == [("", None, "x")]


def test_rejection_counts_by_measurement() -> None:
    error = rejection({"inventory": INVENTORY.frame([{}, {}]), "robot_status": ROBOT_STATUS.frame([{}])})
    assert "2 of inventory, 1 of robot_status" in str(error)
    assert error.rows["inventory"].height == 2

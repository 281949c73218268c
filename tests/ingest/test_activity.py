import polars as pl

from ingest.activity import Activity
from ingest.wire.times import day_start_us
from store.schema import ROBOT_STATUS

TODAY = 20_781  # 2026-11-24
START_NS = day_start_us(TODAY) * 1000
DAY_NS = 86_400 * 10**9


def samples(*rows: tuple[str, int, str]) -> pl.DataFrame:
    return ROBOT_STATUS.frame({"factory": "F", "robot": r, "time": t, "state": s} for r, t, s in rows)


def marks(activity: Activity, *rows: tuple[str, int, str]) -> list[tuple[object, ...]]:
    frame = activity.marks(samples(*rows), TODAY)
    return sorted(frame.select("robot", "time", "seen", "executed").rows(), key=str)


def test_marks_one_point_a_robot_and_shanghai_day() -> None:
    found = marks(Activity(), ("R", START_NS, "idle"), ("R", START_NS + 1, "executing"), ("R", START_NS - 1, "idle"))
    assert found == [("R", START_NS - DAY_NS, True, None), ("R", START_NS, True, True)]


def test_marks_of_today_are_not_repeated() -> None:
    activity = Activity()
    assert marks(activity, ("R", START_NS, "idle")) == [("R", START_NS, True, None)]
    assert marks(activity, ("R", START_NS + 5, "ready")) == []
    assert marks(activity, ("R", START_NS + 9, "executing")) == [("R", START_NS, True, True)]
    assert marks(activity, ("R", START_NS + 10, "executing"), ("R", START_NS + 11, "idle")) == []
    assert marks(activity, ("R", START_NS + 12, "idle")) == []


def test_marks_of_another_day_come_each_time() -> None:
    activity = Activity()
    for _ in range(2):
        assert marks(activity, ("R", START_NS - 1, "idle")) == [("R", START_NS - DAY_NS, True, None)]

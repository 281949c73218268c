import polars as pl
import pytest

from ingest.activity import Activity
from ingest.wire.times import day_start_us
from store.schema import ROBOT_STATUS

TODAY = 20_781  # 2026-11-24
START_NS = day_start_us(TODAY) * 1000
DAY_NS = 86_400 * 10**9


def samples(*rows: tuple[str, int, str]) -> pl.DataFrame:
    return ROBOT_STATUS.frame({"factory": "F", "robot": r, "time": t, "state": s} for r, t, s in rows)


def marks(activity: Activity, *rows: tuple[str, int, str]) -> list[tuple[object, ...]]:
    frame = activity.marks(samples(*rows))
    return sorted(frame.select("robot", "time", "seen", "executed").rows(), key=str)


def test_marks_one_point_a_robot_and_shanghai_day() -> None:
    found = marks(Activity(), ("R", START_NS, "idle"), ("R", START_NS + 1, "executing"), ("R", START_NS - 1, "idle"))
    assert found == [("R", START_NS - DAY_NS, True, None), ("R", START_NS, True, True)]


@pytest.mark.parametrize("start_ns", [START_NS, START_NS - DAY_NS])
def test_marks_of_a_day_are_not_repeated(start_ns: int) -> None:
    activity = Activity()
    assert marks(activity, ("R", start_ns, "idle")) == [("R", start_ns, True, None)]
    assert marks(activity, ("R", start_ns + 5, "ready")) == []
    assert marks(activity, ("R", start_ns + 9, "executing")) == [("R", start_ns, True, True)]
    assert marks(activity, ("R", start_ns + 10, "executing"), ("R", start_ns + 11, "idle")) == []
    assert marks(activity, ("R", start_ns + 12, "idle")) == []


def test_marks_remember_so_many_robots_and_what_came_last() -> None:
    activity = Activity(remembered=2)
    assert len(marks(activity, ("A", START_NS, "idle"), ("B", START_NS, "idle"))) == 2
    assert marks(activity, ("C", START_NS, "idle"))
    assert marks(activity, ("A", START_NS, "idle")) == []  # and with it C is full: B is forgotten next
    assert marks(activity, ("D", START_NS, "executing"))
    assert marks(activity, ("A", START_NS, "idle"), ("D", START_NS, "idle")) == []
    assert marks(activity, ("B", START_NS, "executing"))

import polars as pl

from density.marks import LONG_AGO, Marks

DAY = 20_000


def rows(*marks: tuple[str, bool | None]) -> pl.DataFrame:
    schema = {"factory": pl.String, "robot": pl.String, "executed": pl.Boolean}
    return pl.DataFrame([("F", robot, executed) for robot, executed in marks], schema=schema, orient="row")


def silent(*robots: tuple[str, int]) -> pl.DataFrame:
    schema = {"factory": pl.String, "robot": pl.String, "last_day": pl.Int64}
    return pl.DataFrame([("F", *each) for each in robots], schema=schema, orient="row")


def place(marks: Marks, robot: str) -> int:
    return int(marks.assets.filter(pl.col("robot") == robot)["place"].item())


def test_take_sets_the_bit_of_the_day_once() -> None:
    marks = Marks(DAY)
    assert marks.take(DAY - 3, rows(("R1", None), ("R2", True)))
    assert not marks.take(DAY - 3, rows(("R2", True)))
    assert marks.take(DAY - 3, rows(("R1", True)))
    assert [int(marks.seen[place(marks, robot)]) for robot in ("R1", "R2")] == [8, 8]
    assert [int(marks.executed[place(marks, robot)]) for robot in ("R1", "R2")] == [8, 8]


def test_take_of_a_further_robot_keeps_the_others() -> None:
    marks = Marks(DAY)
    marks.take(DAY, rows(("R1", True)))
    marks.take(DAY - 1, rows(("R2", None), ("R1", None)))
    assert int(marks.seen[place(marks, "R1")]) == 3
    assert int(marks.seen[place(marks, "R2")]) == 2
    assert int(marks.executed[place(marks, "R2")]) == 0


def test_slide_keeps_64_days_and_remembers_the_one_before() -> None:
    marks = Marks(DAY)
    marks.take(DAY, rows(("R1", True)))
    for _ in range(63):
        marks.slide()
    assert (int(marks.seen[0]), int(marks.before_day[0])) == (1 << 63, LONG_AGO)
    marks.slide()
    assert (int(marks.seen[0]), int(marks.executed[0]), int(marks.before_day[0])) == (0, 0, DAY)
    assert marks.last_day == DAY + 64


def test_fallen_silent_names_a_robot_from_the_day_on_that_has_no_mark_in_so_many() -> None:
    marks = Marks(DAY)
    marks.take(DAY, rows(("R1", None), ("R2", None)))
    for _ in range(29):
        marks.slide()
    marks.take(DAY + 5, rows(("R2", None)))
    assert marks.fallen_silent(30).is_empty()
    marks.slide()
    assert marks.fallen_silent(30).rows() == [("F", "R1", DAY)]


def test_fallen_silent_leaves_out_what_is_known_until_a_late_mark_changes_it() -> None:
    marks = Marks(DAY + 40)
    marks.take(DAY, rows(("R1", None)))
    marks.know(marks.fallen_silent(30))
    assert marks.fallen_silent(30).is_empty()
    marks.take(DAY + 2, rows(("R1", None)))
    assert marks.fallen_silent(30).rows() == [("F", "R1", DAY + 2)]


def test_know_takes_in_robots_that_no_mark_names_and_never_goes_back() -> None:
    marks = Marks(DAY)
    marks.know(silent(("R1", DAY - 400)))
    marks.know(silent(("R1", DAY - 500)))
    assert int(marks.before_day[place(marks, "R1")]) == DAY - 400


def test_earliest_day_is_that_of_the_oldest_mark() -> None:
    marks = Marks(DAY)
    assert marks.earliest_day() is None
    marks.take(DAY - 63, rows(("R1", None)))
    marks.take(DAY - 4, rows(("R2", None)))
    assert marks.earliest_day() == DAY - 63

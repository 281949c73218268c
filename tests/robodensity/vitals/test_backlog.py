from robodensity.vitals.backlog import Backlog

S = 10**9


def test_age_is_nothing_while_the_figures_hold_every_mark() -> None:
    assert Backlog().age_s({"w": 90 * S}, {"w": 90 * S}, 100 * S) == 0


def test_age_is_that_of_the_oldest_mark_seen_and_not_taken() -> None:
    backlog = Backlog()
    assert backlog.age_s({"w": 100 * S}, {}, 101 * S) == 1
    assert backlog.age_s({"w": 115 * S}, {}, 116 * S) == 16  # the first still waits
    assert backlog.age_s({"w": 130 * S}, {"w": 110 * S}, 131 * S) == 16  # now the second does


def test_age_of_a_writer_long_idle_starts_with_its_new_mark() -> None:
    backlog = Backlog()
    backlog.age_s({"w": 10 * S}, {"w": 10 * S}, 11 * S)
    assert backlog.age_s({"w": 9_999 * S}, {"w": 10 * S}, 10_000 * S) == 1


def test_age_is_that_of_the_writer_furthest_behind() -> None:
    assert Backlog().age_s({"a": 95 * S, "b": 99 * S}, {}, 100 * S) == 5

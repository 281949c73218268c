import math

import polars as pl

from rollup.leftovers import Leftovers, held


def rows(*told: tuple[str, int, int, float]) -> pl.DataFrame:
    return pl.DataFrame(told, schema={"g": pl.String, "day": pl.Int64, "n": pl.Int64, "r": pl.Float64}, orient="row")


NONE = rows()


def test_held_before_the_first_row_is_nothing() -> None:
    keys = pl.DataFrame({"g": ["a", "a", "b"], "day": [1, 5, 5]})
    found = held(keys, rows(("a", 3, 7, 0.5)), ["g"]).sort("g", "day").rows()
    assert found[1] == ("a", 5, 7, 0.5)
    assert [(row[2], math.isnan(row[3])) for row in (found[0], found[2])] == [(0, True), (0, True)]


def test_whole_overwrites_a_row_that_is_gone_with_what_holds() -> None:
    new, stored = rows(("a", 1, 3, 1.0)), rows(("a", 1, 3, 1.0), ("a", 4, 9, 1.0))
    assert Leftovers(["g"]).whole("", new, stored, new).rows() == [("a", 4, 3, 1.0)]


def test_part_keeps_a_leftover_true_for_ever() -> None:
    left = Leftovers(["g"])
    one, two, three = rows(("a", 1, 3, 1.0)), rows(("a", 1, 5, 1.0)), rows(("a", 1, 5, 1.0), ("a", 4, 8, 1.0))
    left.whole("", one, rows(("a", 1, 3, 1.0), ("a", 4, 9, 1.0)), one)
    assert left.part("", two, one, two, one).rows() == [("a", 1, 5, 1.0), ("a", 4, 5, 1.0)]
    assert left.part("", three, two, three, two).rows() == [("a", 4, 8, 1.0)]
    assert left.places() == set()


def test_part_leaves_other_groups_alone() -> None:
    left = Leftovers(["g"])
    left.whole("", NONE, rows(("b", 4, 9, 1.0)), NONE)
    one = rows(("a", 1, 3, 1.0))
    assert left.part("", one, NONE, one, NONE).rows() == [("a", 1, 3, 1.0)]
    assert left.places() == {""}


def test_part_writes_where_a_group_does_not_stand_any_more() -> None:
    left = Leftovers(["g"])
    before, after = rows(("a", 1, 3, 1.0)), rows(("a", 1, 4, 1.0))
    left.whole("old", NONE, before, before)
    assert left.part("old", NONE, NONE, after, before).rows() == [("a", 1, 4, 1.0)]

import polars as pl
from polars.testing import assert_frame_equal

from store.known import with_flags, without_flags
from store.schema import FIGURE, MARK


def test_with_flags_writes_a_null_as_zero_and_false() -> None:
    found = with_flags(FIGURE, FIGURE.frame([{"density": None}, {"density": 260.0}]))
    assert found.select("density", "density_known").rows() == [(0.0, False), (260.0, True)]


def test_with_flags_leaves_absent_figures_absent() -> None:
    assert with_flags(FIGURE, pl.DataFrame({"stock": [1]})).columns == ["stock"]


def test_without_flags_reads_back_what_with_flags_wrote() -> None:
    rows = FIGURE.frame([{"density": None}, {"density": 0.0}])
    found = without_flags(FIGURE, with_flags(FIGURE, rows))
    assert found["density"].to_list() == [None, 0.0]


def test_without_flags_keeps_a_figure_that_has_no_flag() -> None:
    rows = FIGURE.frame([{"density": 1.5}])
    assert_frame_equal(without_flags(FIGURE, rows), rows)
    assert without_flags(MARK, MARK.frame()).is_empty()

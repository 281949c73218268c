import numpy as np
import pytest

from density.disclosure.primary import dominated, is_open, open_cells


def _of(*amounts: int) -> np.ndarray:
    return np.array(amounts, dtype=np.int64)


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ((70, 15, 15), False),  # exactly 70 % and exactly 85 %
        ((71, 14, 15), True),  # the largest is 71 %
        ((60, 25, 15), False),  # two are exactly 85 %
        ((60, 26, 14), True),  # two are 86 %
        ((1, 1, 1), False),
        ((0, 0, 0), False),  # nobody is too much of nothing
        ((1, 0, 0), True),  # one is all of it
    ],
)
def test_dominated_at_its_limits(amounts: tuple[int, ...], *, expected: bool) -> None:
    assert dominated(_of(*amounts)) is expected


def test_is_open_needs_three_firms() -> None:
    assert not is_open(_of(50, 50), _of(50, 50))
    assert is_open(_of(40, 30, 30), _of(40, 30, 30))


def test_is_open_looks_at_persons_too() -> None:
    assert not is_open(_of(40, 30, 30), _of(90, 5, 5))


def test_open_cells_adds_up_the_factories_of_a_firm() -> None:
    member = np.array([[True, True, True, False], [True, True, True, True]])
    firm = np.array([0, 0, 1, 2])
    even = _of(10, 10, 20, 20)
    assert open_cells(member, firm, even, even).tolist() == [False, True]  # three factories of two firms are two firms

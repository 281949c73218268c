"""Nothing that is closed may be worked out from what is open, by whatever adding and subtracting."""

import numpy as np
import pytest

from density.disclosure.decision import EMPTY, OPEN, Cells, decided
from density.disclosure.primary import open_cells
from density.disclosure.secondary import opened


def test_opened_closes_the_second_of_two_that_tell_a_third() -> None:
    # city = A + B, and A is not to be told: then of city and B one stays closed, the less wanted
    cells = np.array([[True, True], [False, True], [True, False]])
    assert opened(cells, [0, 1], cells[2:]).tolist() == [True, False, False]


def test_opened_tells_what_follows_from_open_cells_anyway() -> None:
    cells = np.array([[True, True, True], [True, False, False], [False, True, True]])
    protected = np.array([[False, True, False]])
    assert opened(cells, [0, 1, 2], protected).tolist() == [True, True, True]


def test_opened_closes_what_only_a_chain_of_three_would_tell() -> None:
    # (1 + 2) + (2 + 3) − (1 + 3) = 2 × the second
    cells = np.array([[True, True, False], [False, True, True], [True, False, True]])
    assert opened(cells, [0, 1, 2], np.array([[False, True, False]])).tolist() == [True, True, False]


def _random_city(seed: int) -> tuple[Cells, np.ndarray, np.ndarray, np.ndarray]:
    """Districts, parks of which some cross districts, zones of whole parks, divisions; three nested series."""
    rng = np.random.default_rng(seed)
    count = 60
    district, park, industry = rng.integers(0, 4, count), rng.integers(-1, 6, count), rng.integers(0, 5, count)
    above = rng.random(count) < 0.7
    series = {"total": np.ones(count, bool), "all": above, "key": above & (industry < 2)}
    scopes = {("city", "city"): np.ones(count, bool)}
    scopes |= {(f"district:{each}", "district"): district == each for each in range(4)}
    scopes |= {("zone:a", "zone"): (park == 0) | (park == 1), ("zone:b", "zone"): (park == 1) | (park == 2)}
    scopes |= {(f"park:{each}", "park"): park == each for each in range(6)}
    scopes |= {(f"industry:1{each}", "industry"): industry == each for each in range(5)}
    named = [(*scope, line, inside & within) for scope, inside in scopes.items() for line, within in series.items()]
    cells = Cells(*(list(each) for each in list(zip(*named, strict=True))[:3]), np.stack([each[3] for each in named]))  # type: ignore[arg-type]
    firm = rng.integers(0, 40, count)
    return cells, firm, rng.integers(0, 50, count), rng.integers(10, 900, count)


def _follows(target: np.ndarray, known: np.ndarray) -> bool:
    """Whether a sum over factories is a combination of known sums: told by rank, not by how cells were opened."""
    rank = np.linalg.matrix_rank
    return bool(rank(np.vstack([known, target]).astype(float)) == rank(known.astype(float)))


@pytest.mark.parametrize("seed", range(25))
def test_no_closed_cell_of_a_random_city_follows_from_the_open_ones(seed: int) -> None:
    cells, firm, stock, persons = _random_city(seed)
    why = decided(cells, firm, stock, persons)["why"].to_numpy()
    known = cells.member[why == OPEN]
    closed = cells.member[(why != OPEN) & (why != EMPTY)]
    assert len(known) > 5, "a city that tells nothing proves nothing"
    assert len(closed) > 5
    primary = open_cells(cells.member, firm, stock, persons)
    assert not any(_follows(target, known) for target in cells.member[~primary & cells.member.any(axis=1)])
    for outer in known:
        for inner in known:
            rest = outer & ~inner
            if rest.any() and not (inner & ~outer).any():
                assert open_cells(rest[None], firm, stock, persons)[0], "a difference of two open cells tells too much"


@pytest.mark.parametrize("factories", [0, 1])
def test_decided_of_hardly_any_factory(factories: int) -> None:
    cells = Cells(["city", "district:1"], ["city", "district"], ["total", "total"], np.ones((2, factories), dtype=bool))
    few = np.ones(factories, dtype=np.int64)
    assert set(decided(cells, few * 0, few, few)["why"]) == {"few" if factories else EMPTY}

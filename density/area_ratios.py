"""The ratios of scopes, told from their sums when they are asked for: kept, they would be most of the memory."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from density.arrays import Counts, Ratios
from density.cube import ratio
from density.definition import SERIES
from density.ratios import SHARES, density, density_12m, density_annual, share

_FRAMED = SERIES.index("all")


class AreaRatios(Mapping[str, Ratios]):
    """Every ratio of some scopes by name, arrays [scope, series, day]; NaN is null.

    Args:
        sums: by name of `density.changes.COLUMNS`, arrays of that shape.
        first_day: integer day of the first column.
        expected: expected density, array of that shape.
        framed: persons in the official frame, array [scope, day]; NaN without a frame.
    """

    def __init__(self, sums: Mapping[str, Counts], first_day: int, expected: Ratios, framed: Ratios) -> None:
        self.sums, self.first_day = sums, first_day
        self.expected, self.framed = expected, framed

    def __getitem__(self, name: str) -> Ratios:
        return _TOLD[name](self)

    def __iter__(self) -> Iterator[str]:
        return iter(_TOLD)

    def __len__(self) -> int:
        return len(_TOLD)

    def only(self, places: Sequence[int] | Counts | slice) -> "AreaRatios":
        """Those of some of the scopes: a copy, but not of a slice."""
        sums = {name: values[places] for name, values in self.sums.items()}
        return AreaRatios(sums, self.first_day, self.expected[places], self.framed[places])

    def with_norms(self, expected: Ratios, framed: Ratios) -> "AreaRatios":
        """The same sums beside other norms."""
        return AreaRatios(self.sums, self.first_day, expected, framed)


def _density(told: AreaRatios) -> Ratios:
    return density(told.sums["stock_counted"], told.sums["persons_counted"])


def _density_12m(told: AreaRatios) -> Ratios:
    return density_12m(told.sums["stock_counted"], told.sums["persons_counted"], told.first_day)


def _density_annual(told: AreaRatios) -> Ratios:
    days = np.arange(told.first_day, told.first_day + told.sums["stock_counted"].shape[-1])
    return density_annual(_density_12m(told), days, told.first_day)


def _density_ifr(told: AreaRatios) -> Ratios:
    return density(told.sums["ifr_counted"], told.sums["persons_counted"])


def _coverage(told: AreaRatios) -> Ratios:
    """覆盖率: persons in counting factories ÷ persons in the official frame, which holds the above-scale ones."""
    persons = told.sums["persons_counted"]
    covered = np.full(persons.shape, np.nan)
    covered[:, _FRAMED] = ratio(persons[:, _FRAMED], told.framed)
    return covered


def _mix_index(told: AreaRatios) -> Ratios:
    """Density by the expected one × 100: above 100 a scope is denser than its industries make it."""
    return ratio(_density(told), told.expected, times=100)


def _share(name: str) -> Callable[[AreaRatios], Ratios]:
    return lambda told: share(told.sums, name)


_TOLD: Mapping[str, Callable[[AreaRatios], Ratios]] = {
    "density": _density,
    "density_12m": _density_12m,
    "density_annual": _density_annual,
    "density_ifr": _density_ifr,
    **{name: _share(name) for name in SHARES},
    "frame_coverage": _coverage,
    "expected_density": lambda told: told.expected,
    "mix_index": _mix_index,
}

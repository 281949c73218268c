"""按近24个月节奏外推，不是预测承诺: what the pace of the last 24 months would come to at the deadline."""

import hashlib
from collections.abc import Sequence

import numpy as np
import polars as pl

from density.arrays import Ratios
from density.days import Days, month_ends, months_before, start_ns, to_day
from density.figures import Figures
from density.plan import DESIGNATIONS, FIGURE
from density.progress import Progress

KINDS = ("city", "district")
MEMORY_MONTHS, BLOCK_MONTHS = 24, 3
DRAWS = 2_000
QUANTILES = (0.10, 0.50, 0.90)
CHANCES = ((0.90, "very_likely"), (0.66, "likely"), (0.33, "uncertain"), (0.10, "unlikely"), (0.0, "very_unlikely"))
UNKNOWN = "none"
_DAYS_A_MONTH = 365.25 / 12


def forecasts(standing: Sequence[Progress], figures: Figures) -> pl.DataFrame:
    """The forecast of every target that daily figures measure, for the city and its districts on the last day.

    The changes of the last 24 whole calendar months make 8 blocks of 3; blocks are drawn whole, with return, until
    the deadline, and added to the actual value of the day. All null with less history, without an actual value, and
    from the deadline on; without a goal the probability alone is null.

    Returns:
        time, scope, kind, target, low, middle, high, probability and chance, a word.
    """
    rows = [
        row for each in standing if each.target.measured_by in {FIGURE, DESIGNATIONS} for row in _rows(each, figures)
    ]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row").fill_nan(None)


_SCHEMA = {
    "time": pl.Int64, "scope": pl.String, "kind": pl.String, "target": pl.String, "low": pl.Float64,
    "middle": pl.Float64, "high": pl.Float64, "probability": pl.Float64, "chance": pl.String,
}  # fmt: skip


def chance(probability: float) -> str:
    """The probability as a word; very_likely 很可能 from 90 % on, very_unlikely 很难 below 10 %."""
    return UNKNOWN if np.isnan(probability) else next(word for least, word in CHANCES if probability >= least)


def _rows(progress: Progress, figures: Figures) -> list[tuple[object, ...]]:
    day, names, kinds = figures.last_day, progress.scopes.names, progress.scopes.kinds
    places = [place for place, kind in enumerate(kinds) if kind in KINDS]
    low, middle, high, probability = _outcomes(progress, figures, places)
    return [
        (start_ns(day), names[place], kinds[place], progress.target.id, *values, chance(values[-1]))
        for place, values in zip(places, np.stack([low, middle, high, probability], axis=1).tolist(), strict=True)
    ]


def _outcomes(progress: Progress, figures: Figures, places: list[int]) -> Ratios:
    """Low, middle, high and probability of each place, array [4, place]."""
    day, end = figures.last_day, progress.target.deadline
    ends = _month_ends(day)
    if end is None or to_day(end) <= day or ends[0] < figures.first_day:
        return np.full((4, len(places)), np.nan)
    actual, goal = progress.actual[places], progress.goal[places, -1]
    changes = np.diff(actual[:, ends - figures.first_day], axis=1)
    weights = _weights((to_day(end) - day) / _DAYS_A_MONTH)
    of_block = changes.reshape(len(places), -1, BLOCK_MONTHS) @ weights.reshape(-1, BLOCK_MONTHS).T
    drawn = np.stack([_drawn(progress.scopes.names[place], day, weights.size // BLOCK_MONTHS) for place in places])
    scope, column = np.arange(len(places))[:, np.newaxis, np.newaxis], np.arange(drawn.shape[2])
    reached = actual[:, -1:] + of_block[scope, drawn, column].sum(axis=2)
    known = ~np.isnan(reached[:, 0])
    probability = np.where(known & ~np.isnan(goal), (reached >= goal[:, np.newaxis]).mean(axis=1), np.nan)
    return np.stack([*np.quantile(reached, QUANTILES, axis=1), probability])


def _month_ends(day: int) -> Days:
    """The last 25 month-ends up to a day: the bounds of 24 calendar months."""
    earliest = int(months_before(np.array([day]), MEMORY_MONTHS + 2)[0])
    return month_ends(earliest, day)[-MEMORY_MONTHS - 1 :]


def _weights(months: float) -> Ratios:
    """How much of each coming month lies before the deadline, in whole blocks."""
    blocks = int(np.ceil(months / BLOCK_MONTHS))
    weights: Ratios = np.clip(months - np.arange(blocks * BLOCK_MONTHS), 0.0, 1.0)
    return weights


def _drawn(scope: str, day: int, blocks: int) -> Days:
    """Which of the blocks come, array [draw, block]; the same for a scope and day, on any machine."""
    seed = int.from_bytes(hashlib.sha256(f"{scope} {day}".encode()).digest()[:8], "big")
    return np.random.default_rng(seed).integers(0, MEMORY_MONTHS // BLOCK_MONTHS, (DRAWS, blocks))

"""How every target stands, as points that differ from what the store holds."""

from collections.abc import Iterator, Sequence

import polars as pl

from density.days import DAY_NS, start_ns
from density.standing import Progress
from rollup.points import plan_points
from store.base import Store
from store.known import with_flags
from store.schema import FIGURES, PLAN_STATUS

_NAMED = ("scope", "kind", "target")
_NOTHING = {"status": "no_quota", "basis": "none"}  # as on the days of a plan that lacks a target


class Standings:
    """The standings that the store holds.

    No point is deleted: a target that no plan has any more, or a scope in which it is not followed any more, stands
    with no quota from the first day.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._standing: dict[str, Progress] = {}
        self._followed: set[tuple[str, ...]] | None = None
        self._emptied: set[tuple[str, ...]] = set()
        self._last_day = 0

    def points(self, standing: Sequence[Progress], first_day: int, last_day: int) -> Iterator[pl.DataFrame]:
        """The points to write, those that differ, target by target: all at once they would be much memory.

        Args:
            standing: of every target.
            first_day: the first day of the arrays.
            last_day: the last day.
        """
        for each in standing:
            yield self._of_target(first_day, each)
        yield self._emptied_points(standing, first_day, last_day)
        self._standing = {each.target.id: each for each in standing}

    def _of_target(self, first_day: int, standing: Progress) -> pl.DataFrame:
        target = standing.target.id
        points = plan_points(first_day, standing, self._standing.get(target))
        return points if target in self._standing else self._unknown(points, [target])

    def _emptied_points(self, standing: Sequence[Progress], first_day: int, last_day: int) -> pl.DataFrame:
        if self._followed is None:
            moment = start_ns(first_day)  # each standing that was ever written has this day
            stored = self._store.read(FIGURES, PLAN_STATUS, after=moment - 1, through=moment)
            self._followed = set(stored.select(_NAMED).rows())
        now = {
            (scope, kind, each.target.id)
            for each in standing
            for scope, kind in zip(each.scopes.names, each.scopes.kinds, strict=True)
        }
        done = self._emptied - now if last_day == self._last_day else set()
        gone = sorted(self._followed - now - done)
        self._followed |= now
        self._emptied, self._last_day = done | set(gone), last_day
        points = _nothing(gone, first_day, last_day)
        return self._unknown(points, sorted({target for _, _, target in gone}))

    def _unknown(self, points: pl.DataFrame, targets: Sequence[str]) -> pl.DataFrame:
        """Without the points that are stored as they are."""
        for target in targets:
            known = with_flags(PLAN_STATUS, self._store.read(FIGURES, PLAN_STATUS, where={"target": target}))
            points = points.join(known.select(points.columns), on=points.columns, how="anti", nulls_equal=True)
        return points


def _nothing(gone: Sequence[tuple[str, ...]], first_day: int, last_day: int) -> pl.DataFrame:
    days = pl.int_range(first_day, last_day + 1, dtype=pl.Int64, eager=True).alias("day").to_frame()
    named = pl.DataFrame(gone, schema=dict.fromkeys(_NAMED, pl.String), orient="row").join(days, how="cross")
    values = [field.name for field in PLAN_STATUS.fields if field.type == "float"]
    told = named.with_columns(
        *(pl.lit(word).alias(name) for name, word in _NOTHING.items()),
        *(pl.lit(None, pl.Float64).alias(name) for name in values),
        time=pl.col("day") * DAY_NS + start_ns(0),
    )
    return with_flags(PLAN_STATUS, told).select(*PLAN_STATUS.columns)

"""Rows of groups that are carried forward: which to write, so that the store says what holds on every day."""

import numpy as np
import polars as pl


def held(keys: pl.DataFrame, rows: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """What the rows of groups, carried forward, say on some days; nothing before a group's first row.

    Args:
        keys: `by`, day and whatever is not carried.
        rows: of the same groups.
        by: the columns that name a group.

    Returns:
        The keys with the further columns of the rows.
    """
    carried = rows.drop([name for name in keys.columns if name not in {*by, "day"}], strict=False)
    holds = keys.sort("day").join_asof(carried.sort("day"), on="day", by=by, check_sortedness=False)
    return holds.with_columns(
        pl.col(name).fill_null(np.nan if type_ == pl.Float64 else False if type_ == pl.Boolean else 0)
        for name, type_ in holds.schema.items()
        if name not in keys.columns
    )


class Leftovers:
    """The stored rows that mark no change any more.

    No point is deleted: such a row is carried forward by readers like any other, so it has to be overwritten with
    what holds on its day, again whenever that changes.

    Args:
        by: the columns that name a group.
    """

    def __init__(self, by: list[str]) -> None:
        self._by = by
        self._keys: dict[str, pl.DataFrame] = {}

    def whole(self, place: str, new: pl.DataFrame, stored: pl.DataFrame, carried: pl.DataFrame) -> pl.DataFrame:
        """The rows to write where the store may hold anything.

        Args:
            place: where they are stored.
            new: every row that holds there.
            stored: every row that is stored there, with the same columns.
            carried: every row of the groups, wherever it is stored.
        """
        self._keys.pop(place, None)
        return self._written(place, new, stored, carried)

    def part(
        self, place: str, new: pl.DataFrame, old: pl.DataFrame, after: pl.DataFrame, before: pl.DataFrame
    ) -> pl.DataFrame:
        """The rows to write where some groups were told anew.

        Args:
            place: where they are stored.
            new: the rows of these groups that hold there.
            old: the rows that held there before.
            after: every row of these groups, wherever it is stored.
            before: every row as it was.
        """
        touched = pl.concat([each.select(self._by) for each in (before, after)]).unique()
        known = self._keys.get(place, self._key_of(new).clear())
        left = held(known.join(touched, on=self._by, how="semi"), before, self._by)
        self._keys[place] = known.join(touched, on=self._by, how="anti")
        was = pl.concat([old, left.select(old.columns).cast(old.schema)])
        return self._written(place, new, was, after)

    def places(self) -> set[str]:
        """Where there are any."""
        return {place for place, keys in self._keys.items() if keys.height}

    def _written(self, place: str, new: pl.DataFrame, was: pl.DataFrame, carried: pl.DataFrame) -> pl.DataFrame:
        gone = self._key_of(was.join(new, on=[*self._by, "day"], how="anti"))
        self._keys[place] = pl.concat([self._keys.get(place, gone.clear()), gone])
        holds = held(gone, carried, self._by).select(new.columns).cast(new.schema)
        standing = pl.concat([new, holds])
        return standing.join(was, on=standing.columns, how="anti", nulls_equal=True)

    def _key_of(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rows.select(name for name in rows.columns if name in {*self._by, "day", "district", "kind"})

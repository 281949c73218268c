"""The factories that call for somebody, kept up in the store while a day goes on."""

import polars as pl

from density.attention import most_urgent
from density.days import start_ns
from store.base import Store
from store.schema import ACCOUNTING, ATTENTION, LISTS, REPORTS

_TAGS = list(ATTENTION.tags)


class Attention:
    """Writes the lists of a day, and only what differs; a factory that leaves one stays in the store, as not listed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._day = -1
        self._told = ATTENTION.frame()

    def update(self, contacts: pl.DataFrame, missing: pl.DataFrame, places: pl.DataFrame, today: int) -> int:
        """Write what changed; answers how many points that were.

        Args:
            contacts: points of `contact` of today.
            missing: factory, missing_30_days and missing_today [messages].
            places: factory and district of every one that is registered and open.
            today: the day [days since 1970].

        Raises:
            StoreUnavailable: nothing is known of what was written; another one starts from the store.
        """
        if today != self._day:
            self._told = self._store.read(LISTS, ATTENTION, after=start_ns(today) - 1, through=start_ns(today))
            self._day = today
        facts = (
            places.join(contacts.drop("time"), on="factory", how="left")
            .join(missing, on="factory", how="left")
            .join(self._accounts(today), on="factory", how="left")
            .with_columns(skew_s=pl.when("skew_s_known").then("skew_s"))
        )
        listed = most_urgent(facts).with_columns(time=pl.lit(start_ns(today), pl.Int64), listed=pl.lit(value=True))
        left = self._told.filter("listed").join(listed, on=_TAGS, how="anti").with_columns(listed=pl.lit(value=False))
        rows = pl.concat([ATTENTION.frame(), listed, left], how="diagonal_relaxed").select(*ATTENTION.columns)
        changed = rows.join(self._told, on=rows.columns, how="anti", nulls_equal=True)
        if changed.height:
            self._store.write(LISTS, {ATTENTION: changed})
        self._told = pl.concat([rows, self._told.join(rows, on=_TAGS, how="anti")])
        return changed.height

    def _accounts(self, today: int) -> pl.DataFrame:
        rows = self._store.read(REPORTS, ACCOUNTING, after=start_ns(today) - 1)
        return rows.group_by("factory").agg(pl.col("refused").sum(), pl.col("arrived").sum())

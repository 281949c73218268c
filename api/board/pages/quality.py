"""Data quality: what arrived and what became of it, who has reported, and what is doubtful."""

import polars as pl

from api.access.table import CONCERNED
from api.accounts import COUNTS, totals
from api.answer import shanghai_time
from api.board.address import CITY
from api.board.charting.quality import quality_charts
from api.board.pages import area, ranking
from api.board.pages.frame import Asked, Found, Line, Page
from api.board.texts import word
from density.days import to_date
from density.wording import scope_name, series_name
from store.schema import FIGURES, REFUSAL, REFUSED, RESTATEMENT

RESTATED, REFUSED_ROWS = 50, 1_000


def find(asked: Asked) -> Found:
    """Everything that the page on data quality says."""
    sums = asked.sources.accounts.sums()
    city = Asked(**{**vars(asked), "address": CITY})
    seen = asked.reader.role in CONCERNED
    return Found(
        title=word("quality"),
        trail=(asked.city,),
        facts={
            "scope": asked.address,
            "figures": area.figures(city),
            "accounted": totals(sums),
            "by_kind": sums.group_by("kind").sum().select("kind", *COUNTS).sort("kind").to_dicts(),
            "districts": sorted(ranking.districts(asked), key=lambda line: line["id"]),
            "refusals": _refusals(asked) if seen else None,
            "restatements": _restatements(asked) if seen else None,
        },
    )


def _refusals(asked: Asked) -> list[Line]:
    """How often each reason stands among the newest refusals."""
    rows, reach = asked.sources.store.read(REFUSED, REFUSAL, newest=REFUSED_ROWS), asked.reach
    theirs = rows.filter([reach.everything or reach.holds_factory(factory or "") for factory in rows["factory"]])
    counted = theirs.group_by("kind", "reason").agg(count=pl.len(), detail=pl.col("detail").last())
    return list(counted.sort("count", "kind", "reason", descending=[True, False, False]).to_dicts())


def _restatements(asked: Asked) -> list[Line]:
    rows = asked.sources.store.read(FIGURES, RESTATEMENT, newest=RESTATED)
    reach = asked.reach
    theirs = rows.filter([reach.holds(scope) for scope in rows["scope"]])
    newest = theirs.sort("time", "scope", "figure", descending=[True, False, False]).head(RESTATED)
    return [
        {
            **row,
            "day": to_date(row["day"]),
            "at": shanghai_time(row["time"] // 1_000),
            "scope_name": scope_name(row["scope"], asked.sources.reference, {}),
            "series_name": series_name(row["series"], asked.sources.reference),
        }
        for row in newest.iter_rows(named=True)
    ]


PAGE = Page("quality.html", find, quality_charts)

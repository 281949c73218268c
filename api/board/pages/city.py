"""The city: its three targets, how it came there, and where in it things stand."""

from api.accounts import totals
from api.board.charting.city import city_charts
from api.board.pages import area, ranking
from api.board.pages.frame import Asked, Found, Page


def find(asked: Asked) -> Found:
    """Everything that the page of the city says."""
    return Found(
        title=asked.city[1],
        trail=(),
        facts={
            "scope": asked.address,
            "figures": area.figures(asked),
            "targets": area.targets(asked),
            "trends": area.trends(asked),
            "effects": area.effects(asked),
            "districts": ranking.districts(asked),
            "zones": ranking.zones(asked),
            "parks": ranking.parks(asked),
            "industries": area.by_industry(asked),
            "key_set": asked.sources.definition.key_set,
            "accounted": totals(asked.sources.accounts.sums()),
        },
    )


PAGE = Page("city.html", find, city_charts)

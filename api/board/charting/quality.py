"""The chart of data quality: who has reported, by district."""

from typing import Any

from api.board.address import Address
from api.board.charts.ordered import address
from api.board.numbers import percent
from api.board.pages.frame import Chart, Found, Line
from api.board.texts import Texts

WIDTHS = {"wide": 340, "narrow": 210}
OF = ("headcount", "robots")


def quality_charts(found: Found, texts: Texts) -> dict[str, Chart]:
    """Response by persons of each district; one that nothing is known of is left out."""
    known = [line for line in found.facts["districts"] if None not in _shares(line)]
    if not known:
        return {}
    chart = {
        "kind": "dots",
        "rows": [
            {"name": texts.named(line["name"]), "low": min(_shares(line)), "high": max(_shares(line))} for line in known
        ],
        "shares": [_dot(line, of, texts) for line in known for of in OF],
    }
    return {f"response-{size}": {**chart, "width": width} for size, width in WIDTHS.items()}


def _shares(line: Line) -> list[Any]:
    return [line["total"]["response"][of]["persons"] for of in OF]


def _dot(line: Line, of: str, texts: Texts) -> Line:
    name, value = texts.named(line["name"]), line["total"]["response"][of]["persons"]
    return {
        "name": name,
        "of": of,
        "value": value,
        "link": address(Address("district", line["id"]).path),
        "told": f"{name}: {texts.term(f'response_{of}_persons')} {percent(value)}",
    }

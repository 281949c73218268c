"""The charts about the figures: each headline under every definition."""

from api.board.numbers import count, number
from api.board.pages.frame import Chart, Found
from api.board.texts import Texts
from density.recipes import RECIPES

WIDTHS = {"wide": 600, "narrow": 310}


def about_charts(found: Found, texts: Texts) -> dict[str, Chart]:
    """A strip for each headline whose value is known under some definition."""
    charts: dict[str, Chart] = {}
    for line in found.facts["sensitivity"]["headlines"]:
        values = [{"value": each["value"]} for each in line["combinations"] if each["value"] is not None]
        if not values or line["default"] is None:
            continue
        written = count if RECIPES[line["figure"]].form == "count" else number
        chart = {
            "kind": "strip",
            "rows": values,
            "default": {
                "value": line["default"],
                "text": f"{texts.words['our_definition']} {written(line['default'])}",
            },
            "ends": [{"value": line[end], "text": written(line[end])} for end in ("lowest", "highest")],
        }
        name = f"sensitivity-{line['figure']}-{line['series']}"
        charts |= {f"{name}-{size}": {**chart, "width": width} for size, width in WIDTHS.items()}
    return charts

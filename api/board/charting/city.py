"""The charts of the city beside its targets: districts, industries, and parks by size."""

import math
from typing import Any

from api.board.address import Address
from api.board.charting.targets import target_charts
from api.board.charts.ordered import GROUNDS, NO_GROUND, address
from api.board.numbers import DASH, count, number, percent, signed
from api.board.pages.frame import Chart, Found, Line
from api.board.status import KEY_SIGNS, SIGNS
from api.board.texts import Texts
from density.funnel import SIGMAS, dispersion, limits

TILES = {"wide": {"across": 88, "down": 72, "small": 13}, "narrow": {"across": 66, "down": 66, "small": 11}}
FUNNEL = {"wide": (1_100, 400), "narrow": (310, 300)}
STEPS, LABELLED, SHOWN = 40, 8, 16


def city_charts(found: Found, texts: Texts) -> dict[str, Chart]:
    """Every chart of the page."""
    charts = target_charts(found, texts)
    charts |= {f"tiles-{size}": tiles(found.facts["districts"], texts) | look for size, look in TILES.items()}
    charts |= industry_charts(found, texts)
    return charts | funnel_charts(found, texts)


def tiles(districts: list[Line], texts: Texts) -> Chart:
    """Districts about where they lie, on the ground of their status."""
    return {"kind": "tiles", "rows": [_tile(line, texts) for line in districts]}


def _tile(line: Line, texts: Texts) -> dict[str, Any]:
    name, status = texts.named(line["name"]), line["status"]
    word = texts.term(status) if status else texts.words["unknown"]
    lead = f"{texts.term('lead')} {signed(line['lead'])} {texts.words['points']}"
    told = f"{name}: {word}, {texts.term('progress')} {percent(line['progress'])}, {lead}"
    return {
        "column": line["tile"][0],
        "row": line["tile"][1],
        "ground": GROUNDS.get(status, NO_GROUND),
        "link": address(Address("district", line["id"]).path),
        "told": told,
        "name": name.removesuffix(" New Area"),
        "value": percent(line["progress"]),
        "note": f"{SIGNS.get(status, '')} {signed(line['lead'])}".strip() if status else DASH,
    }


def industry_charts(found: Found, texts: Texts) -> dict[str, Chart]:
    """The density of each division, the largest by persons first, beside that of all."""
    rows = [line for line in found.facts["industries"] if line["density_12m"] is not None][:SHOWN]
    whole = found.facts["figures"]["total"]["density_12m"]
    if not rows or whole is None:
        return {}
    high = max(line["density_12m"] for line in rows)
    chart = {
        "kind": "bars",
        "rows": [
            {
                "place": place,
                "name": f"{KEY_SIGNS.get(line['key'], '')} {texts.named(line['name'])}".strip(),
                "value": line["density_12m"],
                "text": number(line["density_12m"]),
            }
            for place, line in enumerate(rows)
        ],
        "lines": [
            {
                "value": whole,
                "text": f"{texts.named(found.title)} {number(whole)}",
                "plan": False,
                "align": "left" if whole < high / 2 else "right",
            }
        ],
    }
    return {"industries-wide": chart | {"width": 600}, "industries-narrow": chart | {"width": 310}}


def funnel_charts(found: Found, texts: Texts) -> dict[str, Chart]:
    """Parks by persons and mix index between the limits of chance; none without parks or a density of the city."""
    parks = [line for line in found.facts["parks"] if line["total"]["mix_index"] and line["total"]["persons_counted"]]
    density = found.facts["figures"]["total"]["density"]
    if not parks or not density:
        return {}
    counted = [line["total"] for line in parks]
    scatter = dispersion(
        [each["stock_counted"] for each in counted],
        [each["expected_density"] * each["persons_counted"] / 1e4 for each in counted],
    )
    chart = _funnel(parks, density, scatter, texts)
    return {f"funnel-{size}": {**chart, "width": width, "height": height} for size, (width, height) in FUNNEL.items()}


def _funnel(parks: list[Line], density: float, scatter: float, texts: Texts) -> Chart:
    sizes = [line["total"]["persons_counted"] for line in parks]
    low, high = max(50, min(sizes) * 0.8), max(sizes) * 1.3
    steps = [low * (high / low) ** (step / STEPS) for step in range(STEPS + 1)]
    inner, outer = (limits(steps, density=density, dispersion=scatter, sigmas=each) for each in SIGMAS)
    rows = [_point(line, density, scatter, texts) for line in parks]
    far = sorted(rows, key=lambda row: -abs(row["index"] - 100) * math.sqrt(row["persons"]))[:LABELLED]
    for row in rows:
        row["label"] = row["name"] if row in far and row["side"] != "within" else ""
    return {
        "kind": "funnel",
        "rows": rows,
        "inner": [vars(each) for each in inner],
        "outer": [vars(each) for each in outer],
        "persons_domain": [low, high],
        "index_domain": [0, max([200.0, *(row["index"] * 1.05 for row in rows)])],
        "ticks": [ten * 10**power for power in range(1, 7) for ten in (1, 3) if low <= ten * 10**power <= high],
        "english": texts.language == "en",
        "x_title": f"{texts.term('persons_counted')} ({texts.unit('persons')})",
    }


def _point(line: Line, density: float, scatter: float, texts: Texts) -> dict[str, Any]:
    total, name = line["total"], texts.named(line["title"])
    edge = limits([total["persons_counted"]], density=density, dispersion=scatter, sigmas=SIGMAS[1])[0]
    side = "above" if total["mix_index"] > edge.high else "below" if total["mix_index"] < edge.low else "within"
    told = (
        f"{name}: {texts.term('mix_index')} {number(total['mix_index'])}, "
        f"{texts.term('persons_counted')} {count(total['persons_counted'])}, {texts.words[f'funnel_{side}']}"
    )
    return {
        "persons": total["persons_counted"],
        "index": total["mix_index"],
        "side": side,
        "link": address(Address("park", line["park"]).path),
        "told": told,
        "name": name,
    }

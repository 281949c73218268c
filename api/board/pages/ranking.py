"""Areas by lead, those that are large enough to be compared first, each with the reason in words."""

from collections.abc import Collection

from api.board.pages.area import standing
from api.board.pages.frame import Asked, Line
from api.parks import date_of, headline, park_lines
from api.points import Row, point
from density.ranking import MIN_FIRMS, MIN_PERSONS
from density.reason import reason


def parks(asked: Asked, only: Collection[str] | None = None) -> list[Line]:
    """Parks as `api.parks.park_lines` has them, with `title` and `reason`; all of them unless named."""
    sources, day = asked.sources, asked.day
    firms = sources.ledger.registry().firms(day)
    lines = park_lines(sources.shelf, sources.reference, asked.plan, folded=asked.folded, firms=firms)
    compared = sources.shelf.compared(day, kind="park", series="total", base="yoy")
    return [
        {
            **line,
            "title": sources.reference.parks[line["park"]].name,
            "reason": _reason(line, compared.get(f"park:{line['park']}")),
        }
        for line in lines
        if only is None or line["park"] in only
    ]


def districts(asked: Asked) -> list[Line]:
    """Every district with its figures and its standing toward the headline target."""
    lines = _areas(asked, "district", {key: each.name for key, each in asked.sources.reference.districts.items()})
    firms = asked.sources.ledger.registry().firms(asked.day, "district")
    for line in lines:
        large = (line["total"]["persons"] or 0) >= MIN_PERSONS and firms.get(line["id"], 0) >= MIN_FIRMS
        line["ranked"] = large and line["lead"] is not None
        line["tile"] = asked.sources.reference.districts[line["id"]].tile
    return sorted(lines, key=lambda line: (not line["ranked"], line["lead"] or 0.0, line["id"]))


def zones(asked: Asked) -> list[Line]:
    """Every zone with its figures and its standing, in the order of seeds/: zones overlap and are not ranked."""
    return _areas(asked, "zone", {key: each.name for key, each in asked.sources.reference.zones.items()})


def _areas(asked: Asked, kind: str, names: dict[str, object]) -> list[Line]:
    shelf, day = asked.sources.shelf, asked.day
    target = headline(asked.plan)
    standings = shelf.plan_of_day(day, target=target.id, kind=kind) if target else {}
    compared = shelf.compared(day, kind=kind, series="total", base="yoy")
    figures = {series: shelf.of_day(day, series=series, kind=kind) for series in ("total", "key")}
    days = shelf.days_of([f"{kind}:{key}" for key in names], day)
    lines = []
    for key, name in names.items():
        scope = f"{kind}:{key}"
        told = {series: point(rows.get(scope), folded=True) for series, rows in figures.items()}
        line = {"id": key, "name": name, **told, **standing(standings.get(scope))}
        lines.append({**line, "day": date_of(days[scope]), "reason": _reason(line, compared.get(scope))})
    return lines


def _reason(line: Line, compared: Row | None) -> object:
    response = line["total"]["response"]
    shares = {f"response_{of}_factories": response[of]["factories"] for of in ("headcount", "robots")}
    return reason(line, compared, {"factories": line["total"]["factories"], **shares})

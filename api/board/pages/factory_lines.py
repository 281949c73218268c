"""The factories of an area, for who may see them."""

from api.board.pages.frame import Asked, Line
from api.registration import Registration
from density.register import Name

SHOWN = 500


def factory_lines(asked: Asked) -> list[Line]:
    """The open factories of the area by id, each with its figures; at most so many as a page can hold."""
    registry, day, reach = asked.sources.ledger.registry(), asked.day, asked.reach
    standing = [row for row in registry.open(day) if _within(asked, row) and reach.holds_row(row)][:SHOWN]
    districts = {row.district for row in standing}
    figures = {key: row for each in districts for key, row in asked.sources.shelf.factories(each, day).items()}
    return [
        {"factory": row.factory, "name": factory_name(row), "industry": row.industry, **figures.get(row.factory, {})}
        for row in standing
    ]


def factory_name(row: Registration) -> Name:
    """What a factory is called; its Chinese name where it has no other."""
    return Name(row.name_zh, row.name_en or row.name_zh)


def _within(asked: Asked, row: Registration) -> bool:
    address = asked.address
    if address.kind == "zone":
        return row.park in asked.sources.reference.zones[address.id].parks
    return address.id == (row.park if address.kind == "park" else row.district)

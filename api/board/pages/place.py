"""A district, a zone or a park: the same figures in a smaller area."""

from api.access.table import CONCERNED
from api.board.address import Address
from api.board.charting.place import place_charts
from api.board.pages import area, ranking
from api.board.pages.factory_lines import factory_lines
from api.board.pages.frame import Asked, Found, Line, Page
from density.register import Name, Reference
from density.wording import scope_name


def find(asked: Asked) -> Found | None:
    """Everything that the page of an area says; none where there is no such area."""
    reference, address = asked.sources.reference, asked.address
    areas = {"district": reference.districts, "zone": reference.zones, "park": reference.parks}[address.kind]
    if address.id not in areas:
        return None
    return Found(
        title=scope_name(address.name, reference, {}),
        trail=_trail(asked),
        facts={
            "scope": address,
            "figures": area.figures(asked),
            "targets": area.targets(asked),
            "trends": area.trends(asked),
            "effects": area.effects(asked),
            "parks": [] if address.kind == "park" else ranking.parks(asked, _parks(address, reference)),
            "own": _own(asked),
            "zones": _zones(address, reference),
            "industries": area.by_industry(asked),
            "key_set": asked.sources.definition.key_set,
            "factories": factory_lines(asked) if asked.reader.role in CONCERNED else None,
        },
    )


def _trail(asked: Asked) -> tuple[tuple[Address, Name], ...]:
    reference, address = asked.sources.reference, asked.address
    if address.kind != "park":
        return (asked.city,)
    district = reference.districts[reference.parks[address.id].district]
    return (asked.city, (Address("district", district.id), district.name))


def _parks(address: Address, reference: Reference) -> list[str]:
    if address.kind == "zone":
        return list(reference.zones[address.id].parks)
    return [park.id for park in reference.parks.values() if park.district == address.id]


def _own(asked: Asked) -> Line | None:
    """The line of this area itself, for its reason in words and its size."""
    address = asked.address
    if address.kind == "park":
        return next(iter(ranking.parks(asked, [address.id])), None)
    lines = ranking.districts(asked) if address.kind == "district" else ranking.zones(asked)
    return next((line for line in lines if line["id"] == address.id), None)


def _zones(address: Address, reference: Reference) -> list[tuple[Address, Name]]:
    """The zones that a park lies in."""
    return [(Address("zone", each.id), each.name) for each in reference.zones.values() if address.id in each.parks]


PAGE = Page("place.html", find, place_charts)

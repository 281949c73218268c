"""A district's organisation: a token of its own, which of factories reads only those of this district."""

from collections.abc import Mapping

from dashboards.provisioning import retired
from dashboards.provisioning.checked_in import Made
from dashboards.provisioning.data_source import data_source
from dashboards.provisioning.folders import folders
from dashboards.provisioning.organisation import Organisation, Retired
from dashboards.provisioning.preferences import preferences
from dashboards.provisioning.readable import readable_part
from dashboards.settled import for_district
from density.register import District, Term
from store.schema import FIGURES, district_database


def readable(adcode: str) -> frozenset[str]:
    """The databases that a district's token reads."""
    return frozenset({FIGURES, district_database(adcode)})


def district_organisation(
    district: District, made: Made, *, terms: Mapping[str, Term], url: str, token: str
) -> Organisation:
    """What a district's organisation holds: of every board the panels that its token can fill."""
    mine = readable(district.id)
    parts = [(folder, readable_part(for_district(board, district.id), mine)) for folder, board in made.boards]
    return Organisation(
        name=f"{district.name.zh} {district.id}",
        data_sources=(data_source(url, token),),
        folders=folders(terms),
        boards=tuple((folder, board) for folder, board in parts if board is not None),
        preferences=preferences("district"),
        retired=Retired(data_sources=retired.DATA_SOURCES, boards=retired.BOARDS),
    )

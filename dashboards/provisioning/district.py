"""A district's organisation: a token of its own, which reads what is shared with this district and nothing else."""

from dashboards.provisioning import retired
from dashboards.provisioning.checked_in import Made
from dashboards.provisioning.data_source import data_source
from dashboards.provisioning.folders import folders
from dashboards.provisioning.organisation import Organisation, Retired
from dashboards.provisioning.preferences import preferences
from dashboards.provisioning.readable import readable_part
from dashboards.settled import for_district
from density.register import Reference
from store.schema import FIGURES_SHARED, district_database


def readable(adcode: str) -> frozenset[str]:
    """The databases that a district's token reads."""
    return frozenset({FIGURES_SHARED, district_database(adcode)})


def district_organisation(adcode: str, made: Made, reference: Reference, *, url: str, token: str) -> Organisation:
    """What a district's organisation holds: of every board the panels that its token can fill."""
    district = reference.districts[adcode]
    parks = {park.id for park in reference.parks.values() if park.district == adcode}
    own = [(folder, for_district(board, adcode, parks)) for folder, board in made.boards]
    parts = [(folder, readable_part(board, readable(adcode))) for folder, board in own if board is not None]
    return Organisation(
        name=f"{district.name.zh} {district.id}",
        data_sources=(data_source(url, token, district_database(adcode)),),
        folders=folders(reference.terms),
        boards=tuple((folder, board) for folder, board in parts if board is not None),
        preferences=preferences("district"),
        retired=Retired(data_sources=retired.DATA_SOURCES, folders=retired.FOLDERS, boards=retired.BOARDS),
    )

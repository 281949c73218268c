"""The city's organisation: every board, every alert rule, and who is told."""

from collections.abc import Mapping

from dashboards.provisioning import retired
from dashboards.provisioning.checked_in import Made
from dashboards.provisioning.contact_points import CITY, Contact, contact_points, unused_uids
from dashboards.provisioning.data_source import data_source
from dashboards.provisioning.folders import alert_folder, folders
from dashboards.provisioning.mute_timings import mute_timings
from dashboards.provisioning.organisation import Organisation, Retired
from dashboards.provisioning.policies import policy
from dashboards.provisioning.preferences import preferences
from dashboards.provisioning.templates import template
from density.register import Name, Reference

NUMBER = 1  # the organisation that every Grafana has


def city_organisation(
    reference: Reference,
    targets: Mapping[str, Name],
    made: Made,
    *,
    url: str,
    token: str,
    contacts: Mapping[str, Contact],
    board_url: str,
) -> Organisation:
    """What the city's organisation holds.

    Args:
        reference: names of places, terms, holidays.
        targets: names of the plan's targets by id.
        made: boards and alert rules.
        url: of the store, as Grafana reaches it.
        token: one that reads every database.
        contacts: by place; without one of the city the notification policies are left as they are.
        board_url: the address of the web board.
    """
    return Organisation(
        name="Main Org.",
        number=NUMBER,
        data_sources=(data_source(url, token),),
        folders=(*folders(reference.terms), alert_folder(reference.terms)),
        boards=made.boards,
        templates=(template(reference, targets, board_url),),
        contact_points=tuple(each for place, contact in contacts.items() for each in contact_points(place, contact)),
        mute_timings=mute_timings(reference.holidays),
        policy=None if contacts[CITY] == Contact() else policy(contacts, reference.parks),
        rule_groups=made.rule_groups,
        preferences=preferences("city"),
        retired=Retired(
            data_sources=retired.DATA_SOURCES,
            folders=retired.FOLDERS,
            boards=retired.BOARDS,
            rules=retired.RULES,
            contact_points=(*retired.CONTACT_POINTS, *unused_uids(contacts)),
            templates=retired.TEMPLATES,
            mute_timings=retired.MUTE_TIMINGS,
        ),
    )

"""Where notifications go: of the city and of each district, in Grafana's contact points with fixed uids."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from dashboards.provisioning.organisation import Json

Way = Literal["webhook", "dingtalk", "wecom", "email"]
WAYS: tuple[Way, ...] = ("webhook", "dingtalk", "wecom", "email")
CITY = "city"

# Grafana's names of the ways, and of the setting that holds the address.
TYPES: Mapping[Way, str] = {"webhook": "webhook", "dingtalk": "dingding", "wecom": "wecom", "email": "email"}
TITLE = '{{ template "robodensity.title" . }}'
MESSAGE = '{{ template "robodensity.message" . }}'


@dataclass(frozen=True)
class Contact:
    """How one place is reached; an empty address is no way.

    Args:
        webhook: an address that takes Grafana's JSON.
        dingtalk: the address of a DingTalk robot with its access token; Grafana signs nothing, so it needs a keyword.
        wecom: the address of a WeCom robot with its key.
        email: addresses with `;` between them.
    """

    webhook: str = ""
    dingtalk: str = ""
    wecom: str = ""
    email: str = ""


def receiver(place: str) -> str:
    """The name that policies call a place's contact points by; those of one name are one receiver."""
    return "robodensity" if place == CITY else f"robodensity-{place}"


def contact_uid(place: str, way: Way) -> str:
    """The fixed uid of one way to one place."""
    return f"robodensity-contact-{place}-{way}"


def contact_points(place: str, contact: Contact) -> Iterator[Json]:
    """The contact points of a place, one for each way that it has."""
    for way in WAYS:
        address = getattr(contact, way)
        if address:
            yield {
                "uid": contact_uid(place, way),
                "name": receiver(place),
                "type": TYPES[way],
                "settings": _settings(way, address),
                "disableResolveMessage": False,
            }


def unused_uids(places: Mapping[str, Contact]) -> tuple[str, ...]:
    """Every uid of ours that no setting names: what still has one is deleted."""
    return tuple(
        contact_uid(place, way) for place, contact in places.items() for way in WAYS if not getattr(contact, way)
    )


def _settings(way: Way, address: str) -> Json:
    if way == "webhook":
        return {"url": address, "httpMethod": "POST", "title": TITLE, "message": MESSAGE}
    if way == "dingtalk":
        return {"url": address, "msgType": "link", "title": TITLE, "message": MESSAGE}
    if way == "wecom":
        return {"url": address, "msgtype": "markdown", "title": TITLE, "message": MESSAGE}
    return {"addresses": address, "singleEmail": True, "subject": TITLE, "message": MESSAGE}

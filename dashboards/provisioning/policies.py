"""Who is told: operators of the platform's own troubles, a district of what lies in it, the city of everything."""

import re
from collections.abc import Mapping, Sequence

from dashboards.provisioning.contact_points import CITY, Contact, receiver
from dashboards.provisioning.mute_timings import NIGHT, SPRING_FESTIVAL
from dashboards.provisioning.organisation import Json
from density.register import Park

OPERATORS = "operators"
OFFICIALS = "officials"
AUDIENCE = "audience"
DISTRICT = "district"


def policy(contacts: Mapping[str, Contact], parks: Mapping[str, Park]) -> Json:
    """The tree. Operators are told at once at any hour; officials by day, and not over Spring Festival.

    A district is told of what lies in it: of its plan by the label `scope`, of its factories by the label `district`.
    By `continue` all of that goes to the city too, which answers for it.

    Args:
        contacts: by place: `city`, and the adcodes of districts that have a contact point of their own.
        parks: which lie where.
    """
    districts = [place for place, contact in contacts.items() if place != CITY and contact != Contact()]
    return {
        "receiver": receiver(CITY),
        "group_by": ["alertname"],
        "group_wait": "30s",
        "group_interval": "5m",
        "repeat_interval": "1d",
        "routes": [
            *[_route(receiver(each), [*_officials(), ["scope", "=~", _inside(each, parks)]]) for each in districts],
            *[_route(receiver(each), [[DISTRICT, "=", each]]) for each in districts],
            {**_route(receiver(CITY), _officials()), "continue": False},
            {
                "receiver": receiver(CITY),
                "object_matchers": [[AUDIENCE, "=", OPERATORS]],
                "group_by": ["alertname"],
                "repeat_interval": "4h",
            },
        ],
    }


def _officials() -> list[Sequence[str]]:
    return [[AUDIENCE, "=", OFFICIALS]]


def _route(to: str, matchers: list[Sequence[str]]) -> Json:
    return {
        "receiver": to,
        "object_matchers": matchers,
        "group_by": ["alertname", "scope", DISTRICT],
        "mute_time_intervals": [NIGHT, SPRING_FESTIVAL],
        "repeat_interval": "7d",
        "continue": True,
    }


def _inside(district: str, parks: Mapping[str, Park]) -> str:
    """The scopes of a district as Grafana's matchers take them: the whole label must match."""
    scopes = [f"district:{district}", *(f"park:{park.id}" for park in parks.values() if park.district == district)]
    return "|".join(re.escape(scope) for scope in scopes)

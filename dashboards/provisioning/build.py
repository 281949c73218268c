"""The checked-in files of what is provisioned beside the boards; a stale one fails a test.

`alert_rules.json` is what a push sends. `city.json` is for whoever reviews: the rest of the city's organisation, with
`${…}` where a push puts a setting.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from dashboards.provisioning.checked_in import ALERT_RULES, Made
from dashboards.provisioning.city import city_organisation
from dashboards.provisioning.contact_points import CITY, Contact
from dashboards.provisioning.rule_groups import rule_groups
from density.register import Name, Reference

_EVERY_WAY = Contact(*(f"${{{way}}}" for way in ("webhook", "dingtalk", "wecom", "email")))


def provisioned(reference: Reference, targets: Mapping[str, Name]) -> dict[Path, str]:
    """The text of each file."""
    city = city_organisation(
        reference,
        targets,
        Made(),
        url="${grafana_influx_url}",
        token="${city}",  # noqa: S106 - no token, but where it goes
        contacts={CITY: _EVERY_WAY, **dict.fromkeys(reference.districts, _EVERY_WAY)},
        board_url="${board_url}",
    )
    shown = {key: each for key, each in asdict(city).items() if key not in {"boards", "rule_groups"}}
    return {
        ALERT_RULES: _text(rule_groups(reference.terms)),
        ALERT_RULES.with_name("city.json"): _text(shown),
    }


def _text(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"

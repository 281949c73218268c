"""What an organisation of Grafana holds of what is pushed to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True)
class PresentBoard:
    """A board as it was saved last."""

    version: int
    message: str
    saved_by: str
    provisioned: bool
    folder: str


@dataclass(frozen=True)
class Present:
    """By uid; templates and mute timings by name, rule groups by folder and name. The default is a new organisation."""

    data_sources: Mapping[str, Json] = field(default_factory=dict)
    folders: Mapping[str, Json] = field(default_factory=dict)
    contents: Mapping[str, Sequence[str]] = field(default_factory=dict)  # uids of what lies in a retired folder
    boards: Mapping[str, PresentBoard] = field(default_factory=dict)
    templates: Mapping[str, Json] = field(default_factory=dict)
    contact_points: Mapping[str, Json] = field(default_factory=dict)
    mute_timings: Mapping[str, Json] = field(default_factory=dict)
    policy: Json = field(default_factory=dict)
    rule_groups: Mapping[str, Json] = field(default_factory=dict)
    rules: Mapping[str, Json] = field(default_factory=dict)
    preferences: Json = field(default_factory=dict)


def by(key: str, rows: Sequence[Json]) -> dict[str, Json]:
    """The rows by one of their members."""
    return {row[key]: row for row in rows}

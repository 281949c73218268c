"""What one organisation of Grafana is to hold, in the forms that Grafana's HTTP API takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Retired:
    """Fixed uids that were ours and are no more: each is deleted, since leaving it out deletes nothing.

    Templates and mute timings have names for uids.
    """

    data_sources: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    boards: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    contact_points: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    mute_timings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Organisation:
    """One organisation: who sees one of its data sources may query all that its token reads.

    Args:
        name: as Grafana shows it; of a district it finds the organisation again.
        number: of an organisation that is there already; None makes or finds one by its name.
        boards: folder's uid and board.
        policy: the tree of notification policies; None leaves the organisation's own.
        preferences: time zone, home board.
    """

    name: str
    number: int | None = None
    data_sources: tuple[Json, ...] = ()
    folders: tuple[Json, ...] = ()
    boards: tuple[tuple[str, Json], ...] = ()
    templates: tuple[Json, ...] = ()
    contact_points: tuple[Json, ...] = ()
    mute_timings: tuple[Json, ...] = ()
    policy: Json | None = None
    rule_groups: tuple[Json, ...] = ()
    preferences: Json = field(default_factory=dict)
    retired: Retired = field(default_factory=Retired)

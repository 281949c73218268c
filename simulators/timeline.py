"""The whole story of the simulated city, by phase: the same for everybody who asks, whenever they ask."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulators.calendar import DAY_S, MONTH_ENDS_S
from simulators.city import City, build_city
from simulators.events import Events, build_events
from simulators.fleet import Fleet, build_fleet
from simulators.headcount import workforce
from simulators.lifecycle import lifecycle
from simulators.message import Message
from simulators.reference import read_seeds
from simulators.register import designations, registrations
from simulators.returns import assessments, inventories
from simulators.status import PAST_DAYS, past

POSTED = {"registrations": "/v1/factories", "designations": "/v1/designations"}
PHASES = ("registrations", "workforce", "lifecycle", "inventory", "assessment", "designations", "status")
DATED = frozenset({"workforce", "inventory", "assessment"})  # what a shorter history leaves out


@dataclass(frozen=True)
class Timeline:
    """A city with its robots and all that happens to them."""

    city: City
    fleet: Fleet
    events: Events

    def messages(self, phase: str, from_s: int, to_s: int) -> Iterator[Message]:
        """What factories say after one moment and up to another.

        Raises:
            KeyError: the phase is none that factories publish.
        """
        makers = {
            "workforce": lambda: workforce(self.city, from_s, to_s),
            "lifecycle": lambda: lifecycle(self.city, self.fleet, self.events, from_s, to_s),
            "inventory": lambda: inventories(self.city, self.fleet, from_s, to_s),
            "assessment": lambda: assessments(self.city, from_s, to_s),
            "status": lambda: past(self.city, self.fleet, from_s, to_s),
        }
        return makers[phase]()

    def posts(self, phase: str, from_s: int, to_s: int) -> list[Mapping[str, Any]]:
        """What officials enter after one moment and up to another.

        Raises:
            KeyError: the phase is none that officials enter.
        """
        entered = {"registrations": registrations, "designations": designations}[phase](self.city)
        return [body for at_s, body in entered if from_s < at_s <= to_s]

    def expected(self, phase: str, from_s: int, to_s: int) -> int:
        """About how many items a phase has, for a progress bar."""
        if phase == "lifecycle":
            return int(((self.events.due_s > from_s) & (self.events.due_s <= to_s)).sum())
        if phase == "status":
            standing = (self.fleet.from_s <= to_s) & (self.fleet.to_s > from_s)
            return int(standing.sum() * min(PAST_DAYS, (to_s - from_s) // DAY_S + 1))
        months = int(((from_s < MONTH_ENDS_S) & (to_s >= MONTH_ENDS_S)).sum())
        share = {"workforce": 0.92, "inventory": 0.06, "assessment": 0.007}[phase]
        return int(len(self.city) * months * share)


def build_timeline(*, seed: int, scale: float) -> Timeline:
    """Draw the whole story."""
    city = build_city(read_seeds(), seed=seed, scale=scale)
    fleet = build_fleet(city)
    return Timeline(city, fleet, build_events(city, fleet))


def stock_of_factories(timeline: Timeline, at_s: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """How many robots of any kind stand at each factory at a moment."""
    fleet = timeline.fleet
    here = (fleet.from_s <= at_s) & (fleet.to_s > at_s) & ~fleet.phantom
    return np.bincount(fleet.factory[here], minlength=len(timeline.city))

"""Lifecycle events of the simulated city as the contract writes them, each with the moment when it is sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulators.arrays import Flags, Ints, uniform
from simulators.calendar import BASELINE_END_S, DAY_S, HORIZON_END_S, day_of_s, span_end_s, text_of_s
from simulators.city import City
from simulators.credit_code import made_up_code
from simulators.fleet import BEFORE, DAY, INSTANT, MONTH, YEAR, Fleet
from simulators.makes import ALL_MAKES

ENTER, LEAVE, VOID, CORRECT = range(4)
PURPOSES = ("production", "research", "training")
_LESSOR = made_up_code("310115", 999_999)


@dataclass(frozen=True)
class Events:
    """Events by place in every array, sorted by factory and time of sending.

    Attributes:
        kind: ENTER, LEAVE, VOID or CORRECT.
        stay: place in the fleet.
        factory: place in the city.
        due_s: when it is sent.
        stated_s: what `reported_at` says; 0 for none. Only where a later statement replaces this one.
    """

    kind: Ints
    stay: Ints
    factory: Ints
    due_s: Ints
    stated_s: Ints


def build_events(city: City, fleet: Fleet) -> Events:
    """All events to the horizon."""
    stay = np.arange(len(fleet))
    corrected = _corrected(city, fleet)
    enter_due_s = np.array([_known_s(form, at_s) for form, at_s in zip(fleet.form, fleet.from_s, strict=True)])
    leaving, wrong, again = (np.flatnonzero(each) for each in (fleet.to_s < HORIZON_END_S, fleet.phantom, corrected))
    voided_s = enter_due_s[wrong] + DAY_S * (5 + (uniform(city.seed, 41, wrong) * 35).astype(np.int64))
    again_s = enter_due_s[again] + 10 * DAY_S
    count = len(stay), len(leaving), len(wrong), len(again)
    kind = np.repeat([ENTER, LEAVE, VOID, CORRECT], count)
    stays = np.r_[stay, leaving, wrong, again]
    due_s = np.r_[enter_due_s, fleet.to_s[leaving], voided_s, again_s]
    first_s = np.where(corrected, np.maximum(enter_due_s, BASELINE_END_S), 0)
    stated_s = np.r_[first_s, np.zeros(count[1] + count[2], dtype=np.int64), again_s]
    factory = fleet.factory[stays]
    order = np.lexsort((kind, due_s, factory))
    return Events(*(each[order] for each in (kind, stays, factory, due_s, stated_s)))


def _corrected(city: City, fleet: Fleet) -> Flags:
    chosen = uniform(city.seed, 42, fleet.robot) < 0.005
    return chosen & (fleet.from_s >= BASELINE_END_S) & ~fleet.phantom & ~fleet.moved_in


def _known_s(form: int, at_s: int) -> int:
    """When a beginning can be told: a month or year when it is over, `before:` on that day."""
    if form in {MONTH, YEAR}:
        return span_end_s(int(at_s), 12 if form == YEAR else 1)
    return int(at_s)


def at_text(form: int, at_s: int) -> str:
    """A beginning as exactly as it is told."""
    if form == INSTANT:
        return text_of_s(at_s)
    if form == BEFORE:
        return f"before:{day_of_s(max(at_s, BASELINE_END_S - DAY_S)).isoformat()}"
    return day_of_s(at_s).isoformat()[: {DAY: 10, MONTH: 7, YEAR: 4}[form]]


def written_events(city: City, fleet: Fleet, events: Events, chosen: Ints) -> Iterator[Mapping[str, Any]]:
    """The chosen events as the contract has them.

    Args:
        city: the factories.
        fleet: the stays.
        events: all events.
        chosen: places in `events`.
    """
    for place in chosen.tolist():
        stay, kind = int(events.stay[place]), int(events.kind[place])
        robot = f"R-{int(fleet.asset[stay]):04d}"
        at = at_text(int(fleet.form[stay]), int(fleet.from_s[stay]))
        entering = "moved_in" if fleet.moved_in[stay] else "commissioned"
        if kind == LEAVE:
            name = "moved_out" if fleet.moves_out[stay] else "decommissioned"
            yield {"robot": robot, "event": name, "at": text_of_s(int(fleet.to_s[stay]))}
        elif kind == VOID:
            voided = {"event": entering, "at": at}
            yield {"robot": robot, "event": "void", "at": text_of_s(int(events.due_s[place])), "voids": voided}
        else:
            record = f"SIM-{int(fleet.robot[stay]):06d}" + ("-R1" if kind == CORRECT else "")
            yield {"robot": robot, "event": entering, "at": at, **_description(city, fleet, stay), "record": record}


def _description(city: City, fleet: Fleet, stay: int) -> dict[str, Any]:
    robot = int(fleet.robot[stay])
    make = ALL_MAKES[int(fleet.make[stay])]
    spellings = city.seeds.spellings.get(make.maker, (make.maker,))
    serial = f"SIM{robot + 100_000}"
    described: dict[str, Any] = {
        "nameplate": {
            "manufacturer": spellings[(robot * 7 + stay) % len(spellings)] if robot % 10 < 3 else spellings[0],
            "model": make.model,
            "serial": serial,
        },
        "category": make.category,
        "axes": make.axes,
        "application": make.application,
    }
    if fleet.purpose[stay]:
        described["purpose"] = PURPOSES[int(fleet.purpose[stay])]
    if robot % 17 == 0:
        described |= {"acquisition": "lease", "owner": _LESSOR}
    return described

"""What the city's officials enter through the API: factories, their changes and ends, and designations."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from simulators import shape
from simulators.arrays import Flags, Ints, uniform
from simulators.calendar import BASELINE_END_S, DAY_S, HORIZON_END_S, NEVER_S, day_of_s, day_start_s
from simulators.city import OUTSIDE, City
from simulators.credit_code import made_up_code

_SPAN_S = HORIZON_END_S - BASELINE_END_S


def closing_s(city: City) -> Ints:
    """00:00 Shanghai of the day on which each factory ends; only small ones without robots do."""
    places = np.arange(len(city))
    small = (city.appetite == 0) & (city.stock == 0) & (city.persons < 300)
    closes = small & (uniform(city.seed, 51, places) < 0.03)
    days = 30 + (uniform(city.seed, 52, places) * (_SPAN_S // DAY_S - 60)).astype(np.int64)
    return np.where(closes, BASELINE_END_S + days * DAY_S, NEVER_S)


def registrations(city: City) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Bodies of POST /v1/factories with the moment when each is posted, first registrations first."""
    for place in range(len(city)):
        yield BASELINE_END_S - DAY_S, _body(city, place)
    yield from sorted(_changes(city), key=lambda change: change[0])


def _changes(city: City) -> Iterator[tuple[int, Mapping[str, Any]]]:
    ends_s = closing_s(city)
    places = np.arange(len(city))
    grows = ~city.above_scale & (uniform(city.seed, 53, places) < 0.3)
    shrinks = city.above_scale & (city.persons < 25) & (uniform(city.seed, 53, places) < 0.1)
    days = 60 + (uniform(city.seed, 54, places) * (_SPAN_S // DAY_S - 120)).astype(np.int64)
    for place in np.flatnonzero((grows | shrinks) & (ends_s == NEVER_S)).tolist():
        at_s = BASELINE_END_S + int(days[place]) * DAY_S
        changed = {**_body(city, place), "above_scale": bool(grows[place]), "from": day_of_s(at_s).isoformat()}
        yield at_s, changed
    for place in np.flatnonzero(ends_s < NEVER_S).tolist():
        at_s = int(ends_s[place])
        yield at_s, {**_body(city, place), "closed": day_of_s(at_s).isoformat()}


def _body(city: City, place: int) -> dict[str, Any]:
    district = city.seeds.districts[int(city.district[place])]
    park = int(city.park[place])
    owner = place - 1 if place % 40 == 1 else place  # some enterprises have two sites
    return {
        "factory": f"F{place + 1:05d}",
        "name": {"zh": f"模拟工厂 F{place + 1:05d}", "en": f"Simulated factory F{place + 1:05d}"},
        "credit_code": made_up_code(city.seeds.districts[int(city.district[owner])], owner + 1),
        "district": district,
        "park": None if park == OUTSIDE else city.seeds.parks[park].id,
        "industry": city.industry[place],
        "above_scale": bool(city.above_scale[place]),
    }


def designations(city: City) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Bodies of POST /v1/designations with the moment when each is posted, in order of time."""
    order = _ranked(city)
    begun = 0
    for year, month, count in shape.DESIGNATED:
        until = min(len(order), round(count * city.scale))
        from_s = day_start_s(day_of_s(0).replace(year=year, month=month, day=15))
        for place in order[begun:until].tolist():
            yield from_s, _designation(place, *_grade(year, place), from_s)
        if (year, month) == (2025, 12):
            for place in order[: begun // 3].tolist():
                yield from_s, _designation(place, "national-2024", "先进级", from_s)
        begun = until
        if (year, month) == (2025, 7):
            for place in order[-round(900 * city.scale) :].tolist():
                yield from_s, _designation(place, "national-2024", "基础级", from_s)


def _ranked(city: City) -> Ints:
    """Factories that may be recognised, the likeliest first."""
    fit: Flags = city.above_scale & (city.stock > 0) & (closing_s(city) == NEVER_S)
    places = np.flatnonzero(fit)
    score = np.log1p(city.persons[places]) + 2 * uniform(city.seed, 55, places)
    return places[np.argsort(-score, kind="stable")]


def _grade(year: int, place: int) -> tuple[str, str]:
    if year < 2025:
        return "shanghai-2023", "标杆性" if place % 9 == 0 else "示范性"
    return "national-2024", "卓越级" if place % 13 == 0 else "先进级"


def _designation(place: int, scheme: str, grade: str, from_s: int) -> dict[str, Any]:
    day = day_of_s(from_s).isoformat()
    return {
        "kind": "smart_factory",
        "scheme": scheme,
        "grade": grade,
        "subject": {"factory": f"F{place + 1:05d}"},
        "from": day,
        "record": f"模拟公告 {day} simulated",
    }

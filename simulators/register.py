"""What is posted to the API about the simulated factories: registrations, their edits, and designations."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np

from simulators.calendar import DAY_MS, NEVER_MS, date_texts, day_ms
from simulators.chance import generator
from simulators.city import City
from simulators.window import Window

Body = Mapping[str, object]

_AT_BASELINE: Final = 60  # factories whose designation counts
_A_ROUND: Final = 54
_ROUNDS: Final = tuple(day for year in range(2024, 2032) for day in (date(year, 6, 20), date(year, 12, 15)))
_RENAMED: Final = date(2025, 6, 1)  # city lists turn from 示范性 to 先进级


class Register:
    """Everything that officials enter of the city, each with the instant from which it is known."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._edits = self._arranged_edits()
        self._designations = _designations(city)

    def registrations(self, window: Window) -> list[Body]:
        """First all factories, then the edits that fall due, in their order."""
        first = range(len(self._city)) if window.after < 0 else ()
        return [self._registration(factory) for factory in first] + _due(self._edits, window)

    def designations(self, window: Window) -> list[Body]:
        """The designations that fall due."""
        return _due(self._designations, window)

    def _registration(self, factory: int) -> dict[str, object]:
        city = self._city
        name = city.ids[factory]
        return {
            "factory": name,
            "name": {"zh": f"模拟工厂 {name}", "en": f"Simulated factory {name}"},
            "credit_code": city.credit_code[factory],
            "district": city.district[factory],
            "park": city.park[factory] or None,
            "industry": city.industry[factory],
            "above_scale": bool(city.above[factory]),
        }

    def _arranged_edits(self) -> list[tuple[int, Body]]:
        """A few factories close, and a few small ones fall below scale."""
        city, rng = self._city, generator(self._city.seed, "edits")
        closing = np.flatnonzero(city.closed_ms < NEVER_MS)
        days = date_texts(city.closed_ms[closing], "D")
        edits = [
            (int(city.closed_ms[place]), {**self._registration(place), "from": day, "closed": day})
            for place, day in zip(closing.tolist(), days, strict=True)
        ]
        falling = np.flatnonzero((rng.random(len(city)) < 0.02) & city.above & (city.base < 60))
        for factory in falling.tolist():
            day = date(int(rng.integers(2024, 2032)), 1, 1)
            if day_ms(day) < city.closed_ms[factory]:
                edits = [each for each in edits if each[1]["factory"] != city.ids[factory]]
                body = {**self._registration(factory), "above_scale": False, "from": day.isoformat()}
                edits.append((day_ms(day), body))
        return sorted(edits, key=lambda each: (each[0], str(each[1]["factory"])))


def _designations(city: City) -> list[tuple[int, Body]]:
    """Designations by round; a site that counts is named once, a few climb, many have grades that do not count."""
    rng = generator(city.seed, "designations")
    weights = np.where(city.above & (city.closed_ms == NEVER_MS), city.base * (1 + 2 * city.key), 0.0)
    order = np.argsort(-np.log(rng.random(len(city)).clip(1e-12)) / weights.clip(1e-9))
    opening = max(1, round(_AT_BASELINE * city.scale))
    reach = [opening + round(_A_ROUND * city.scale * (number + 1)) for number in range(len(_ROUNDS))]
    found: list[tuple[int, Body]] = []
    begin = 0
    for day, end in zip((date(2023, 6, 30), *_ROUNDS), (opening, *reach), strict=True):
        for factory in order[begin:end].tolist():
            found.append(_counting(city, factory, day, high=bool(rng.random() < 0.15)))
            if day < _RENAMED and rng.random() < 0.1:
                found.append(_designation(city, factory, "national-2024", "卓越级", date(2025, 12, 15)))
        begin = end
    found += _others(city, order[begin:].tolist(), rng)
    return sorted(found, key=lambda each: each[0])


def _counting(city: City, factory: int, day: date, *, high: bool) -> tuple[int, Body]:
    if day < _RENAMED:
        return _designation(city, factory, "shanghai-2023", "标杆性" if high else "示范性", day)
    return _designation(city, factory, "national-2024", "卓越级" if high else "先进级", day)


def _others(city: City, factories: list[int], rng: np.random.Generator) -> list[tuple[int, Body]]:
    basic = factories[: round(1200 * city.scale)]
    days = [date(2024, 12, 1 + int(rng.integers(0, 28))) for _ in basic]
    return [
        _designation(city, factory, "shanghai-2023", "市级智能工厂", date(2023, 11, 30))
        for factory in factories[: round(117 * city.scale)]
    ] + [
        _designation(city, factory, "national-2024", "基础级", day)
        for factory, day in zip(basic, days, strict=True)
    ]


def _designation(city: City, factory: int, scheme: str, grade: str, day: date) -> tuple[int, Body]:
    name = city.ids[factory]
    body = {
        "kind": "smart_factory",
        "scheme": scheme,
        "grade": grade,
        "subject": {"factory": name},
        "from": day.isoformat(),
        "record": f"模拟认定 {day.year} {name}",
    }
    return day_ms(day) + DAY_MS // 2, body


def _due(entries: list[tuple[int, Body]], window: Window) -> list[Body]:
    return [body for due, body in entries if window.after < due <= window.through]

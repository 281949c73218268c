"""What happened to the robots, as lifecycle events of the contract."""

import json
from collections.abc import Iterator
from typing import Final

import numpy as np

from simulators.calendar import BASELINE_MS, DAY_MS, HORIZON_MS, HOUR_MS, NEVER_MS, Ints, date_texts, time_texts
from simulators.chance import generator
from simulators.city import City
from simulators.credit_code import made_up_code
from simulators.fleet import BEFORE, DATE, EXACT, MONTH, PRODUCTION, YEAR, Fleet
from simulators.models import CATEGORIES, MAKERS, MODELS, application
from simulators.window import Message, Window

INSTALLED, ENTERED, LEFT, CHANGED, MISTAKEN, VOIDED = range(6)
_PURPOSES: Final = ("production", "research", "training")
_A_MESSAGE: Final = 1500  # events of some 350 bytes stay well under 1 MiB


class Lifecycle:
    """Every event until the horizon, ordered by factory and by when it is reported.

    A few commissionings are mistaken and made void three days later; a few research robots go into production.
    """

    def __init__(self, city: City, fleet: Fleet) -> None:
        self._city, self._fleet = city, fleet
        rng = generator(city.seed, "lifecycle")
        stays = np.arange(len(fleet))
        entered = np.where(fleet.exactness >= MONTH, fleet.begin_ms + DAY_MS, fleet.begin_ms)
        entered = np.where(fleet.exactness == DATE, fleet.begin_ms + 20 * HOUR_MS, entered)
        fresh = (fleet.begin_ms >= BASELINE_MS) & ~fleet.moved_in & (fleet.exactness == EXACT)
        installed = stays[fresh & (rng.random(len(fleet)) < 0.9)]
        begun = fleet.begin_ms[installed] - rng.integers(4, 400, len(installed)) * HOUR_MS
        left = stays[(fleet.end_ms < HORIZON_MS) | fleet.moved_out]
        mistaken = stays[fresh & (rng.random(len(fleet)) < 0.006)]
        wrong = fleet.begin_ms[mistaken] + HOUR_MS
        changed = stays[(fleet.purpose != PRODUCTION) & (rng.random(len(fleet)) < 0.15)]
        change = np.maximum(fleet.begin_ms[changed], BASELINE_MS) + rng.integers(200, 900, len(changed)) * DAY_MS
        parts = (
            (INSTALLED, installed, begun, begun),
            (ENTERED, stays, fleet.begin_ms, entered),
            (LEFT, left, fleet.end_ms[left], fleet.end_ms[left]),
            (CHANGED, changed, change, change),
            (MISTAKEN, mistaken, wrong, wrong),
            (VOIDED, mistaken, wrong, wrong + 3 * DAY_MS),
        )
        self._arrange(parts)

    def _arrange(self, parts: tuple[tuple[int, Ints, Ints, Ints], ...]) -> None:
        fleet = self._fleet
        kind = np.concatenate([np.full(len(stay), number) for number, stay, _, _ in parts])
        stay, at, due = (np.concatenate([part[place] for part in parts]) for place in (1, 2, 3))
        late = (kind == CHANGED) & (at >= fleet.end_ms[stay])
        closed = self._city.closed_ms[fleet.factory[stay]]
        kept = (due < np.minimum(closed, HORIZON_MS)) & ~late
        order = np.flatnonzero(kept)
        order = order[np.lexsort((kind[order], due[order], fleet.factory[stay[order]]))]
        self._kind, self._stay, self._at, self.due = kind[order], stay[order], at[order], due[order]

    def count(self, window: Window) -> int:
        """Events that fall due in a window."""
        return int(window.holds(self.due).sum())

    def messages(self, window: Window) -> Iterator[Message]:
        """The events of a window, a factory's together."""
        rows = np.flatnonzero(window.holds(self.due))
        if not len(rows):
            return
        factory = self._fleet.factory[self._stay[rows]]
        cuts = np.flatnonzero(np.diff(factory)) + 1
        for part in np.split(rows, cuts):
            where = int(self._fleet.factory[self._stay[part[0]]])
            for start in range(0, len(part), _A_MESSAGE):
                chunk = part[start : start + _A_MESSAGE]
                yield Message(where, "lifecycle", f'"events":[{",".join(self._events(chunk))}]', len(chunk))

    def _events(self, rows: Ints) -> list[str]:
        stays, texts = self._stay[rows].tolist(), self._at_texts(rows)
        kinds = self._kind[rows].tolist()
        return [self._event(kind, stay, text) for kind, stay, text in zip(kinds, stays, texts, strict=True)]

    def _at_texts(self, rows: Ints) -> list[str]:
        kind, at = self._kind[rows], self._at[rows]
        exactness = np.where(kind == ENTERED, self._fleet.exactness[self._stay[rows]], EXACT)
        texts = time_texts(at)
        for degree, unit in ((DATE, "D"), (MONTH, "M"), (YEAR, "Y")):
            for place in np.flatnonzero(exactness == degree).tolist():
                texts[place] = date_texts(at[place : place + 1], unit)[0]
        for place in np.flatnonzero(exactness == BEFORE).tolist():
            texts[place] = f"before:{date_texts(at[place : place + 1] + DAY_MS, 'D')[0]}"
        return texts

    def _event(self, kind: int, stay: int, at: str) -> str:
        fleet = self._fleet
        robot = asset_number(int(fleet.asset[stay]))
        if kind == VOIDED:
            return f'{{"robot":"{robot}X","event":"void","at":"{at}","voids":{{"event":"commissioned","at":"{at}"}}}}'
        if kind == CHANGED:
            return f'{{"robot":"{robot}","event":"changed","at":"{at}","purpose":"production"}}'
        if kind == LEFT:
            name = "moved_out" if fleet.moved_out[stay] else "decommissioned"
            return f'{{"robot":"{robot}","event":"{name}","at":"{at}"}}'
        if kind == MISTAKEN:
            return f'{{"robot":"{robot}X","event":"commissioned","at":"{at}",{self._machine(stay, mark="X")}}}'
        name = "installed" if kind == INSTALLED else "moved_in" if fleet.moved_in[stay] else "commissioned"
        return f'{{"robot":"{robot}","event":"{name}","at":"{at}",{self._machine(stay)}}}'

    def _machine(self, stay: int, mark: str = "") -> str:
        """Nameplate and use; the same machine may be written with another name of its maker after a move."""
        fleet, number = self._fleet, int(self._fleet.robot[stay])
        model, category = MODELS[fleet.model[stay]], int(fleet.category[stay])
        names = MAKERS[model.maker]
        maker = names[(number + bool(fleet.moved_in[stay])) % len(names) if number % 5 == 0 else 0]
        purpose = _PURPOSES[fleet.purpose[stay]]
        return (
            f'"nameplate":{{"manufacturer":"{maker}","model":"{model.name}","serial":"SIM{number:07d}{mark}"}},'
            f'"category":"{CATEGORIES[category]}","purpose":"{purpose}","application":"{application(category, number)}"'
            f"{self._lease(stay)}"
        )

    def _lease(self, stay: int) -> str:
        if not self._fleet.lease[stay]:
            return ""
        owner = made_up_code("310115", 990_000 + int(self._fleet.robot[stay]) % 12)
        return f',"acquisition":"lease","owner":{json.dumps(owner)}'


def asset_number(number: int) -> str:
    """A factory's own number of a robot."""
    return f"R-{number:04d}"


def standing_in_production(fleet: Fleet, factories: int, instant: int) -> Ints:
    """How many counting robots stand in each factory at an instant."""
    inside = fleet.standing(instant) & fleet.counts
    return np.bincount(fleet.factory[inside], minlength=factories)


def is_open(city: City, instant: int) -> Ints:
    """Indices of the factories that are not closed at an instant."""
    return np.flatnonzero(city.closed_ms > min(instant, NEVER_MS - 1))

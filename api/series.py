"""Series as the caller names them: total, all, key, and which set of industries is key."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import Query

from api.errors import ApiError
from api.points import Row
from api.registry import Registry
from density.definition import SERIES, Definition
from density.register import KeySet

KEY = "key"

SeriesName = Annotated[Literal["total", "all", "key"], Query(description="total; all: 规上; key: 重点产业")]
KeySetName = Annotated[
    str | None, Query(max_length=64, description="which industries are key; the platform's own set unless given")
]


def find_key_set(name: str | None, definition: Definition) -> KeySet:
    """The key set of a name; the platform's own one unless named.

    Raises:
        ApiError: 422 `unknown_key_set`, naming those that there are.
    """
    known = {each.id: each for each in (definition.key_set, *definition.other_key_sets)}
    if name is None:
        return definition.key_set
    if name not in known:
        sentence = f"There is no key set {name!r}; there are {', '.join(known)}."
        raise ApiError(422, "unknown_key_set", sentence, path="key_set")
    return known[name]


def series_of(series: str, key_set: KeySet, definition: Definition) -> str:
    """The series as it is stored: `key` of another key set is `key:<id>`."""
    return f"{KEY}:{key_set.id}" if series == KEY and key_set != definition.key_set else series


def target_id(target: str, series: str, key_set: KeySet, definition: Definition) -> str:
    """The target as it is judged: one in the series `key` has an id of its own in every other key set."""
    return f"{target}:{key_set.id}" if series_of(series, key_set, definition) not in SERIES else target


def factory_in(series: str, key_set: KeySet, factory: str, registry: Registry) -> Callable[[Row, int], bool]:
    """Whether a factory is in a series on a day, told from its row and its registration."""

    def holds(row: Row, day: int) -> bool:
        if series in {"total", "all", KEY}:
            return bool({"total": True, "all": row["in_all"], KEY: row["in_key"]}[series])
        standing = registry.in_force(factory, day)
        return bool(row["in_all"]) and standing is not None and key_set.holds(standing.industry)

    return holds

"""A stored row as the public is told it: closed, or with its persons in tens."""

from typing import Any

from api.points import SUPPRESSED, Row
from density.disclosure.rounding import rounded_persons, rounded_ratio

PERSONS = ("persons", "persons_counted", "end_of_period_persons", "persons_then", "persons_now")
NAMES = frozenset({"time", "day", "scope", "kind", "series", "target", "base", "definition_version"})


def closed(row: Row, why: str) -> Row:
    """The same row without any figure, and why."""
    return {**{name: value if name in NAMES else None for name, value in row.items()}, SUPPRESSED: why}


def softened(row: Row) -> Row:
    """The same row with persons in tens and no ratio finer than that."""
    persons = row.get("persons_counted") or row.get("persons_now") or row.get("persons") or 0
    return {name: _softened(name, value, persons) for name, value in row.items()}


def _softened(name: str, value: Any, persons: int) -> Any:  # noqa: ANN401 - any field
    if value is None or name in NAMES:
        return value
    if name in PERSONS:
        return rounded_persons(int(value))
    return rounded_ratio(value, persons) if isinstance(value, float) else value


def judged(row: Row) -> Row:
    """How a target stands, ratios to four digits: they are made of persons, who are not in the row.

    Whole numbers are robots and sites, which are told as they are.
    """
    return {name: _to_four(value) if isinstance(value, float) else value for name, value in row.items()}


def _to_four(value: float) -> float:
    return value if value.is_integer() else float(f"{value:.4g}")

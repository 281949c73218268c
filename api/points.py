"""One day of one scope and series as the API shows it, every figure under the name that the schema gives it."""

from collections.abc import Iterable, Mapping
from typing import Any

from store.schema import COMPARISON, FIGURE, FLOW, FORECAST, PLAN_STATUS, ROBOT_ACTIVITY, Measurement

Row = Mapping[str, Any]


def shown_fields(kind: Measurement) -> tuple[str, ...]:
    """The names of a measurement's fields without the flags of those that may be null."""
    names = [field.name for field in kind.fields]
    return tuple(name for name in names if not (name.endswith("_known") and name.removesuffix("_known") in names))


RESPONSE = "response_"
SUPPRESSED = "suppressed"
COUNTS = tuple(field.name for field in FIGURE.fields if field.type == "int" and field.name != "definition_version")
RATIOS = tuple(name for name in shown_fields(FIGURE) if name not in {*COUNTS, "definition_version"})
FLOWS = shown_fields(FLOW)
SIGNALS = shown_fields(ROBOT_ACTIVITY)
STANDING = tuple(name for name in shown_fields(PLAN_STATUS) if name != "basis")
FORESEEN = shown_fields(FORECAST)
COMPARED = shown_fields(COMPARISON)
BASES = ("mom", "yoy")


def point(row: Row | None, *, folded: bool) -> dict[str, object]:
    """The figures of one scope, series and day.

    Args:
        row: what is stored, its `flow` as a mapping where the account of the day is known; none means that the
            scope has nothing in the series on that day.
        folded: whether the figures reach this day; beyond it everything is unknown.
    """
    nothing = 0 if folded else None
    stored: Row = {"flow": dict.fromkeys(FLOWS, 0) if folded else None} if row is None else row
    return {
        **{name: stored.get(name, nothing) for name in COUNTS},
        **{name: stored.get(name) for name in RATIOS if not name.startswith(RESPONSE)},
        "response": {
            of: {by: stored.get(f"{RESPONSE}{of}_{by}") for by in ("factories", "persons")}
            for of in ("headcount", "robots")
        },
        "flow": stored.get("flow"),
        **{name: stored.get(name) for name in SIGNALS},
        **_suppressed(row),
    }


def standing_of(row: Row | None) -> dict[str, object]:
    """How a target stands in one scope; nulls where nothing is stored."""
    return {name: (row or {}).get(name) for name in STANDING} | _suppressed(row)


def _suppressed(row: Row | None) -> dict[str, object]:
    """Why nothing is told, where that is so."""
    return {SUPPRESSED: row[SUPPRESSED]} if row is not None and SUPPRESSED in row else {}


def forecast_of(row: Row | None) -> dict[str, object] | None:
    """What is foreseen for a target in one scope; null where there is too little history."""
    return None if row is None else {name: row.get(name) for name in FORESEEN}


def comparison_of(rows: Iterable[Row], series: str) -> dict[str, object]:
    """A series against a month and a year before; null where nothing is stored."""
    found = {row["base"]: {name: row[name] for name in COMPARED} for row in rows if row["series"] == series}
    return {base: found.get(base) for base in BASES}

"""How long each database keeps its points; what is not named is kept for ever."""

from collections.abc import Mapping

from store.schema import ACTIVITY, LISTS, REFUSED, TELEMETRY, VITALS

DAY_NS = 86_400 * 10**9


def retention_days(telemetry_days: int) -> Mapping[str, int]:
    """Days by database."""
    return {TELEMETRY: telemetry_days, ACTIVITY: 3 * 366, REFUSED: 400, VITALS: 90, LISTS: 7}

"""A sign for each status, so that none is told by its colour alone."""

from collections.abc import Mapping

SIGNS: Mapping[str, str] = {
    "met": "✓", "missed": "✕", "lagging": "▼", "at_risk": "△", "on_track": "●", "at_reference": "●",
    "below_reference": "▽", "too_early": "…", "no_data": "○", "no_quota": "○",
}  # fmt: skip
KEY_SIGNS: Mapping[str, str] = {"whole": "◆", "part": "◇"}  # of divisions among the key industries

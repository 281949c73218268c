"""The databases of the store (buckets in InfluxDB 2)."""

REPORTS = "reports"
TELEMETRY = "telemetry"
ACTIVITY = "activity"
FIGURES = "figures"
REFUSED = "refused"
STATE = "state"
VITALS = "vitals"
LISTS = "lists"
FIGURES_SHARED = "figures_shared"  # what of the figures every district may see


def district_database(adcode: str) -> str:
    """The database of what of the figures one district alone may see, its factories among it."""
    return f"figures_{adcode}"

"""The databases of the store (buckets in InfluxDB 2)."""

REPORTS = "reports"
TELEMETRY = "telemetry"
ACTIVITY = "activity"
FIGURES = "figures"
REFUSED = "refused"
STATE = "state"
VITALS = "vitals"


def district_database(adcode: str) -> str:
    """The database of one district's factory-level figures."""
    return f"figures_{adcode}"

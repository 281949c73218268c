"""Every database, measurement, tag, field, type and unit of the store, once.

A *point* is a measurement's tags and time; its fields merge one by one when it is written again. Times are
integers in nanoseconds since 1970 UTC; a daily point stands at 00:00 Asia/Shanghai of its day. Numbers are
floats except counts, days (since 1970) and instants (µs since 1970), which are integers. A figure that may be
null is a value plus `<figure>_known`.
"""

from store.schema.beside import ATTENTION, DISCLOSURE, FACTORY_CARD, PROVENANCE, PUBLISHED, RANKING
from store.schema.databases import (
    ACTIVITY,
    FIGURES,
    FIGURES_SHARED,
    LISTS,
    REFUSED,
    REPORTS,
    STATE,
    TELEMETRY,
    VITALS,
    district_database,
)
from store.schema.figures import (
    AREA_ACCOUNT,
    COMPARISON,
    CROSSING,
    FACTORY_FIGURE,
    FIGURE,
    FLOW,
    RESTATEMENT,
    ROBOT_ACTIVITY,
    SILENCE,
    SMART_FACTORY,
)
from store.schema.measurement import POLARS, Field, FieldType, Measurement
from store.schema.plan import ALERT, FORECAST, PLAN_STATUS
from store.schema.refused import REFUSAL
from store.schema.reports import (
    ACCOUNTING,
    ALERT_NOTE,
    ASSESSMENT,
    CONTACT,
    DESIGNATION,
    INVENTORY,
    LIFECYCLE,
    MARK,
    NUMBERING,
    PLAN_VERSION,
    REGISTRATION,
    REVIEW,
    SETTLEMENT,
    STATISTIC,
    WORKFORCE,
)
from store.schema.state import (
    API_KEY,
    CURSOR,
    IDENTITY,
    JOURNAL,
    LISTENING,
    PUBLICATION,
    REPLAY,
    ROLLUP,
    SILENT,
    SPARKPLUG_BIRTH,
    SPARKPLUG_NODE,
    SPARKPLUG_ROBOT,
)
from store.schema.telemetry import DELIVERY, ROBOT_DAY, ROBOT_STATUS
from store.schema.vitals import API_VITALS, BROKER_VITALS, INGEST_VITALS, ROLLUP_VITALS

__all__ = [
    "ACCOUNTING", "ACTIVITY", "ALERT", "ALERT_NOTE", "API_KEY", "API_VITALS", "AREA_ACCOUNT", "ASSESSMENT",
    "ATTENTION", "BROKER_VITALS", "COMPARISON", "CONTACT", "CROSSING", "CURSOR", "DELIVERY", "DESIGNATION",
    "DISCLOSURE", "FACTORY_CARD", "FACTORY_FIGURE", "FIGURE", "FIGURES", "FIGURES_SHARED", "FLOW", "FORECAST",
    "IDENTITY", "INGEST_VITALS", "INVENTORY", "JOURNAL", "LEDGER", "LIFECYCLE", "LISTENING", "LISTS", "MARK",
    "MEASUREMENTS", "NUMBERING", "PLAN_STATUS", "PLAN_VERSION", "POLARS", "PROVENANCE", "PUBLICATION",
    "PUBLISHED", "RANKING", "REFUSAL", "REFUSED", "REGISTRATION", "REPLAY", "REPORTS", "RESTATEMENT", "REVIEW",
    "ROBOT_ACTIVITY", "ROBOT_DAY", "ROBOT_STATUS", "ROLLUP", "ROLLUP_VITALS", "SCHEMA_VERSION", "SETTLEMENT",
    "SILENCE", "SILENT", "SMART_FACTORY", "SPARKPLUG_BIRTH", "SPARKPLUG_NODE", "SPARKPLUG_ROBOT", "STATE",
    "STATISTIC", "TELEMETRY", "VITALS", "WORKFORCE", "Field", "FieldType", "Measurement", "district_database",
]  # fmt: skip

SCHEMA_VERSION = 2

LEDGER = (
    LIFECYCLE, WORKFORCE, INVENTORY, ASSESSMENT, REGISTRATION, DESIGNATION, STATISTIC, SETTLEMENT, REVIEW, PLAN_VERSION,
    ALERT_NOTE,
)  # fmt: skip
MEASUREMENTS = (
    *LEDGER, MARK, ACCOUNTING, NUMBERING, CONTACT,
    ROBOT_STATUS, DELIVERY, ROBOT_DAY, REFUSAL,
    FIGURE, CROSSING, FLOW, COMPARISON, ROBOT_ACTIVITY, SILENCE, AREA_ACCOUNT, RESTATEMENT, SMART_FACTORY, PLAN_STATUS,
    FORECAST, ALERT, FACTORY_FIGURE, PROVENANCE, RANKING, PUBLISHED, FACTORY_CARD, ATTENTION, DISCLOSURE,
    CURSOR, ROLLUP, PUBLICATION, SILENT, LISTENING, SPARKPLUG_NODE, SPARKPLUG_BIRTH, SPARKPLUG_ROBOT,
    REPLAY, JOURNAL, IDENTITY, API_KEY,
    INGEST_VITALS, BROKER_VITALS, ROLLUP_VITALS, API_VITALS,
)  # fmt: skip

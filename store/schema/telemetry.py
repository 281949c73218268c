"""What robots send, and what is kept of it for longer."""

from store.schema.databases import ACTIVITY, TELEMETRY
from store.schema.measurement import Field, Measurement, ints, nullable, texts

ROBOT_STATUS = Measurement(
    "robot_status",
    TELEMETRY,
    ("factory", "robot"),
    (
        *texts(state="", mode=""),
        Field("power_on_hours", "float", "h", "a counter; falling starts a new segment"),
        Field("energy_kwh", "float", "kWh", "a counter; falling starts a new segment"),
        Field("fault_code", "text", "", ""),
        *ints("µs", arrived_us="arrival time"),
        Field("at_is_arrival", "bool", "", "true where neither sample nor message carried a time, else null"),
    ),
)

DELIVERY = Measurement(
    "delivery",
    TELEMETRY,
    ("writer",),
    (
        *texts(
            factory="? where the register does not know it", kind="", boot="of the sender's numbering",
            numbers="that arrived, as JSON spans [[first, last], …]; null where the sender does not number",
        ),
        *ints("messages", messages="that arrived, redelivered ones too"),
        *ints("µs", first_us="arrival of the first", last_us="arrival of the last"),
        *ints("messages", live="with a sample taken at most 30 min before its arrival", late="with older ones alone"),
        *nullable("skew_s", "s", "median of arrival − newest sample over the live ones"),
    ),
)  # a log of ingest: one row for each batch, factory, kind and boot  # fmt: skip

ROBOT_DAY = Measurement(
    "robot_day",
    ACTIVITY,
    ("factory", "robot"),
    (
        Field("seen", "bool", "", "a status came of this day; written the first time it is true"),
        Field("executed", "bool", "", "seen executing on this day; written the first time it is true"),
    ),
)

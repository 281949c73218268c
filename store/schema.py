"""Every database, measurement, tag, field, type and unit of the store, once.

A *point* is a measurement's tags and time; its fields merge one by one when it is written again. Times are
integers in nanoseconds since 1970 UTC; a daily point stands at 00:00 Asia/Shanghai of its day. Numbers are
floats except counts, days (since 1970) and instants (µs since 1970), which are integers. A figure that may be
null is a value plus `<figure>_known`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

FieldType = Literal["int", "float", "bool", "text"]

POLARS: Mapping[FieldType, pl.DataType] = {
    "int": pl.Int64(),
    "float": pl.Float64(),
    "bool": pl.Boolean(),
    "text": pl.String(),
}

REPORTS = "reports"
TELEMETRY = "telemetry"
ACTIVITY = "activity"
FIGURES = "figures"
REFUSED = "refused"
STATE = "state"

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Field:
    """One field of a measurement: its type, unit and meaning."""

    name: str
    type: FieldType
    unit: str
    meaning: str


@dataclass(frozen=True)
class Measurement:
    """A kind of point: its database, the tags that name it and the fields that it carries."""

    name: str
    database: str
    tags: tuple[str, ...]
    fields: tuple[Field, ...]

    @property
    def columns(self) -> dict[str, pl.DataType]:
        """Every column of a frame of this measurement, in order, with its type: time, tags, fields."""
        head: dict[str, pl.DataType] = {"time": pl.Int64(), **{tag: pl.String() for tag in self.tags}}
        return {**head, **{field.name: POLARS[field.type] for field in self.fields}}

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a point."""
        return ("time", *self.tags)

    def frame(self, rows: Iterable[Mapping[str, object]] = ()) -> pl.DataFrame:
        """A frame of this measurement from mappings; what a mapping lacks is null."""
        return pl.DataFrame(list(rows), schema=self.columns)


def _ints(unit: str, **meanings: str) -> tuple[Field, ...]:
    return tuple(Field(name, "int", unit, meaning) for name, meaning in meanings.items())


def _texts(**meanings: str) -> tuple[Field, ...]:
    return tuple(Field(name, "text", "", meaning) for name, meaning in meanings.items())


def _nullable(name: str, unit: str, meaning: str) -> tuple[Field, ...]:
    return (
        Field(name, "float", unit, meaning),
        Field(f"{name}_known", "bool", "", f"false where {name} is null and stored as 0"),
    )


_SENDER = (
    Field("reported_at_us", "int", "µs", "when the factory stated this; the later one wins"),
    Field("seq", "int", "", "the sender's own number of the message"),
    Field("boot", "text", "", "new when seq starts again"),
    Field("ext", "text", "", "the sender's extension as JSON; kept, never read"),
)

# The ledger: time is the writer's stamp, strictly rising per writer, and close to the moment of arrival.

LIFECYCLE = Measurement(
    "lifecycle",
    REPORTS,
    ("writer",),
    (
        *_texts(
            factory="", robot="the factory's asset number", event="", at="as it was sent",
        ),
        Field("at_us", "int", "µs", "instant of at; of an imprecise date 00:00 Shanghai of the span's last day"),
        Field("span_first_day", "int", "days", "first day of at's span; null for before:, equal to the last if exact"),
        Field("span_last_day", "int", "days", "last day of at's span, Asia/Shanghai"),
        Field("voids_event", "text", "", "the event that a void cancels"),
        Field("voids_at_us", "int", "µs", "instant of the at that a void cancels"),
        *_texts(
            manufacturer="of the arm", model="of the arm", serial="of the arm", serial_source="",
            manufactured="", category="", purpose="", application="", acquisition="", owner="", integrator="",
            record="the paper behind the event",
        ),
        Field("axes", "int", "", ""),
        Field("payload_kg", "float", "kg", ""),
        Field("collaborative", "bool", "", ""),
        *_SENDER,
    ),
)  # fmt: skip

WORKFORCE = Measurement(
    "workforce",
    REPORTS,
    ("writer",),
    (
        *_texts(factory="", period="YYYY-MM, YYYY-Qn or YYYY", basis="site or entity"),
        *_ints("days", period_end_day="last day of the period"),
        *_ints("months", period_months="1, 3 or 12"),
        *_ints("人", average="平均用工人数", end_of_period="期末用工人数"),
        *_SENDER,
    ),
)

INVENTORY = Measurement(
    "inventory",
    REPORTS,
    ("writer",),
    (
        *_texts(factory=""),
        *_ints("days", as_of_day=""),
        *_ints("台", stock="robots counted as standing in production"),
        Field("complete", "bool", "", ""),
        *_SENDER,
    ),
)

ASSESSMENT = Measurement(
    "assessment",
    REPORTS,
    ("writer",),
    (
        *_texts(factory="", standard=""),
        Field("level", "int", "", "1 to 5, the factory's own claim"),
        Field("score", "float", "", "0 to 5"),
        *_ints("days", on_day=""),
        *_SENDER,
    ),
)

REGISTRATION = Measurement(
    "registration",
    REPORTS,
    ("writer",),
    (
        *_texts(factory=""),
        Field("from_day", "int", "days", "in force from this day; of a first registration null: for all days"),
        *_texts(
            name_zh="", name_en="", credit_code="", district="adcode", park="", industry="4 digits of GB/T 4754-2017",
        ),
        Field("above_scale", "bool", "", "规上"),
        Field("edge_nodes", "text", "", "JSON list of Sparkplug group/node"),
        Field("closed_day", "int", "days", "no stock, persons or response from this day"),
    ),
)  # fmt: skip

DESIGNATION = Measurement(
    "designation",
    REPORTS,
    ("writer",),
    (
        *_texts(
            kind="", scheme="", grade="", subject_factory="", subject_name="", subject_district="", record="",
        ),
        *_ints("days", from_day="inclusive", to_day="exclusive; null while in force"),
    ),
)  # fmt: skip

MARK = Measurement(
    "mark",
    REPORTS,
    ("writer",),
    (Field("through", "int", "ns", "every report of this writer up to this stamp is written"),),
)  # one point a writer, at time 0

ACCOUNTING = Measurement(
    "accounting",
    REPORTS,
    ("writer", "factory", "kind"),
    _ints(
        "items",
        messages="messages that arrived",
        arrived="arrived = stored + refused",
        stored="",
        refused="",
        redelivered="items that came with DUP",
    ),
)  # running totals of a day of arrival; the factory is ? where the register does not know it

ROBOT_STATUS = Measurement(
    "robot_status",
    TELEMETRY,
    ("factory", "robot"),
    (
        *_texts(state="", mode=""),
        Field("power_on_hours", "float", "h", "a counter; falling starts a new segment"),
        Field("energy_kwh", "float", "kWh", "a counter; falling starts a new segment"),
        Field("fault_code", "text", "", ""),
        *_ints("µs", arrived_us="arrival time"),
        Field("at_is_arrival", "bool", "", "true where neither sample nor message carried a time"),
    ),
)

ROBOT_DAY = Measurement(
    "robot_day",
    ACTIVITY,
    ("factory", "robot"),
    (
        Field("seen", "bool", "", "a status came of this day; written the first time it is true"),
        Field("executed", "bool", "", "seen executing on this day; written the first time it is true"),
    ),
)

REFUSAL = Measurement(
    "refusal",
    REFUSED,
    ("writer", "reason"),
    (
        *_texts(
            topic="", factory="as in the topic", kind="", detail="a sentence", path="",
            payload="base64, at most 64 KiB", sha256="of the whole payload",
        ),
        *_ints("bytes", length="of the whole payload"),
        *_ints("µs", arrived_us=""),
        Field("whole", "bool", "", "true for a whole message, false for one element of a batch"),
    ),
)  # fmt: skip

_COUNTS = _ints("台", stock="保有量", gross_new="新增装机", stock_counted="") + _ints(
    "人", persons="平均用工人数", persons_counted=""
)
_RATIOS = (
    *_nullable("density", "台/万人", "stock_counted ÷ persons_counted × 10,000"),
    *_nullable("density_12m", "台/万人", "stock_counted ÷ mean persons_counted of the last 12 month-ends × 10,000"),
)
_SMART = _ints("家", smart_factories="sites with a designation in force that counts toward the plan")
_VERSION = _ints("", definition_version="")

FIGURE = Measurement(
    "figure",
    FIGURES,
    ("scope", "kind", "series"),
    (
        *_COUNTS,
        *_RATIOS,
        *_nullable("response_headcount_factories", "1", "填报率, headcount, by number of factories"),
        *_nullable("response_headcount_persons", "1", "填报率, headcount, by persons"),
        *_nullable("response_robots_factories", "1", "填报率, robots, by number of factories"),
        *_nullable("response_robots_persons", "1", "填报率, robots, by persons"),
        *_ints("家", factories="registered and not closed"),
        *_SMART,
        *_VERSION,
    ),
)

SMART_FACTORY = Measurement(
    "smart_factory",
    FIGURES,
    ("scope", "kind", "scheme", "grade"),
    _ints("家", count="sites whose designation of this scheme and grade is in force"),
)  # only on days when it changed

PLAN_STATUS = Measurement(
    "plan_status",
    FIGURES,
    ("scope", "kind", "target"),
    (
        *_nullable("actual", "", "in the target's unit"),
        *_nullable("baseline", "", "in the target's unit"),
        *_nullable("goal", "", "the target's value, or this scope's quota"),
        *_nullable("planned", "", "where the plan stands on this day"),
        *_nullable("progress", "1", "完成率"),
        *_nullable("planned_progress", "1", "序时进度"),
        *_nullable("lead", "percentage points", "较序时进度"),
        *_nullable("pace", "1", "progress ÷ planned_progress"),
        *_nullable("gap", "", "actual − planned, in the target's unit"),
        *_texts(status="", basis="plan, assigned, reference or none"),
    ),
)

FACTORY_FIGURE = Measurement(
    "factory_figure",
    FIGURES,
    ("factory",),
    (
        *_COUNTS,
        *_RATIOS,
        *_SMART,
        Field("in_all", "bool", "", "above scale on the day"),
        Field("in_key", "bool", "", "above scale in a key industry on the day"),
        Field("headcount_valid", "bool", "", ""),
        Field("robots_reported", "bool", "", ""),
        *_VERSION,
    ),
)  # in figures_<adcode>, only on days when one changed

CURSOR = Measurement(
    "cursor",
    STATE,
    ("consumer", "writer"),
    (Field("through", "int", "ns", "the consumer has taken this writer's reports up to this stamp"),),
)

ROLLUP = Measurement(
    "rollup",
    STATE,
    (),
    (
        *_ints(
            "µs",
            data_until_us="arrival of the newest report in the figures",
            folded_us="when they were written",
        ),
        *_ints("days", day="the last day of the figures"),
        *_VERSION,
    ),
)

IDENTITY = Measurement(
    "store",
    STATE,
    (),
    (
        Field("schema_version", "int", "", ""),
        Field("simulated", "bool", "", "a store is born simulated or real and refuses the other"),
    ),
)

LEDGER = (LIFECYCLE, WORKFORCE, INVENTORY, ASSESSMENT, REGISTRATION, DESIGNATION)
MEASUREMENTS = (
    *LEDGER, MARK, ACCOUNTING, ROBOT_STATUS, ROBOT_DAY, REFUSAL, FIGURE, SMART_FACTORY, PLAN_STATUS, FACTORY_FIGURE,
    CURSOR, ROLLUP, IDENTITY,
)  # fmt: skip


def district_database(adcode: str) -> str:
    """The database of one district's factory-level figures."""
    return f"figures_{adcode}"

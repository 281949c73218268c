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
VITALS = "vitals"

SCHEMA_VERSION = 2


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
        Field("metric_paths", "text", "", "JSON object: by group/node, metrics of the plant to metrics of wire.md"),
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

STATISTIC = Measurement(
    "statistic",
    REPORTS,
    ("writer",),
    (
        *_texts(figure="", scope="", period="YYYY, YYYY-Qn or YYYY-MM", unit="", source=""),
        *_ints("days", period_end_day="last day of the period", published_day=""),
        Field("value", "float", "as unit says", ""),
    ),
)

SETTLEMENT = Measurement(
    "settlement",
    REPORTS,
    ("writer",),
    (
        *_texts(manufacturer="", serial="", model="the model that stays", other_model="", record="the paper behind it"),
        Field("same", "bool", "", "whether the two nameplates are one machine"),
    ),
)

REVIEW = Measurement(
    "review",
    REPORTS,
    ("writer",),
    (
        *_texts(manufacturer="", model="", record="the paper behind it"),
        Field("counts", "bool", "", "whether machines of this model and of category other count as robots"),
    ),
)

PLAN_VERSION = Measurement(
    "plan_version",
    REPORTS,
    ("writer",),
    (
        *_texts(plan="", document="the plan as JSON, in the form of a file in seeds/plans"),
        *_ints("days", from_day="days from this one on are judged by it"),
    ),
)

ALERT_NOTE = Measurement(
    "alert_note",
    REPORTS,
    ("writer",),
    (
        *_texts(alert="id of the alert", action="ack, mute or explain", who="", why="in their own words"),
        *_ints("days", until_day="of a mute: the first day on which it is loud again; 0 else"),
    ),
)

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

NUMBERING = Measurement(
    "numbering",
    REPORTS,
    ("factory", "kind"),
    (
        *_ints(
            "messages",
            numbered="different numbers that arrived first on this day",
            missing="numbers that never arrived, noticed on this day: holes between a boot's smallest and largest",
            unnumbered="that carry no number: what was sent is unknown then",
        ),
        *_ints("items", repeated="reports that say what another one said; of status unknown, so 0"),
    ),
)  # a day of arrival, by the rollup from every writer; a hole that is filled later is taken back

CONTACT = Measurement(
    "contact",
    REPORTS,
    ("factory",),
    (
        *_ints("µs", last_us="when it was heard last, up to the end of the day"),
        *_ints("s", silent_after_s="so long after it was heard last it counts as silent"),
        Field("silent", "bool", "", "at the end of the day, or now: silent since last_us"),
        *_ints("messages", live="of status, taken at most 30 min before arrival", late="of status, older ones alone"),
        *_nullable("skew_s", "s", "median of arrival − device time over the live ones of the day"),
    ),
)  # how a factory was heard on a day, by the rollup; from the day on which it was first heard

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
        *_texts(counted="the factory that accounting counts it under"),
        *_ints("items", items="that it stands for", restored="of these, stored by the replay that settled it"),
        *_ints("µs", settled_us="when a replay settled it; what it still refused is a row of its own"),
    ),
)  # fmt: skip

DELIVERY = Measurement(
    "delivery",
    TELEMETRY,
    ("writer",),
    (
        *_texts(
            factory="? where the register does not know it", kind="", boot="of the sender's numbering",
            numbers="that arrived, as JSON spans [[first, last], …]; null where the sender does not number",
        ),
        *_ints("messages", messages="that arrived, redelivered ones too"),
        *_ints("µs", first_us="arrival of the first", last_us="arrival of the last"),
        *_ints("messages", live="with a sample taken at most 30 min before its arrival", late="with older ones alone"),
        *_nullable("skew_s", "s", "median of arrival − newest sample over the live ones"),
    ),
)  # a log of ingest: one row for each batch, factory, kind and boot  # fmt: skip

_COUNTS = (
    *_ints(
        "台",
        stock="保有量", gross_new="新增装机", stock_counted="of counting factories",
        stock_ifr="without those that entered 12 years ago or more", installed_pending="已装未验收",
        undated="whose first day may lie before or after the baseline",
        inventory_gap="declared inventory − stock on the inventory's day",
    ),
    *_ints(
        "人",
        persons="平均用工人数", persons_counted="of counting factories", end_of_period_persons="from 期末用工人数",
    ),
    *_ints(
        "家",
        inventories="factories whose inventory is in force",
        smart_factories="sites with a designation in force that counts toward the plan",
        smart_claimed="sites that claim a level and hold no designation",
        chain_leaders="工赋链主", service_providers="数字化专业服务商", innovation_centres="制造业创新中心",
    ),
)  # fmt: skip
_RATIOS = (
    *_nullable("density", "台/万人", "stock_counted ÷ persons_counted × 10,000"),
    *_nullable("density_12m", "台/万人", "stock_counted ÷ mean persons_counted of the last 12 month-ends × 10,000"),
    *_nullable("density_annual", "台/万人", "on 31 December alone: year-end stock ÷ annual average headcount × 10,000"),
    *_nullable("density_ifr", "台/万人", "density without robots that entered 12 years ago or more"),
)
_AREA_RATIOS = (
    *_nullable("response_headcount_factories", "1", "填报率, headcount, by number of factories"),
    *_nullable("response_headcount_persons", "1", "填报率, headcount, by persons"),
    *_nullable("response_robots_factories", "1", "填报率, robots, by number of factories"),
    *_nullable("response_robots_persons", "1", "填报率, robots, by persons"),
    *_nullable("end_of_period_share", "1", "part of persons that is taken from 期末用工人数"),
)
_NORMS = (
    *_nullable("frame_coverage", "1", "覆盖率: persons_counted ÷ persons in the official frame"),
    *_nullable("expected_density", "台/万人", "at the city's density of each of its industries"),
    *_nullable("mix_index", "1", "density ÷ expected_density × 100"),
)
_VERSION = _ints("", definition_version="")

FIGURE = Measurement(
    "figure",
    FIGURES,
    ("scope", "kind", "series"),
    (
        *_COUNTS,
        *_ints("台", in_transit="在途: of the city alone, 0 elsewhere"),
        *_ints("家", factories="registered and not closed"),
        *_RATIOS,
        *_AREA_RATIOS,
        *_NORMS,
        *_VERSION,
    ),
)

CROSSING = Measurement(
    "crossing",
    FIGURES,
    ("scope", "kind", "series"),
    (
        *_COUNTS,
        *_ints("家", factories="registered and not closed"),
        *_RATIOS,
        *_AREA_RATIOS,
        *_VERSION,
    ),
)  # a division within a district or park, `district:310115/industry:36`; only on days when a figure changed

FLOW = Measurement(
    "flow",
    FIGURES,
    ("scope", "kind", "series"),
    _ints(
        "台",
        commissioned="", moved_in="", reinstated="", reclassified_in="",
        decommissioned="", moved_out="", reclassified_out="",
    ),
)  # the account of stock on the days on which something came or went  # fmt: skip

COMPARISON = Measurement(
    "comparison",
    FIGURES,
    ("scope", "kind", "series", "base"),
    (
        *_ints("家", matched="count on both days", joined="on the later alone", left="on the earlier alone"),
        *_ints("台", stock_then="of matched factories", stock_now=""),
        *_ints("人", persons_then="of matched factories", persons_now=""),
        *_nullable("density_then", "台/万人", "of matched factories"),
        *_nullable("density_now", "台/万人", "of matched factories"),
        *_nullable("change", "台/万人", "of density, of all counting factories"),
        *_nullable("effect_stock", "台/万人", ""),
        *_nullable("effect_headcount", "台/万人", ""),
        *_nullable("effect_composition", "台/万人", "口径变动"),
    ),
)  # base mom (a month before) or yoy (a year before); on month-ends and on the last day

ROBOT_ACTIVITY = Measurement(
    "robot_activity",
    FIGURES,
    ("scope", "kind", "series"),
    _ints(
        "台",
        connected_stock="在网", operating_stock="作业", undeclared="有信号未申报", unseen="久未见",
    ),
)  # never restated; from the first day that robots sent anything  # fmt: skip

SILENCE = Measurement(
    "silence",
    FIGURES,
    ("scope", "kind", "series"),
    _ints(
        "家",
        silent_factories="quiet for longer than its own rhythm at the end of the day, or now",
        heard_factories="registered, not closed and heard at some time",
    ),
)  # never restated; from the first day on which the rollup listened

RESTATEMENT = Measurement(
    "restatement",
    FIGURES,
    ("scope", "kind", "series", "figure"),
    (
        *_ints("days", day="the last day of a published month"),
        *_nullable("old", "", "in the figure's unit"),
        *_nullable("new", "", "in the figure's unit"),
        *_texts(why="report or definition", writer="of the report that caused it", slot="of that report, as JSON"),
        *_ints("ns", stamp="of that report"),
    ),
)  # time is the stamp of the report that caused it, or the moment of another definition

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
        *_nullable("required_rate", "", "units a year that reach the goal at the deadline"),
        *_nullable("trailing_rate", "", "units of the last 12 months"),
        *_texts(status="", basis="plan, assigned, reference or none"),
    ),
)

FORECAST = Measurement(
    "forecast",
    FIGURES,
    ("scope", "kind", "target"),
    (
        *_nullable("low", "", "10 % at the deadline, in the target's unit"),
        *_nullable("middle", "", "50 %"),
        *_nullable("high", "", "90 %"),
        *_nullable("probability", "1", "that the goal is reached at the deadline"),
        *_texts(chance="the probability as a word: very_likely, likely, uncertain, unlikely or very_unlikely"),
    ),
)  # city and districts; on the last day

ALERT = Measurement(
    "alert",
    FIGURES,
    ("rule", "scope", "kind", "target"),
    (
        *_texts(
            state="standing, cleared, or withdrawn: the reports tell no more that it ever was",
            was="status or chance before", became="status or chance that raised it",
            ended_as="status or chance that cleared it; empty while it stands",
        ),
        *_ints("days", since_day="it began, as reports tell now", cleared_day="it ended; 0 while it stands"),
        *_ints("µs", raised_us="when the rollup first told it"),
        *_nullable("actual", "", "on its first day, in the target's unit"),
        *_nullable("planned", "", "where the plan stood on that day"),
    ),
)  # time is the day of its beginning as it was first told: that names it, and stays  # fmt: skip

FACTORY_FIGURE = Measurement(
    "factory_figure",
    FIGURES,
    ("factory",),
    (
        *_COUNTS,
        *_RATIOS,
        Field("in_all", "bool", "", "above scale on the day"),
        Field("in_key", "bool", "", "above scale in a key industry on the day"),
        Field("headcount_valid", "bool", "", ""),
        Field("robots_reported", "bool", "", ""),
        *_VERSION,
    ),
)  # in figures_<adcode>, only on days when one changed

PROVENANCE = Measurement(
    "provenance",
    FIGURES,
    (),
    (
        Field("simulated", "bool", "", "as the store was born"),
        *_ints(
            "ms",
            data_until_ms="arrival of the newest report in the figures",
            folded_ms="when they were written",
        ),
        *_ints("days", day="the last day of the figures"),
        *_VERSION,
    ),
)  # one point at time 0, for readers that are given the figures and not `state`

RANKING = Measurement(
    "ranking",
    FIGURES,
    ("scope", "kind"),
    (
        *_ints("家", firms="distinct credit codes of the open factories"),
        *_ints("人", persons="平均用工人数"),
        Field("ranked", "bool", "", "whether the scope stands in rankings: 1,000 persons and 3 firms at least"),
        *_texts(area="the scope without its kind", district="adcode of the body that runs a park; a district's own"),
    ),
)  # districts and parks, on the last day

PUBLISHED = Measurement(
    "published",
    FIGURES,
    ("scope", "kind", "figure"),
    (
        Field("value", "float", "as the figure's", "what was published: a mark beside a figure, never subtracted"),
        *_texts(source=""),
    ),
)  # time is the last day of its period

FACTORY_CARD = Measurement(
    "factory_card",
    FIGURES,
    ("factory",),
    (
        *_texts(name_zh="", name_en="", park="", industry="4 digits of GB/T 4754-2017"),
        Field("above_scale", "bool", "", "规上"),
        Field("here", "bool", "", "open and in this district; false once it closed or went elsewhere"),
    ),
)  # in figures_<adcode>, one point a factory at time 0: as registered on the last day

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
            written_us="when any figure was written last, those that follow a fold among them",
        ),
        *_ints("days", day="the last day of the figures"),
        *_VERSION,
    ),
)

PUBLICATION = Measurement(
    "publication",
    STATE,
    (),
    (
        *_ints("days", through_day="the last day of the last month that is published"),
        *_ints("µs", published_us=""),
    ),
)

SILENT = Measurement(
    "silent",
    STATE,
    ("factory", "robot"),
    _ints("days", last_day="on which it was seen last; written when that is long ago"),
)

_PROCESS = (
    *_ints("µs", started_us="when the process started: its counters begin there"),
    *_ints("B", rss_bytes="resident memory of the process"),
    Field("cpu_s", "float", "s", "processor time of the process since its start"),
    *_ints("calls", store_calls="calls of the store since the start", store_errors="of these, not answered"),
    Field("ready", "bool", "", "as /readyz answers"),
    *_texts(trouble="why not, in sentences"),
)

INGEST_VITALS = Measurement(
    "ingest_vitals",
    VITALS,
    ("process",),
    (
        *_PROCESS,
        *_ints("messages", messages="taken since the start", waiting="received and in no batch yet"),
        *_ints(
            "items",
            arrived="since the start",
            stored="",
            refused="",
            redelivered="in messages marked DUP",
            missing="messages that edge nodes numbered and that never came; of others see numbering",
        ),
        *_ints(
            "",
            unstorable="rows of our own making that the store refuses",
            connections="to the broker since the start",
            sessions_lost="the broker had forgotten the session: what it held is gone",
            verdicts_dropped="too many were waiting",
        ),
        *_ints("B", in_flight_bytes="payloads in memory"),
        Field("oldest_unacknowledged_s", "float", "s", "age of the oldest message that is not durable yet; 0 without"),
        Field("connected", "bool", "", "to the broker"),
        Field("subscribed", "bool", "", "the broker has granted the subscription"),
    ),
)  # process: the worker's id

BROKER_VITALS = Measurement(
    "broker_vitals",
    VITALS,
    ("process",),
    (
        *_ints("s", uptime_s="of the broker"),
        *_ints("messages", dropped="since the broker started: lost, though the publisher was told success"),
        *_ints("messages", queued_messages="held by the broker for all sessions, with what it retains"),
        *_ints("B", queued_bytes="their payloads", heap_bytes="of the broker", limit_bytes="of a session; 0: none"),
        *_ints("clients", clients="connected"),
        Field("received_bytes_per_s", "float", "B/s", "on the wire, a mean of the last minutes"),
        *_nullable("hours_until_full", "h", "that the queue would hold if nothing were taken from it from now on"),
    ),
)  # process: the worker that watches it; a field is null where the broker does not tell it

ROLLUP_VITALS = Measurement(
    "rollup_vitals",
    VITALS,
    ("process",),
    (
        *_PROCESS,
        Field("cursor_age_s", "float", "s", "age of the oldest mark that the figures do not hold; 0 without"),
        Field("figures_age_s", "float", "s", "now − arrival of the newest report in the figures"),
        *_ints("", folds="since the start", reports="in memory", points="written last"),
        Field("fold_s", "float", "s", "the last fold"),
        Field("write_s", "float", "s", "writing its points"),
    ),
)

API_VITALS = Measurement(
    "api_vitals",
    VITALS,
    ("process",),
    (
        *_PROCESS,
        *_ints("answers", answers="since the start", failures="of these with a status of 500 and above"),
        Field("figures_age_s", "float", "s", "now − arrival of the newest report in the figures"),
    ),
)  # process: the API's writer id

LISTENING = Measurement(
    "listening",
    STATE,
    ("factory",),
    _texts(heard="arrivals and gaps of the last days, as JSON", numbers="numbers that arrived, by kind, as JSON"),
)  # what the rollup knows of a factory's deliveries up to its cursor `deliveries`

REPLAY = Measurement(
    "replay",
    STATE,
    ("replay",),
    (
        *_texts(factory="none replays every factory", reason="none replays every reason", state="asked, running, done"),
        *_ints("µs", asked_us="", finished_us=""),
        *_ints("rows", rows="judged again", settled="of them", cut="that cannot be judged: their payload is cut"),
        *_ints("items", stored="", refused="again, each with its reason"),
    ),
)  # asked by the API, done by the one ingest worker that replays

SPARKPLUG_NODE = Measurement(
    "sparkplug_node",
    STATE,
    ("node",),
    (
        *_texts(name="group/node"),
        *_ints("", expected="the seq that comes next; -1 unknown", bd_seq="of the session; -1 unknown"),
        *_ints("messages", count="of the session that came or should have come"),
        *_ints("ms", session_ms="when it began, as the birth says; 0 before a birth was heard"),
        Field("born", "bool", "", "between a birth and its death"),
    ),
)  # an edge node's session as the Sparkplug worker knows it; node and device are named by a hash

SPARKPLUG_BIRTH = Measurement(
    "sparkplug_birth",
    STATE,
    ("node", "device", "part"),
    (
        *_texts(device_name="empty for the edge node itself", metrics="JSON [[name, alias, datatype], …]"),
        *_ints("ms", told_ms="time in the payload; -1 unknown"),
        *_ints("", birth="one number for all parts of a birth", parts="how many parts it has"),
    ),
)  # what a birth said of its metrics, in parts of at most 48 KiB: data has aliases alone

SPARKPLUG_ROBOT = Measurement(
    "sparkplug_robot",
    STATE,
    ("node", "robot"),
    _texts(device="where it is told from", values="JSON {metric: [value, datatype, time in ms]}"),
)  # the values that hold: data comes by exception

JOURNAL = Measurement(
    "journal",
    STATE,
    (),
    (*_texts(entry="what a replay is about to write, as JSON"), *_ints("ns", through="its last stamp")),
)  # one point, at time 0: written again after a crash, unless the mark of the replay has passed it

IDENTITY = Measurement(
    "store",
    STATE,
    (),
    (
        Field("schema_version", "int", "", ""),
        Field("simulated", "bool", "", "a store is born simulated or real and refuses the other"),
    ),
)

LEDGER = (
    LIFECYCLE, WORKFORCE, INVENTORY, ASSESSMENT, REGISTRATION, DESIGNATION, STATISTIC, SETTLEMENT, REVIEW, PLAN_VERSION,
    ALERT_NOTE,
)  # fmt: skip
MEASUREMENTS = (
    *LEDGER, MARK, ACCOUNTING, NUMBERING, CONTACT,
    ROBOT_STATUS, DELIVERY, ROBOT_DAY, REFUSAL,
    FIGURE, CROSSING, FLOW, COMPARISON, ROBOT_ACTIVITY, SILENCE, RESTATEMENT, SMART_FACTORY, PLAN_STATUS, FORECAST,
    ALERT, FACTORY_FIGURE, PROVENANCE, RANKING, PUBLISHED, FACTORY_CARD,
    CURSOR, ROLLUP, PUBLICATION, SILENT, LISTENING, SPARKPLUG_NODE, SPARKPLUG_BIRTH, SPARKPLUG_ROBOT,
    REPLAY, JOURNAL, IDENTITY,
    INGEST_VITALS, BROKER_VITALS, ROLLUP_VITALS, API_VITALS,
)  # fmt: skip


def district_database(adcode: str) -> str:
    """The database of one district's factory-level figures."""
    return f"figures_{adcode}"

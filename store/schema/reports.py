"""What factories and officials report, and what ingest and the rollup count of it."""

from store.schema.databases import REPORTS
from store.schema.measurement import Field, Measurement, ints, nullable, texts

_SENDER = (
    Field("reported_at_us", "int", "µs", "when the factory stated this; the later one wins"),
    Field("seq", "int", "", "the sender's own number of the message"),
    Field("boot", "text", "", "new when seq starts again"),
    Field("ext", "text", "", "the sender's extension as JSON; kept, never read"),
)

LIFECYCLE = Measurement(
    "lifecycle",
    REPORTS,
    ("writer",),
    (
        *texts(
            factory="", robot="the factory's asset number", event="", at="as it was sent",
        ),
        Field("at_us", "int", "µs", "instant of at; of an imprecise date 00:00 Shanghai of the span's last day"),
        Field("span_first_day", "int", "days", "first day of at's span; null for before:, equal to the last if exact"),
        Field("span_last_day", "int", "days", "last day of at's span, Asia/Shanghai"),
        Field("voids_event", "text", "", "the event that a void cancels"),
        Field("voids_at_us", "int", "µs", "instant of the at that a void cancels"),
        *texts(
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
        *texts(factory="", period="YYYY-MM, YYYY-Qn or YYYY", basis="site or entity"),
        *ints("days", period_end_day="last day of the period"),
        *ints("months", period_months="1, 3 or 12"),
        *ints("人", average="平均用工人数", end_of_period="期末用工人数"),
        *_SENDER,
    ),
)

INVENTORY = Measurement(
    "inventory",
    REPORTS,
    ("writer",),
    (
        *texts(factory=""),
        *ints("days", as_of_day=""),
        *ints("台", stock="robots counted as standing in production"),
        Field("complete", "bool", "", ""),
        *_SENDER,
    ),
)

ASSESSMENT = Measurement(
    "assessment",
    REPORTS,
    ("writer",),
    (
        *texts(factory="", standard=""),
        Field("level", "int", "", "1 to 5, the factory's own claim"),
        Field("score", "float", "", "0 to 5"),
        *ints("days", on_day=""),
        *_SENDER,
    ),
)

REGISTRATION = Measurement(
    "registration",
    REPORTS,
    ("writer",),
    (
        *texts(factory=""),
        Field("from_day", "int", "days", "in force from this day; of a first registration null: for all days"),
        *texts(
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
        *texts(
            kind="", scheme="", grade="", subject_factory="", subject_name="", subject_district="", record="",
        ),
        *ints("days", from_day="inclusive", to_day="exclusive; null while in force"),
    ),
)  # fmt: skip

STATISTIC = Measurement(
    "statistic",
    REPORTS,
    ("writer",),
    (
        *texts(figure="", scope="", period="YYYY, YYYY-Qn or YYYY-MM", unit="", source=""),
        *ints("days", period_end_day="last day of the period", published_day=""),
        Field("value", "float", "as unit says", ""),
    ),
)

SETTLEMENT = Measurement(
    "settlement",
    REPORTS,
    ("writer",),
    (
        *texts(manufacturer="", serial="", model="the model that stays", other_model="", record="the paper behind it"),
        Field("same", "bool", "", "whether the two nameplates are one machine"),
    ),
)

REVIEW = Measurement(
    "review",
    REPORTS,
    ("writer",),
    (
        *texts(manufacturer="", model="", record="the paper behind it"),
        Field("counts", "bool", "", "whether machines of this model and of category other count as robots"),
    ),
)

PLAN_VERSION = Measurement(
    "plan_version",
    REPORTS,
    ("writer",),
    (
        *texts(plan="", document="the plan as JSON, in the form of a file in seeds/plans"),
        *ints("days", from_day="days from this one on are judged by it"),
    ),
)

ALERT_NOTE = Measurement(
    "alert_note",
    REPORTS,
    ("writer",),
    (
        *texts(alert="id of the alert", action="ack, mute or explain", who="", why="in their own words"),
        *ints("days", until_day="of a mute: the first day on which it is loud again; 0 else"),
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
    ints(
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
        *ints(
            "messages",
            numbered="different numbers that arrived first on this day",
            missing="numbers that never arrived, noticed on this day: holes between a boot's smallest and largest",
            unnumbered="that carry no number: what was sent is unknown then",
        ),
        *ints("items", repeated="reports that say what another one said; of status unknown, so 0"),
    ),
)  # a day of arrival, by the rollup from every writer; a hole that is filled later is taken back

CONTACT = Measurement(
    "contact",
    REPORTS,
    ("factory",),
    (
        *ints("µs", last_us="when it was heard last, up to the end of the day"),
        *ints("s", silent_after_s="so long after it was heard last it counts as silent"),
        Field("silent", "bool", "", "at the end of the day, or now: silent since last_us"),
        *ints("messages", live="of status, taken at most 30 min before arrival", late="of status, older ones alone"),
        *nullable("skew_s", "s", "median of arrival − device time over the live ones of the day"),
    ),
)  # how a factory was heard on a day, by the rollup; from the day on which it was first heard

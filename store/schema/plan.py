"""How the plan stands, what is foreseen, and what calls for somebody."""

from store.schema.databases import FIGURES
from store.schema.measurement import Measurement, ints, nullable, texts

PLAN_STATUS = Measurement(
    "plan_status",
    FIGURES,
    ("scope", "kind", "target"),
    (
        *nullable("actual", "", "in the target's unit"),
        *nullable("baseline", "", "in the target's unit"),
        *nullable("goal", "", "the target's value, or this scope's quota"),
        *nullable("planned", "", "where the plan stands on this day"),
        *nullable("progress", "1", "完成率"),
        *nullable("planned_progress", "1", "序时进度"),
        *nullable("lead", "percentage points", "较序时进度"),
        *nullable("pace", "1", "progress ÷ planned_progress"),
        *nullable("gap", "", "actual − planned, in the target's unit"),
        *nullable("required_rate", "", "units a year that reach the goal at the deadline"),
        *nullable("trailing_rate", "", "units of the last 12 months"),
        *texts(status="", basis="plan, assigned, reference or none"),
    ),
)

FORECAST = Measurement(
    "forecast",
    FIGURES,
    ("scope", "kind", "target"),
    (
        *nullable("low", "", "10 % at the deadline, in the target's unit"),
        *nullable("middle", "", "50 %"),
        *nullable("high", "", "90 %"),
        *nullable("probability", "1", "that the goal is reached at the deadline"),
        *texts(chance="the probability as a word: very_likely, likely, uncertain, unlikely or very_unlikely"),
    ),
)  # city and districts; on the last day

ALERT = Measurement(
    "alert",
    FIGURES,
    ("rule", "scope", "kind", "target"),
    (
        *texts(
            state="standing, cleared, or withdrawn: the reports tell no more that it ever was",
            was="status or chance before", became="status or chance that raised it",
            ended_as="status or chance that cleared it; empty while it stands",
        ),
        *ints("days", since_day="it began, as reports tell now", cleared_day="it ended; 0 while it stands"),
        *ints("µs", raised_us="when the rollup first told it"),
        *nullable("actual", "", "on its first day, in the target's unit"),
        *nullable("planned", "", "where the plan stood on that day"),
    ),
)  # time is the day of its beginning as it was first told: that names it, and stays  # fmt: skip

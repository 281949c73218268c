"""The JSON contract, version 1, as types: what each kind of message may carry.

Times are checked apart from the types (`ingest.wire.times`), since a time is text or an integer.
"""

from typing import Annotated, Any, Literal, NotRequired

from pydantic import ConfigDict, Field, WithJsonSchema, with_config
from typing_extensions import TypedDict  # pydantic asks for it below Python 3.12

_STRICT = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)
_INT64_MAX = 2**63 - 1
_COUNT_MAX = 2**31 - 1  # so that no sum over a city overflows 64 bits

Time = Annotated[
    Any, WithJsonSchema({"oneOf": [{"type": "string", "format": "date-time"}, {"type": "integer", "unit": "ms"}]})
]
DateOrTime = Annotated[Any, WithJsonSchema({"type": ["string", "integer"], "description": "time, date or before:date"})]
Day = Annotated[Any, WithJsonSchema({"type": "string", "format": "date"})]
MadeIn = Annotated[Any, WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2})?$"})]
PeriodName = Annotated[Any, WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}(-([0-9]{2}|Q[1-4]))?$"})]

RobotName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
Text = Annotated[str, Field(max_length=128, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]  # no control character
Filled = Annotated[Text, Field(pattern=r"\S")]
Counter = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=0, le=_COUNT_MAX)]

State = Literal["executing", "ready", "idle", "fault", "maintenance", "off"]
Mode = Literal["automatic", "manual", "service", "unknown"]
Event = Literal["installed", "commissioned", "moved_in", "moved_out", "changed", "decommissioned"]
AnyEvent = Literal[Event, "void"]
Category = Literal[
    "articulated", "scara", "cartesian", "parallel", "cylindrical", "spherical", "wafer_handler", "panel_handler",
    "humanoid", "agv_amr", "other",
]  # fmt: skip


@with_config(_STRICT)
class Envelope(TypedDict):
    """What every payload may carry."""

    seq: NotRequired[Annotated[int, Field(ge=0, le=_INT64_MAX)]]
    boot: NotRequired[Text]
    reported_at: NotRequired[Time]
    ext: NotRequired[dict[str, Any]]


@with_config(_STRICT)
class Sample(TypedDict):
    """How one robot is doing."""

    at: NotRequired[Time]
    robot: RobotName
    state: State
    mode: NotRequired[Mode]
    power_on_hours: NotRequired[Counter]
    energy_kwh: NotRequired[Counter]
    fault_code: NotRequired[Text | None]


@with_config(_STRICT)
class StatusEnvelope(Envelope):
    """A status message whose samples are not looked at yet."""

    at: NotRequired[Time]
    robots: Annotated[list[Any], Field(min_length=1, max_length=1000)]


@with_config(_STRICT)
class Status(StatusEnvelope):
    """How the robots are doing; a sample without `at` has the message's, else the time of arrival."""

    robots: Annotated[list[Sample], Field(min_length=1, max_length=1000)]


@with_config(_STRICT)
class Nameplate(TypedDict):
    """The identity of the arm."""

    manufacturer: Filled
    model: Filled
    serial: Text
    serial_source: NotRequired[Literal["plate", "controller", "assigned"]]
    manufactured: NotRequired[MadeIn]


@with_config(_STRICT)
class Voided(TypedDict):
    """The report that a void cancels."""

    event: Event
    at: DateOrTime


@with_config(_STRICT)
class LifecycleEvent(TypedDict):
    """What happened to one robot."""

    robot: RobotName
    event: AnyEvent
    at: DateOrTime
    voids: NotRequired[Voided]
    nameplate: NotRequired[Nameplate]
    category: NotRequired[Category]
    axes: NotRequired[Count]
    payload_kg: NotRequired[Counter]
    collaborative: NotRequired[bool]
    purpose: NotRequired[Literal["production", "research", "training", "inventory"]]
    application: NotRequired[Text]
    acquisition: NotRequired[Literal["purchase", "lease"]]
    owner: NotRequired[Text]
    integrator: NotRequired[Text]
    record: NotRequired[Text]


@with_config(_STRICT)
class LifecycleEnvelope(Envelope):
    """A lifecycle message whose events are not looked at yet."""

    events: Annotated[list[Any], Field(min_length=1, max_length=5000)]


@with_config(_STRICT)
class Lifecycle(LifecycleEnvelope):
    """What happened to robots."""

    events: Annotated[list[LifecycleEvent], Field(min_length=1, max_length=5000)]


@with_config(_STRICT)
class Headcount(TypedDict):
    """How many people in one period."""

    period: PeriodName
    average: NotRequired[Count]
    end_of_period: NotRequired[Count]


@with_config(_STRICT)
class WorkforceEnvelope(Envelope):
    """A workforce message whose periods are not looked at yet."""

    basis: NotRequired[Literal["site", "entity"]]
    periods: Annotated[list[Any], Field(min_length=1, max_length=240)]


@with_config(_STRICT)
class Workforce(WorkforceEnvelope):
    """How many people; aggregates only."""

    periods: Annotated[list[Headcount], Field(min_length=1, max_length=240)]


@with_config(_STRICT)
class Inventory(Envelope):
    """How many robots stand there in production, counted; 0 is a valid nil return."""

    as_of: Day
    stock: Count
    complete: bool


@with_config(_STRICT)
class Assessment(Envelope):
    """How smart the factory says it is."""

    standard: Filled
    level: Annotated[int, Field(ge=1, le=5)]
    score: NotRequired[Annotated[float, Field(ge=0, le=5)]]
    on: Day

"""The form of a plan, in a file of seeds/plans/ and in POST /v1/plans alike; `density.plan_check` says what fits."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]
Number = Annotated[float, Field(ge=0, strict=False, allow_inf_nan=False)]
ScopeKind = Literal["city", "district", "park", "zone"]


class Form(BaseModel):
    """One thing in a plan; a misspelt key is an error."""

    model_config = ConfigDict(extra="forbid", strict=True, coerce_numbers_to_str=False)


class NameForm(Form):
    """A name in both languages."""

    zh: Text
    en: Text


class MilestoneForm(Form):
    """Where the plan stands on a day before its deadline, in the target's unit."""

    day: date
    value: Number


class EachForm(Form):
    """What each of the things that a target counts must reach itself."""

    value: Number
    unit: NameForm


class TargetForm(Form):
    """One quantified target; its members are those of `density.plan.Target`."""

    id: Annotated[str, Field(pattern=r"^[A-Z]{2}-[0-9]{2}$")]
    name: NameForm
    sentence: Text
    measured_by: Literal["figure", "designations", "statistic", "document"]
    figure: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")] | None = None
    less: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")] | None = None
    statistic_unit: NameForm | None = None
    series: Literal["total", "all", "key"] = "total"
    scopes: Annotated[tuple[ScopeKind, ...], Field(min_length=1)] = ("city",)
    kind: Literal["count", "ratio"]
    comparison: Literal[
        "at_least", "exactly", "growth_since_baseline",
        "at_least_each_year", "at_most", "growth_per_year", "faster_than",
    ] = "at_least"  # fmt: skip
    unit: NameForm
    value: Number | None = None
    each: EachForm | None = None
    baseline_day: date | None = None
    baseline_value: Number | None = None
    deadline: date | None = None
    milestones: tuple[MilestoneForm, ...] = ()
    published_baseline: Number | None = None
    published_source: str = ""
    headline: bool = False
    source: Text
    inferred: tuple[Text, ...] = ()


class QuotasForm(Form):
    """Quotas that a document assigns (下达指标), by target and scope."""

    body: Text
    document: Text
    number: Text
    day: date
    source: Text
    simulated: bool
    quotas: Mapping[str, Mapping[str, Number]]


class PlanForm(Form):
    """A plan; the quotas stand in it or in a file of their own."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$")]
    name: NameForm
    source: Text
    targets: Annotated[tuple[TargetForm, ...], Field(min_length=1, max_length=200)]
    quotas: QuotasForm | None = None


class PlanVersionForm(PlanForm):
    """A plan that is posted: days from this one on are judged by it."""

    from_: Annotated[date, Field(alias="from")]

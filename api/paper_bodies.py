"""What officials decide and publish beside the register, as it is posted."""

from typing import Annotated, Any

from pydantic import Field, TypeAdapter, field_validator, model_validator

from api.bodies import Day, PostedBody, Text, checked
from api.periods import period_days
from density.identity import normalised
from density.register import Reference


class StatisticBody(PostedBody):
    """A number that an authority published, with its source and the day on which it did."""

    figure: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    scope: Annotated[str, Field(max_length=80)]
    period: Annotated[str, Field(description="YYYY, YYYY-Qn or YYYY-MM")]
    value: Annotated[float, Field(allow_inf_nan=False)]
    unit: Text
    source: Text
    published: Day

    @field_validator("period")
    @classmethod
    def _check_period(cls, period: str) -> str:
        period_days(period)
        return period


class _NameplateBody(PostedBody):
    @field_validator("manufacturer", "serial", "model", "other_model", check_fields=False)
    @classmethod
    def _check_plate(cls, text: str) -> str:
        if not normalised(text):
            raise ValueError("holds nothing but separators")
        return text


class SettlementBody(_NameplateBody):
    """Two models of one manufacturer and serial; the posted route says whether they are one machine."""

    manufacturer: Text
    serial: Text
    model: Annotated[Text, Field(description="the model that stays")]
    other_model: Text
    record: Text

    @model_validator(mode="after")
    def _two_models(self) -> "SettlementBody":
        if normalised(self.model) == normalised(self.other_model):
            raise ValueError("model and other_model are one model, however they are typed; name the two that differ")
        return self


class ReviewBody(_NameplateBody):
    """Whether machines of a model that are reported as `other` count as industrial robots."""

    manufacturer: Text
    model: Text
    counts: bool
    record: Text


_STATISTICS = TypeAdapter(list[StatisticBody])
_SETTLEMENTS = TypeAdapter(list[SettlementBody])
_REVIEWS = TypeAdapter(list[ReviewBody])


def check_statistics(items: list[Any], reference: Reference, *, single: bool) -> list[StatisticBody]:
    """The statistics of a body.

    Raises:
        ApiError: 422 with the path of every fault.
    """
    return checked(_STATISTICS, items, reference, single=single)


def check_settlements(items: list[Any], reference: Reference, *, single: bool) -> list[SettlementBody]:
    """The settlements of a body.

    Raises:
        ApiError: 422 with the path of every fault.
    """
    return checked(_SETTLEMENTS, items, reference, single=single)


def check_reviews(items: list[Any], reference: Reference, *, single: bool) -> list[ReviewBody]:
    """The reviews of a body.

    Raises:
        ApiError: 422 with the path of every fault.
    """
    return checked(_REVIEWS, items, reference, single=single)

"""The form in which answers are described: for readers and generators of clients; no answer is made through it."""

import inspect
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from store.schema import Measurement
from store.schema.measurement import Field as Stored

Day = Annotated[date, Field(description="Asia/Shanghai")]
Moment = Annotated[datetime, Field(description="Shanghai time with its offset")]
Next = Annotated[str | None, Field(description="send it back as `cursor`; null on the last page")]
Slot = Annotated[
    dict[str, str | int | float | bool | None],
    Field(description="which report it is: by the name of each part of its slot; days as dates, instants as times"),
]
SOMETIMES: Any = Field(default_factory=dict)  # a member that is left out where there is nothing to tell; never null

_TYPES: Mapping[str, type] = {"int": int, "float": float, "bool": bool, "text": str}

# A form that a call makes has no source that holds docstrings, and pydantic would look in every module that is loaded.
_MADE: dict[str, Any] = {"use_attribute_docstrings": False}

Described = dict[int | str, dict[str, Any]]


class Answered(BaseModel):
    """A part of an answer: what it names, and nothing else."""

    # `from_` is told as `from`, a word that Python keeps to itself.
    model_config = ConfigDict(
        extra="forbid",
        use_attribute_docstrings=True,
        defer_build=True,
        alias_generator=lambda name: name.removesuffix("_"),
    )


class Words(Answered):
    """A text in both languages."""

    zh: str
    en: str


class FactoryName(Answered):
    """A factory's name as it is registered; not every one has an English one."""

    zh: str
    en: str | None


class ErrorTold(Answered):
    """What was wrong, and where."""

    code: str
    message: str
    """A sentence: the thing, the reason and the next step."""
    path: str | None
    """The place in the request, such as `3.district`; null where none is meant."""
    details: list[dict[str, str]] = SOMETIMES
    """Every fault, by `path` and `message`, where there are more than one."""


class Error(Answered):
    """The one shape of everything that fails."""

    error: ErrorTold


class Measured(Answered):
    """A part that shows fields of a measurement, each with the meaning and unit that the schema gives it, or null."""

    def __init_subclass__(cls, *, of: Measurement | None = None, shown: Iterable[str] = ()) -> None:
        """Add the members before pydantic looks for them.

        Args:
            of: the measurement.
            shown: which of its fields.
        """
        super().__init_subclass__()
        fields = {} if of is None else {field.name: field for field in of.fields}
        own = inspect.get_annotations(cls)
        cls.__annotations__ = {name: _member(fields[name]) for name in shown} | own


def _member(field: Stored) -> Any:  # noqa: ANN401 - a type made here
    unit = f"[{field.unit}]" if field.unit else ""
    return Annotated[_TYPES[field.type] | None, Field(description=f"{field.meaning} {unit}".strip())]


def answered(model: Any, status: int = 200) -> Described:  # noqa: ANN401 - any form of a type
    """The answer of an operation that has one."""
    return {status: {"model": model}}


def stored(model: Any) -> Described:  # noqa: ANN401
    """The answer to what is posted: 201 stored, 200 held already."""
    held = {"description": "Held already; nothing was stored.", "model": model}
    return {200: held, 201: {"description": "Stored.", "model": model}}


def stored_items(kept: type[Answered], *, contradicts: bool = False) -> Described:
    """The answers to what is posted alone or as a list.

    Args:
        kept: the answer to one item that stands alone.
        contradicts: whether an item may contradict what is held, which is 409.
    """
    status = (int, Field(description="of this item: 201 stored, 200 held already, 409 in contradiction"))
    item = create_model(
        f"{kept.__name__}Item", __base__=kept, __cls_kwargs__=_MADE, __doc__="One item of a list.", status=status
    )
    if not contradicts:
        return stored(kept | list[item])
    refused = create_model(
        "ErrorItem", __base__=Error, __cls_kwargs__=_MADE, __doc__="An item in contradiction.", status=status
    )
    items: Any = list[item | refused]
    told = "It contradicts what is registered; of a list the item that does."
    return stored(kept | items) | {409: {"description": told, "model": Error | items}}

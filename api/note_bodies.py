"""What officials say to an alert, as it is posted."""

from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, TypeAdapter

from api.bodies import Day, PostedBody, checked, parse_items, printable
from api.errors import ApiError
from density.register import Reference

Why = Annotated[str, Field(min_length=1, max_length=1_000), AfterValidator(printable)]


class NoteBody(PostedBody):
    """What is said, in the words of whoever says it; who it is the key tells."""

    why: Why


class AckBody(NoteBody):
    """That somebody looks after an alert, and what is being done."""


class MuteBody(NoteBody):
    """That an alert is to be quiet until a day, exclusive."""

    until: Day


class ExplainBody(NoteBody):
    """Why it is so."""


Told = TypeVar("Told", bound=NoteBody)


def check_note(model: type[Told], body: bytes, reference: Reference) -> Told:
    """The one note of a body.

    Raises:
        ApiError: 422 with the path of every fault.
    """
    items, single = parse_items(body)
    if not single:
        raise ApiError(422, "not_single", "One note is posted at a time, as an object.")
    adapter: TypeAdapter[list[Told]] = TypeAdapter(list[model])  # type: ignore[valid-type] # a variable
    return checked(adapter, items, reference, single=True)[0]

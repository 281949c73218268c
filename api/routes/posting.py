"""One item or a list of them in, one result or a list of results out."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Depends

from api.answer import Answer
from api.bodies import MAX_ITEMS
from api.edge import read_body

Body = Annotated[bytes, Depends(read_body)]

Result = Mapping[str, Any]


def posted(results: Sequence[Result], *, single: bool) -> Answer:
    """The answer: of one item its own, of a list one result an item with its status.

    A list answers 201 when anything was stored, else 409 when an item contradicts, else 200.
    """
    statuses = {result["status"] for result in results}
    status = next((each for each in (201, 409) if each in statuses), 200)
    if single:
        return Answer({name: value for name, value in results[0].items() if name != "status"}, status_code=status)
    return Answer(list(results), status_code=status)


def openapi_body(model: type[Any]) -> dict[str, Any]:
    """The description of a body that is an object of a model or a list of them."""
    item = {"$ref": f"#/components/schemas/{model.__name__}"}
    either = {"anyOf": [item, {"type": "array", "items": item, "minItems": 1, "maxItems": MAX_ITEMS}]}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": either}}}}

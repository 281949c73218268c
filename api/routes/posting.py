"""One item or a list of them in, one result or a list of results out."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Depends, Request

from api.answer import Answer
from api.bodies import MAX_ITEMS
from api.edge import read_body
from api.papers import Row, slot_of
from api.service import Service
from store.schema import Measurement

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


def openapi_object(model: type[Any]) -> dict[str, Any]:
    """The description of a body that is one object of a model."""
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def store_papers(
    request: Request, service: Service, kind: Measurement, rows: Sequence[Row], *, beside: Sequence[Row] = ()
) -> list[bool]:
    """Write those of some rows that change what stands, and note for the audit log how many; answers which.

    Args:
        request: whose outcome is noted.
        service: whose ledger is written to.
        kind: of paper.
        rows: one for each posted item.
        beside: none, or one for each of `rows` that takes back the `same` of its slot where that stands.
    """
    with service.ledger.writing():
        papers = service.ledger.papers()
        fresh = papers.fresh(kind, rows)
        standing = papers.of(kind)
        undone = [bool(standing.get(slot_of(kind, row), {}).get("same")) for row in beside] or [False] * len(rows)
        fresh = [new or back for new, back in zip(fresh, undone, strict=True)]
        news = [row for row, back in zip(beside, undone, strict=False) if back]
        news += [row for row, new in zip(rows, fresh, strict=True) if new]
        if news:
            service.ledger.write(kind, [dict(row) for row in news])
    request.state.outcome = f"{sum(fresh)} of {len(rows)} stored"
    return fresh

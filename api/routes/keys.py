"""/v1/keys: who may come in by which key."""

import json
from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import ValidationError

from api.access.key_body import KeyBody
from api.answer import Answer
from api.answers.form import answered
from api.answers.operation import KeyList, NewKey, OneKey
from api.bodies import parse_items
from api.errors import ApiError, invalid
from api.paging import LIST_LIMIT, KnownParameters, Limit, OffsetCursor, offset_next, offset_of
from api.routes.posting import Body, openapi_object
from api.scopes import find_scope
from api.service import Service, ServiceDep

router = APIRouter(prefix="/v1/keys", tags=["keys"], dependencies=[KnownParameters])


@router.post("", status_code=201, responses=answered(NewKey, 201), openapi_extra=openapi_object(KeyBody))
def post_key(request: Request, service: ServiceDep, body: Body) -> Answer:
    """Make a key. Its `secret` is told this once and kept nowhere: hand it on, and revoke the key when it is lost."""
    items, single = parse_items(body)
    if not single:
        raise ApiError(422, "not_single", "One key is made at a time, as an object.")
    asked = _asked(items[0])
    _check_known(service, asked)
    key, secret = service.keys.add(asked.name, asked.role, asked.areas, asked.factories)
    request.state.subjects = [f"key {key.id} {key.name}: {key.caller.rights}"]
    answer = Answer({"key": key.to_json(), "secret": secret}, status_code=201)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.get("", responses=answered(KeyList))
def get_keys(service: ServiceDep, limit: Limit = LIST_LIMIT, cursor: OffsetCursor = None) -> Answer:
    """Every key without its secret, the oldest first; one with `revoked` opens nothing any more."""
    start, keys = offset_of(cursor), service.keys.all()
    page, following = keys[start : start + limit], offset_next(start, limit, len(keys))
    return Answer({"keys": [key.to_json() for key in page], "next": following})


@router.delete("/{key}", responses=answered(OneKey))
def delete_key(request: Request, service: ServiceDep, key: Annotated[str, Path(max_length=64)]) -> Answer:
    """Revoke a key for good: here at once, in other API processes within half a minute. 200 again when repeated."""
    request.state.subjects = [f"key {key}"]
    revoked = service.keys.revoke(key)
    if revoked is None:
        raise ApiError(404, "unknown_key", f"There is no key {key!r}; GET /v1/keys lists them.", path="key")
    service.gate.forget(key)
    return Answer({"key": revoked.to_json()})


def _asked(item: object) -> KeyBody:
    try:
        return KeyBody.model_validate_json(json.dumps(item))
    except ValidationError as error:
        raise invalid(error.errors(include_url=False, include_input=False, include_context=False)) from error


def _check_known(service: Service, asked: KeyBody) -> None:
    """Refuse a name that opens nothing: a typing error would stay unnoticed until its owner complains."""
    registry = service.ledger.registry()
    for place, area in enumerate(asked.areas):
        if area.partition(":")[0] not in {"district", "zone"}:
            sentence = f"areas.{place}: {area!r} is no district and no zone; write district:310115 or zone:lingang."
            raise ApiError(422, "invalid_field", sentence, path=f"areas.{place}")
        find_scope(area, service.reference, registry)
    for place, factory in enumerate(asked.factories):
        if factory not in registry:
            sentence = f"factories.{place}: no factory {factory!r} is registered; register it first."
            raise ApiError(422, "unknown_factory", sentence, path=f"factories.{place}")

"""The API described as OpenAPI 3.0, which the swagger-ui that is shipped can draw (it cannot draw 3.1)."""

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from api.access.key_body import KeyBody
from api.bodies import DesignationBody, FactoryBody
from api.note_bodies import AckBody, ExplainBody, MuteBody
from api.operation import TAGS, complete
from api.options import ApiOptions
from api.paper_bodies import ReviewBody, SettlementBody, StatisticBody
from api.replaying import ReplayBody
from density.plan_form import PlanVersionForm

VERSION = "3.0.3"

_BODIES = (
    FactoryBody, DesignationBody, StatisticBody, SettlementBody, ReviewBody, PlanVersionForm, AckBody, MuteBody,
    ExplainBody, ReplayBody, KeyBody,
)  # fmt: skip

_REF = "#/components/schemas/{model}"
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "path"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "path": {"type": "string", "nullable": True},
                "details": {"type": "array", "items": {"type": "object"}},
            },
        }
    },
}


def describer(app: FastAPI, options: ApiOptions, key_sets: Sequence[str]) -> Callable[[], dict[str, Any]]:
    """What the application calls for its description; it is made once."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _description(app, options, key_sets)
        return app.openapi_schema

    return describe


def _description(app: FastAPI, options: ApiOptions, key_sets: Sequence[str]) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, openapi_version=VERSION, summary=None, routes=app.routes,
        description=f"{app.summary} {'模拟数据 · Simulated data.' if options.simulated else ''}",
    )  # fmt: skip
    models = [(body, "validation") for body in _BODIES]
    _, posted = models_json_schema(models, ref_template=_REF)  # type: ignore[arg-type] # pydantic's own alias is narrower
    document["components"] = {
        "schemas": {**posted["$defs"], "Error": _ERROR},
        "securitySchemes": {
            "key": {"type": "http", "scheme": "bearer", "description": "A key, or a token of OpenID Connect."}
        },
    }
    document["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            complete(operation, method, path, key_sets)
    nullable: dict[str, Any] = _nullable(document)
    return nullable


def _nullable(node: Any) -> Any:  # noqa: ANN401 - any JSON
    """The same with 3.0's `nullable` for 3.1's type null."""
    if isinstance(node, list):
        return [_nullable(each) for each in node]
    if not isinstance(node, dict):
        return node
    kept = {name: _nullable(value) for name, value in node.items()}
    either = kept.get("anyOf")
    if not isinstance(either, list) or {"type": "null"} not in either:
        return kept
    others = [each for each in either if each != {"type": "null"}]
    del kept["anyOf"]
    single = others[0] if len(others) == 1 and "$ref" not in others[0] else {"anyOf": others}
    return {**single, **kept, "nullable": True}

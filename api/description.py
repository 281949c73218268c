"""The API described as OpenAPI 3.0, which the swagger-ui that is shipped can draw (it cannot draw 3.1)."""

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from api.access.key_body import KeyBody
from api.answers.form import Error
from api.answers.sdmx import StructureMessage
from api.bodies import DesignationBody, FactoryBody
from api.note_bodies import AckBody, ExplainBody, MuteBody
from api.older import as_3_0
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

# Answers that routes name by reference.
_TOLD = (Error, StructureMessage)

_REF = "#/components/schemas/{model}"
# What FastAPI adds of its own; a fault is answered in the one shape.
_UNUSED = ("HTTPValidationError", "ValidationError")


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
    models = [*((body, "validation") for body in _BODIES), *((told, "serialization") for told in _TOLD)]
    _, ours = models_json_schema(models, ref_template=_REF)  # type: ignore[arg-type] # pydantic's own alias is narrower
    answers = document["components"]["schemas"]
    document["components"] = {
        "schemas": {name: schema for name, schema in (answers | ours["$defs"]).items() if name not in _UNUSED},
        "securitySchemes": {
            "key": {"type": "http", "scheme": "bearer", "description": "A key, or a token of OpenID Connect."}
        },
    }
    document["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            complete(operation, method, path, key_sets)
    told: dict[str, Any] = as_3_0(document)
    return told

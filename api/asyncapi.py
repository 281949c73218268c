"""The wire contract as an AsyncAPI 3 document, made of the types that messages are read by."""

from collections.abc import Mapping
from typing import Any, Final, Literal, get_args

from pydantic import TypeAdapter

from ingest.wire import models
from ingest.wire.refusals import Code
from ingest.wire.topics import KINDS, Kind, check_topic, report_topic, statement_topic, verdict_topic

VERSION = "3.0.0"

Json = dict[str, Any]

_SCHEMAS = "#/components/schemas/{model}"
_MESSAGES: Final[Mapping[Kind, type]] = {
    "status": models.Status,
    "lifecycle": models.Lifecycle,
    "workforce": models.Workforce,
    "inventory": models.Inventory,
    "assessment": models.Assessment,
}
_EXAMPLES: Final[Mapping[Kind, Json]] = {
    "status": {
        "at": "2026-11-23T08:00:00+08:00", "seq": 17, "boot": "a1",
        "robots": [{"robot": "R-0001", "state": "executing", "mode": "automatic", "power_on_hours": 1234.5}],
    },
    "lifecycle": {
        "events": [{
            "robot": "R-0001", "event": "commissioned", "at": "2025-03-01T09:00:00+08:00",
            "nameplate": {"manufacturer": "FANUC", "model": "M-20iD/25", "serial": "E21503127"},
            "category": "articulated", "purpose": "production",
        }],
    },
    "workforce": {"periods": [{"period": "2026-10", "average": 508, "end_of_period": 512}], "basis": "site"},
    "inventory": {"as_of": "2026-10-31", "stock": 312, "complete": True},
    "assessment": {"standard": "GB/T 39116-2020", "level": 3, "score": 2.94, "on": "2026-05-01"},
}  # fmt: skip
_VERDICT: Final[Json] = {
    "type": "object",
    "description": "Why something of a message is refused, or that a checked one would be stored.",
    "required": ["at", "kind", "reason", "detail", "path"],
    "properties": {
        "at": {"type": "string", "format": "date-time"},
        "kind": {"type": "string", "description": "of the message; empty where its topic does not say"},
        "check": {"type": "boolean", "description": "true in answer to a check"},
        "reason": {"type": "string", "enum": [*get_args(Code), "ok"]},
        "detail": {"type": "string", "description": "a sentence: the thing, the reason, the next step"},
        "path": {"type": "string", "description": "such as robots.3.state; empty for the whole message"},
    },
}
_STATEMENT: Final[Json] = {"type": "object", "description": "What the platform holds of the factory."}
_MQTT: Final[Json] = {"mqtt": {"qos": 1, "bindingVersion": "0.2.0"}}
_RETAINED: Final[Json] = {"mqtt": {"qos": 1, "retain": True, "bindingVersion": "0.2.0"}}
_SPARKPLUG = (
    "A factory may instead speak Sparkplug B 3.0 (spBv1.0/#), which this document does not describe. A payload is "
    "UTF-8 JSON of at most 1 MiB; an unknown field is refused; a message is acknowledged once all of it is stored or "
    "stored as refused."
)


def asyncapi_document(*, simulated: bool) -> Json:
    """The document; the platform is the application that it describes: it receives reports and sends verdicts."""
    return {
        "asyncapi": VERSION,
        "info": {
            "title": "robodensity: what factories send" + ("（模拟数据 simulated）" if simulated else ""),
            "version": "1",
            "description": _SPARKPLUG,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": _channels(),
        "operations": _operations(),
        "components": {
            "parameters": {"factory": {"description": "its id: [A-Za-z0-9_-]{1,64}", "examples": ["F00042"]}},
            "messages": _messages(),
            "schemas": {**_schemas(), "Verdict": _VERDICT, "Statement": _STATEMENT},
        },
    }


def _channels() -> Json:
    reports: dict[str, tuple[str, str]] = {kind: (report_topic("{factory}", kind), kind) for kind in KINDS}
    checks = {f"check_{kind}": (check_topic("{factory}", kind), kind) for kind in KINDS}
    own = {"verdict": (verdict_topic("{factory}"), "verdict"), "statement": (statement_topic("{factory}"), "statement")}
    return {
        name: {
            "address": address,
            "parameters": {"factory": _ref("components", "parameters", "factory")},
            "messages": {message: _ref("components", "messages", message)},
        }
        for name, (address, message) in {**reports, **checks, **own}.items()
    }


def _operations() -> Json:
    told = {
        **{f"receive_{kind}": ("receive", kind, kind, "Stored, or stored as refused.", _MQTT) for kind in KINDS},
        **{
            f"receive_check_{kind}": ("receive", f"check_{kind}", kind, "Judged and answered, never stored.", _MQTT)
            for kind in KINDS
        },
        "send_verdict": ("send", "verdict", "verdict", "At most 20 for one message, then one with the count.", _MQTT),
        "send_statement": ("send", "statement", "statement", "Once a day.", _RETAINED),
    }
    return {
        name: {
            "action": action,
            "summary": summary,
            "channel": _ref("channels", channel),
            "messages": [_ref("channels", channel, "messages", message)],
            "bindings": bindings,
        }
        for name, (action, channel, message, summary, bindings) in told.items()
    }


def _messages() -> Json:
    reports: Json = {
        kind: {
            "title": kind,
            "payload": _ref("components", "schemas", model.__name__),
            "examples": [{"payload": _EXAMPLES[kind]}],
        }
        for kind, model in _MESSAGES.items()
    }
    own = {name.lower(): {"payload": _ref("components", "schemas", name)} for name in ("Verdict", "Statement")}
    return {**reports, **own}


def _schemas() -> Json:
    adapters: list[tuple[str, Literal["validation"], TypeAdapter[Any]]] = [
        (kind, "validation", TypeAdapter(model)) for kind, model in _MESSAGES.items()
    ]
    _, told = TypeAdapter.json_schemas(adapters, ref_template=_SCHEMAS)
    schemas: Json = told["$defs"]
    return schemas


def _ref(*path: str) -> Json:
    return {"$ref": "#/" + "/".join(path)}

"""One operation of the description: who may call it, every answer that it gives, and an example of the usual one."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from api.access.caller import ROLES
from api.access.table import EVERYBODY, ROUTES

Operation = dict[str, Any]

TAGS: Mapping[str, str] = {
    "figures": "指标：保有量、密度等，按日、按范围、按口径。What is counted, by day, scope and series; and why.",
    "plan": "目标与进度：规划、园区、已公布的统计数据。The plan's targets, how parks stand, and published statistics.",
    "alerts": "预警，以及主管部门的回应。What calls for somebody, and what officials say to it.",
    "register": "名录与认定：工厂、机器人、认定。Factories, their robots, and what is recognised.",
    "accounting": "收发账：到达、入库、退回、缺失、静默。What arrived and what came of it; arrived = stored + refused.",
    "export": "整表导出与统计交换（SDMX）。Whole tables as files, and statistics exchange.",
    "uploads": "上传表格：先预览，后入库。Tables in: previewed first, stored when confirmed.",
    "keys": "密钥与角色。Who may come in, by which key.",
    "operation": "运行状态。Whether the system lives and takes work.",
}

# What the API is asked and answers on a small city, by method and path: {"status", "body"?, "answer"};
# tests/api/test_examples.py writes it and holds it true.
EXAMPLES: Mapping[str, Any] = json.loads((Path(__file__).parent / "examples.json").read_text("utf-8"))

_ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
_TAG = {"ETag": {"description": "Names this answer; send it back as If-None-Match.", "schema": {"type": "string"}}}
_NOT_MODIFIED = {"description": "Nothing changed since the answer of that ETag; no body.", "headers": _TAG}


def complete(operation: Operation, method: str, path: str, key_sets: Sequence[str]) -> None:
    """Add what the routes do not say themselves: roles, errors, ETags, examples, and the key sets that there are."""
    _roles(operation, method, path)
    names = {parameter["name"] for parameter in operation.get("parameters", [])}
    responses = operation["responses"]
    if "If-None-Match" in names:
        responses["200"]["headers"] = _TAG
        responses["304"] = _NOT_MODIFIED
    told = {"description": "An error in the one shape.", "content": _ERROR}
    responses |= dict.fromkeys(_errors(path, responses), told)
    for parameter in operation.get("parameters", []):
        if parameter["name"] == "key_set":
            parameter["schema"]["enum"] = [*key_sets, None]
    _exemplify(operation, EXAMPLES.get(f"{method.upper()} {path}"))


def _errors(path: str, responses: Mapping[str, Any]) -> tuple[str, ...]:
    return ("422", "default") if path.startswith("/v1/") or "422" in responses else ("default",)


def _roles(operation: Operation, method: str, path: str) -> None:
    """Say which roles the operation opens to, from the one table of them."""
    roles = ROUTES[method.upper(), path]
    public = roles == EVERYBODY
    named = [role for role in ROLES if role in roles]
    told = "Everybody, without a key too." if public else f"Roles: {', '.join(named)}."
    operation["description"] = f"{operation['description']}\n\n{told}"
    operation["security"] = [{}, {"key": []}] if public else [{"key": []}]
    operation["x-roles"] = named


def _exemplify(operation: Operation, example: Mapping[str, Any] | None) -> None:
    """Show the usual answer wherever its status or that of a repetition is described, and the body that was sent."""
    if example is None:
        return
    for status in {str(example["status"]), "200"} & set(operation["responses"]):
        for content in operation["responses"][status]["content"].values():
            content["example"] = example["answer"]
    if "body" in example:
        operation["requestBody"]["content"]["application/json"]["example"] = example["body"]

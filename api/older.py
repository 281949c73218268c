"""A description as OpenAPI 3.0 says it, which has neither the type null, nor const, nor a reference with company."""

from typing import Any

_NULL = {"type": "null"}


def as_3_0(node: Any) -> Any:  # noqa: ANN401 - any JSON
    """The same in the words of 3.0."""
    if isinstance(node, list):
        return [as_3_0(each) for each in node]
    if not isinstance(node, dict):
        return node
    said = {name: as_3_0(value) for name, value in node.items()}
    return _alone(_without_const(_nullable(said)))


def _nullable(said: dict[str, Any]) -> dict[str, Any]:
    either = said.get("anyOf")
    if not isinstance(either, list) or _NULL not in either:
        return said
    others = [each for each in either if each != _NULL]
    kept = {name: value for name, value in said.items() if name != "anyOf"}
    told = others[0] if len(others) == 1 else {"anyOf": others}
    listed = {"enum": [*told["enum"], None]} if "enum" in told else {}
    return {**told, **listed, **kept, "nullable": True}


def _without_const(said: dict[str, Any]) -> dict[str, Any]:
    if "const" not in said or not isinstance(said.get("type"), str):  # else it is the name of a member
        return said
    return {**{name: value for name, value in said.items() if name != "const"}, "enum": [said["const"]]}


def _alone(said: dict[str, Any]) -> dict[str, Any]:
    """What stands beside a reference is not read; beside a list of one it is."""
    if len(said) == 1 or not isinstance(said.get("$ref"), str):
        return said
    return {"allOf": [{"$ref": said["$ref"]}], **{name: value for name, value in said.items() if name != "$ref"}}

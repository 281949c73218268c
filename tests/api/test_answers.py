"""Every answer is what its schema says, and the schemas leave nothing open."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from api_city import KEY, running
from asked_api import ASKED
from jsonschema import Draft4Validator, FormatChecker
from small_city import fill, small_app

from api.operation import EXAMPLES
from density.plan import Plan
from density.register import Reference
from store.embedded import EmbeddedStore

# What is told by the sender, the standard or the plant: names of members are not ours to list.
OPEN = {"details", "reasons", "metric_paths", "observation", "slot"}


@pytest.fixture(scope="module")
def city(quiet_store: EmbeddedStore, reference: Reference, plan: Plan) -> Iterator[httpx.Client]:
    fill(quiet_store)
    app = small_app(quiet_store, reference, plan)
    bearer = {"Authorization": f"Bearer {KEY}"}
    with running(app) as url, httpx.Client(base_url=url, timeout=30, headers=bearer) as client:
        yield client
    app.state.service.board.close()


@pytest.fixture(scope="module")
def document(city: httpx.Client) -> dict[str, Any]:
    told: dict[str, Any] = city.get("/openapi.json").json()
    return told


def _with_null(node: Any) -> Any:
    """A schema of OpenAPI 3.0 as JSON Schema."""
    if isinstance(node, list):
        return [_with_null(each) for each in node]
    if not isinstance(node, dict):
        return node
    told = {name: _with_null(value) for name, value in node.items() if name != "nullable"}
    return {"anyOf": [told, {"type": "null"}]} if node.get("nullable") is True else told


def _schema(document: dict[str, Any], operation: str, status: int) -> dict[str, Any]:
    method, path = operation.split()
    (content,) = document["paths"][path][method.lower()]["responses"][str(status)]["content"].values()
    return dict(content["schema"])


def _hold(document: dict[str, Any], operation: str, status: int, answer: Any) -> None:
    schema = _with_null({**_schema(document, operation, status), "components": document["components"]})
    faults = Draft4Validator(schema, format_checker=FormatChecker()).iter_errors(answer)
    assert not [f"{operation} {list(each.absolute_path)}: {each.message}" for each in faults]


@pytest.mark.parametrize("operation", EXAMPLES)
def test_example_is_what_its_schema_says(document: dict[str, Any], operation: str) -> None:
    _hold(document, operation, EXAMPLES[operation]["status"], EXAMPLES[operation]["answer"])


def test_whole_answers_are_what_their_schemas_say(city: httpx.Client, document: dict[str, Any]) -> None:
    for question in ASKED:
        if "{key}" in question.operation or "{replay}" in question.operation or "{upload}" in question.operation:
            continue
        answer = question.ask(city, {})
        told = answer.json() if "json" in answer.headers["Content-Type"] else answer.text
        _hold(document, question.operation, answer.status_code, told)


def test_list_that_contradicts_is_what_its_schema_says(city: httpx.Client, document: dict[str, Any]) -> None:
    known = city.get("/v1/factories").json()["factories"][0]
    item = {name: value for name, value in known.items() if name not in {"from", "closed"}}
    answer = city.post("/v1/factories", json=[item, {**item, "industry": "3990"}])
    assert [each["status"] for each in answer.json()] == [200, 409]
    _hold(document, "POST /v1/factories", 409, answer.json())
    _hold(document, "POST /v1/factories", 409, city.post("/v1/factories", json={**item, "industry": "3990"}).json())


def test_schema_refuses_what_no_answer_holds(document: dict[str, Any]) -> None:
    latest = EXAMPLES["GET /v1/figures/latest"]["answer"]
    for wrong in (
        {**latest, "surprise": 1},
        {**latest, "key": {**latest["key"], "density": "250"}},
        {name: value for name, value in latest.items() if name != "simulated"},
    ):
        with pytest.raises(AssertionError):
            _hold(document, "GET /v1/figures/latest", 200, wrong)


def _json_answers(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                for kind, content in answer.get("content", {}).items():
                    if "json" in kind and kind != "application/jsonl":
                        yield f"{method} {path} {status}", content["schema"]


def _parts(schema: dict[str, Any], place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """A schema and all that it is made of, each with its place."""
    yield place, schema
    for name, each in schema.get("properties", {}).items():
        yield from _parts(each, f"{place}.{name}")
    if isinstance(schema.get("additionalProperties"), dict):
        yield from _parts(schema["additionalProperties"], f"{place}.*")
    for each in [*schema.get("anyOf", []), *schema.get("allOf", []), *([schema["items"]] if "items" in schema else [])]:
        yield from _parts(each, place)


def _answers(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every part of every schema that an answer is described by."""
    schemas, seen = document["components"]["schemas"], set()
    waiting = [part for place, schema in _json_answers(document) for part in _parts(schema, place)]
    while waiting:
        place, part = waiting.pop()
        yield place, part
        name = part.get("$ref", "").rpartition("/")[2]
        if name and name not in seen:
            seen.add(name)
            waiting += _parts(schemas[name], name)


def test_schema_of_every_answer_leaves_nothing_open(document: dict[str, Any]) -> None:
    assert len(dict(_json_answers(document))) > len(EXAMPLES)
    for place, part in _answers(document):
        assert {"$ref", "anyOf", "allOf", "type"} & set(part), place
        if part.get("type") == "array":
            assert part["items"], place
        if part.get("type") == "object":
            within = part.get("additionalProperties")
            assert within is False or (within and OPEN & set(place.split("."))), place


def test_schema_tells_the_meaning_of_every_number(document: dict[str, Any]) -> None:
    for place, part in _answers(document):
        for name, told in part.get("properties", {}).items():
            if told.get("type") in {"number", "integer"} and name not in {"definition_version", "position"}:
                assert told.get("description"), f"{place}.{name}"


def test_description_keeps_to_the_words_of_openapi_3_0(document: dict[str, Any]) -> None:
    for place, part in _answers(document):
        assert part.get("type") != "null", place
        assert "const" not in part, place
        assert "$ref" not in part or len(part) == 1, place

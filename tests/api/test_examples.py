"""The examples of the description are what the API answers.

`PYTHONPATH=.:tests .venv/bin/python tests/api/test_examples.py` writes them anew.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_city import KEY, running
from asked_api import ASKED, examples
from small_city import fill, small_app

from api import operation
from api.access.table import ROUTES
from density.plan import Plan
from density.register import Reference
from robodensity.plans import load_plan
from robodensity.seeds import load_reference
from store.embedded import EmbeddedStore

FILE = Path(operation.__file__).parent / "examples.json"


@contextmanager
def _answering(store: EmbeddedStore, reference: Reference, plan: Plan) -> Iterator[httpx.Client]:
    fill(store)
    app = small_app(store, reference, plan)
    with running(app) as url, httpx.Client(base_url=url, timeout=30, headers={"Authorization": f"Bearer {KEY}"}) as it:
        yield it
    app.state.service.board.close()


@pytest.fixture
def answering(store: EmbeddedStore, reference: Reference, plan: Plan) -> Iterator[httpx.Client]:
    with _answering(store, reference, plan) as client:
        yield client


@pytest.fixture
def operations(client: httpx.Client) -> dict[str, Any]:
    paths = client.get("/openapi.json").json()["paths"]
    return {f"{method.upper()} {path}": told for path, methods in paths.items() for method, told in methods.items()}


def test_examples_are_what_the_api_answers(answering: httpx.Client) -> None:
    assert examples(answering) == json.loads(FILE.read_text("utf-8")), (
        "PYTHONPATH=.:tests .venv/bin/python tests/api/test_examples.py writes them anew"
    )


def test_examples_stand_in_the_description(operations: dict[str, Any]) -> None:
    for question in ASKED:
        example, told = operation.EXAMPLES[question.operation], operations[question.operation]
        assert _content(told["responses"][str(example["status"])])["example"] == example["answer"]
        if question.body is not None:
            assert _content(told["requestBody"])["example"] == question.body


def test_every_operation_that_answers_json_has_an_example_of_its_answer_and_its_body(
    operations: dict[str, Any],
) -> None:
    for name, told in operations.items():
        good = [each for status, each in told["responses"].items() if status in {"200", "201", "202"}]
        assert good, name
        for answer in good:
            for kind, content in answer["content"].items():
                assert "json" not in kind or kind == "application/jsonl" or "example" in content, (name, kind)
        for kind, content in told.get("requestBody", {}).get("content", {}).items():
            assert kind != "application/json" or "example" in content, name


def test_description_tells_the_roles_of_every_operation(operations: dict[str, Any]) -> None:
    for name, told in operations.items():
        method, path = name.split()
        roles = ROUTES[method, path]
        assert set(told["x-roles"]) == roles
        assert ({} in told["security"]) == ("anonymous" in roles)
        assert all(role in told["description"] for role in roles - {"anonymous"}) or "anonymous" in roles


def test_description_tells_which_answers_carry_an_etag(operations: dict[str, Any], answering: httpx.Client) -> None:
    for question in ASKED:
        if not question.operation.startswith("GET") or "{replay}" in question.operation:
            continue
        if question.operation == "GET /v1/events":
            continue
        carried = "ETag" in question.ask(answering, {}).headers
        told = operations[question.operation]["responses"]
        assert ("304" in told, "ETag" in told["200"].get("headers", {})) == (carried, carried), question.operation


def test_description_tells_no_status_that_an_operation_never_gives(operations: dict[str, Any]) -> None:
    stored = {name for name, told in operations.items() if {"200", "201"} <= set(told["responses"])}
    assert stored == {
        "POST /v1/factories", "POST /v1/designations", "POST /v1/statistics", "POST /v1/plans", "POST /v1/robots/same",
        "POST /v1/robots/distinct", "POST /v1/robots/review", *(
            f"POST /v1/alerts/{{alert}}/{action}" for action in ("ack", "mute", "explain")
        ),
    }  # fmt: skip
    contradicted = {name for name, told in operations.items() if "409" in told["responses"]}
    assert contradicted == {"POST /v1/factories", "POST /v1/uploads/{upload}/confirm"}


def test_description_tells_the_media_type_of_every_file(operations: dict[str, Any]) -> None:
    for name, told in operations.items():
        assert all(each["content"] for status, each in told["responses"].items() if status == "200"), name
    assert list(operations["GET /v1/export/refused.csv"]["responses"]["200"]["content"]) == ["text/csv"]


def test_every_tag_of_the_description_says_what_it_holds(client: httpx.Client, operations: dict[str, Any]) -> None:
    told = {each["name"]: each["description"] for each in client.get("/openapi.json").json()["tags"]}
    assert {tag for each in operations.values() for tag in each["tags"]} == set(told)
    assert all(told.values())


def _content(told: dict[str, Any]) -> dict[str, Any]:
    (content,) = told["content"].values()
    return content


if __name__ == "__main__":
    seeds = load_reference()
    opened = EmbeddedStore(Path(tempfile.mkdtemp()))
    opened.prepare(simulated=True)
    with _answering(opened, seeds, load_plan(seeds)) as asked:
        FILE.write_text(json.dumps(examples(asked), ensure_ascii=False, indent=1) + "\n", "utf-8")

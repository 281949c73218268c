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
from api_city import KEY, factory, running
from small_city import ALERT, fill, small_app

from api import description
from density.plan import Plan
from density.register import Reference
from robodensity.plans import load_plan
from robodensity.seeds import load_reference
from store.embedded import EmbeddedStore

FILE = Path(description.__file__).parent / "examples.json"
WHY = {"why": "两家工厂推迟投产"}
PLATES = {"manufacturer": "FANUC", "serial": "E21503127", "model": "M-20iD/25", "other_model": "M-20", "record": "1"}
# What is asked, in this order, and the operation that it is an example of.
ASKED: tuple[tuple[str, str, Any], ...] = (
    ("GET /v1/figures", "/v1/figures?scope=city&from=2026-11-24", None),
    ("GET /v1/figures/latest", "/v1/figures/latest", None),
    ("GET /v1/restatements", "/v1/restatements", None),
    ("GET /v1/targets", "/v1/targets", None),
    ("GET /v1/plans", "/v1/plans", None),
    ("GET /v1/parks", "/v1/parks", None),
    ("GET /v1/parks/{park}", "/v1/parks/P01", None),
    ("GET /v1/alerts", "/v1/alerts", None),
    ("POST /v1/alerts/{alert}/ack", f"/v1/alerts/{ALERT}/ack", WHY),
    ("POST /v1/alerts/{alert}/mute", f"/v1/alerts/{ALERT}/mute", {**WHY, "until": "2026-12-31"}),
    ("POST /v1/alerts/{alert}/explain", f"/v1/alerts/{ALERT}/explain", WHY),
    ("POST /v1/factories", "/v1/factories", factory(2)),
    ("GET /v1/factories", "/v1/factories?limit=1", None),
    ("GET /v1/factories/{factory}", "/v1/factories/F00001", None),
    ("GET /v1/factories/{factory}/robots", "/v1/factories/F00001/robots", None),
    ("POST /v1/designations", "/v1/designations",
     {"kind": "smart_factory", "scheme": "shanghai-2023", "grade": "示范性", "subject": {"factory": "F00001"},
      "from": "2025-01-01"}),
    ("POST /v1/statistics", "/v1/statistics",
     {"figure": "frame_persons", "scope": "city", "period": "2025", "value": 2_000_000.0, "unit": "人",
      "source": "模拟", "published": "2026-02-28"}),
    ("GET /v1/statistics", "/v1/statistics", None),
    ("POST /v1/robots/same", "/v1/robots/same", PLATES),
    ("POST /v1/robots/distinct", "/v1/robots/distinct", PLATES),
    ("POST /v1/robots/review", "/v1/robots/review",
     {"manufacturer": "FANUC", "model": "X-9", "counts": True, "record": "1"}),
    ("GET /v1/refused", "/v1/refused", None),
    ("GET /v1/accounting", "/v1/accounting", None),
    ("GET /healthz", "/healthz", None),
    ("GET /readyz", "/readyz", None),
)  # fmt: skip


@contextmanager
def _answering(store: EmbeddedStore, reference: Reference, plan: Plan) -> Iterator[httpx.Client]:
    fill(store)
    app = small_app(store, reference, plan)
    with running(app) as url, httpx.Client(base_url=url, timeout=30, headers={"Authorization": f"Bearer {KEY}"}) as it:
        yield it
    app.state.service.board.close()


def _answers(client: httpx.Client) -> dict[str, Any]:
    found = {}
    for operation, path, body in ASKED:
        answer = client.get(path) if body is None else client.post(path, json=body)
        assert answer.status_code < 300, (operation, answer.text)
        found[operation] = _short(answer.json())
    return found


def _short(node: Any) -> Any:
    """With the first item of each list."""
    if isinstance(node, dict):
        return {name: _short(each) for name, each in node.items()}
    return [_short(each) for each in node[:1]] if isinstance(node, list) else node


@pytest.fixture
def answering(store: EmbeddedStore, reference: Reference, plan: Plan) -> Iterator[httpx.Client]:
    with _answering(store, reference, plan) as client:
        yield client


def test_examples_are_what_the_api_answers(answering: httpx.Client) -> None:
    assert _answers(answering) == json.loads(FILE.read_text("utf-8")), (
        "PYTHONPATH=.:tests .venv/bin/python tests/api/test_examples.py writes them anew"
    )


def test_examples_stand_in_the_description(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for operation, _, body in ASKED:
        method, path = operation.split()
        answers = paths[path][method.lower()]["responses"]
        told = answers["200" if body is None else "201"]["content"]["application/json"]
        assert told["example"] == description.EXAMPLES[operation]


if __name__ == "__main__":
    seeds = load_reference()
    opened = EmbeddedStore(Path(tempfile.mkdtemp()))
    opened.prepare(simulated=True)
    with _answering(opened, seeds, load_plan(seeds)) as asked:
        FILE.write_text(json.dumps(_answers(asked), ensure_ascii=False, indent=1) + "\n", "utf-8")

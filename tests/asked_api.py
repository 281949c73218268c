"""One question to each operation of the API that answers JSON, and to the stream of events, on the small city."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import yaml
from api_city import factory
from small_city import ALERT

from robodensity.seeds import SEEDS

WHY = {"why": "两家工厂推迟投产"}
PLATES = {"manufacturer": "FANUC", "serial": "E21503127", "model": "M-20iD/25", "other_model": "M-20", "record": "1"}
TABLE = "工厂编号,期间,平均用工人数\r\nF00001,2026-09,410\r\n"
LIFECYCLE = {
    "events": [{
        "robot": "R-0001", "event": "commissioned", "at": "2025-03-01T09:00:00+08:00",
        "nameplate": {"manufacturer": "FANUC", "model": "M-20iD/25", "serial": "E21503127"},
        "category": "articulated", "purpose": "production",
    }],
}  # fmt: skip
# What is drawn at random or told by the clock, and what stands for it in an example.
DRAWN = {
    "key": "3f1c0a9be2d4", "replay": "5b0d6f1e2a3c4d58", "upload": "q0Yx2mJvKc1sT8wZ",
    "expires": "2026-11-24T12:30:00+08:00", "secret": "rd_3f1c0a9be2d4_…",
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """An operation and what is asked of it; `{key}` and the like in the path are as earlier answers gave them."""

    operation: str
    path: str = ""
    body: Any = None
    file: str | None = None

    def ask(self, client: httpx.Client, drawn: dict[str, str]) -> httpx.Response:
        """Ask it."""
        method, described = self.operation.split()
        path = (self.path or described).format_map({**drawn, "alert": ALERT, "park": "P01", "factory": "F00001"})
        if self.file is not None:
            return client.post(path, files={"file": ("用工.csv", self.file.encode())})
        return client.request(method, path, json=self.body)


def _plan() -> dict[str, Any]:
    """The plan of seeds/ with its headline target alone."""
    told = yaml.safe_load((SEEDS / "plans" / "shanghai-2027.yaml").read_text(encoding="utf-8"))
    targets = [each for each in told["targets"] if each.get("figure") == "gross_new"]
    return {**json.loads(json.dumps({**told, "targets": targets}, default=str)), "from": "2025-01-01"}


ASKED = (
    Question("GET /v1/figures", "/v1/figures?scope=city&from=2026-11-24"),
    Question("GET /v1/figures/latest"),
    Question("GET /v1/figures/explain", "/v1/figures/explain?figure=stock&scope=city"),
    Question("GET /v1/events", "/v1/events?limit=1"),
    Question("GET /v1/restatements"),
    Question("GET /v1/sensitivity"),
    Question("GET /v1/sdmx/structure"),
    Question("GET /v1/targets"),
    Question("GET /v1/parks"),
    Question("GET /v1/parks/{park}"),
    Question("POST /v1/alerts/{alert}/ack", body=WHY),
    Question("POST /v1/alerts/{alert}/mute", body={**WHY, "until": "2026-12-31"}),
    Question("POST /v1/alerts/{alert}/explain", body=WHY),
    Question("GET /v1/alerts"),
    Question("POST /v1/factories", body=factory(2)),
    Question("GET /v1/factories", "/v1/factories?limit=1"),
    Question("GET /v1/factories/{factory}"),
    Question("GET /v1/factories/{factory}/robots"),
    Question(
        "POST /v1/designations",
        body={
            "kind": "smart_factory", "scheme": "shanghai-2023", "grade": "示范性", "subject": {"factory": "F00001"},
            "from": "2025-01-01",
        },
    ),
    Question(
        "POST /v1/statistics",
        body={
            "figure": "frame_persons", "scope": "city", "period": "2025", "value": 2_000_000.0, "unit": "人",
            "source": "模拟", "published": "2026-02-28",
        },
    ),
    Question("GET /v1/statistics"),
    Question("POST /v1/robots/same", body=PLATES),
    Question("POST /v1/robots/distinct", body=PLATES),
    Question(
        "POST /v1/robots/review", body={"manufacturer": "FANUC", "model": "X-9", "counts": True, "record": "1"}
    ),
    Question("POST /v1/plans", body=_plan()),
    Question("GET /v1/plans"),
    Question("POST /v1/check/{kind}", "/v1/check/lifecycle?factory=F00001", body=LIFECYCLE),
    Question("GET /v1/accounting", "/v1/accounting?from=2026-11-24"),
    Question("GET /v1/accounting/days"),
    Question("GET /v1/accounting/silence"),
    Question("GET /v1/accounting/areas"),
    Question("GET /v1/refused"),
    Question("POST /v1/refused/replay", body={"factory": "F00001", "reason": "not_json"}),
    Question("GET /v1/refused/replays"),
    Question("GET /v1/refused/replays/{replay}"),
    Question("POST /v1/uploads/{kind}", "/v1/uploads/workforce", file=TABLE),
    Question("POST /v1/uploads/{upload}/confirm"),
    Question(
        "POST /v1/keys", body={"name": "浦东新区经信委", "role": "area", "areas": ["district:310115"]}
    ),
    Question("GET /v1/keys"),
    Question("DELETE /v1/keys/{key}"),
    Question("GET /healthz"),
    Question("GET /readyz"),
)  # fmt: skip


def examples(client: httpx.Client) -> dict[str, Any]:
    """Ask everything in order; by operation what was sent and what was answered, with the first item of each list."""
    return dict(_asked(client))


def _asked(client: httpx.Client) -> Iterator[tuple[str, Any]]:
    drawn: dict[str, str] = {}
    for question in ASKED:
        answer = question.ask(client, drawn)
        assert answer.status_code < 300, (question, answer.text)
        told = answer.json() if "json" in answer.headers["Content-Type"] else answer.text
        drawn |= _drawn(question.operation, told)
        sent = {} if question.body is None else {"body": question.body}
        yield question.operation, {"status": answer.status_code, **sent, "answer": _short(_steady(told, drawn))}


def _drawn(operation: str, told: Any) -> dict[str, str]:
    """What the answer drew."""
    if operation == "POST /v1/keys":
        return {"key": told["key"]["key"], "secret": told["secret"]}
    if operation == "POST /v1/refused/replay":
        return {"replay": told["replay"]["replay"]}
    if operation.startswith("POST /v1/uploads/"):
        return {"upload": told["id"], "expires": told["expires"]}
    return {}


def _steady(told: Any, drawn: dict[str, str]) -> Any:
    """The same with what stands for what was drawn."""
    text = json.dumps(told, ensure_ascii=False)
    for name in sorted(drawn, key=lambda name: -len(drawn[name])):
        text = text.replace(drawn[name], DRAWN[name])
    return json.loads(text)


def _short(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _short(each) for name, each in node.items()}
    return [_short(each) for each in node[:1]] if isinstance(node, list) else node

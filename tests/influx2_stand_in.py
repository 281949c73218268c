"""A stand-in for InfluxDB 2, which cannot be run here: buckets, DBRP mappings and authorizations; it stores no point.

Of InfluxDB's HTTP API v2 it speaks only the calls that the store makes, as its documentation has them: a token sees the
buckets and mappings that it may read, writes where it may write, and only the administrator's makes anything.
"""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs

Json = dict[str, Any]
ORG = "00000000000000aa"


@dataclass
class Influx2StandIn:
    """The server's state; a context manager that serves it."""

    write_status: int = 204
    write_body: str = ""
    admin: str = "secret"
    buckets: list[Json] = field(default_factory=list)
    mappings: list[Json] = field(default_factory=list)
    authorizations: list[Json] = field(default_factory=list)
    writes: list[tuple[str, bytes]] = field(default_factory=list)
    made: list[str] = field(default_factory=list)  # what was asked for that makes or changes something

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def databases(self, token: str, action: str) -> set[str]:
        """The databases that a token may read or write."""
        names = {each["id"]: each["name"] for each in self.buckets}
        if token == self.admin:
            return set(names.values())
        return {
            names[permission["resource"]["id"]]
            for each in self.authorizations
            if each["token"] == token
            for permission in each["permissions"]
            if permission["action"] == action
        }

    def knows(self, token: str) -> bool:
        return token == self.admin or token in {each["token"] for each in self.authorizations}


def _get_buckets(state: Influx2StandIn, token: str, asked: Json, _body: Json) -> tuple[int, Json]:
    seen = state.databases(token, "read")
    rows = [each for each in state.buckets if each["name"] in seen and asked.get("name", each["name"]) == each["name"]]
    return 200, {"buckets": rows[: int(asked.get("limit", 20))]}


def _post_bucket(state: Influx2StandIn, _token: str, _asked: Json, body: Json) -> tuple[int, Json]:
    state.buckets.append({**body, "id": f"{len(state.buckets):016x}"})
    return 201, state.buckets[-1]


def _patch_bucket(state: Influx2StandIn, _token: str, _asked: Json, body: Json, number: str) -> tuple[int, Json]:
    bucket = next(each for each in state.buckets if each["id"] == number)
    bucket["retentionRules"] = body["retentionRules"]
    return 200, bucket


def _get_mappings(state: Influx2StandIn, token: str, asked: Json, _body: Json) -> tuple[int, Json]:
    seen = state.databases(token, "read")
    return 200, {"content": [each for each in state.mappings if each["database"] in seen & {asked["db"]}]}


def _post_mapping(state: Influx2StandIn, _token: str, _asked: Json, body: Json) -> tuple[int, Json]:
    state.mappings.append(body)
    return 201, body


def _get_authorizations(state: Influx2StandIn, _token: str, _asked: Json, _body: Json) -> tuple[int, Json]:
    """Since 2.9 tokens are kept hashed: a list tells none."""
    return 200, {"authorizations": [{**each, "token": "redacted"} for each in state.authorizations]}


def _post_authorization(state: Influx2StandIn, _token: str, _asked: Json, body: Json) -> tuple[int, Json]:
    number = f"{len(state.made):016x}"
    state.authorizations.append({**body, "id": number, "token": f"token-{number}", "status": "active"})
    return 201, state.authorizations[-1]


def _delete_authorization(
    state: Influx2StandIn, _token: str, _asked: Json, _body: Json, number: str
) -> tuple[int, None]:
    state.authorizations = [each for each in state.authorizations if each["id"] != number]
    return 204, None


ROUTES: dict[str, Callable[..., tuple[int, Any]]] = {
    "GET /api/v2/orgs": lambda _state, _token, asked, _body: (200, {"orgs": [{"id": ORG, "name": asked["org"]}]}),
    "GET /api/v2/buckets": _get_buckets,
    "POST /api/v2/buckets": _post_bucket,
    "PATCH /api/v2/buckets/(\\w+)": _patch_bucket,
    "GET /api/v2/dbrps": _get_mappings,
    "POST /api/v2/dbrps": _post_mapping,
    "GET /api/v2/authorizations": _get_authorizations,
    "POST /api/v2/authorizations": _post_authorization,
    "DELETE /api/v2/authorizations/(\\w+)": _delete_authorization,
}


def _handler(state: Influx2StandIn) -> type[BaseHTTPRequestHandler]:  # noqa: C901 - the routes of a server
    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            path, _, query = self.path.partition("?")
            asked = {name: values[0] for name, values in parse_qs(query).items()}
            raw = self.rfile.read(int(self.headers["Content-Length"] or 0))
            token = (self.headers["Authorization"] or "").removeprefix("Token ")
            if not state.knows(token):
                return self.reply(401, {"code": "unauthorized", "message": "unauthorized access"})
            if path == "/query":
                rows = "".join(f"databases,,{each}\n" for each in sorted(state.databases(token, "read")))
                return self.reply(200, f"name,tags,name\n{rows}".encode())
            if path == "/api/v2/write":
                return self.write(token, asked["bucket"], raw)
            return self.manage(token, path, asked, raw)

        def write(self, token: str, bucket: str, body: bytes) -> None:
            if bucket not in state.databases(token, "write"):
                return self.reply(404, {"code": "not found", "message": f"bucket {bucket} not found"})
            state.writes.append((bucket, body))
            return self.reply(state.write_status, {"message": state.write_body})

        def manage(self, token: str, path: str, asked: Json, raw: bytes) -> None:
            makes = self.command != "GET" or path == "/api/v2/authorizations"
            if makes and token != state.admin:
                return self.reply(403, {"code": "forbidden", "message": "insufficient permissions"})
            if self.command != "GET":
                state.made.append(f"{self.command} {path}")
            for route, answer in ROUTES.items():
                found = re.fullmatch(route, f"{self.command} {path}")
                if found:
                    return self.reply(*answer(state, token, asked, json.loads(raw or b"{}"), *found.groups()))
            return self.reply(404, {"message": f"no {path}"})

        def reply(self, status: int, content: object) -> None:
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/csv" if isinstance(content, bytes) else "application/json")
            self.send_header("Content-Length", str(len(body) if status != 204 else 0))
            self.end_headers()
            self.wfile.write(body if status != 204 else b"")

        do_GET = do_POST = do_PATCH = do_DELETE = handle_any  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    return Handler

"""A stand-in for Grafana: no Grafana runs where this is tested.

It speaks of Grafana's HTTP API only the calls that `robodensity boards push` makes, and of those only what Grafana's
documentation says (HTTP API reference: health, organisation, data source, folder, search, dashboard, dashboard
versions, preferences, alerting provisioning). Any other call is answered 404 and kept in `strange`, which a test holds
empty.
That a real Grafana answers likewise is what it can not show.
"""

import base64
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

Json = dict[str, Any]
Answer = tuple[int, Any]

SECRET_SETTINGS = {"wecom": {"url"}, "dingding": {"url"}, "webhook": {"password", "authorization_credentials"}}
NEEDED_SETTINGS = {"webhook": "url", "dingding": "url", "wecom": "url", "email": "addresses"}


@dataclass
class Held:
    """What one organisation holds."""

    name: str
    data_sources: dict[str, Json] = field(default_factory=dict)
    folders: dict[str, Json] = field(default_factory=dict)
    boards: dict[str, list[Json]] = field(default_factory=dict)  # every version, oldest first
    templates: dict[str, Json] = field(default_factory=dict)
    contact_points: dict[str, Json] = field(default_factory=dict)
    mute_timings: dict[str, Json] = field(default_factory=dict)
    policy: Json = field(default_factory=lambda: {"receiver": "grafana-default-email"})
    rule_groups: dict[tuple[str, str], Json] = field(default_factory=dict)
    preferences: Json = field(default_factory=dict)


@dataclass
class GrafanaStandIn:
    """The server's state; `url` is where it answers once it is started."""

    version: str = "12.2.1"
    user: str = "admin"
    password: str = "stand-in-password"
    tokens: dict[str, int] = field(default_factory=dict)
    organisations: dict[int, Held] = field(default_factory=lambda: {1: Held("Main Org.")})
    writes: list[tuple[int, str, str]] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    breaks_after_writes: int | None = None
    before_write: Callable[[str], object] = lambda _path: None
    prefix: str = ""  # Grafana's root_url may have a path
    url: str = ""

    def save_by_hand(self, organisation: int, uid: str, **changes: object) -> None:
        """What somebody does who opens a board, changes it and presses Save."""
        versions = self.organisations[organisation].boards[uid]
        newest = versions[-1]
        model = {**newest["model"], **changes, "version": newest["model"]["version"] + 1}
        versions.append({**newest, "model": model, "message": "", "by": "li.hua"})

    def answer(self, method: str, path: str, body: Any, organisation: int | None, *, admin: bool) -> Answer:
        if method != "GET":
            if self.breaks_after_writes is not None and len(self.writes) >= self.breaks_after_writes:
                raise ConnectionAbortedError
            self.before_write(path)
            self.writes.append((organisation or 0, method, path))
        if path.startswith("/api/orgs"):
            return self._organisations(method, body) if admin else (403, {"message": "Permission denied"})
        held = self.organisations.get(organisation or 0)
        if held is None:
            return 401, {"message": "Unauthorized"}
        for pattern, answer in ROUTES.items():
            verb, _, template = pattern.partition(" ")
            found = re.fullmatch(re.sub(r":\w+", "([^/]+)", template), path)
            if verb == method and found:
                return answer(held, body, *[unquote(each) for each in found.groups()])
        self.strange.append(f"{method} {path}")
        return 404, {"message": "Not found"}

    def _organisations(self, method: str, body: Any) -> Answer:
        if method == "GET":
            return 200, [{"id": number, "name": each.name} for number, each in self.organisations.items()]
        if body["name"] in {each.name for each in self.organisations.values()}:
            return 409, {"message": "Organization name taken"}
        number = max(self.organisations) + 1
        self.organisations[number] = Held(body["name"])
        return 200, {"orgId": number, "message": "Organization created"}


def _found(there: Json | None, what: str) -> Answer:
    return (404, {"message": f"{what} not found"}) if there is None else (200, there)


def _told_data_source(source: Json) -> Json:
    """A secret is never told, only that it is set."""
    told = {key: each for key, each in source.items() if key != "secureJsonData"}
    return {"readOnly": False, **told, "secureJsonFields": dict.fromkeys(source.get("secureJsonData") or {}, True)}


def _post_data_source(held: Held, body: Json) -> Answer:
    if not all(body.get(key) for key in ("name", "type", "access")):
        return 400, {"message": "bad request data"}
    if body["name"] in {each["name"] for each in held.data_sources.values()} or body["uid"] in held.data_sources:
        return 409, {"message": "data source with the same name already exists"}
    held.data_sources[body["uid"]] = body
    return 200, {"id": len(held.data_sources), "message": "Datasource added", "name": body["name"]}


def _put_data_source(held: Held, body: Json, uid: str) -> Answer:
    if uid not in held.data_sources:
        return 404, {"message": "Data source not found"}
    held.data_sources[uid] = body
    return 200, {"message": "Datasource updated"}


def _delete(rows: Callable[[Held], dict[str, Any]], status: int = 200) -> Callable[..., Answer]:
    def answer(held: Held, body: Any, key: str) -> Answer:
        gone = rows(held).pop(key, None)
        return (
            (404, {"message": "Not found"}) if gone is None else (status, None if status == 204 else {"message": "ok"})
        )

    return answer


def _post_folder(held: Held, body: Json) -> Answer:
    if body["uid"] in held.folders:
        return 409, {"message": "a folder with the same name already exists in the current location"}
    held.folders[body["uid"]] = {**body, "version": 1}
    return 200, held.folders[body["uid"]]


def _put_folder(held: Held, body: Json, uid: str) -> Answer:
    there = held.folders[uid]
    if not body.get("overwrite") and body.get("version") != there["version"]:
        return 412, {"message": "The folder has been changed by someone else", "status": "version-mismatch"}
    held.folders[uid] = {**there, "title": body["title"], "version": there["version"] + 1}
    return 200, held.folders[uid]


def _delete_folder(held: Held, body: Any, uid: str) -> Answer:
    """Along with all dashboards stored in it; not with alert rules, unless that is asked for."""
    if any(folder == uid and group["rules"] for (folder, _), group in held.rule_groups.items()):
        return 400, {"message": "folder is not empty: it contains alert rules"}
    if held.folders.pop(uid, None) is None:
        return 404, {"message": "folder not found"}
    for board in [each for each, versions in held.boards.items() if versions[-1]["folder"] == uid]:
        del held.boards[board]
    return 200, {"message": "Folder deleted"}


def _search(held: Held, query: Json) -> Answer:
    found = [(uid, versions[-1]["folder"]) for uid, versions in held.boards.items()]
    told = [{"uid": uid, "type": "dash-db", "folderUid": folder} for uid, folder in found]
    return 200, [each for each in told if each["folderUid"] == query.get("folderUIDs", each["folderUid"])]


def _post_board(held: Held, body: Json) -> Answer:
    model = body["dashboard"]
    if not model.get("title") or len(model["uid"]) > 40 or body.get("folderUid") not in held.folders:
        return 400, {"message": "bad request data"}
    versions = held.boards.setdefault(model["uid"], [])
    there = versions[-1]["model"]["version"] if versions else 0
    if versions and not body.get("overwrite") and model.get("version") != there:
        return 412, {"message": "The dashboard has been changed by someone else", "status": "version-mismatch"}
    model = {**model, "id": 7, "version": there + 1}
    versions.append({"model": model, "folder": body["folderUid"], "message": body.get("message", ""), "by": "admin"})
    return 200, {"id": 7, "uid": model["uid"], "status": "success", "version": model["version"]}


def _get_board(held: Held, body: Any, uid: str) -> Answer:
    versions = held.boards.get(uid)
    if not versions:
        return 404, {"message": "Dashboard not found"}
    newest = versions[-1]
    meta = {"folderUid": newest["folder"], "provisioned": newest.get("provisioned", False), "url": f"/d/{uid}/x"}
    return 200, {"dashboard": newest["model"], "meta": meta}


def _get_versions(held: Held, body: Any, uid: str) -> Answer:
    told = [
        {"version": each["model"]["version"], "message": each["message"], "createdBy": each["by"], "uid": uid}
        for each in held.boards[uid]
    ]
    return 200, told[::-1]


def _put_template(held: Held, body: Json, name: str) -> Answer:
    if "{{ define" not in body["template"]:
        return 400, {"message": "invalid template"}
    held.templates[name] = {"name": name, "template": body["template"], "provenance": "api"}
    return 202, held.templates[name]


def _told_contact_point(point: Json) -> Json:
    secrets = SECRET_SETTINGS.get(point["type"], set())
    settings = {key: "[REDACTED]" if key in secrets else each for key, each in point["settings"].items()}
    return {**point, "settings": settings, "provenance": "api"}


def _save_contact_point(held: Held, body: Json, uid: str = "") -> Answer:
    uid = uid or body["uid"]
    if not body["settings"].get(NEEDED_SETTINGS.get(body["type"], "")):
        return 400, {"message": "invalid contact point"}
    new = uid not in held.contact_points
    held.contact_points[uid] = body
    return 202, _told_contact_point(body) if new else {"message": "contactpoint updated"}


def _delete_contact_point(held: Held, body: Any, uid: str) -> Answer:
    name = held.contact_points[uid]["name"]
    others = {each["name"] for key, each in held.contact_points.items() if key != uid}
    if name not in others and name in {route.get("receiver") for route in _routes(held.policy)}:
        return 409, {"message": "contact point is currently used by a notification policy"}
    del held.contact_points[uid]
    return 204, None


def _post_mute_timing(held: Held, body: Json) -> Answer:
    if body["name"] in held.mute_timings:
        return 409, {"message": "a time interval with this name exists already"}
    return _put_mute_timing(held, body, body["name"])


def _put_mute_timing(held: Held, body: Json, name: str) -> Answer:
    for interval in body["time_intervals"]:
        for times in interval.get("times", []):
            if not re.fullmatch(r"\d\d:\d\d", times["start_time"]) or times["start_time"] >= times["end_time"]:
                return 400, {"message": "invalid time range"}
    held.mute_timings[name] = body
    return 201, {**body, "provenance": "api"}


def _delete_mute_timing(held: Held, body: Any, name: str) -> Answer:
    if any(name in route.get("mute_time_intervals", []) for route in _routes(held.policy)):
        return 409, {"message": "time interval is used by a notification policy"}
    return _delete(lambda each: each.mute_timings, 204)(held, body, name)


def _routes(route: Json) -> Iterator[Json]:
    yield route
    for each in route.get("routes") or []:
        yield from _routes(each)


def _put_policy(held: Held, body: Json) -> Answer:
    receivers = {"grafana-default-email", *(each["name"] for each in held.contact_points.values())}
    for route in _routes(body):
        mutes = route.get("mute_time_intervals", [])
        if route.get("receiver", body["receiver"]) not in receivers or set(mutes) - set(held.mute_timings):
            return 400, {"message": "invalid notification policy: a receiver or a mute timing is not there"}
    if body.get("mute_time_intervals"):
        return 400, {"message": "invalid notification policy: the root may not be muted"}
    held.policy = {**body, "provenance": "api"}
    return 202, {"message": "policies updated"}


def _put_rule_group(held: Held, body: Json, folder: str, group: str) -> Answer:
    for rule in body["rules"]:
        steps = {step["refId"] for step in rule["data"]}
        sources = {step["datasourceUid"] for step in rule["data"]} - {"__expr__"}
        named = all(rule.get(key) for key in ("uid", "title", "for", "noDataState", "execErrState"))
        known = folder in held.folders and sources <= set(held.data_sources)
        if not named or rule["condition"] not in steps or not known or len(rule["uid"]) > 40:
            return 400, {"message": f"invalid alert rule {rule.get('uid')}"}
    held.rule_groups[folder, group] = body
    return 200, body


def _rules(held: Held) -> dict[str, Json]:
    return {
        rule["uid"]: {**rule, "provenance": "api"} for group in held.rule_groups.values() for rule in group["rules"]
    }


def _delete_rule(held: Held, body: Any, uid: str) -> Answer:
    for group in held.rule_groups.values():
        group["rules"] = [rule for rule in group["rules"] if rule["uid"] != uid]
    return 204, None


def _patch_preferences(held: Held, body: Json) -> Answer:
    held.preferences.update(body)
    return 200, {"message": "Preferences updated"}


ROUTES: dict[str, Callable[..., Answer]] = {
    "GET /api/org": lambda held, _body: (200, {"id": 1, "name": held.name}),
    "GET /api/org/preferences": lambda held, _body: (200, held.preferences),
    "PATCH /api/org/preferences": _patch_preferences,
    "GET /api/datasources": lambda held, _body: (200, [_told_data_source(each) for each in held.data_sources.values()]),
    "POST /api/datasources": _post_data_source,
    "GET /api/datasources/uid/:uid": lambda held, _body, uid: (200, _told_data_source(held.data_sources[uid])),
    "PUT /api/datasources/uid/:uid": _put_data_source,
    "DELETE /api/datasources/uid/:uid": _delete(lambda held: held.data_sources),
    "GET /api/folders/:uid": lambda held, _body, uid: _found(held.folders.get(uid), "folder"),
    "POST /api/folders": _post_folder,
    "PUT /api/folders/:uid": _put_folder,
    "DELETE /api/folders/:uid": _delete_folder,
    "GET /api/search": _search,
    "POST /api/dashboards/db": _post_board,
    "GET /api/dashboards/uid/:uid": _get_board,
    "GET /api/dashboards/uid/:uid/versions": _get_versions,
    "DELETE /api/dashboards/uid/:uid": _delete(lambda held: held.boards),
    "GET /api/v1/provisioning/templates": lambda held, _body: (200, list(held.templates.values())),
    "PUT /api/v1/provisioning/templates/:name": _put_template,
    "DELETE /api/v1/provisioning/templates/:name": _delete(lambda held: held.templates, 204),
    "GET /api/v1/provisioning/contact-points": lambda held, _body: (
        200,
        [_told_contact_point(each) for each in held.contact_points.values()],
    ),
    "POST /api/v1/provisioning/contact-points": _save_contact_point,
    "PUT /api/v1/provisioning/contact-points/:uid": _save_contact_point,
    "DELETE /api/v1/provisioning/contact-points/:uid": _delete_contact_point,
    "GET /api/v1/provisioning/mute-timings": lambda held, _body: (200, list(held.mute_timings.values())),
    "POST /api/v1/provisioning/mute-timings": _post_mute_timing,
    "PUT /api/v1/provisioning/mute-timings/:name": _put_mute_timing,
    "DELETE /api/v1/provisioning/mute-timings/:name": _delete_mute_timing,
    "GET /api/v1/provisioning/policies": lambda held, _body: (200, held.policy),
    "PUT /api/v1/provisioning/policies": _put_policy,
    "GET /api/v1/provisioning/alert-rules": lambda held, _body: (200, list(_rules(held).values())),
    "DELETE /api/v1/provisioning/alert-rules/:uid": _delete_rule,
    "GET /api/v1/provisioning/folder/:folder/rule-groups/:group": lambda held, _body, folder, group: _found(
        held.rule_groups.get((folder, group)), "rule group"
    ),
    "PUT /api/v1/provisioning/folder/:folder/rule-groups/:group": _put_rule_group,
}


def _handler(state: GrafanaStandIn) -> type[BaseHTTPRequestHandler]:  # noqa: C901 - the routes of a server
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        timeout = 5  # of a connection that nobody closes

        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            raw = self.rfile.read(length)
            path = urlsplit(self.path).path.removeprefix(state.prefix)
            if not self.path.startswith(state.prefix + "/"):
                return self.reply(404, {"message": "Not found"})
            if path == "/api/health":
                return self.reply(200, {"commit": "stand-in", "database": "ok", "version": state.version})
            organisation, admin = self.who()
            if organisation is None:
                return self.reply(401, {"message": "Invalid username or password"})
            try:
                asked = dict(parse_qsl(urlsplit(self.path).query))
                body = asked if self.command == "GET" else json.loads(raw) if raw.strip() else None
                status, answer = state.answer(self.command, path, body, organisation, admin=admin)
            except ConnectionAbortedError:
                self.close_connection = True
                return self.connection.close()
            return self.reply(status, answer)

        def who(self) -> tuple[int | None, bool]:
            scheme, _, credential = (self.headers.get("Authorization") or "").partition(" ")
            if scheme == "Bearer":
                return state.tokens.get(credential), False
            wanted = base64.b64encode(f"{state.user}:{state.password}".encode()).decode()
            if scheme == "Basic" and credential == wanted:
                return int(self.headers.get("X-Grafana-Org-Id") or 1), True
            return None, False

        def reply(self, status: int, answer: Any) -> None:
            content = b"" if status == 204 else json.dumps(answer, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextmanager
def serving(state: GrafanaStandIn) -> Iterator[GrafanaStandIn]:
    """The stand-in on a free port of loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(state)) as server:
        server.daemon_threads = False  # so that closing waits until every connection is closed
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        state.url = f"http://127.0.0.1:{server.server_port}"
        yield state
        server.shutdown()
        thread.join()

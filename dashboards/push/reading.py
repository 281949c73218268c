"""What an organisation holds now, asked of Grafana."""

from collections.abc import Callable
from typing import Any

from grafana_client.client import GrafanaClientError

from dashboards.provisioning.organisation import Json, Organisation
from dashboards.push.connection import NOT_FOUND
from dashboards.push.present import Present, PresentBoard, by


def read(api: Any, wanted: Organisation) -> Present:  # noqa: ANN401 - grafana-client
    """All that is there of what is wanted or retired."""
    alerting = api.alertingprovisioning
    boards = {uid: _board(api, uid) for uid in [*(each["uid"] for _, each in wanted.boards), *wanted.retired.boards]}
    groups = {f"{each['folderUid']}/{each['title']}": _group(api, each) for each in wanted.rule_groups}
    uids = [*(each["uid"] for each in wanted.folders), *wanted.retired.folders]
    folders = by("uid", [each for each in (_folder(api, uid) for uid in uids) if each is not None])
    return Present(
        data_sources=_data_sources(api, wanted),
        folders=folders,
        contents={uid: _contents(api, uid) for uid in wanted.retired.folders if uid in folders},
        boards={uid: board for uid, board in boards.items() if board is not None},
        templates=by("name", alerting.get_templates() or []),
        contact_points=by("uid", alerting.get_contactpoints() or []),
        mute_timings=by("name", alerting.get_mute_timings() or []),
        policy=alerting.get_notification_policy_tree() or {},
        rule_groups={key: group for key, group in groups.items() if group is not None},
        rules=by("uid", alerting.get_alertrules_all() or []),
        preferences=api.organization.get_preferences() or {},
    )


def _data_sources(api: Any, wanted: Organisation) -> dict[str, Json]:  # noqa: ANN401
    """The list leaves out what only the single answer tells, such as whether a file provisions it."""
    ours = {each["uid"] for each in wanted.data_sources} | set(wanted.retired.data_sources)
    there = {each["uid"] for each in api.datasource.list_datasources()}
    return {uid: api.datasource.get_datasource_by_uid(uid) for uid in sorted(ours & there)}


def _board(api: Any, uid: str) -> PresentBoard | None:  # noqa: ANN401
    there = _there(lambda: api.dashboard.get_dashboard(uid))
    if there is None:
        return None
    versions = api.dashboard_versions.get_dashboard_versions_by_uid(uid)
    newest = max(versions["versions"] if isinstance(versions, dict) else versions, key=lambda each: each["version"])
    meta = there["meta"]
    return PresentBoard(
        version=there["dashboard"]["version"],
        message=newest.get("message") or "",
        saved_by=newest.get("createdBy") or "",
        provisioned=bool(meta.get("provisioned")),
        folder=meta.get("folderUid") or "",
    )


def _folder(api: Any, uid: str) -> Json | None:  # noqa: ANN401
    return _there(lambda: api.folder.get_folder(uid))


def _contents(api: Any, uid: str) -> list[str]:  # noqa: ANN401
    return [each["uid"] for each in api.search.search_dashboards(folder_uids=uid, limit=5_000)]


def _group(api: Any, wanted: Json) -> Json | None:  # noqa: ANN401
    return _there(lambda: api.alertingprovisioning.get_rule_group(wanted["folderUid"], wanted["title"]))


def _there(ask: Callable[[], Json]) -> Json | None:
    """What is there; None where Grafana knows no such thing."""
    try:
        return ask()
    except GrafanaClientError as error:
        if error.status_code != NOT_FOUND:
            raise
        return None

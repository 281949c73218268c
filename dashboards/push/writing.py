"""One change, written to an organisation of Grafana through grafana-client."""

from collections.abc import Callable, Mapping
from typing import Any

from grafana_client.model import PersonalPreferences

from dashboards.push.changes import Change, Kind

Write = Callable[[Any, Change], object]


def write(api: Any, change: Change) -> None:  # noqa: ANN401 - grafana-client
    """Write it; what is unchanged is not touched."""
    if change.action == "unchanged":
        return
    table = _DELETE if change.action == "deleted" else _CREATE if change.action == "created" else _UPDATE
    table[change.kind](api, change)


def _save_board(api: Any, change: Change) -> None:  # noqa: ANN401
    api.dashboard.update_dashboard(dict(change.body))


def _put_template(api: Any, change: Change) -> None:  # noqa: ANN401
    api.alertingprovisioning.create_or_update_template(change.key, {"template": change.body["template"]})


def _put_policy(api: Any, change: Change) -> None:  # noqa: ANN401
    api.alertingprovisioning.set_notification_policy_tree(dict(change.body))


def _put_group(api: Any, change: Change) -> None:  # noqa: ANN401
    body = dict(change.body)
    api.alertingprovisioning.update_rule_group(body["folderUid"], body["title"], body)


def _patch_preferences(api: Any, change: Change) -> None:  # noqa: ANN401
    api.organization.patch_preferences(PersonalPreferences(**change.body))


_CREATE: Mapping[Kind, Write] = {
    "data source": lambda api, change: api.datasource.create_datasource(dict(change.body)),
    "folder": lambda api, change: api.folder.create_folder(change.body["title"], uid=change.key),
    "board": _save_board,
    "template": _put_template,
    "contact point": lambda api, change: api.alertingprovisioning.create_contactpoint(dict(change.body)),
    "mute timing": lambda api, change: api.alertingprovisioning.create_mute_timing(dict(change.body)),
    "policy": _put_policy,
    "rule group": _put_group,
    "preferences": _patch_preferences,
}
_UPDATE: Mapping[Kind, Write] = {
    **_CREATE,
    "data source": lambda api, change: api.datasource.update_datasource_by_uid(change.key, dict(change.body)),
    "folder": lambda api, change: api.folder.update_folder(change.key, title=change.body["title"], overwrite=True),
    "contact point": lambda api, change: api.alertingprovisioning.update_contactpoint(change.key, dict(change.body)),
    "mute timing": lambda api, change: api.alertingprovisioning.update_mute_timing(change.key, dict(change.body)),
}
_DELETE: Mapping[Kind, Write] = {
    "rule": lambda api, change: api.alertingprovisioning.delete_alertrule(change.key),
    "contact point": lambda api, change: api.alertingprovisioning.delete_contactpoint(change.key),
    "board": lambda api, change: api.dashboard.delete_dashboard(change.key),
    "template": lambda api, change: api.alertingprovisioning.delete_template(change.key),
    "mute timing": lambda api, change: api.alertingprovisioning.delete_mute_timing(change.key),
    "data source": lambda api, change: api.datasource.delete_datasource_by_uid(change.key),
    "folder": lambda api, change: api.folder.delete_folder(change.key),
}

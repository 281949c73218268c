"""What must change so that an organisation holds what is wanted: compared without a call, before any write."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from dashboards.provisioning.contact_points import CITY, receiver
from dashboards.provisioning.organisation import Json, Organisation
from dashboards.push.present import Present, PresentBoard

Action = Literal["created", "updated", "rewritten", "deleted", "unchanged"]
Kind = Literal[
    "data source", "folder", "board", "template", "contact point", "mute timing", "policy", "rule group", "rule",
    "preferences",
]  # fmt: skip

ACTIONS: tuple[Action, ...] = ("created", "updated", "rewritten", "deleted", "unchanged")
SAVED = "robodensity boards push "
REDACTED = "[REDACTED]"
DEFAULT_RECEIVER = "grafana-default-email"
DEFAULT_POLICY: Json = {"receiver": DEFAULT_RECEIVER, "group_by": ["grafana_folder", "alertname"]}


@dataclass(frozen=True)
class Change:
    """One thing of an organisation and what is done to it.

    Args:
        key: its uid, or its name where Grafana has no uid for it.
        body: what is written.
        hand: how somebody changed it by hand, so that it is not touched without force; empty when nobody did.
        barred: why Grafana itself lets no push touch it; empty when it does.
    """

    kind: Kind
    key: str
    action: Action
    body: Json
    hand: str = ""
    barred: str = ""


def changes(wanted: Organisation, present: Present) -> Iterator[Change]:
    """Every thing in the order in which it is written: what others name comes before them, deletions last."""
    yield from (_data_source(each, present) for each in wanted.data_sources)
    yield from (_plain("folder", each["uid"], each, present.folders) for each in wanted.folders)
    yield from (_board(folder, each, present.boards) for folder, each in wanted.boards)
    yield from (_plain("template", each["name"], each, present.templates) for each in wanted.templates)
    yield from (_contact_point(each, present) for each in wanted.contact_points)
    yield from (_plain("mute timing", each["name"], each, present.mute_timings) for each in wanted.mute_timings)
    if wanted.policy is not None or _is_ours(present.policy):
        yield _policy(wanted.policy or DEFAULT_POLICY, present.policy)
    yield from (_rule_group(each, present) for each in wanted.rule_groups)
    if wanted.preferences:
        action: Action = "unchanged" if holds(present.preferences, wanted.preferences) else "updated"
        yield Change("preferences", wanted.name, action, wanted.preferences)
    yield from _deletions(wanted, present)


def holds(present: Any, wanted: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether what is there says all that is wanted; what it says beyond that is Grafana's own."""
    if isinstance(wanted, Mapping):
        return isinstance(present, Mapping) and all(holds(present.get(key), each) for key, each in wanted.items())
    if isinstance(wanted, list | tuple):
        return (
            isinstance(present, list | tuple)
            and len(present) == len(wanted)
            and all(holds(one, two) for one, two in zip(present, wanted, strict=True))
        )
    return bool(present == wanted)


def fingerprint(content: Any) -> str:  # noqa: ANN401 - JSON
    """12 characters that change with the content."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def saved_message(folder: str, board: Json) -> str:
    """What the version of a board says that a push saved; another newest version was saved by hand."""
    return SAVED + fingerprint([folder, board])


def _plain(kind: Kind, key: str, wanted: Json, present: Mapping[str, Json]) -> Change:
    if key not in present:
        return Change(kind, key, "created", wanted)
    there = present[key]
    return Change(kind, key, "unchanged" if holds(there, wanted) else "updated", wanted, barred=_barred(there))


def _barred(there: Json) -> str:
    """Whether it comes from a provisioning file of that Grafana."""
    from_file = there.get("provenance") == "file" or there.get("readOnly") is True
    return "comes from a provisioning file of that Grafana: remove it there" if from_file else ""


def _data_source(wanted: Json, present: Present) -> Change:
    """Grafana never tells a secret: the fingerprint of the token stands beside it, in `jsonData`."""
    told = {key: each for key, each in wanted.items() if key != "secureJsonData"}
    return replace(_plain("data source", wanted["uid"], told, present.data_sources), body=wanted)


def _board(folder: str, wanted: Json, present: Mapping[str, PresentBoard]) -> Change:
    """The version that was found goes with the board, so that no later save is lost."""
    message = saved_message(folder, wanted)
    there = present.get(wanted["uid"])
    model = {**wanted, "id": None} if there is None else {**wanted, "id": None, "version": there.version}
    body = {"dashboard": model, "folderUid": folder, "message": message, "overwrite": False}
    if there is None:
        return Change("board", wanted["uid"], "created", body)
    same = there.message == message and there.folder == folder
    return _kept_by(there, Change("board", wanted["uid"], "unchanged" if same else "updated", body))


def _kept_by(there: PresentBoard, change: Change) -> Change:
    if there.provisioned:
        return replace(change, barred=_barred({"provenance": "file"}))
    if not there.message.startswith(SAVED):
        by_hand = f"was changed by hand (version {there.version}, by {there.saved_by or 'somebody'})"
        return replace(change, hand=by_hand)
    return change


def _contact_point(wanted: Json, present: Present) -> Change:
    """Of a secret Grafana tells only that it is there, so a contact point with one is always written again."""
    settings = present.contact_points.get(wanted["uid"], {}).get("settings", {})
    hidden = {key for key in wanted["settings"] if settings.get(key) == REDACTED}
    told = {**wanted, "settings": {key: each for key, each in wanted["settings"].items() if key not in hidden}}
    change = replace(_plain("contact point", wanted["uid"], told, present.contact_points), body=wanted)
    return replace(change, action="rewritten") if hidden and change.action == "unchanged" else change


def _is_ours(policy: Json) -> bool:
    """A tree that leads to the city's contact points stands in the way of deleting the last of them."""
    return policy.get("provenance") == "api" and policy.get("receiver") == receiver(CITY)


def _policy(wanted: Json, present: Json) -> Change:
    """The tree is one thing: whoever writes it writes all of it, so a tree of somebody else is not replaced unasked."""
    if holds(present, wanted):
        return Change("policy", "notification policies", "unchanged", wanted, barred=_barred(present))
    untouched = not present or (present.get("receiver") == DEFAULT_RECEIVER and not present.get("routes"))
    theirs = not untouched and present.get("provenance") != "api"
    hand = "were made by hand, and a push replaces all of them" if theirs else ""
    return Change("policy", "notification policies", "updated", wanted, hand, _barred(present))


def _rule_group(wanted: Json, present: Present) -> Change:
    key = f"{wanted['folderUid']}/{wanted['title']}"
    ours = {rule["uid"] for rule in wanted["rules"]}
    files = [uid for uid in ours if _barred(present.rules.get(uid, {}))]
    change = _plain("rule group", key, wanted, present.rule_groups)
    return replace(change, barred=_barred(present.rules[files[0]])) if files else change


def _deletions(wanted: Organisation, present: Present) -> Iterator[Change]:
    plain: tuple[tuple[Kind, tuple[str, ...], Mapping[str, Json]], ...] = (
        ("rule", wanted.retired.rules, present.rules),
        ("contact point", wanted.retired.contact_points, present.contact_points),
        ("template", wanted.retired.templates, present.templates),
        ("mute timing", wanted.retired.mute_timings, present.mute_timings),
        ("data source", wanted.retired.data_sources, present.data_sources),
    )
    for uid in wanted.retired.boards:
        if uid in present.boards:
            yield _kept_by(present.boards[uid], Change("board", uid, "deleted", {}))
    for kind, uids, there in plain:
        yield from (Change(kind, uid, "deleted", {}, barred=_barred(there[uid])) for uid in uids if uid in there)
    yield from (_folder_gone(uid, wanted, present) for uid in wanted.retired.folders if uid in present.folders)


def _folder_gone(uid: str, wanted: Organisation, present: Present) -> Change:
    """A folder takes with it what lies in it: it goes last, and not while it holds what no push put there."""
    ours = {*(board["uid"] for _, board in wanted.boards), *wanted.retired.boards}
    others = sorted(set(present.contents.get(uid, ())) - ours)
    holds_others = f"holds {', '.join(others)}, which would go with it: move them to another folder" if others else ""
    return Change("folder", uid, "deleted", {}, barred=_barred(present.folders[uid]) or holds_others)

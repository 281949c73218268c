"""What every board must keep to: the rules of grafana/dashboard-linter, and those of ours.

Theirs: a panel has a title, a description, a valid unit and a target; the data source is a variable of a fixed name and
label; a variable that is asked is asked again when the range changes; a board can not be edited; its statements name
the range. One deviation: they want the label `Data source`, and a Chinese board says 数据源.

Ours: InfluxQL alone and never by days, names of variables with a format, a fixed time zone, no map, a link to the
accessible twin, a text for no data, no meaning in colour alone, and no sum over every factory of any range.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from dashboards.kit import TIME_ZONE
from dashboards.twins import WEB
from store.schema import MEASUREMENTS

Json = Mapping[str, Any]

UNITS = {"none", "string", "percentunit", "percent", "bytes", "Bps", "h", "s", "µs"}
CUSTOM_UNITS = ("suffix: ", "time:")
MAPS = {"geomap", "worldmap", "grafana-worldmap-panel"}
DATA_SOURCE_LABELS = {"Data source", "数据源"}
ON_TIME_RANGE_CHANGED = 2  # Grafana's number of this way to refresh a variable
_DATA_SOURCE = {"type": "influxdb", "uid": "${datasource}"}
_BARE = re.compile(r"\$(?!__|\{|timeFilter|tag_|col)\w+|\[\[|\$\{(?!__)\w+\}")
_DAYS = re.compile(r"time\(\s*\d+[dw]", re.IGNORECASE)
_KIND = re.compile(r'\.\."(\w+)"')
_OF_FACTORIES = {kind.name for kind in MEASUREMENTS if "factory" in kind.tags}
_UNFORMATTED_OK = ("${datasource}",)


def faults(board: Json) -> list[str]:
    """Everything that is wrong with a board, a sentence each; empty where nothing is."""
    found = [*_frame(board)]
    for panel in board["panels"]:
        if panel["type"] not in {"row", "text"}:
            found += [f"{board['uid']}, {panel.get('title') or panel['id']}: {each}" for each in _panel(panel)]
    ids = [panel["id"] for panel in board["panels"]]
    if len(set(ids)) < len(ids):
        found.append(f"{board['uid']}: two panels have one id.")
    return found


def _frame(board: Json) -> Iterator[str]:
    variables = {each["name"]: each for each in board["templating"]["list"]}
    if board.get("editable", True):
        yield f"{board['uid']} can be edited."
    if board.get("timezone") != TIME_ZONE:
        yield f"{board['uid']} has the time zone {board.get('timezone')}, not {TIME_ZONE}."
    if variables.get("datasource", {}).get("type") != "datasource":
        yield f"{board['uid']} has no variable for its data source."
    for each in variables.values():
        yield from (f"{board['uid']}: the variable {each['name']} {fault}" for fault in _variable(each))
    for name in ("title", "description", "uid"):
        if not board.get(name):
            yield f"{board.get('uid')} has no {name}."


def _variable(variable: Json) -> Iterator[str]:
    if not variable.get("label"):
        yield "has no label."
    if variable["type"] == "datasource" and variable.get("label") not in DATA_SOURCE_LABELS:
        yield f"is labelled {variable.get('label')}, not {' or '.join(sorted(DATA_SOURCE_LABELS))}."
    if variable["type"] != "query":
        return
    if variable.get("datasource") != _DATA_SOURCE:
        yield "asks another data source than the board's."
    if variable.get("refresh") != ON_TIME_RANGE_CHANGED:
        yield "is not asked again when the range changes."


def _panel(panel: Json) -> Iterator[str]:
    for name in ("title", "description"):
        if not panel.get(name):
            yield f"it has no {name}."
    if panel["type"] in MAPS:
        yield "it draws a map, and none is reviewed."
    if panel.get("datasource") != _DATA_SOURCE:
        yield "its data source is no variable."
    if not any(link["url"].startswith(WEB) for link in panel.get("links", [])):
        yield "it has no link to its twin on the web board."
    if not panel.get("targets"):
        yield "it asks nothing."
    for target in panel.get("targets", []):
        yield from _target(target)
        if _reads_every_factory(target["query"]):
            yield from _bounded(target, panel)
    yield from _fields(panel)


def _target(target: Json) -> Iterator[str]:
    statement = target["query"]
    if target.get("datasource") != _DATA_SOURCE or not target.get("rawQuery"):
        yield f"target {target['refId']} is no InfluxQL of the board's data source."
    if "$timeFilter" not in statement and "${__to}" not in statement:
        yield f"target {target['refId']} does not look at the board's range."
    if _DAYS.search(statement):
        yield f"target {target['refId']} groups by days, which the server cuts at 00:00 UTC."
    bare = [each for each in _BARE.findall(statement) if each not in _UNFORMATTED_OK]
    if bare:
        yield f"target {target['refId']} names {', '.join(bare)} without a format."


def _bounded(target: Json, panel: Json) -> Iterator[str]:
    """Of 10,000 factories one sum of 30 days takes 0.3 s, and a sum of each day 5 s."""
    if not panel.get("timeFrom"):
        yield f"target {target['refId']} reads every factory over any range: give the panel a range of its own."
    if "GROUP BY time(" in target["query"]:
        yield f"target {target['refId']} splits by time what it reads of every factory: sum over the whole range."


def _reads_every_factory(statement: str) -> bool:
    kinds = set(_KIND.findall(statement)) & _OF_FACTORIES
    return bool(kinds) and "$timeFilter" in statement and '"factory" = ' not in statement


def _fields(panel: Json) -> Iterator[str]:
    defaults = panel["fieldConfig"]["defaults"]
    if not defaults.get("noValue"):
        yield "it says nothing when there is no data."
    for config in [defaults, *_overridden(panel)]:
        unit = config.get("unit")
        if unit is not None and unit not in UNITS and not unit.startswith(CUSTOM_UNITS):
            yield f"{unit} is no unit."
        if len(config.get("thresholds", {}).get("steps", [])) > 1:
            yield "it colours by thresholds; say it in a word."
        for mapping in config.get("mappings", []):
            yield from (f"a mapping gives a colour and no word: {each}." for each in _wordless(mapping))
    if "unit" not in defaults:
        yield "it has no unit."


def _overridden(panel: Json) -> Iterator[dict[str, Any]]:
    for override in panel["fieldConfig"].get("overrides", []):
        yield {each["id"]: each["value"] for each in override["properties"]}


def _wordless(mapping: Json) -> list[Json]:
    options = mapping["options"]
    results = list(options.values()) if mapping["type"] == "value" else [options["result"]]
    return [each for each in results if not each.get("text")]

import re
from pathlib import Path
from typing import cast

from sparkplug_plant import Listener, Message, by_alias, payload, told

from ingest.wire.sparkplug.datatypes import DataType, Value
from ingest.wire.sparkplug.metric_names import GROUPS
from ingest.wire.sparkplug.payloads import Metric

PAGE = (Path(__file__).parents[3] / "docs" / "sparkplug.md").read_text()
_TYPES = {"Int64": DataType.INT64, "Boolean": DataType.BOOLEAN, "String": DataType.STRING, "Double": DataType.DOUBLE}
_READ = {"Int64": int, "Boolean": lambda text: text == "true", "String": str, "Double": float}


def _payload(block: str) -> bytes:
    time = re.search(r"timestamp (\d+)   seq (\d+)", block)
    assert time is not None
    named = re.findall(r"^ {6}(\S.*?) {2,}(\w+) +(\S+)(?: +alias (\d+))?$", block, re.MULTILINE)
    metrics = [
        Metric(name, cast("Value", _READ[kind](value)), int(alias) if alias else None, _TYPES[kind])  # type: ignore[operator]
        for name, kind, value, alias in named
        if name != "alias"
    ]
    metrics += [
        by_alias(int(alias), value) for alias, value in re.findall(r"^ {6}alias (\d+) +(\S+)$", block, re.MULTILINE)
    ]
    assert metrics
    return payload(*metrics, seq=int(time[2]), at_ms=int(time[1]))


def test_the_page_shows_messages_that_mean_what_it_says() -> None:
    topics = re.findall(r"`(spBv1.0/\S+)`", PAGE)[:3]
    blocks = re.findall(r"^    timestamp \d+.*?(?=\n\n)", PAGE, re.MULTILINE | re.DOTALL)
    messages: list[Message] = [(topic, _payload(block)) for topic, block in zip(topics, blocks, strict=True)]
    listener = Listener()
    assert told(listener.hear(*messages)) == [
        {"robot": "R-0001", "at": 1795406400050, "state": "idle", "power_on_hours": 1234.5},
        {
            "robot": "R-0001", "event": "commissioned", "at": "2026-11-02", "category": "articulated",
            "nameplate": {"manufacturer": "FANUC", "model": "M-20iD/25", "serial": "E21503127"},
        },
        {"robot": "R-0001", "at": 1795406460000, "state": "executing"},
    ]  # fmt: skip
    assert listener.missing == 0


def test_the_page_names_every_metric() -> None:
    table = PAGE.partition("## 3.")[2].partition("## 4.")[0]
    named: set[str] = set()
    for cell in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE):
        folder = ""
        for name in re.findall(r"`([^`]+)`", cell):
            folder = name.partition("/")[0] or folder
            named.add(f"{folder}/{name.partition('/')[2]}")
    assert named == set(GROUPS)

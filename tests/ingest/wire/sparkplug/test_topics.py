import re

import pytest

from ingest.wire.sparkplug import topics
from ingest.wire.sparkplug.topics import MessageType, SparkplugTopic, is_sparkplug, parse_sparkplug


def _examples(heading: str) -> list[str]:
    block = (topics.__doc__ or "").split(f"{heading}:\n")[1].split("\n\n")[0]
    return [re.split(r"\s{2,}", line.strip())[0] for line in block.splitlines()]


@pytest.mark.parametrize("topic", _examples("Valid"))
def test_parse_sparkplug_takes_what_its_head_calls_valid(topic: str) -> None:
    assert is_sparkplug(topic)
    assert parse_sparkplug(topic) is not None


@pytest.mark.parametrize("topic", [*_examples("Invalid"), "spBv1.0/a\x00/NDATA/b", "STATE/", f"STATE/{'x' * 129}"])
def test_parse_sparkplug_knows_nothing_that_its_head_calls_invalid(topic: str) -> None:
    assert parse_sparkplug(topic) is None


@pytest.mark.parametrize("type_", MessageType)
def test_parse_sparkplug_reads_what_a_topic_writes(type_: MessageType) -> None:
    if type_ is MessageType.STATE:
        topic = SparkplugTopic(type_, "", "主机")
    else:
        topic = SparkplugTopic(type_, "组 1", "line1", "R-1" if type_.value.startswith("D") else "")
    assert parse_sparkplug(str(topic)) == topic


def test_parse_sparkplug_a_group_named_state_is_no_state() -> None:
    topic = parse_sparkplug("spBv1.0/STATE/NDATA/line1")
    assert topic == SparkplugTopic(MessageType.NDATA, "STATE", "line1")


def test_is_sparkplug_leaves_json_alone() -> None:
    assert not is_sparkplug("robodensity/v1/F00042/status")

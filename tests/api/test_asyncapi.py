import json
import re
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from api_city import NOON_NS

from api.asyncapi import asyncapi_document
from ingest.wire.json_v1 import decode
from ingest.wire.receipt import Receipt
from ingest.wire.topics import KINDS, Role, parse_topic

DOCUMENT = asyncapi_document(simulated=False)
CASES = sorted((Path(__file__).parents[1] / "ingest/cases").glob("*/topic"))


def _at(reference: str) -> Any:
    node: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        node = node[step]
    return node


def _valid(message: str, payload: Any) -> bool:
    schema = {**_at(f"#/components/messages/{message}")["payload"], "components": DOCUMENT["components"]}
    validator = jsonschema.Draft202012Validator(schema)
    return validator.is_valid(payload)


def test_asyncapi_is_served(client: httpx.Client) -> None:
    served = client.get("/asyncapi.json").json()
    assert served["channels"] == DOCUMENT["channels"]
    assert "模拟数据" in served["info"]["title"]


def test_asyncapi_has_what_version_3_demands() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= set(DOCUMENT["info"])
    for channel in DOCUMENT["channels"].values():
        assert set(re.findall(r"\{(\w+)\}", channel["address"])) == set(channel["parameters"])
    for operation in DOCUMENT["operations"].values():
        assert operation["action"] in {"send", "receive"}
        assert all(
            message["$ref"].startswith(f"{operation['channel']['$ref']}/messages/") for message in operation["messages"]
        )


def test_asyncapi_refers_to_what_it_holds() -> None:
    references = re.findall(r'"\$ref": "(#[^"]+)"', json.dumps(DOCUMENT))
    assert len(references) > 30
    for reference in references:
        assert _at(reference)


def test_asyncapi_has_a_channel_for_every_topic_of_the_grammar() -> None:
    topics = [parse_topic(channel["address"].replace("{factory}", "F1")) for channel in DOCUMENT["channels"].values()]
    assert len(topics) == 2 * len(KINDS) + 2
    assert {(topic.role, topic.kind) for topic in topics} == {
        *((role, kind) for role in (Role.REPORT, Role.CHECK) for kind in KINDS),
        (Role.OWN, None),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_asyncapi_gives_examples_that_are_taken(kind: Any) -> None:
    for example in _at(f"#/components/messages/{kind}")["examples"]:
        payload = example["payload"]
        assert _valid(kind, payload)
        assert not _valid(kind, {**payload, "robot_count": 1})
        receipt = Receipt("F00042", arrived_us=NOON_NS // 1_000, telemetry_days=90)
        assert decode(kind, json.dumps(payload).encode(), receipt).refusals == ()


def test_asyncapi_takes_every_message_that_is_stored_whole() -> None:
    taken = 0
    for case in CASES:
        expected = json.loads((case.parent / "expected.json").read_text())
        payload = case.parent / "payload.json"
        topic = parse_topic(case.read_text().strip())
        if expected.get("refused") or not payload.exists() or topic.kind is None:
            continue
        assert _valid(topic.kind, json.loads(payload.read_bytes())), case
        taken += 1
    assert taken > 20

import pytest

from ingest.wire.topics import (
    KINDS,
    Role,
    Topic,
    check_topic,
    parse_topic,
    report_topic,
    statement_topic,
    subscription,
    verdict_topic,
)


@pytest.mark.parametrize("kind", KINDS)
def test_parse_topic_reads_what_the_builders_write(kind: str) -> None:
    assert parse_topic(report_topic("F00042", kind)) == Topic(Role.REPORT, "F00042", kind)
    assert parse_topic(check_topic("F00042", kind)) == Topic(Role.CHECK, "F00042", kind)


def test_parse_topic_knows_the_platforms_own() -> None:
    assert parse_topic(verdict_topic("F-1_a")) == Topic(Role.OWN, "F-1_a")
    assert parse_topic(statement_topic("F1")) == Topic(Role.OWN, "F1")


@pytest.mark.parametrize(
    ("topic", "factory"),
    [
        ("robodensity/v1/F 42/status", ""),
        ("robodensity/v1/F1/robots", "F1"),
        ("robodensity/v2/F1/status", ""),
        ("robodensity/v1/F1/check", "F1"),
        ("robodensity/v1/F1/status/", "F1"),
        ("robodensity/v1/F1/status\n", "F1"),
        ("robodensity/v1/F1/check/verdict", "F1"),
        ("robodensity/v1/F1/check/check/status", "F1"),
        ("robodensity/v1//status", ""),
        ("robodensity/v1/厂/status", ""),
        (f"robodensity/v1/{'F' * 65}/status", ""),
        ("Robodensity/v1/F1/status", ""),
        ("robodensity", ""),
        ("", ""),
    ],
)
def test_parse_topic_outside_the_grammar(topic: str, factory: str) -> None:
    assert parse_topic(topic) == Topic(Role.UNKNOWN, factory)


def test_parse_topic_of_the_longest_factory() -> None:
    assert parse_topic(f"robodensity/v1/{'F' * 64}/status").factory == "F" * 64


def test_subscription_alone_and_shared() -> None:
    assert subscription(shared=False) == "robodensity/#"
    assert subscription(shared=True) == "$share/ingest/robodensity/#"

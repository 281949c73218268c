from collections.abc import Mapping

from prometheus_client.parser import text_string_to_metric_families

from api.exposition import exposition


def _samples(numbers: Mapping[str, float]) -> dict[str, float]:
    families = text_string_to_metric_families(bytes(exposition(numbers).body).decode())
    return {sample.name: sample.value for family in families for sample in family.samples}


def test_exposition_prefixes_each_number() -> None:
    assert _samples({"ingest_stored_total": 7, "ingest_connected": True, "rollup_fold_seconds": 0.25}) == {
        "robodensity_ingest_stored_total": 7.0,
        "robodensity_ingest_connected": 1.0,
        "robodensity_rollup_fold_seconds": 0.25,
    }


def test_exposition_keeps_nothing_from_one_call_to_the_next() -> None:
    exposition({"a": 1})
    assert _samples({"b": 2}) == {"robodensity_b": 2.0}


def test_exposition_is_the_text_format() -> None:
    answer = exposition({})
    assert answer.body == b""
    assert answer.media_type == "text/plain; version=0.0.4; charset=utf-8"

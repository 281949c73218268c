from prometheus_client.parser import text_string_to_metric_families

from api.exposition import exposition


def _samples(text: str) -> dict[str, tuple[str, float]]:
    return {
        sample.name: (family.type, sample.value)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_exposition_prefixes_and_types_each_metric() -> None:
    metrics = {"ingest_stored_total": 7, "ingest_connected": True, "robodensity_rollup_fold_seconds": 0.25}
    assert _samples(exposition(metrics)) == {
        "robodensity_ingest_stored_total": ("counter", 7.0),
        "robodensity_ingest_connected": ("gauge", 1.0),
        "robodensity_rollup_fold_seconds": ("gauge", 0.25),
    }


def test_exposition_keeps_nothing_from_one_call_to_the_next() -> None:
    exposition({"a": 1})
    assert _samples(exposition({"b": 2})) == {"robodensity_b": ("gauge", 2.0)}


def test_exposition_of_nothing_is_empty() -> None:
    assert exposition({}) == ""


def test_exposition_makes_a_name_that_prometheus_takes() -> None:
    assert _samples(exposition({"a b-c": 1})) == {"robodensity_a_b_c": ("gauge", 1.0)}

import httpx
from api_city import Serve, Writer

from api.options import Readiness


def test_readyz_asks_the_store_by_default(client: httpx.Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "reasons": []})


def test_readyz_gives_the_reasons(serve: Serve) -> None:
    client = serve(readiness=lambda: Readiness(ready=False, reasons=("The subscription is not granted.",)))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["The subscription is not granted."])


def test_readyz_never_raises(serve: Serve) -> None:
    def broken() -> Readiness:
        raise RuntimeError

    answer = serve(readiness=broken).get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)


def test_metrics_are_prometheus_text(serve: Serve, write: Writer) -> None:
    client = serve(metrics=lambda: {"ingest_items": 12.0})
    assert "robodensity_figures_age_seconds" not in client.get("/metrics").text
    write.folded()
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert "robodensity_ingest_items 12.0" in lines
    assert "robodensity_api_store_available 1.0" in lines
    assert any(line.startswith("robodensity_figures_age_seconds") for line in lines)

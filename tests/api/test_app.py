import json
import re

import httpx


def test_every_page_carries_a_strict_policy(client: httpx.Client) -> None:
    for path in ("/", "/docs", "/v1/targets", "/static/board.css", "/nowhere"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy


def test_head_answers_as_get_without_a_body(client: httpx.Client) -> None:
    for path in ("/", "/v1/targets", "/healthz", "/metrics"):
        answer = client.head(path)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["Content-Type"] == client.get(path).headers["Content-Type"]


def test_docs_come_from_this_server_alone(client: httpx.Client) -> None:
    page = client.get("/docs").text
    assert "http://" not in page
    assert "https://" not in page
    for path in ("/swagger/swagger-ui-bundle.js", "/swagger/swagger-ui.css", "/static/docs.js", "/openapi.json"):
        assert client.get(path).status_code == 200


def test_openapi_is_one_that_the_shipped_swagger_ui_can_draw(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.0.")
    assert '"null"' not in json.dumps(document)
    assert "/v1/factories" in document["paths"]
    references = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document)))
    assert references <= set(document["components"]["schemas"])
    assert {"FactoryBody", "DesignationBody", "StatisticBody", "SettlementBody", "ReviewBody", "Error"} <= references

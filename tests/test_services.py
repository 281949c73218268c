import socket

import httpx
import pytest
from services import InfluxServer, MosquittoServer


@pytest.mark.influx
def test_influx_server_writes_with_the_token_only(influx_server: InfluxServer) -> None:
    url = f"{influx_server.url}/api/v2/write?org=test-org&bucket=services&precision=ns"
    headers = {"Authorization": f"Token {influx_server.token}"}
    httpx.post(f"{influx_server.url}/query", headers=headers, data={"q": "CREATE DATABASE services"})
    assert httpx.post(url, content=b"m x=1 1", headers=headers).status_code == 204
    assert httpx.post(url, content=b"m x=1 1", headers={"Authorization": "Token other"}).status_code == 401
    answer = httpx.post(f"{influx_server.url}/query", headers=headers, data={"q": "SELECT x FROM services..m"})
    assert answer.json()["results"][0]["series"][0]["values"] == [["1970-01-01T00:00:00.000000001Z", 1]]


@pytest.mark.broker
def test_mosquitto_server_accepts_connections(mosquitto_server: MosquittoServer) -> None:
    with socket.create_connection((mosquitto_server.host, mosquitto_server.port), timeout=5):
        pass

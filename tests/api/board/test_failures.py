"""What a person reads where a program would be given JSON."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
import structlog
from api_city import KEY, Serve

from api.access.gate import Gate
from api.board.board import Board
from api.errors import ApiError
from store.errors import StoreUnavailable

PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
OWN = {**PAGE, "Sec-Fetch-Site": "same-origin"}


def _failing(error: Exception) -> Callable[..., Any]:
    def raised(*_: object) -> None:
        raise error

    return raised


def _said(answer: httpx.Response, status: int, *sentences: str) -> None:
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.headers["Cache-Control"] == "no-store"
    for sentence in sentences:
        assert sentence in answer.text


def test_upload_after_the_session_ended_says_so_and_leads_to_sign_in(client: httpx.Client) -> None:
    files = {"do": (None, "template"), "kind": (None, "workforce")}
    _said(client.post("/upload", files=files, headers=OWN), 401, "登录已失效", 'href="/sign-in"', "未存入任何内容")
    assert client.post("/upload", files=files).json()["error"]["code"] == "key_missing"


@pytest.mark.parametrize(
    ("language", "sentence"), [("zh", "没有这个页面，请核对地址"), ("en", "There is no page at this address")]
)
def test_unknown_path_is_a_page_in_the_language_of_its_reader(
    client: httpx.Client, language: str, sentence: str
) -> None:
    _said(client.get("/nowhere", headers={**PAGE, "Accept-Language": language}), 404, sentence)


@pytest.mark.parametrize(("path", "accept"), [("/nowhere", "*/*"), ("/v1/nowhere", PAGE["Accept"])])
def test_unknown_path_is_json_for_a_program(client: httpx.Client, path: str, accept: str) -> None:
    assert client.get(path, headers={"Accept": accept}).json()["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh", "平台内部出错，错误已记入日志"), ("en", "Something went wrong inside the platform")],
)
def test_bug_is_a_page_in_words_and_in_the_log_once(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, language: str, sentence: str
) -> None:
    monkeypatch.setattr(Board, "part", _failing(ZeroDivisionError("a secret")))
    with structlog.testing.capture_logs() as logs:
        answer = serve().get("/about", headers={**PAGE, "Accept-Language": language})
    _said(answer, 500, sentence, 'href="/"')
    assert "ZeroDivision" not in answer.text
    assert "a secret" not in answer.text
    (told,) = logs
    assert (told["event"], told["path"]) == ("a request failed", "/about")
    assert "ZeroDivisionError: a secret" in told["trace"]


@pytest.mark.parametrize(("path", "accept"), [("/about", "*/*"), ("/board/part", PAGE["Accept"])])
def test_bug_is_json_for_a_program(serve: Serve, monkeypatch: pytest.MonkeyPatch, path: str, accept: str) -> None:
    monkeypatch.setattr(Board, "part", _failing(ZeroDivisionError()))
    answer = serve().get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal_error")


def test_bug_in_what_pages_are_made_of_is_json(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Board, "page", _failing(ZeroDivisionError()))
    with structlog.testing.capture_logs() as logs:
        answer = serve().get("/about", headers=PAGE)
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal_error")
    assert [each["event"] for each in logs] == ["a request failed", "the page of a failure failed"]


def test_sign_in_that_another_site_asks_for_is_refused_in_words(client: httpx.Client) -> None:
    answer = client.post("/sign-in", data={"key": KEY}, headers={**PAGE, "Sec-Fetch-Site": "cross-site"})
    _said(answer, 403, "该请求来自其他网站")


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (StoreUnavailable("It sleeps."), 503, "数据库暂时没有应答"),
        (ApiError(503, "identity_unavailable", "It sleeps."), 503, "身份认证服务暂时没有应答"),
        (ApiError(403, "no_role", "It opens nothing."), 403, "没有对应本平台的角色"),
        (ApiError(429, "too_many_wrong_keys", "Too many."), 429, "错误次数过多"),
    ],
)
def test_sign_in_calls_no_key_wrong_that_was_not_judged(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, sentence: str
) -> None:
    monkeypatch.setattr(Gate, "sign_in", _failing(error))
    answer = serve().post("/sign-in", data={"key": "some.signed.token"}, headers=OWN)
    _said(answer, status, sentence)
    assert "密钥无效" not in answer.text


def test_page_of_a_factory_that_is_closed_leads_to_sign_in(client: httpx.Client) -> None:
    assert '<a href="/sign-in">登录</a>' in client.get("/factory/F00001").text.partition("<main")[2]


@pytest.mark.parametrize("path", ["/upload", "/sign-in", "/nowhere"])
def test_switch_is_kept_where_it_was_thrown(client: httpx.Client, path: str) -> None:
    asked = {"lang": "en", "type": "large", "theme": "dark"}
    assert "robodensity-view=en.dark.large" in client.get(path, params=asked, headers=PAGE).headers["Set-Cookie"]
    assert '<html lang="en" data-theme="dark" data-large>' in client.get("/sign-in").text

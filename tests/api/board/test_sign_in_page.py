"""Signing in and out in headless Chromium, by keyboard, on a phone, in both languages."""

from collections.abc import Iterator

import httpx
import pytest
from axe import faults
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

WORDS = {
    "zh": ("密钥无效或已吊销", "浦东新区（区域）", "已登录", "登录"),
    "en": ("The key is wrong or was revoked", "浦东新区 (area)", "Signed in", "Sign in"),
}


@pytest.fixture
def secret(admin: httpx.Client) -> str:
    asked = {"name": "浦东新区", "role": "area", "areas": ["district:310115"]}
    told: str = admin.post("/v1/keys", json=asked).json()["secret"]
    return told


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(browser: Browser, admin: httpx.Client, language: str) -> Iterator[Page]:
    locale = {"zh": "zh-CN", "en": "en-GB"}[language]
    context = browser.new_context(locale=locale, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{admin.base_url}/sign-in")
    yield page
    context.close()


def _present(page: Page, key: str) -> None:
    page.focus("#key")
    page.keyboard.type(key)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_key_opens_a_session_until_it_is_ended(page: Page, secret: str, language: str) -> None:
    refused, told, signed_in, sign_in = WORDS[language]
    _present(page, secret[:-1])
    assert refused in page.inner_text("[role=alert]")
    assert page.input_value("#key") == ""
    assert faults(page) == []
    _present(page, secret)
    (cookie,) = [each for each in page.context.cookies() if each["httpOnly"]]
    assert (cookie["sameSite"], secret in cookie["value"]) == ("Strict", False)
    page.click(f"header >> text={signed_in}")
    assert told in page.inner_text("main")
    assert faults(page) == []
    with page.expect_navigation():
        page.click("main form[action='/sign-out'] button")
    page.goto(page.url)
    assert page.locator(f"header >> text={sign_in}").is_visible()
    assert [each for each in page.context.cookies() if each["httpOnly"] and each["value"]] == []


def test_key_that_is_revoked_ends_its_session(page: Page, secret: str, admin: httpx.Client) -> None:
    _present(page, secret)
    admin.delete(f"/v1/keys/{secret.split('_')[1]}").raise_for_status()
    page.goto(f"{admin.base_url}/sign-in")
    assert page.locator("#key").is_visible()

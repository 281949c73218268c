"""Parks and zones are told to the public by the month, and the pages say of which day their figures are."""

import re
from collections.abc import Iterator
from datetime import date

import httpx
import pytest
from api_city import KEY, NOON_NS, Writer, factory
from board_city import drawn, fill, settled

from density.days import to_day
from store.embedded import EmbeddedStore
from store.schema import PUBLICATION, STATE

PUBLISHED = date(2026, 10, 31)
NEWEST = "数据截至 2026-11-24 12:00"
MONTH_END = "数据为2026年10月31日月末值"


@pytest.fixture(scope="module")
def city(quiet_admin: httpx.Client, quiet_store: EmbeddedStore) -> httpx.URL:
    fill(Writer(quiet_store))
    row = {"time": 0, "through_day": to_day(PUBLISHED), "published_us": NOON_NS // 1_000}
    quiet_store.write(STATE, {PUBLICATION: PUBLICATION.frame([row])})
    quiet_admin.post("/v1/factories", json=[factory(number, park="P01") for number in (1, 2, 3)]).raise_for_status()
    return quiet_admin.base_url


@pytest.fixture
def public(city: httpx.URL) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=city, timeout=30) as client:
        yield client


def _section(page: str, name: str) -> str:
    return re.sub(r"\s+", " ", re.findall(rf'<section class="{name}".*?</section>', page, re.DOTALL)[0])


@pytest.mark.parametrize("path", ["/park/P01", "/zone/zhangjiang"])
def test_page_of_a_scope_that_is_told_by_the_month_says_of_which_day_it_is(public: httpx.Client, path: str) -> None:
    page = settled(public, path, drawn)
    assert MONTH_END in page
    assert f'data-until="{MONTH_END}"' in page
    assert "2026-11-24" not in page
    assert "Figures of 31 October 2026, the end of a month" in settled(public, path, drawn, language="en")


@pytest.mark.parametrize("name", ["parks", "funnel", "zones"])
def test_section_of_such_scopes_says_it_on_the_page_of_the_city(public: httpx.Client, name: str) -> None:
    page = settled(public, "/", drawn)
    assert NEWEST in _section(page, "districts")
    assert MONTH_END in _section(page, name)
    assert NEWEST not in _section(page, name)


def test_district_says_it_of_its_parks_alone(public: httpx.Client) -> None:
    page = settled(public, "/district/310115", drawn)
    assert MONTH_END in _section(page, "parks")
    assert MONTH_END not in _section(page, "key-figures")


def test_who_sees_a_park_whole_is_told_the_newest_of_it(public: httpx.Client) -> None:
    headers = {"Authorization": f"Bearer {KEY}"}
    asked = {"name": "Zhangjiang", "role": "area", "areas": ["zone:zhangjiang"]}
    secret = public.post("/v1/keys", json=asked, headers=headers).json()["secret"]
    public.headers["Authorization"] = f"Bearer {secret}"
    assert NEWEST in settled(public, "/zone/zhangjiang", drawn)
    assert f"{MONTH_END}，您有权限的区域为最新值" in _section(settled(public, "/", drawn), "zones")
    public.headers["Authorization"] = f"Bearer {KEY}"
    assert MONTH_END not in settled(public, "/", drawn)

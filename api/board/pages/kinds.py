"""Every kind of page."""

from collections.abc import Mapping

from api.board.address import Kind
from api.board.pages import about, city, factory, place, quality
from api.board.pages.frame import Page

PAGES: Mapping[Kind, Page] = {
    "city": city.PAGE,
    "district": place.PAGE,
    "zone": place.PAGE,
    "park": place.PAGE,
    "factory": factory.PAGE,
    "quality": quality.PAGE,
    "about": about.PAGE,
}

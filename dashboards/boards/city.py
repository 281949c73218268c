"""The city: its three targets, their course, its districts, industries and the parks behind."""

from grafana_foundation_sdk.models.dashboard import Dashboard, DashboardLink, DashboardLinkType, GridPos, Panel

from dashboards.boards.banner import banner
from dashboards.boards.standing import effects, targets, trend
from dashboards.boards.tables import HEADLINE, key_industries, parks_behind
from dashboards.columns import column, status
from dashboards.influxql import newest
from dashboards.kit import Kit
from dashboards.panels import note, number
from dashboards.sheet import Sheet
from density.register import District
from store.schema import PLAN_STATUS

SCOPE, PATH = "city", "/"
_WIDE, _HIGH = 4, 4  # of a tile


def city(kit: Kit) -> Dashboard:
    """The board that a morning begins with."""
    sheet, speech = Sheet(), kit.speech
    banner(kit, sheet, PATH)
    sheet.row(speech.word("targets"))
    targets(kit, sheet, SCOPE, PATH)
    sheet.row(speech.word("trend"))
    trend(kit, sheet, SCOPE, PATH)
    effects(kit, sheet, SCOPE, PATH, width=24)
    sheet.row(speech.word("districts"))
    _tiles(kit, sheet)
    sheet.row(speech.word("key_industries"))
    key_industries(kit, sheet, PATH)
    sheet.row(speech.word("parks"))
    parks_behind(kit, sheet, PATH)
    return kit.board("city", sheet)


def _tiles(kit: Kit, sheet: Sheet) -> None:
    """Each district as a tile of one size, about where it lies; no map is drawn."""
    for district in kit.reference.districts.values():
        across, down = district.tile
        sheet.at(_tile(kit, district), GridPos(_HIGH, _WIDE, across * _WIDE, down * _HIGH))
    right = (1 + max(each.tile[0] for each in kit.reference.districts.values())) * _WIDE
    if right < 24:
        sheet.at(
            note(kit.speech.word("tiles_note"), title=kit.speech.word("reading")), GridPos(8, 24 - right, right, 0)
        )
    sheet.line()


def _tile(kit: Kit, district: District) -> Panel:
    speech = kit.speech
    target = next(each for each in kit.plan.targets if each.figure == HEADLINE)
    state, lead = status(speech), column(speech, PLAN_STATUS, "lead")
    where = {"scope": f"district:{district.id}", "target": target.id}
    panel = number(
        kit.frame(speech.named(district.name), "status", "lead", path=f"/district/{district.id}", nothing="no_quota"),
        [newest(PLAN_STATUS, {each.field: each.title}, where) for each in (state, lead)],
        [state, lead],
        large=False,
    )
    link = DashboardLink(
        speech.word("board_district"), DashboardLinkType.LINK, url=kit.board_link("district", district=district.id)
    )
    panel.links = [*(panel.links or []), link]
    return panel

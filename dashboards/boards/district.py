"""One district: its targets, its parks, its industries, its factories and what came of them."""

from grafana_foundation_sdk.models.dashboard import Dashboard

from dashboards.boards.accounts import accounts_by_day, numbers_by_day
from dashboards.boards.banner import banner
from dashboards.boards.quality import PATH as QUALITY
from dashboards.boards.standing import effects, targets, trend
from dashboards.boards.tables import factories, key_industries, parks_behind
from dashboards.kit import Kit
from dashboards.sheet import Sheet

SCOPE, PATH = "district:${district:raw}", "/district/${district:raw}"


def district(kit: Kit) -> Dashboard:
    """The board of the chosen district."""
    sheet, speech = Sheet(), kit.speech
    banner(kit, sheet, PATH)
    sheet.row(speech.word("targets"))
    targets(kit, sheet, SCOPE, PATH)
    sheet.row(speech.word("trend"))
    trend(kit, sheet, SCOPE, PATH)
    effects(kit, sheet, SCOPE, PATH, width=24)
    sheet.row(speech.word("parks"))
    parks_behind(kit, sheet, PATH, district="${district:raw}")
    sheet.row(speech.word("key_industries"))
    key_industries(kit, sheet, PATH, within=SCOPE)
    sheet.row(speech.word("factories"))
    factories(kit, sheet, PATH)
    sheet.row(speech.word("refused_and_missing"))
    accounts_by_day(kit, sheet, SCOPE, QUALITY, width=12)
    numbers_by_day(kit, sheet, SCOPE, QUALITY, width=12)
    return kit.board("district", sheet, [kit.choice("district", speech.word("district"), kit.districts())])

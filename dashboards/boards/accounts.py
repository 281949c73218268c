"""What came of an area, was stored, was refused and is missing, day by day as the rollup adds it up."""

from dashboards.columns import Column, column
from dashboards.influxql import points, total
from dashboards.kit import Kit
from dashboards.panels import Frame, bars, lines
from dashboards.sheet import Sheet
from store.schema import AREA_ACCOUNT

_ITEMS = ("arrived", "stored", "refused")
_NUMBERS = ("missing", "unnumbered", "numbered")
_NOBODY = "unregistered"  # of the city alone


def account_totals(kit: Kit, sheet: Sheet, scope: str, path: str, *, width: int) -> None:
    """The sums over the range that is chosen."""
    shown = [_item(kit, field) for field in (*_ITEMS, _NOBODY)]
    note = kit.speech.word("range_note")
    sheet.put(
        bars(
            kit.frame(kit.speech.word("accounts"), *_told(*_ITEMS, _NOBODY), path=path, also=note,
                      nothing="not_listened"),
            [total(AREA_ACCOUNT, {each.field: each.title for each in shown}, {"scope": scope})],
            shown,
        ),
        width, 10,
    )  # fmt: skip


def accounts_by_day(kit: Kit, sheet: Sheet, scope: str, path: str, *, width: int) -> None:
    """Items by day of arrival."""
    shown = [_item(kit, field) for field in _ITEMS]
    frame = kit.frame(kit.speech.word("accounting"), *_told(*_ITEMS), path=path, nothing="not_listened")
    _by_day(frame, sheet, shown, scope, width)


def numbers_by_day(kit: Kit, sheet: Sheet, scope: str, path: str, *, width: int) -> None:
    """Messages by day: those that carry a number, those that carry none, and those that never came."""
    shown = [column(kit.speech, AREA_ACCOUNT, field) for field in _NUMBERS]
    frame = kit.frame(kit.speech.word("missing_trend"), *_NUMBERS, path=path, nothing="not_listened")
    _by_day(frame, sheet, shown, scope, width)


def _by_day(frame: Frame, sheet: Sheet, shown: list[Column], scope: str, width: int) -> None:
    asked = points(AREA_ACCOUNT, {each.field: each.title for each in shown}, {"scope": scope})
    sheet.put(lines(frame, [asked], shown), width, 10)


def _item(kit: Kit, field: str) -> Column:
    return column(kit.speech, AREA_ACCOUNT, field, term=f"account_{field}")


def _told(*fields: str) -> list[str]:
    return [f"account_{field}" for field in fields]

"""What columns are called in a workbook: the Chinese name before the machine's."""

from collections.abc import Mapping

from density.definition import SERIES
from density.register import Term

# What is no figure; those are named by seeds/terms.yaml alone.
_NAMES: Mapping[str, str] = {
    "day": "日期",
    "kind": "范围类型",
    "scope": "范围",
    "series": "系列",
    "park": "园区编号",
    "name_zh": "中文名称",
    "name_en": "英文名称",
    "district": "所在区",
    "administering_body": "管理机构",
    "target": "目标编号",
    "firms": "企业家数",
    "ranked": "参加排名",
}


def heading(column: str, terms: Mapping[str, Term]) -> str:
    """Such as `保有量 stock`, or `全部登记工厂·保有量 total_stock` of one series; without a name the column's own."""
    series, figure = of_series(column)
    if figure in terms:
        named = "·".join(terms[each].name.zh for each in (series, figure) if each)
        return f"{named} {column}"
    return f"{_NAMES[column]} {column}" if column in _NAMES else column


def of_series(column: str) -> tuple[str, str]:
    """The series of a column, empty where it tells none, and its figure."""
    series, _, figure = column.partition("_")
    return (series, figure) if series in SERIES and figure else ("", column)

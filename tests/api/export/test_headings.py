import pytest

from api.export.figures import SCHEMA as FIGURES
from api.export.headings import heading
from api.export.parks import SCHEMA as PARKS
from density.register import Reference


@pytest.mark.parametrize(
    ("column", "named"),
    [
        ("stock", "保有量 stock"),
        ("total_stock", "全部登记工厂·保有量 total_stock"),
        ("key_flow_moved_in", "重点产业·调入 key_flow_moved_in"),
        ("scope", "范围 scope"),
        ("total_of_something", "total_of_something"),
    ],
)
def test_heading_has_the_chinese_name_first(reference: Reference, column: str, named: str) -> None:
    assert heading(column, reference.terms) == named


def test_heading_of_every_column_of_figures_and_parks_is_chinese(reference: Reference) -> None:
    for column in (*FIGURES, *PARKS):
        assert heading(column, reference.terms) != column, column

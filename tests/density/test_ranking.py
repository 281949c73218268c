import polars as pl
from cities import DAY0, KINDS, Row, site

from density.ranking import firms, open_factories


def registered(*rows: Row) -> pl.DataFrame:
    return KINDS["registration"].frame(rows)


def test_open_factories_takes_the_registration_in_force_on_the_day() -> None:
    rows = registered(
        site("F1", park="P01"), site("F1", park="P02", from_day=DAY0 + 10), site("F2", from_day=DAY0 + 5),
        site("F3", closed_day=DAY0), site("F4", closed_day=DAY0 + 1),
    )  # fmt: skip
    found = dict(open_factories(rows, DAY0).select("factory", "park").rows())
    assert found == {"F1": "P01", "F2": None, "F4": None}  # the first registration holds before its own day too
    assert dict(open_factories(rows, DAY0 + 10).select("factory", "park").rows())["F1"] == "P02"


def test_firms_counts_a_factory_without_a_code_as_a_firm() -> None:
    rows = registered(
        site("F1", park="P01", credit_code="A"), site("F2", park="P01", credit_code="A"),
        site("F3", park="P01", credit_code=""), site("F4", park="P01"), site("F5", credit_code="B"),
    )  # fmt: skip
    assert firms(rows, "park") == {"P01": 3}
    assert firms(rows, "district") == {"310115": 4}

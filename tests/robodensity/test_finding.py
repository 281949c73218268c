import json

import pytest

from robodensity.finding import Finding, as_json, as_text, failed, listed

OK, WARN, ERROR = (Finding(mark, "seeds", f"It is {mark}.") for mark in ("ok", "warn", "error"))


def test_failed_only_by_an_error() -> None:
    assert not failed([OK, WARN])
    assert failed([OK, ERROR, WARN])


def test_as_text_is_one_line_a_finding() -> None:
    assert as_text([OK, ERROR]) == "ok     seeds     It is ok.\nerror  seeds     It is error."


@pytest.mark.parametrize(("findings", "ok"), [([], True), ([OK, WARN], True), ([WARN, ERROR], False)])
def test_as_json_says_whether_all_is_well(findings: list[Finding], *, ok: bool) -> None:
    told = json.loads(as_json(findings))
    assert told["ok"] is ok
    assert [each["mark"] for each in told["findings"]] == [each.mark for each in findings]


def test_listed_shows_ten_of_many() -> None:
    assert listed(["a", "b"]) == "a, b"
    assert listed([str(each) for each in range(12)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"

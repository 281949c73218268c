import pytest
from polars.testing import assert_frame_equal

from store.influxql import finished, frame, literal, names, quoted, select
from store.schema import MARK, REFUSAL

END = b"name,tags,name\ndatabases,,reports\ndatabases,,state\n"
HEAD = b"name,tags,time,writer,through\n"


def test_select_names_every_column() -> None:
    assert select("reports", MARK) == 'SELECT "time", "writer", "through" FROM "reports".."mark"'


def test_select_limits() -> None:
    statement = select("reports", MARK, after=1, through=5, where={"writer": "w"}, newest=2)
    assert statement.endswith(""" WHERE "writer" = 'w' AND time > 1 AND time <= 5 ORDER BY time DESC LIMIT 2""")


def test_literal_cannot_be_left() -> None:
    assert literal("x' OR 'a'='a\\") == r"'x\' OR \'a\'=\'a\\'"
    assert literal("a\nb") == r"'a\nb'"


def test_quoted_cannot_be_left() -> None:
    assert quoted('x"; DROP DATABASE "y\\') == r'"x\"; DROP DATABASE \"y\\"'


def test_finished_refuses_an_answer_cut_anywhere_in_its_data() -> None:
    # The data holds texts that look like the end of an answer.
    fake = b'"a\n\nname,tags,name\ndatabases,,reports\n"'
    data = HEAD + b"mark,,1," + fake + b",3\nmark,,2," + fake + b",4\n"
    whole = data + b"\n" + END
    assert finished(whole) == data + b"\n"
    cuts = {size: finished(whole[:size]) for size in range(len(whole))}
    assert {size for size, found in cuts.items() if found is not None and found != data + b"\n"} == set()
    assert all(cuts[size] is None for size in range(len(data) + 1))


def test_finished_of_a_mark_alone_is_no_data() -> None:
    assert finished(END) == b""


@pytest.mark.parametrize("answer", [b"", b"name,tags,name\n", b"error\nbusy\n"])
def test_finished_of_no_mark_is_nothing(answer: bytes) -> None:
    assert finished(answer) is None


def test_names_lists_databases() -> None:
    assert names(END) == {"reports", "state"}
    assert names(b"name,tags,name\n") == set()
    assert names(b"") is None


def test_frame_reads_texts_over_several_lines() -> None:
    head = ",".join(["name", "tags", *REFUSAL.columns])
    row = 'refusal,,7,w,r,,,,"say ""x"",\r\n中",,,,3,,true,,,,'
    found = frame(REFUSAL, f"{head}\n{row}\n\n".encode())
    expected = {"time": 7, "writer": "w", "reason": "r", "detail": 'say "x",\r\n中', "length": 3, "whole": True}
    assert_frame_equal(found, REFUSAL.frame([expected]))


def test_frame_of_no_data_is_empty_with_its_types() -> None:
    assert dict(frame(MARK, b"").schema) == MARK.columns

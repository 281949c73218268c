from store.line_protocol import lines
from store.points import checked
from store.schema import LIFECYCLE, REFUSAL, ROLLUP, Measurement


def line(measurement: Measurement, **row: object) -> str:
    (written,) = lines(measurement, checked(measurement, measurement.frame([row]))[0])
    return written


def test_lines_write_each_type_and_leave_nulls_out() -> None:
    row = {"time": 5, "writer": "w", "factory": "F1", "axes": 6, "payload_kg": 0.1, "collaborative": True}
    assert line(LIFECYCLE, **row) == 'lifecycle,writer=w factory="F1",axes=6i,payload_kg=0.1,collaborative=true 5'


def test_lines_escape_tags() -> None:
    written = line(REFUSAL, time=1, writer='a b,c=d"e\\f', reason="中", whole=False)
    assert written == r'refusal,reason=中,writer=a\ b\,c\=d"e\f whole=false 1'


def test_lines_escape_texts() -> None:
    written = line(REFUSAL, time=1, writer="w", reason="r", detail='say "\\" = a, b\n$1')
    assert written == 'refusal,reason=r,writer=w detail="say \\"\\\\\\" = a, b\n$1" 1'


def test_lines_leave_an_empty_tag_out() -> None:
    assert line(REFUSAL, time=1, writer="", reason="r", whole=True) == "refusal,reason=r whole=true 1"


def test_lines_without_tags() -> None:
    assert line(ROLLUP, time=0, day=20000) == "rollup day=20000i 0"


def test_lines_keep_the_order_of_rows() -> None:
    rows = ROLLUP.frame({"time": time, "day": time} for time in (3, 1, 2))
    assert lines(ROLLUP, rows).to_list() == ["rollup day=3i 3", "rollup day=1i 1", "rollup day=2i 2"]

import os
import signal
import subprocess
import time

from api.board.artist import Artist

BARS = {
    "kind": "bars",
    "rows": [{"place": 0, "name": "浦东新区", "value": 400.0, "text": "400"}],
    "lines": [],
    "width": 600,
}


def test_draw_gives_svg_with_chinese_text(drawing_process: Artist) -> None:
    drawn = drawing_process.draw({"one": BARS})
    assert drawn["one"].startswith("<svg")
    assert "浦东新区" in drawn["one"]


def started() -> tuple[Artist, subprocess.Popen[bytes]]:
    """An artist of one's own, and its process."""
    artist = Artist()
    artist.begin()
    assert artist._process is not None
    return artist, artist._process


def test_begin_starts_the_process_that_then_draws() -> None:
    artist, begun = started()
    artist.begin()
    assert artist.draw({"one": BARS})["one"].startswith("<svg")
    assert artist._process is begun
    artist.close()


def test_begin_waits_for_no_picture_that_is_drawn(drawing_process: Artist) -> None:
    with drawing_process._lock:
        drawing_process.begin()


def test_begin_starts_nothing_once_the_board_is_closed() -> None:
    artist = Artist()
    artist.close()
    artist.begin()
    assert artist._process is None


def test_draw_starts_a_new_process_when_the_old_one_fell(drawing_process: Artist) -> None:
    assert drawing_process._process is not None
    os.kill(drawing_process._process.pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while not drawing_process.draw({"one": BARS}):  # the first try may meet the broken pipe
        assert time.monotonic() < deadline


def test_draw_closes_the_pipes_of_a_process_that_fell() -> None:
    artist, fallen = started()
    fallen.kill()
    fallen.wait()
    artist.draw({})
    assert artist._process not in {None, fallen}
    assert [pipe is not None and pipe.closed for pipe in (fallen.stdin, fallen.stdout)] == [True, True]
    artist.close()


def test_draw_of_what_cannot_be_drawn_gives_nothing_and_goes_on(drawing_process: Artist) -> None:
    assert drawing_process.draw({"one": {"kind": "pie"}}) == {}
    assert set(drawing_process.draw({"one": BARS})) == {"one"}


def test_close_ends_the_process() -> None:
    artist, process = started()
    artist.close()
    assert process.returncode is not None
    assert artist.draw({"one": BARS}) == {}


def test_draw_of_two_titles_gives_two_pictures(drawing_process: Artist) -> None:
    pudong, jiading = (
        {**BARS, "rows": [{"place": 0, "name": name, "value": 1.0, "text": "1"}]} for name in ("浦东新区", "嘉定新区")
    )
    drawn = drawing_process.draw({"one": pudong, "other": jiading, "again": pudong})
    assert drawn["one"] == drawn["again"] != drawn["other"]


def test_draw_of_what_was_drawn_before_asks_no_process() -> None:
    artist = Artist()
    first = artist.draw({"one": BARS})
    process, artist._process = artist._process, None
    assert artist.draw({"other": BARS}) == {"other": first["one"]}
    assert artist._process is None
    artist._process = process
    artist.close()

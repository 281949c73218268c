from collections.abc import Iterator

import pytest

from api.board.artist import Artist


@pytest.fixture(scope="session")
def drawing_process() -> Iterator[Artist]:
    artist = Artist()
    artist.draw({})
    yield artist
    artist.close()


@pytest.fixture(autouse=True)
def shared_artist(drawing_process: Artist, monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting a drawing process costs seconds, so every board of these tests draws with the same one."""
    monkeypatch.setattr(drawing_process, "close", lambda: None)
    monkeypatch.setattr("api.board.board.Artist", lambda: drawing_process)

from collections.abc import Iterator

import pytest

from api.board.artist import Artist


@pytest.fixture(scope="session")
def drawing_process() -> Iterator[Artist]:
    artist = Artist()
    artist.draw({})
    yield artist
    artist.close()


class _Shared:
    def __init__(self, artist: Artist) -> None:
        self.draw = artist.draw

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True, scope="module")
def shared_artist(drawing_process: Artist) -> Iterator[None]:
    """Starting a drawing process costs seconds, so every board of these tests draws with the same one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.board.board.Artist", lambda: _Shared(drawing_process))
        yield

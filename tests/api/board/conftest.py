import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from api.board.artist import Artist


@pytest.fixture(scope="session")
def drawing_process() -> Iterator[Artist]:
    artist = Artist()
    artist.draw({})
    yield artist
    artist.close()


class _Shared:
    def __init__(self, artist: Artist) -> None:
        self.begin, self.draw = artist.begin, artist.draw

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True, scope="module")
def shared_artist(drawing_process: Artist) -> Iterator[None]:
    """Starting a drawing process costs seconds, so every board of these tests draws with the same one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.board.board.Artist", lambda: _Shared(drawing_process))
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium is not None, "chromium is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
        launched = playwright.chromium.launch(executable_path=chromium, args=options)
        yield launched
        launched.close()

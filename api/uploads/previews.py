"""Uploads that wait to be confirmed: bounded in number, bytes and time, forgotten with the process.

Nothing of a preview is stored, so nothing is lost with one: whoever uploaded the file has it still.
"""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from api.errors import ApiError
from api.uploads.columns import UploadKind
from api.uploads.judged import Allowed, Judged
from api.uploads.limits import Limits
from api.uploads.sheet import Sheet


@dataclass
class Preview:
    """An uploaded table and what would come of it.

    Attributes:
        id: a secret of 192 bits, which nobody has who was not given it.
        kind: of upload.
        who: uploaded it.
        allowed: whose reports may be in it.
        name: of the file, as the browser says it; shown and never used as a path.
        sha256: of the file.
        content: the file.
        sheet: the table in it.
        judged: what would come of it, as it was judged last.
        expires_s: on the clock of the previews.
        stored: how many rows were; none before it is confirmed.
    """

    id: str
    kind: UploadKind
    who: str
    allowed: Allowed
    name: str
    sha256: str
    content: bytes
    sheet: Sheet
    judged: Judged
    expires_s: float
    stored: int | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Previews:
    """Keeps previews until they are too old or too many; the oldest goes first."""

    def __init__(self, limits: Limits, *, clock_s: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self.now_s = clock_s
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Preview] = OrderedDict()

    def new_id(self) -> str:
        """An id that cannot be guessed."""
        return secrets.token_urlsafe(24)

    def keep(self, preview: Preview) -> None:
        """Keep a preview and let go of the oldest beyond the limits."""
        with self._lock:
            self._drop_expired()
            self._kept[preview.id] = preview
            while len(self._kept) > 1 and self._too_many():
                self._kept.popitem(last=False)

    def get(self, id_: str, who: str | None = None) -> Preview:
        """A preview.

        Args:
            id_: as it was given out.
            who: asks; none where the id alone is the right to it.

        Raises:
            ApiError: 404 `unknown_upload`: it has expired, or there never was one, or it is somebody else's.
        """
        with self._lock:
            self._drop_expired()
            found = self._kept.get(id_)
        if found is None or who not in {None, found.who}:
            minutes = round(self.limits.preview_s / 60)
            sentence = (
                f"这次上传已过期或不存在（预览保留 {minutes} 分钟），没有存入任何内容；请重新上传文件。"
                f" This upload has expired or never was: a preview is kept for {minutes} minutes and nothing of it was "
                "stored; upload the file again."
            )
            raise ApiError(404, "unknown_upload", sentence, path="upload")
        return found

    def _drop_expired(self) -> None:
        now = self.now_s()
        for id_ in [id_ for id_, each in self._kept.items() if each.expires_s <= now]:
            del self._kept[id_]

    def _too_many(self) -> bool:
        size = sum(len(each.content) for each in self._kept.values())
        return len(self._kept) > self.limits.previews or size > self.limits.kept_bytes

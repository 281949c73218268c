"""The memory of a process with all its children, watched from a thread."""

import threading
from types import TracebackType
from typing import Self

import psutil

_EVERY_S = 0.25


class MemoryWatch:
    """Keeps the peak of the sum over a process tree, in MiB.

    Attributes:
        rss_mib: resident memory; pages that processes share are counted in each.
        pss_mib: the same with shared pages split among those who share them.
    """

    def __init__(self, pid: int) -> None:
        self.rss_mib = self.pss_mib = 0.0
        self._pid, self._stop = pid, threading.Event()
        self._thread = threading.Thread(target=self._watch, name="memory-watch", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(_EVERY_S):
            try:
                root = psutil.Process(self._pid)
                used = [_memory(each) for each in (root, *root.children(recursive=True))]
            except psutil.NoSuchProcess:
                continue
            self.rss_mib = max(self.rss_mib, sum(rss for rss, _ in used) / 2**20)
            self.pss_mib = max(self.pss_mib, sum(pss for _, pss in used) / 2**20)


def _memory(process: psutil.Process) -> tuple[int, int]:
    try:
        full = process.memory_full_info()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0, 0
    return full.rss, full.pss

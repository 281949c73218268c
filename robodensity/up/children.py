"""The two child processes of `up`; each dies with it."""

import shutil
import signal
import subprocess
from collections.abc import Sequence
from typing import IO

STOP_S = 5.0


def start(command: Sequence[str], *, stdout: IO[str] | int, stderr: IO[str] | None = None) -> subprocess.Popen[str]:
    """Start a child that gets no Ctrl-C of its own and that the kernel ends when this process is gone."""
    setpriv = shutil.which("setpriv")
    guarded = [setpriv, "--pdeathsig", "TERM", "--", *command] if setpriv else list(command)
    return subprocess.Popen(  # noqa: S603 - our own words
        guarded, start_new_session=True, text=True, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr
    )


def stop(child: subprocess.Popen[str] | None) -> None:
    """End a child: politely, and after STOP_S by force."""
    if child is None or child.poll() is not None:
        return
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(STOP_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()

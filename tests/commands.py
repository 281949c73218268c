"""The `robodensity` command as a process of its own, as a person starts it."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATIENCE_S = 60.0

# root may write anywhere; these two rights are what lets it.
WITHOUT_RIGHTS_OF_ROOT = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--")


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    # Without bytecode each start would compile every library anew: seconds a command.
    left_out = ("ROBODENSITY_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    path = os.pathsep.join(each for each in (str(ROOT), kept.get("PYTHONPATH")) if each)
    return {**kept, "PYTHONPATH": path, **{f"ROBODENSITY_{name}": value for name, value in settings.items()}}


def robodensity(
    *words: str, folder: Path, before: Sequence[str] = (), **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end in a folder; settings are environment variables without their prefix."""
    return subprocess.run(
        [*before, sys.executable, "-m", "robodensity", *words],
        cwd=folder, env=_environment(settings), capture_output=True, text=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip


@contextmanager
def running_robodensity(*words: str, folder: Path, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """A command that goes on; what it says comes from its stderr. It is ended with the context."""
    process = subprocess.Popen(
        [sys.executable, "-m", "robodensity", *words],
        cwd=folder, env=_environment(settings), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str], words: str) -> str:
    """The line of a running command's stderr that holds these words; reads up to it."""
    assert process.stderr is not None
    seen = []
    for line in process.stderr:
        seen.append(line)
        if words in line:
            return line
    raise AssertionError(f"it ended without saying {words!r}: {''.join(seen)}")


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence of a command that refused, after checking that this is all it said."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    (sentence,) = done.stderr.splitlines()
    return sentence

"""The data folder of `up`: held by one process at a time, with the admin key in it."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from robodensity.errors import Refusal


@contextmanager
def held(folder: Path) -> Iterator[Path]:
    """Make a data folder, and hold it for as long as the context lasts.

    Raises:
        Refusal: it cannot be made or written, or another process holds it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Refusal(
            f"The data folder {folder} cannot be written: {error.strerror}. Name another with --data-dir."
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.read(handle, 32).decode() or "another process"
        os.close(handle)
        raise Refusal(
            f"The data folder {folder} is in use by `robodensity up` (process {holder.strip()}): "
            "stop that one, or name another folder with --data-dir."
        ) from error
    try:
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield folder
    finally:
        os.close(handle)


def admin_key(folder: Path) -> str:
    """The key of the API's administrator, made on the first start and readable by its owner alone."""
    path = folder / "admin.key"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
    return path.read_text().strip()

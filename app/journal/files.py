"""Small files written so that a crash leaves the old one or the new one, never half of it."""

import os
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

PRIVATE = 0o600


def private_folder(path: Path) -> None:
    """Make the folder, for its owner only, if it is not there."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def private_file(path: Path) -> None:
    """Make an empty file, readable by its owner only, if it is not there. One that is there is not even opened: closing it
    would give back every lock this process has on it (fcntl), and another process, which then takes itself for the last
    user of an SQLite file, takes away the log the first still writes to (https://www.sqlite.org/howtocorrupt.html §2.2)."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE))


def write_new(path: Path, text: str) -> None:
    """Write the file, readable by its owner only, unless another process was first."""
    written = _write_beside(path, text)
    try:
        os.link(written, path)
    except FileExistsError:
        pass
    finally:
        written.unlink()
    sync_folder(path.parent)


def replace(path: Path, text: str) -> None:
    """Put another content in the place of the file."""
    _write_beside(path, text).replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder as durable as what is in its files."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_beside(path: Path, text: str) -> Path:
    private_folder(path.parent)
    beside = path.with_name(f".{path.name}.{uuid4().hex}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        beside.unlink()
        raise
    return beside

"""A file that keeps records while the database is away: append-only, synced before an answer leaves, one per process.

Each record is `WNJ1`, its length and its CRC-32 (both 4 bytes, big-endian), and its document. What a crash tore is
skipped; whatever else is whole is read. A process holds a lock on its file for as long as it lives: a file that can be
locked belongs to nobody, and whoever finds it replays it.
"""

import fcntl
import os
import struct
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path
from uuid import uuid4
from zlib import crc32

from app.journal.files import PRIVATE, private_folder, sync_folder

_MAGIC = b"WNJ1"
_HEAD = struct.Struct(">4sII")
ENDING = ".spool"
TORN = ".torn"


@dataclass(frozen=True, slots=True)
class Part:
    """Some of what a spool file holds: documents in order, where they end, and how many bytes could not be read."""

    documents: tuple[bytes, ...]
    end: int
    torn_bytes: int


class Spool:
    """One locked spool file, made by `new_spool` or found by `abandoned_spools`."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self._end = os.fstat(descriptor).st_size
        self._done = 0
        self.torn_bytes = 0

    @property
    def is_done(self) -> bool:
        """Everything in the file was replayed."""
        return self._done >= self._end

    @property
    def is_in_place(self) -> bool:
        """Its path leads to it: what is written to a file that was moved or removed nobody will find."""
        try:
            return os.path.samestat(os.fstat(self._descriptor), self.path.stat())
        except OSError:
            return False

    def append(self, documents: Sequence[bytes]) -> None:
        """Write the documents and sync them. Raises OSError where that fails; the file is then as it was before."""
        block = b"".join(_HEAD.pack(_MAGIC, len(each), crc32(each)) + each for each in documents)
        try:
            written = 0
            while written < len(block):
                written += os.pwrite(self._descriptor, block[written:], self._end + written)
            os.fdatasync(self._descriptor)
        except OSError:
            with suppress(OSError):  # what is left of the block is written over, or read as torn
                os.ftruncate(self._descriptor, self._end)
            raise
        self._end += len(block)

    def unreplayed(self, most: int) -> Part:
        """The next documents, at most so many. Call `replayed` when they are safe elsewhere."""
        return read_part(self._descriptor, self._done, self._end, most)

    def replayed(self, part: Part) -> None:
        """These are safe elsewhere."""
        self._done = part.end
        self.torn_bytes += part.torn_bytes

    def finish(self) -> None:
        """Remove the file; one with bytes that could not be read is kept beside, for somebody to look at. Where that cannot
        be done it stays, and is replayed again by whoever starts next: each record is stored once all the same."""
        with suppress(OSError):
            if self.torn_bytes:
                self.path.rename(self.path.with_suffix(TORN))
            else:
                self.path.unlink()
        os.close(self._descriptor)

    def set_aside(self) -> None:
        """Keep the file for somebody to look at, and replay it no more."""
        self.torn_bytes = self.torn_bytes or 1
        self.finish()

    def release(self) -> None:
        """Leave the file to whoever finds it."""
        os.close(self._descriptor)


def new_spool(folder: Path) -> Spool:
    """A file of this process's own. Raises OSError where none can be made."""
    private_folder(folder)
    while True:
        path = folder / f"{uuid4()}{ENDING}"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE)
        if _lock(descriptor):
            try:
                sync_folder(folder)
            except OSError:
                os.close(descriptor)
                raise
            return Spool(path, descriptor)


def abandoned_spools(folder: Path) -> Iterator[Spool]:
    """The files of processes that are gone, oldest first, each locked for this process."""
    for path in spool_files(folder):
        try:
            descriptor = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            continue
        if _lock(descriptor):
            yield Spool(path, descriptor)


def spool_files(folder: Path, ending: str = ENDING) -> list[Path]:
    """The spool files of all processes, oldest first."""
    dated = []
    for path in folder.glob(f"*{ending}"):
        with suppress(FileNotFoundError):
            dated.append((path.stat().st_mtime_ns, path))
    return [path for _, path in sorted(dated)]


@dataclass(frozen=True, slots=True)
class SpoolFile:
    """What is in a spool file, for somebody who looks on."""

    path: Path
    documents: tuple[bytes, ...]
    torn_bytes: int


def look(folder: Path) -> list[SpoolFile]:
    """All spool files, as they are now; `.torn` ones hold what could not be read, and nothing that is still needed."""
    found = []
    for path in [*spool_files(folder), *spool_files(folder, TORN)]:
        with suppress(FileNotFoundError), path.open("rb") as file:
            part = read_part(file.fileno(), 0, os.fstat(file.fileno()).st_size, sys.maxsize)
            found.append(SpoolFile(path, part.documents if path.suffix == ENDING else (), part.torn_bytes))
    return found


def _lock(descriptor: int) -> bool:
    """Lock it, unless somebody has it, or had it and removed it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return False
    if os.fstat(descriptor).st_nlink == 0:
        os.close(descriptor)
        return False
    return True


def read_part(descriptor: int, start: int, end: int, most: int) -> Part:
    """The whole records from `start` on, at most so many; from one that is not whole, on to the next mark."""
    documents: list[bytes] = []
    at, torn = start, 0
    if end == 0:
        return Part((), 0, 0)
    with mmap(descriptor, end, access=ACCESS_READ) as content:
        while at < end and len(documents) < most:
            document = _record_at(content, at)
            if document is not None:
                documents.append(document)
                at += _HEAD.size + len(document)
                continue
            following = content.find(_MAGIC, at + 1)
            following = end if following < 0 else following
            torn += following - at
            at = following
    return Part(tuple(documents), at, torn)


def _record_at(content: mmap, at: int) -> bytes | None:
    if len(content) < at + _HEAD.size:
        return None
    magic, length, checksum = _HEAD.unpack_from(content, at)
    document = content[at + _HEAD.size : at + _HEAD.size + length]
    whole = magic == _MAGIC and len(document) == length and crc32(document) == checksum
    return document if whole else None

"""The ids of calls and of cards: UUIDs (version 8, RFC 9562) that tell where they belong.

    0190c2f4-7d1e-8a52-8003-00000000002a
    the process that writes  card 3 of  call 42

The first 18 characters are drawn once by each process, and the last 12 count its calls, so that ids are made before
anything is written, in order, without a gap, and lie beside each other on disk. No clock has a say in them.
"""

from itertools import count
from uuid import uuid4

_WRITER = 18  # characters


class Identities:
    """The ids of one process."""

    def __init__(self) -> None:
        drawn = str(uuid4())
        self.writer = f"{drawn[:14]}8{drawn[15:_WRITER]}"
        self._count = count(1)
        self.last = 0

    def next(self) -> str:
        """The id of the next call."""
        self.last = next(self._count)
        return f"{self.writer}-8000-{self.last:012x}"


def card_of(call: str, place: int) -> str:
    """The uuid of a call's card; the first has place 1."""
    return f"{call[:_WRITER]}-{0x8000 + place:04x}{call[-13:]}"


def call_of(card: str) -> str:
    """The call a card was on."""
    return f"{card[:_WRITER]}-8000{card[-13:]}"


def writer_of(identity: str) -> str:
    """The process that made this id."""
    return identity[:_WRITER]


def number_of(identity: str) -> int:
    """Which of its process's calls this is, from 1."""
    return int(identity[-12:], 16)


def is_within(identity: str, writer: str, first: int, last: int) -> bool:
    """This is one of a writer's calls `first` to `last`."""
    return writer_of(identity) == writer and first <= number_of(identity) <= last

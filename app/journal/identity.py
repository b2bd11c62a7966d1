"""The ids of calls and of cards: UUIDs (version 8, RFC 9562) that tell where they belong.

    0190c2f4-7d1e-8a52-8000-000002a00003
    ------------------  --- -------          the process that writes, and which of its calls this is: 42
                                   -----     the card: 3; 0 is the call itself

So ids are made before anything is written, in order and without a gap, and what belongs together lies together on disk.
No clock has a say in them.
"""

import re
from itertools import count
from uuid import uuid4

_WRITER = 18  # characters
MOST_CARDS = 0xFFFFF
_OURS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}", re.ASCII)


class Identities:
    """The ids of one process."""

    def __init__(self) -> None:
        drawn = str(uuid4())
        self.writer = f"{drawn[:14]}8{drawn[15:_WRITER]}"
        self._count = count(1)

    def next(self) -> str:
        """The id of the next call."""
        return identity_of(self.writer, next(self._count))


def identity_of(writer: str, number: int) -> str:
    """The id of a process's call; its first has number 1."""
    digits = f"{number:010x}"
    return f"{writer}-8{digits[:3]}-{digits[3:]}00000"


def card_of(call: str, place: int) -> str:
    """The uuid of a call's card; the first has place 1."""
    return f"{call[:-5]}{place:05x}"


def is_card(uuid: str) -> bool:
    """Whether it can be the uuid of one of Wane's cards."""
    return bool(_OURS.fullmatch(uuid)) and not uuid.endswith("00000")


def place_of(card: str) -> int:
    """Its place among the cards of its call."""
    return int(card[-5:], 16)


def call_of(card: str) -> str:
    """The call a card was on."""
    return f"{card[:-5]}00000"


def writer_of(identity: str) -> str:
    """The process that made this id."""
    return identity[:_WRITER]


def number_of(identity: str) -> int:
    """Which of its process's calls this is, from 1."""
    return int(identity[20:23] + identity[24:31], 16)


def is_within(identity: str, writer: str, first: int, last: int) -> bool:
    """This is one of a writer's calls `first` to `last`."""
    return writer_of(identity) == writer and first <= number_of(identity) <= last

"""A request on its way in: its body counted, timed, and never waited for at the cost of others."""

import asyncio

from starlette.types import Message, Receive

from app.calls import note_size
from app.errors import BodyTooSlow, Issue
from app.limits.apart import mark_large
from app.limits.deadline import set_deadline
from app.limits.load import LARGE, Load
from app.settings import Settings


class Inbound:
    """Stands before ASGI's `receive`.

    While the body is still arriving the request holds no place among those in hand: slow senders starve nobody. Once it
    is whole, the time for judging begins.
    """

    def __init__(self, receive: Receive, declared: int | None, load: Load, settings: Settings) -> None:
        self._receive, self._load, self._settings = receive, load, settings
        self._until = asyncio.get_running_loop().time() + settings.body_seconds
        self._holds = False
        self._large = False
        self.size = 0
        self.ended = declared == 0

    async def receive(self) -> Message:
        """The next message. Raises BodyTooSlow (408), Overloaded (503)."""
        if self.ended:
            return await self._receive()
        self.let_go()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise BodyTooSlow(
                Issue("timeout", f"The body did not arrive within {self._settings.body_seconds} s. Send it again.")
            ) from None
        self.ended = message["type"] == "http.disconnect" or not message.get("more_body", False)
        self._count(len(message.get("body", b"")))
        self.hold()
        if self.ended:
            await self._begin()
        return message

    async def _begin(self) -> None:
        set_deadline(self._settings.request_seconds)
        if self.size > LARGE:
            await self._load.large.acquire()
            self._large = True
            mark_large()

    def _count(self, size: int) -> None:
        self.size += size
        note_size(self.size)
        self._load.received(size)

    def hold(self) -> None:
        """Take a place among the requests in hand. Raises Overloaded (503)."""
        self._load.take()
        self._holds = True

    def let_go(self) -> None:
        """Give the place back."""
        if self._holds:
            self._holds = False
            self._load.leave()

    def close(self) -> None:
        """The request is answered: nothing of it is in hand any more."""
        self.let_go()
        self._load.received(-self.size)
        if self._large:
            self._large = False
            self._load.large.release()

    async def drain(self, seconds: float) -> None:
        """Read away what is left of the body, for a while: who is still sending does not look for an answer."""
        try:
            async with asyncio.timeout(seconds):
                while not self.ended:
                    message = await self._receive()
                    self.ended = message["type"] == "http.disconnect" or not message.get("more_body", False)
        except TimeoutError:
            return

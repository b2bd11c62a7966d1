"""A request on its way in: its body counted, timed, and never waited for at the cost of others."""

import asyncio

from starlette.types import Message, Receive

from app.calls import note_size
from app.errors import BodyTooSlow, Issue, ServiceFault
from app.limits.apart import mark_large
from app.limits.deadline import set_deadline, took_too_long
from app.limits.load import LARGE, Load
from app.settings import Settings

_NEAR = 0.1  # seconds the end may be off, so that a body that came at once costs no second timer


class Inbound:
    """Stands before ASGI's `receive`.

    While the body is still arriving the request holds no place among those in hand: slow senders starve nobody. Once it
    is whole, the time for judging begins.
    """

    def __init__(self, receive: Receive, declared: int | None, load: Load, settings: Settings) -> None:
        self._receive, self._load, self._settings = receive, load, settings
        self._holds = False
        self._large = False
        self.limit: asyncio.Timeout | None = None  # what cuts the request off
        self.size = 0
        self.ended = declared == 0

    async def receive(self) -> Message:
        """The next message. Raises Overloaded (503)."""
        if self.ended:
            return await self._receive()
        self.let_go()
        message = await self._receive()
        self.ended = message["type"] == "http.disconnect" or not message.get("more_body", False)
        self._count(len(message.get("body", b"")))
        self._hold()
        if self.ended:
            await self._begin()
        return message

    async def _begin(self) -> None:
        set_deadline(self._settings.request_seconds)
        until = asyncio.get_running_loop().time() + self._settings.request_seconds
        if self.limit and abs((self.limit.when() or until) - until) > _NEAR:
            self.limit.reschedule(until)
        if self.size > LARGE:
            await self._load.large.acquire()
            self._large = True
            mark_large()

    def _count(self, size: int) -> None:
        self.size += size
        note_size(self.size)
        self._load.received(size)

    async def enter(self) -> None:
        """Take a place among the requests in hand. Raises Overloaded (503)."""
        self._hold()
        await self._load.turn()

    def _hold(self) -> None:
        self._load.take()
        self._holds = True

    def too_slow(self) -> ServiceFault:
        """Why the request was cut off: its body did not come, or what was asked took too long."""
        if self.ended:
            return took_too_long()
        seconds = self._settings.body_seconds
        return BodyTooSlow(Issue("timeout", f"The body did not arrive within {seconds} s. Send it again."))

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

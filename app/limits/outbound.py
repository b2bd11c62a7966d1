"""An answer on its way out. Where it is sent before the body has been read, the connection is closed after it, but not
at once: a client that is cut off while it sends never sees why."""

from starlette.types import Message, Send

from app.limits.inbound import Inbound

_SHORT = 64 * 1024  # bytes that are still waited for before answering, so that the connection can go on
_A_MOMENT, _A_WHILE = 0.25, 2.0  # seconds


class Outbound:
    """Stands before ASGI's `send`. `declared` is the Content-Length of the request, None if there is none."""

    def __init__(self, send: Send, inbound: Inbound, declared: int | None) -> None:
        self._send, self._inbound, self._declared = send, inbound, declared
        self._closing = False
        self.started = False

    async def send(self, message: Message) -> None:
        """Pass the message on."""
        if message["type"] == "http.response.start":
            self.started = True
            await self._before(message)
            await self._send(message)
        elif self._closing and not message.get("more_body", False):
            await self._send({**message, "more_body": True})
            await self._inbound.drain(_A_WHILE)
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        else:
            await self._send(message)

    async def _before(self, message: Message) -> None:
        if not self._inbound.ended and self._declared is not None and self._declared <= _SHORT:
            await self._inbound.drain(_A_MOMENT)
        if not self._inbound.ended:
            self._closing = True
            message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]

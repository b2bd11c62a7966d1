"""The gate every request passes, before anything of it is read: who calls, how often, how much, and for how long."""

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

from app.access import Access, access_of, refuse_strangers
from app.calls import note_fault
from app.errors import BodyTooLarge, Issue, ServiceFault, answer_to
from app.limits.inbound import Inbound
from app.limits.load import Load
from app.limits.outbound import Outbound
from app.limits.rate import UNLIMITED, Rate, client_of
from app.routes.answer import error_response
from app.run_folder import rate_table
from app.settings import Settings

_GENEROUS = 12_000  # calls a minute from one address


class Gate:
    """ASGI middleware. A fault that gets here, and whatever takes too long, becomes its OperationOutcome."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings
        self._load = Load(settings.max_at_once, settings.max_body_bytes)
        per_minute = calls_per_minute(settings)
        self._rate = Rate(per_minute, rate_table()) if per_minute else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = _declared(scope)
        inbound = Inbound(receive, declared, self._load, self._settings)
        outbound = Outbound(send, inbound, declared)
        try:
            await self._pass(scope, inbound, outbound, declared)
        except (ServiceFault, TimeoutError) as error:
            if outbound.started:
                raise
            fault = error if isinstance(error, ServiceFault) else inbound.too_slow()
            note_fault(fault)
            await error_response(answer_to(fault), scope["path"])(scope, receive, outbound.send)
        finally:
            inbound.close()

    async def _pass(self, scope: Scope, inbound: Inbound, outbound: Outbound, declared: int | None) -> None:
        client = (scope.get("client") or ("",))[0]
        refuse_strangers(client, self._settings)
        if scope["path"].startswith(UNLIMITED):
            await self._app(scope, inbound.receive, outbound.send)
            return
        if self._rate:
            self._rate.admit(client_of(client))
        _not_too_large(declared, self._settings.max_body_bytes)
        await inbound.enter()
        seconds = self._settings.request_seconds if inbound.ended else self._settings.body_seconds
        async with asyncio.timeout(seconds) as inbound.limit:
            await self._app(scope, inbound.receive, outbound.send)


def calls_per_minute(settings: Settings) -> int:
    """How many calls one address may make; 0 for no limit, as it is where only this machine can call."""
    if settings.calls_per_minute is not None:
        return settings.calls_per_minute
    return 0 if access_of(settings) is Access.LOOPBACK else _GENEROUS


def _declared(scope: Scope) -> int | None:
    """The length of the body as the headers have it; None where only its end will tell."""
    length = None
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            length = int(value)
        elif name == b"transfer-encoding":
            return None
    return 0 if length is None else length


def _not_too_large(declared: int | None, limit: int) -> None:
    if declared is not None and declared > limit:
        raise BodyTooLarge(Issue("too-long", f"The body is larger than {limit} bytes. Send only what was asked for."))

"""Every request is counted and told of in one line of the log: which service, which status, how long, what came out."""

import logging
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.calls import Call, begin
from app.metrics import OTHER, Metrics
from cds_hooks.hooks import HOOKS

log = logging.getLogger(__name__)

_SERVICES = {f"/cds-services/{name}": name for name in HOOKS}
_QUIET = ("/health/live", "/health/ready", "/metrics")  # asked every few seconds: in the log only when they fail


class Watch:
    """ASGI middleware, the outermost: what it sees is what the client sees."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        call, status, began = begin(), 500, perf_counter()

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self._metrics.began()
        try:
            await self._app(scope, receive, sending)
        finally:
            self._tell(scope, status, perf_counter() - began, call)

    def _tell(self, scope: Scope, status: int, seconds: float, call: Call) -> None:
        path = _route(scope)
        hook = _SERVICES.get(scope["path"]) if scope["method"] == "POST" else None
        self._metrics.ended(hook or path, hook is not None, status, seconds, call)
        if path in _QUIET and status < 400:
            return
        told: dict[str, object] = {"hook": hook} if hook else {"route": path}
        told |= {"status": status, "ms": round(seconds * 1000, 2), "bytes": call.bytes}
        told |= {"client": call.client} if call.client else {}
        if call.fault:
            told["fault"] = call.fault
        if call.refused:
            told["refused"] = call.refused
        told |= {"fetched": call.fetched} if call.fetched else {}
        if status == 200 and (hook or call.cards or call.gaps):
            told |= {"cards": len(call.cards), "rules": call.rules, "gaps": len(call.gaps)}
        log.log(logging.ERROR if status >= 500 else logging.INFO, "call", extra=told)


def _route(scope: Scope) -> str:
    """The path of the route as the code has it, never as it was asked for."""
    if scope["path"].startswith("/static/"):
        return "/static"
    return getattr(scope.get("route"), "path", None) or OTHER

"""Whatever nobody foresaw: a 500 that says so, inside CORS so that a browser sees it (checklist W2), and a line in the
log that names the kind of failure and where it happened, never a value."""

import logging
import traceback

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.calls import note_fault
from app.errors import answer_to
from app.routes.answer import error_response

log = logging.getLogger(__name__)


class LastResort:
    """ASGI middleware: any exception that got this far becomes an OperationOutcome."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as error:
            if started:
                raise
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{frame.name}:{frame.lineno}"
            note_fault(error)
            log.error("request failed", extra={"error": type(error).__name__, "place": place})
            await error_response(answer_to(error), scope["path"])(scope, receive, send)

"""The calls that EHRs make all day, answered without a search through the routes: that search and what a web framework
does around it would cost more than judging a call that is out of scope.

The same functions stand behind the routes, which describe them and answer whatever comes with a query.
"""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.calls import note_fault
from app.errors import ServiceFault, answer_to
from app.routes.answer import error_response
from cds_hooks.faults import RequestFault

Straight = Mapping[str, Callable[[Request], Awaitable[Response]]]


class Straightaway:
    """ASGI middleware, the innermost. `answers` are by path, for POST and no query."""

    def __init__(self, app: ASGIApp, answers: Straight) -> None:
        self._app, self._answers = app, answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._answers.get(scope["path"]) if scope["type"] == "http" else None
        if answer is None or scope["method"] != "POST" or scope["query_string"]:
            await self._app(scope, receive, send)
            return
        try:
            response = await answer(Request(scope, receive, send))
        except (ServiceFault, RequestFault) as error:
            note_fault(error)
            response = error_response(answer_to(error), scope["path"])
        await response(scope, receive, send)

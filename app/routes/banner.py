"""The banner of the open mode, put on every page in one place, so that no page can forget it."""

import tomllib
from functools import cache
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_WORDS = Path(__file__).parents[1] / "pages" / "words.toml"
_STYLE = (
    "margin:0;padding:.6rem 1rem;background:#7a1f1f;color:#fff;font:1rem/1.4 system-ui,sans-serif;text-align:center"
)


class Banner:
    """ASGI middleware: after the <body> of every HTML answer. `language` is for a page that names none."""

    def __init__(self, app: ASGIApp, language: str) -> None:
        self._app, self._language = app, language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        page = bytearray()

        async def sending(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
            elif start is None:
                await send(message)
            else:
                page.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    headers = MutableHeaders(scope=start)
                    shown = _with_banner(bytes(page), headers.get("content-language", self._language))
                    headers["content-length"] = str(len(shown))
                    await send(start)
                    await send({"type": "http.response.body", "body": shown})

        await self._app(scope, receive, sending)


def _is_page(message: Message) -> bool:
    return MutableHeaders(scope=message).get("content-type", "").startswith("text/html")


def _with_banner(page: bytes, language: str) -> bytes:
    banner = f'<p class="open-mode" role="alert" lang="{language}" style="{_STYLE}">{words(language)}</p>'
    before, body, after = page.partition(b"<body>")
    return before + body + banner.encode() + after if body else banner.encode() + page


@cache
def words(language: str) -> str:
    """What the banner says."""
    text: str = tomllib.loads(_WORDS.read_text(encoding="utf-8"))[language]["open_mode"]
    return text

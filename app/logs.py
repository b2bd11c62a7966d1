"""The log: one JSON object a line, on stderr.

A line of Wane's own has a fixed text and fields that are listed here; a field nobody listed is left out, and of what a
library says only where it said it is told: either might hold something out of a record (DESIGN invariant 7).
"""

import logging
import os
import re
from datetime import UTC, datetime
from typing import Any

import orjson

FIELDS = {
    *(
        "hook",
        "route",
        "status",
        "ms",
        "bytes",
        "client",
        "fault",
        "refused",
        "fetched",
        "cards",
        "rules",
        "gaps",
    ),  # of a call
    *("error", "place", "path", "rule"),  # of a failure
    "kind",  # of resource, one of those Wane reads
    *("errno", "torn_bytes"),  # of the journal
}
_OURS = ("app", "cds_hooks", "knowledge")
_OWN_KEYS = re.compile(
    r"(context|prefetch\.(patient|conditions|medications|statements|dispenses|procedures|devices|encounter))\b"
)


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            **_what(record),
            "process": os.getpid(),
        }
        return orjson.dumps(told).decode()


def _what(record: logging.LogRecord) -> dict[str, object]:
    if record.name.partition(".")[0] in _OURS:
        fields = {name: value for name, value in vars(record).items() if name in FIELDS}
        if "path" in fields:
            fields["path"] = _own(str(fields["path"]))
        return {"event": record.msg, **fields}
    told: dict[str, object] = {"event": "library", "logger": record.name, "place": f"{record.module}:{record.lineno}"}
    if record.name.partition(".")[0] == "uvicorn":  # its texts as written in its code, filled in with numbers only
        numbers = all(isinstance(value, int) for value in record.args or ())
        told["event"] = (record.getMessage() if numbers else str(record.msg)).strip()
    if record.exc_info and record.exc_info[0]:
        told["error"] = record.exc_info[0].__name__
    return told


def _own(path: str) -> str:
    """A place in a request, without a key that the client chose."""
    return path if _OWN_KEYS.match(path) else path.partition(".")[0]


CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": JsonLines}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "json"}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {"app": {"level": "INFO"}, "uvicorn": {"level": "INFO"}, "uvicorn.access": {"level": "CRITICAL"}},
}

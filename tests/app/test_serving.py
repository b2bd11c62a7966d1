"""`wane serve` as whoever runs it meets it: what it refuses, what it prints, how it stops, and with several workers."""

import json
import re
import signal
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from app.pages import words_of_banner
from tests.app.conftest import COMMAND, ROOT, Serve, Server

BODY = (ROOT / "app/pages/examples/order-select.baclofen-for-alcohol.json").read_bytes()
SELECT = "/cds-services/order-select"
JSON = {"Content-Type": "application/json"}


def refused(*arguments: str, **variables: str) -> str:
    """The sentence a start is refused with."""
    ended = subprocess.run(
        [*COMMAND, *arguments], cwd=ROOT, env={"PATH": "", **variables}, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    return ended.stderr

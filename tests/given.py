"""Where the files lie that others wrote: specification examples, and calls collected from public projects.

They stand in a folder `shared` beside the repository or above it, and are never copied into it.
"""

import json
from pathlib import Path

import pytest


def find(*parts: str) -> Path | None:
    """A file or folder of what was given, where this machine has it."""
    for folder in Path(__file__).resolve().parents[1].parents:
        if (folder / "shared").joinpath(*parts).exists():
            return (folder / "shared").joinpath(*parts)
    return None


def given(*parts: str) -> Path:
    """A file or folder of what was given; a test that needs it is skipped on a machine without it."""
    found = find(*parts)
    if found is None:
        pytest.skip(f"there is no shared/{'/'.join(parts)} beside this repository")
    return found


def given_json(*parts: str) -> object:
    return json.loads(given(*parts).read_bytes())

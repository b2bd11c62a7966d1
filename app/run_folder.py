"""What the worker processes of one start share: a folder with their figures and the table of call rates."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.limits.rate import make_table

FIGURES = "PROMETHEUS_MULTIPROC_DIR"  # prometheus-client reads it when it is imported
_TABLE = "calls.table"


@contextmanager
def shared_by(workers: int) -> Iterator[None]:
    """For several workers: a folder named in the environment they inherit, removed at the end. One needs none."""
    if workers == 1:
        os.environ.pop(FIGURES, None)
        yield
        return
    with tempfile.TemporaryDirectory(prefix="wane-") as folder:
        make_table(Path(folder) / _TABLE)
        os.environ[FIGURES] = folder
        yield


def figures_folder() -> Path | None:
    """Where the figures of all workers are; None for a single process."""
    folder = os.environ.get(FIGURES)
    return Path(folder) if folder else None


def rate_table() -> Path | None:
    """The table of call rates that all workers share; None for a single process."""
    folder = figures_folder()
    table = folder / _TABLE if folder else None
    return table if table and table.exists() else None

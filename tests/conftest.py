import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

from tests.service import Service, service_on

TODAY = date(2026, 11, 21)

# The same examples in every run, so that a change is judged and not the luck of a run; HYPOTHESIS_PROFILE=default looks on.
settings.register_profile("fixed", derandomize=True, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


@pytest.fixture(scope="session", autouse=True)
def a_journal_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Whatever starts the service in this run writes to one journal in a temporary place."""
    journal = tmp_path_factory.mktemp("journal") / "journal.sqlite"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("WANE_JOURNAL", str(journal))
        yield journal


@pytest.fixture(scope="session")
def wane_on(a_journal_of_its_own: Path) -> Iterator[Callable[[date], Service]]:
    """The service on a given day, started once for each day."""
    with ExitStack() as started:
        services: dict[date, Service] = {}

        def on(day: date) -> Service:
            if day not in services:
                services[day] = started.enter_context(service_on(day))
            return services[day]

        yield on


@pytest.fixture
def wane(wane_on: Callable[[date], Service]) -> Service:
    """The service on the day the tests are written for."""
    return wane_on(TODAY)

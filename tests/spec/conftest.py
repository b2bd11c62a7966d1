from collections.abc import Iterator

import pytest

from tests.service import Service, service_on
from tests.spec.corpus import parsed_calls
from tests.spec.splice import TODAY, Json


@pytest.fixture(scope="session")
def wane() -> Iterator[Service]:
    with service_on(TODAY) as service:
        yield service


@pytest.fixture(scope="session")
def collected() -> list[tuple[str, Json]]:
    return parsed_calls()

import pytest

from tests.spec.corpus import parsed_calls
from tests.spec.splice import Json


@pytest.fixture(scope="session")
def collected() -> list[tuple[str, Json]]:
    return parsed_calls()

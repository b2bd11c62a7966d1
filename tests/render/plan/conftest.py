import pytest

from knowledge.library import Library, read_library


@pytest.fixture(scope="session")
def library() -> Library:
    return read_library()

import pytest

from knowledge.library import Library, read_library


@pytest.fixture(scope="session")
def library() -> Library:
    """The knowledge base as it is shipped."""
    return read_library()

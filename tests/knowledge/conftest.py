from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.claim import Document
from knowledge.claims import load_documents
from knowledge.library import Library, read_library
from tests.given import given
from tests.knowledge.made_up import LEAF, MadeUp


@pytest.fixture(scope="session")
def documents() -> tuple[Document, ...]:
    return load_documents()


@pytest.fixture(scope="session")
def library() -> Library:
    return read_library()


@pytest.fixture(scope="session")
def document_files() -> Path:
    """The folder with the five documents as text. They are not part of the project."""
    return given("documents")


@pytest.fixture
def made_up(tmp_path: Path) -> Callable[..., MadeUp]:
    """Builds a knowledge folder with one document of four claims, or of other text and claims."""

    def build(text: str = LEAF, **claims: tuple[tuple[int, int], list[str]]) -> MadeUp:
        standard = {
            "TEA-001": ((3, 3), []),
            "TEA-002": ((5, 6), [">80 mg/day", "12 people"]),
            "TEA-003": ((8, 9), []),
            "TEA-004": ((11, 11), ["1.5 litre"]),
        }
        chosen = {claim_id.replace("_", "-"): value for claim_id, value in claims.items()} or standard
        return MadeUp(tmp_path, text, chosen).write()

    return build

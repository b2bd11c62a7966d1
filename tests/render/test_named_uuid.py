"""What is said again has the same name, and it is the name any other program would give it."""

from uuid import NAMESPACE_URL, UUID, uuid5

from hypothesis import given
from hypothesis.strategies import lists, text

from app.render.named_uuid import named_uuid, namespace_of


@given(lists(text()))
def test_a_named_uuid_is_that_of_version_5(parts: list[str]) -> None:
    assert named_uuid(NAMESPACE_URL.bytes, *parts) == str(uuid5(NAMESPACE_URL, "|".join(parts)))


def test_an_address_is_a_namespace() -> None:
    assert UUID(bytes=namespace_of("https://wane.example/fhir")) == uuid5(NAMESPACE_URL, "https://wane.example/fhir")

"""What a prefetch key says: its four states, and Bundles inside a Bundle, as the answer to a batch has them."""

from typing import Any

import pytest

from cds_hooks.prefetch import State, read_prefetch

A: dict[str, Any] = {"resourceType": "Condition", "id": "a"}
FAILURE = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "processing"}]}


def bundle(*resources: object, **more: object) -> dict[str, Any]:
    return {"resourceType": "Bundle", "entry": [{"resource": one} for one in resources], **more}


@pytest.mark.parametrize(
    ("answers", "state", "found"),
    [
        (bundle(bundle(A), bundle()), State.WHOLE, 1),
        (bundle(bundle(bundle(A)), A), State.WHOLE, 2),
        (bundle(bundle(A, total=2)), State.INCOMPLETE, 1),
        (bundle(bundle(A), FAILURE), State.INCOMPLETE, 1),
        (bundle(bundle(), FAILURE), State.FAILED, 0),
        (bundle(bundle(A), "Condition/b"), State.INCOMPLETE, 1),
    ],
)
def test_a_bundle_of_bundles_is_as_whole_as_each_of_them(answers: object, state: State, found: int) -> None:
    read = read_prefetch("conditions", {"conditions": answers})
    assert (read.state, len(read.resources)) == (state, found)
    assert all(resource == A for _, resource in read.resources)


@pytest.mark.parametrize(
    "value",
    [
        *({}, [], "", "none", 0, False, {"resourceType": ""}, {"resourceType": None}, {"resourceType": ["Bundle"]}),
        *(FAILURE, {"status": 404}, {"resource": FAILURE}, {"resource": {}}, {"resource": []}),
        *({"response": {"status": "404"}}, {"response": {"status": "404 Not Found"}, "resource": None}),
        *({"response": {"status": 500}, "resource": None}, bundle(FAILURE), bundle(entry={}), bundle(entry=None)),
    ],
    ids=str,
)
def test_what_is_no_answer_has_failed_and_is_not_none(value: object) -> None:
    assert read_prefetch("conditions", {"conditions": value}).state is State.FAILED


@pytest.mark.parametrize(
    "value",
    [
        *(None, {"resource": None}, {"response": {"status": "200 OK"}, "resource": None}, {"resource": bundle()}),
        *(bundle(), bundle(total=0), {"resourceType": "Bundle"}, bundle(link=[]), bundle(link=[{"relation": "self"}])),
    ],
    ids=str,
)
def test_null_and_an_empty_bundle_are_none(value: object) -> None:
    read = read_prefetch("conditions", {"conditions": value})
    assert (read.state, read.resources) == (State.WHOLE, ())


def test_a_key_that_was_not_sent_is_absent() -> None:
    assert read_prefetch("conditions", {"medications": None}).state is State.ABSENT


@pytest.mark.parametrize(
    ("more", "following"),
    [
        ({"link": [{"relation": "self", "url": "a"}, {"relation": "next", "url": "b"}]}, "b"),
        ({"link": {"relation": "next", "url": "b"}}, "b"),
        ({"link": [{"relation": "next"}]}, None),
        ({"link": [{"relation": "next", "url": 7}]}, None),
        ({"total": 2}, None),
    ],
)
def test_a_page_with_more_behind_it_is_incomplete(more: dict[str, Any], following: str | None) -> None:
    read = read_prefetch("conditions", {"conditions": bundle(A, **more)})
    assert (read.state, read.next, len(read.resources)) == (State.INCOMPLETE, following, 1)

"""What a prefetch key says where it holds Bundles inside a Bundle, as the answer to a batch does."""

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

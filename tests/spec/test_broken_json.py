"""What is not JSON, or JSON that is no call, is refused with a clean error."""

import pytest

from tests.checklist import faults_in_operation_outcome
from tests.given import given
from tests.service import Service


@pytest.mark.parametrize("kind", ["n_", "i_", "y_"])
def test_every_body_of_the_json_test_suite_is_refused(wane: Service, kind: str) -> None:
    # Not even the valid files (y_) are a call: no object among them has a hook.
    files = [file for file in sorted(given("corpus", "broken_json_suite").iterdir()) if file.name.startswith(kind)]
    wrong = []
    for file in files:
        headers = {"Content-Type": "application/json"}
        answer = wane.call("POST", "/cds-services/order-sign", content=file.read_bytes(), headers=headers)
        faults = faults_in_operation_outcome(answer.json())
        if answer.status not in {400, 413} or faults:
            wrong.append(f"{file.name}: status {answer.status} {faults}")
    assert files
    assert wrong == []

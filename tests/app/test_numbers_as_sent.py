"""An order that is handed back changed holds every number nobody changed, digit for digit."""

import json
import re
from pathlib import Path

import pytest

from tests.service import Service

CALL = json.loads((Path(__file__).parents[1] / "conversations" / "m-10-foreign-content-comes-back.json").read_text())
PATH, BODY = CALL["request"]["path"], CALL["request"]["body"]
NUMBERS = ["1.10", "0.50", "100.00", "2", "0.12345678901234567890", "1.5e1", "12345678901234567890", "-3.140"]


def body_with(number: str) -> bytes:
    """The call, with a foreign number in the draft."""
    sent = json.loads(json.dumps(BODY))
    (entry,) = sent["context"]["draftOrders"]["entry"]
    entry["resource"].setdefault("extension", []).append({"url": "https://ehr.example/x", "valueDecimal": "NUMBER"})
    return json.dumps(sent).replace('"NUMBER"', number).encode()


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_goes_back_as_it_came(number: str, wane: Service) -> None:
    headers = {"Content-Type": "application/json"}
    answer = wane.call("POST", PATH, content=body_with(number), headers=headers).content.decode()
    updates = re.findall(r'"url":"https://ehr\.example/x","valueDecimal":([^}]*)}', answer)
    assert updates
    assert set(updates) == {number}

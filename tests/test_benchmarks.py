"""What is measured still runs: every history makes a call, and every rule has one in which it speaks."""

from benchmarks.alerts import Economy
from benchmarks.histories import HISTORIES
from knowledge.library import read_library


def test_every_rule_speaks_on_a_history_put_into_an_empty_record() -> None:
    library = read_library()
    economy = Economy(library)
    for name, history in HISTORIES.items():
        patient = {"resourceType": "Patient", "id": "p-1", "birthDate": "1960-01-01"}
        economy.ask(name, [patient], history)

    assert [rule for rule in library.by_id if not economy.speaks[rule]] == []
    assert economy.refused == 0
    assert economy.calls == len(HISTORIES)

"""What is measured still runs: every history makes a call, and every rule has one in which it speaks."""

from benchmarks import baclofen_histories, bzra_histories
from benchmarks.alerts import Economy
from benchmarks.card_reading import laid_out
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


def test_drawn_histories_are_the_same_for_the_same_seed_and_each_makes_a_call() -> None:
    economy = Economy(read_library())
    patient = {"resourceType": "Patient", "id": "p-1", "birthDate": "1960-01-01"}
    for name, history in bzra_histories.drawn(617, 60):
        economy.ask(name, [patient], history)

    assert list(bzra_histories.drawn(617, 60)) == list(bzra_histories.drawn(617, 60))
    assert list(bzra_histories.drawn(617, 60)) != list(bzra_histories.drawn(618, 60))
    assert (economy.calls, economy.refused) == (60, 0)
    assert {"bzra-first-use", "bzra-duration", "bzra-taper", "bzra-high-dose"} <= set(economy.answered)


def test_a_card_is_laid_out_with_the_order_the_record_and_all_it_offers() -> None:
    economy = Economy(read_library())
    patient = {"resourceType": "Patient", "id": "p-1", "birthDate": "1960-01-01"}
    economy.ask("zolpidem", [patient], HISTORIES["zolpidem again after 40 days"])

    ((_, record, history, card),) = economy.answered["bzra-duration"]
    told = laid_out("zolpidem", record, history, card)
    for word in (card.summary, "2021-04-22", "born 1966-03-05", card.suggestions[0].label, "/evidence/bzra-duration"):
        assert word in told


def test_drawn_histories_of_baclofen_are_the_same_for_the_same_seed_and_make_its_rules_speak() -> None:
    economy = Economy(read_library())
    patient = {"resourceType": "Patient", "id": "p-1", "birthDate": "1960-01-01"}
    for name, history in baclofen_histories.drawn(617, 200):
        economy.ask(name, [patient], history)

    assert list(baclofen_histories.drawn(617, 20)) == list(baclofen_histories.drawn(617, 20))
    assert (economy.calls, economy.refused) == (200, 0)
    assert {rule for rule in economy.library.by_id if rule.startswith(("baclofen", "itb"))} <= set(economy.answered)

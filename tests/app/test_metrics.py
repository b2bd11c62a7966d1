from app.calls import Call
from app.metrics import Metrics
from knowledge.library import read_library


def test_a_name_that_is_not_out_of_the_knowledge_is_counted_as_other() -> None:
    metrics = Metrics(read_library())
    call = Call(cards=[("jansen", "jansen", "jansen")], gaps=["jansen"], failed=["jansen"], withheld=["jansen"])
    metrics.began()
    metrics.ended("order-select", True, 200, 0.002, call)
    text = metrics.text().decode()
    assert "jansen" not in text
    assert 'wane_cards_total{indicator="other",rule="other",says="other"} 1.0' in text
    assert 'wane_withheld_total{rule="other"} 1.0' in text


def test_calls_cards_gaps_and_times_are_counted() -> None:
    metrics = Metrics(read_library())
    card = ("baclofen-alcohol", "warning", "against")
    for status in (200, 200, 412):
        metrics.began()
        metrics.ended("order-select", True, status, 0.004, Call(cards=[card], gaps=["conditions"]))
    metrics.began()
    metrics.ended("/docs", False, 200, 0.1, Call())
    lines = metrics.text().decode().splitlines()
    for line in (
        'wane_calls_total{hook="order-select",status="200"} 2.0',
        'wane_calls_total{hook="order-select",status="412"} 1.0',
        'wane_cards_total{indicator="warning",rule="baclofen-alcohol",says="against"} 3.0',
        'wane_gaps_total{missing="conditions"} 3.0',
        'wane_call_seconds_bucket{hook="order-select",le="0.005"} 3.0',
        'wane_requests_total{route="/docs",status="200"} 1.0',
        "wane_requests_in_hand 0.0",
    ):
        assert line in lines

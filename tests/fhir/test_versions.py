"""Several versions of one resource in a Bundle: only the newest counts, and a resource that was deleted is none."""

from typing import Any

import pytest

from tests.conformance.bundles import accounted
from tests.fhir.conftest import Advised
from tests.fhir.records import at, baclofen, bundle, entries, lormetazepam, patient, rules_of

Json = dict[str, Any]
URL = "https://a.example/fhir/MedicationRequest/l"
ERROR = {"status": "entered-in-error"}


def version(day: str, **more: Any) -> Json:
    return at(URL, lormetazepam(meta={"lastUpdated": f"2026-{day}"} if day else {}, **more))


def judged(advised: Advised, *sent: Json, kind: str = "history") -> tuple[list[str], list[str]]:
    """The rules that speak, and the places that are not relevant."""
    body = advised(entries(*sent, kind=kind), "?complete=all")
    return rules_of(body), accounted(body)["not-relevant"]


def test_a_history_has_the_newest_first(advised: Advised) -> None:
    body = advised(bundle(patient(), baclofen(status="entered-in-error"), baclofen(), kind="history"))
    assert rules_of(body) == []
    assert "Bundle.entry[2]" in accounted(body)["not-relevant"]


@pytest.mark.parametrize("kind", ["history", "collection"])
def test_where_they_tell_when_they_were_changed_the_newest_counts_wherever_it_stands(
    advised: Advised, kind: str
) -> None:
    old, new = version("01-01T00:00:00Z"), version("05-01T00:00:00Z", **ERROR)
    assert judged(advised, old, new, kind=kind) == ([], ["Bundle.entry[0]"])
    assert judged(advised, new, old, kind=kind) == ([], ["Bundle.entry[1]"])


def test_times_are_compared_across_their_zones(advised: Advised) -> None:
    old, new = version("05-01T01:30:00+02:00"), version("05-01T00:00:00Z", **ERROR)
    assert judged(advised, old, new) == ([], ["Bundle.entry[0]"])


def test_where_one_of_them_tells_no_time_the_order_of_a_history_decides(advised: Advised) -> None:
    assert judged(advised, version("", **ERROR), version("05-01T00:00:00Z")) == ([], ["Bundle.entry[1]"])
    assert judged(advised, version("soon", **ERROR), version("05-01T00:00:00Z")) == ([], ["Bundle.entry[1]"])


def test_outside_of_a_history_two_of_one_name_without_times_both_count(advised: Advised) -> None:
    rules, left_out = judged(advised, version("", **ERROR), version(""), kind="collection")
    assert (rules, left_out) == (["bzra-taper"], [])


def test_the_same_name_from_two_servers_is_two(advised: Advised) -> None:
    other = at("https://b.example/fhir/MedicationRequest/l", lormetazepam(meta={"lastUpdated": "2026-01-01T00:00:00Z"}))
    _, left_out = judged(advised, version("05-01T00:00:00Z", **ERROR), other)
    assert left_out == []


@pytest.mark.parametrize(
    "deleted",
    [
        {"fullUrl": URL, "request": {"method": "DELETE", "url": "MedicationRequest/l"}},
        {"request": {"method": "DELETE", "url": "MedicationRequest/l"}},
        {"request": {"method": "DELETE", "url": URL}},
        {"fullUrl": f"{URL}/_history/2", "request": {"method": "DELETE", "url": "MedicationRequest/l/_history/2"}},
    ],
)
def test_what_was_deleted_last_is_none(advised: Advised, deleted: Json) -> None:
    assert judged(advised, deleted, version("")) == ([], ["Bundle.entry[0]", "Bundle.entry[1]"])


def test_what_was_made_again_after_it_was_deleted_is_there(advised: Advised) -> None:
    deleted = {"fullUrl": URL, "request": {"method": "DELETE", "url": "MedicationRequest/l"}}
    assert judged(advised, version(""), deleted) == (["bzra-taper"], ["Bundle.entry[1]"])
    late = {**deleted, "response": {"status": "204", "lastModified": "2026-06-01T00:00:00Z"}}
    assert judged(advised, version("05-01T00:00:00Z"), late)[0] == []

"""What the service says of itself."""

from tests.checklist import faults_in_discovery
from tests.service import Service


def test_discovery_is_valid_and_names_one_service_per_hook(wane: Service) -> None:
    answer = wane.call("GET", "/cds-services")
    services = answer.json()["services"]
    assert answer.status == 200
    assert answer.headers["content-type"].split(";")[0] == "application/json"
    assert faults_in_discovery(answer.json()) == []
    assert all(service["id"] == service["hook"] for service in services)
    assert {service["id"] for service in services} >= {"order-select", "order-sign", "patient-view"}


def test_medications_are_asked_for_without_a_status(wane: Service) -> None:
    # Dutch systems send status unknown on every prescription: a filter on active would return nothing.
    for service in wane.call("GET", "/cds-services").json()["services"]:
        assert service["prefetch"]["medications"] == "MedicationRequest?patient={{context.patientId}}"

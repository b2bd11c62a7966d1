"""Procedures, devices, the stay, examinations: from FHIR to facts."""

from datetime import date
from typing import Any

import pytest

from app.intake.device import read_device, read_device_use
from app.intake.encounter import read_encounter
from app.intake.examination import examinations_of
from app.intake.included import Included
from app.intake.procedure import read_procedure
from knowledge.library import Library, read_library
from tests.intake.records import facts


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library()


@pytest.mark.parametrize(
    ("resource", "done", "removes"),
    [
        ({"status": "completed", "code": {"text": "Implantatie baclofenpomp"}}, True, False),
        ({"status": "completed", "code": {"text": "Pump refill"}}, True, False),
        ({"status": "not-done", "code": {"text": "Remplissage de la pompe"}}, False, False),
        ({"status": "completed", "code": {"text": "Explantation einer Baclofenpumpe"}}, True, True),
        ({"status": "completed", "code": {"text": "Verwijdering intrathecale pomp"}}, True, True),
        ({"status": "completed", "notPerformed": True, "code": {"text": "Pump refill"}}, False, False),
    ],
)
def test_a_procedure_on_a_pump(library: Library, resource: dict[str, Any], done: bool, removes: bool) -> None:
    read = read_procedure(resource | {"performedDateTime": "2024-03-01"}, "Procedure/1", library.codes)
    assert read is not None
    assert (read.done, read.removes, read.on) == (done, removes, date(2024, 3, 1))
    assert "intrathecal-pump" in read.lists


@pytest.mark.parametrize("status", ["entered-in-error", "preparation"])
def test_a_procedure_that_tells_nothing(library: Library, status: str) -> None:
    assert read_procedure({"status": status, "code": {"text": "Pump refill"}}, "Procedure/1", library.codes) is None


def test_a_procedure_of_no_list_is_left(library: Library) -> None:
    other = {"status": "completed", "code": {"text": "Appendectomie"}}
    assert read_procedure(other, "Procedure/1", library.codes) is None


@pytest.mark.parametrize(
    ("resource", "in_place"),
    [
        ({"status": "active", "type": {"text": "Intrathecal drug pump"}}, True),
        ({"type": [{"text": "Intrathecal drug pump"}]}, True),
        ({"status": "inactive", "deviceName": [{"name": "SynchroMed II"}]}, False),
        ({"name": [{"value": "SynchroMed III"}]}, True),
    ],
)
def test_a_pump_among_the_devices(library: Library, resource: dict[str, Any], in_place: bool) -> None:
    read = read_device(resource, "Device/1", library.codes)
    assert read is not None
    assert read.in_place is in_place


@pytest.mark.parametrize("resource", [{"status": "entered-in-error", "type": {"text": "Baclofen pump"}}, {}])
def test_no_pump_among_the_devices(library: Library, resource: dict[str, Any]) -> None:
    assert read_device(resource, "Device/1", library.codes) is None


ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


PUMP = {"resourceType": "Device", "id": "p", "type": {"text": "Baclofen pump"}}


@pytest.mark.parametrize(
    ("use", "in_place"),
    [
        ({"status": "active", "device": {"display": "Baclofenpumpe"}}, True),
        ({"status": "active", "device": {"reference": "Device/p"}}, True),
        ({"status": "active", "device": {"reference": "#p"}, "contained": [PUMP]}, True),
        ({"status": "active", "device": {"concept": {"text": "pompe à baclofène"}}}, True),
        ({"status": "active", "device": {"reference": {"reference": "Device/p"}}}, True),
        ({"status": "completed", "device": {"reference": "Device/p"}}, False),
        ({"status": "active", "device": {"display": "insulin pump"}}, None),
        ({"status": "entered-in-error", "device": {"reference": "Device/p"}}, None),
    ],
)
def test_a_pump_that_is_stated_to_be_used(library: Library, use: dict[str, Any], in_place: bool | None) -> None:
    read = read_device_use(use, "DeviceUseStatement/1", library.codes, Included([("", PUMP)]))
    assert (read.in_place if read else None) is in_place


def test_a_statement_of_use_is_one_of_the_devices(library: Library) -> None:
    stated = {
        "resourceType": "DeviceUseStatement",
        "id": "u",
        "status": "active",
        "device": {"display": "baclofen pump"},
    }
    assert [device.reference for device in facts(stated).devices] == ["DeviceUseStatement/u"]


@pytest.mark.parametrize(
    ("told", "setting"),
    [
        ({"system": ACT, "code": "IMP"}, "inpatient"),
        ({"system": ACT, "code": "AMB"}, "outpatient"),
        ({"system": ACT, "code": "EMER"}, None),
        ("inpatient", "inpatient"),
        ([{"coding": [{"system": ACT, "code": "ACUTE"}]}], "inpatient"),
        (None, None),
    ],
)
def test_the_class_of_a_contact(told: object, setting: str | None) -> None:
    read = read_encounter({"class": told, "period": {"start": "2026-11-14T10:00:00+01:00"}}, "Encounter/1")
    assert (read.setting, read.start) == (setting, date(2026, 11, 14))


@pytest.mark.parametrize(
    ("resource", "lists"),
    [
        ({"code": {"coding": [{"system": "http://loinc.org", "code": "24590-2"}]}}, {"mri"}),
        ({"code": {"text": "IRM cérébrale"}}, {"mri"}),
        ({"code": {"text": "MR lumbale wervelkolom"}}, {"mri"}),
        ({"code": {"coding": [{"system": "http://loinc.org", "code": "36801-9", "display": "MR Knee"}]}}, {"mri"}),
        ({"code": {"text": "angio-IRM des troncs supra-aortiques"}}, {"mri"}),
        ({"code": {"text": "fMRT Schädel"}}, {"mri"}),
        ({"code": {"text": "CT lumbale wervelkolom"}}, set()),
        ({"code": {"concept": {"text": "MRT Kopf"}}}, {"mri"}),
        ({"code": {"text": "Diathermie"}}, {"diathermy"}),
        ({"code": {"text": "X-thorax"}}, set()),
        ({"code": {"text": "MRI"}, "status": "revoked"}, set()),
        ({"code": {"text": "MRI"}, "doNotPerform": True}, set()),
    ],
)
def test_an_examination_being_ordered(library: Library, resource: dict[str, Any], lists: set[str]) -> None:
    assert examinations_of(resource, library.codes) == lists

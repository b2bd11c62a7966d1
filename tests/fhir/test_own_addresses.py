"""Whatever Wane sends under an address of its own can be looked up: code systems and canonicals at their path, extensions by
`url`, identifiers as a NamingSystem, and every code in the code system it is said to be of."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.clients.door import Proof, hash_of
from app.knowledge_fhir.capability import KINDS
from app.settings import Settings
from app.settings.client import Client
from knowledge.taper import Alternative, Because, Fact
from tests.conftest import TODAY
from tests.conversations.conversation import read as read_conversation
from tests.fhir.records import alcohol, baclofen, bundle, lormetazepam, of, patient
from tests.fhir.test_knowledge import get, read
from tests.service import Service, service_on

SITE = "https://wane.example/fhir/"
EXAMPLES = Path(__file__).parents[2] / "app" / "pages" / "examples"
CONVERSATIONS = sorted((Path(__file__).parents[1] / "conversations").glob("*.json"))
TWO = bundle(patient("1"), patient("2"), alcohol(), baclofen(), lormetazepam(subject=of("Patient/2")))


def example(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def told(wane_on: Any, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Answers of every door."""
    wane: Service = wane_on(TODAY)
    found = [wane.post("/fhir/$advise", TWO).json(), wane.post("/fhir/$advise", bundle()).json()]
    found += [wane.post("/fhir/$advise", bundle(patient(), lormetazepam(medicationCodeableConcept=7))).json()]
    for file in CONVERSATIONS[::7]:
        call = read_conversation(file)
        found.append(
            json.loads(wane_on(call.today).call(call.method, call.path, content=call.content).content or "null")
        )
    for name in ("plan-taper.a-prescription-of-diazepam", "plan-taper.baclofen-in-one-prescription"):
        found.append(wane.post("/fhir/$plan-taper", example(name)).json())
    refused = {"resourceType": "Parameters", "parameter": [{"name": "medicine", "valueString": "zaleplon"}]}
    found.append(wane.post("/fhir/$plan-taper", refused).json())
    found.append(wane.post("/taper/plan", example("taper-plan.diazepam-at-night")).json())
    found += [read(wane, "/metadata"), *(read(wane, f"/{kind}?_count=500") for kind in KINDS)]
    found += [read(wane, "/ValueSet/alcohol-dependence/$expand")]
    return found


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """What is put into the record of a client that takes it."""
    token = hash_of("it")
    client = Client(name="ward", unreviewed="show", tokens=(token,), system_actions=True)
    settings = Settings(journal=tmp_path_factory.mktemp("own") / "journal.sqlite", clients=(client,))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("app.clients.door.proof_for", lambda *_: Proof.BEARER)
        with service_on(TODAY, settings) as wane:
            called = example("order-select.baclofen-for-alcohol")
            answer = wane.post("/cds-services/order-select", called, Authorization="Bearer it").json()
    assert answer["systemActions"]
    return [answer]


def members(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from members(item)


def own(value: Any) -> Iterator[str]:
    """Every address of Wane's own that stands anywhere in it."""
    for each in members(value):
        for item in each.values():
            for text in item if isinstance(item, list) else [item]:
                if isinstance(text, str) and text.startswith(SITE):
                    yield text


def test_every_address_of_our_own_that_is_sent_can_be_looked_up(
    told: list[Any], filed: list[Any], wane: Service
) -> None:
    lost = []
    for address in sorted(set(own([*told, *filed]))):
        url = address.partition("|")[0]
        kind, _, identity = url.removeprefix(SITE).partition("/")
        if not identity:
            found = read(wane, f"/NamingSystem?value={url}")
            lost += [] if found["total"] == 1 else [address]
        elif (kind, identity) == ("CapabilityStatement", "wane"):
            assert read(wane, "/metadata")["url"] == url
        else:
            at_path, by_url = get(wane, f"/{kind}/{identity}"), get(wane, f"/{kind}?url={address.replace('+', '%2B')}")
            is_there = at_path.status == 200 and at_path.json()["url"] == url and by_url.json()["total"] == 1
            lost += [] if is_there else [address]
    assert lost == []


def test_every_code_of_our_own_that_is_sent_is_in_its_system(told: list[Any], filed: list[Any], wane: Service) -> None:
    codes = {
        (each["system"], each["code"])
        for each in members([*told, *filed])
        if str(each.get("system", "")).startswith(f"{SITE}CodeSystem/") and "code" in each
    }
    assert len({system for system, _ in codes}) >= 5
    lost = set()
    for system, code in codes:
        name = system.rpartition("/")[2]
        answer = read(wane, f"/ValueSet/{name}/$validate-code?system={system}&code={code}")
        lost |= set() if answer["parameter"][0]["valueBoolean"] else {(system, code)}
    assert lost == set()


def test_every_extension_of_our_own_is_used_as_it_is_defined(told: list[Any], filed: list[Any], wane: Service) -> None:
    used = [
        each for each in members([*told, *filed]) if str(each.get("url", "")).startswith(f"{SITE}StructureDefinition/")
    ]
    used = [each for each in used if "resourceType" not in each]
    names = {each["url"] for each in used}
    defined = {each["resource"]["url"]: each["resource"] for each in read(wane, "/StructureDefinition")["entry"]}
    assert names == set(defined), "every definition is of an extension that is sent"
    for each in used:
        elements = {one["id"]: one for one in defined[each["url"]]["differential"]["element"]}
        if "extension" in each:
            for part in each["extension"]:
                [kind] = elements[f"Extension.extension:{part['url']}.value[x]"]["type"]
                assert f"value{kind['code'][0].upper()}{kind['code'][1:]}" in part
        else:
            [kind] = elements["Extension.value[x]"]["type"]
            assert f"value{kind['code'][0].upper()}{kind['code'][1:]}" in each


def test_the_reasons_of_the_planner_are_all_in_its_code_system(wane: Service) -> None:
    system = read(wane, "/CodeSystem/taper-reasons")
    assert {each["code"] for each in system["concept"]} == {*Because, *Fact, *Alternative}
    assert not [each for each in system["concept"] if "{" in json.dumps(each["display"])]


def test_the_statement_and_the_whole_are_named_wane(wane: Service) -> None:
    assert read(wane, "/metadata")["name"] == "Wane"
    assert read(wane, "/Library/wane")["name"] == "Wane"

"""The knowledge as FHIR: valid, true to the files that judge, and no more of it than may be given away."""

import json
import re
from typing import Any
from urllib.parse import quote

import pytest

from app.knowledge_fhir.capability import KINDS
from app.knowledge_fhir.shelf import Shelf
from tests.conformance.place import Place
from tests.conformance.resources import faults_in_resource
from tests.intake.records import library
from tests.service import Answer, Service

SITE = "https://wane.example/fhir"
SHELF = Shelf(library(), "http://127.0.0.1:8000")
ALL = [(kind, str(each["id"])) for kind in KINDS for each in SHELF.search(kind)]
SNOMED = "http://snomed.info/sct"
CM, WHO = "http://hl7.org/fhir/sid/icd-10-cm", "http://hl7.org/fhir/sid/icd-10"


def get(wane: Service, path: str, **headers: str) -> Answer:
    return wane.call("GET", f"/fhir{path}", headers={name.replace("_", "-"): each for name, each in headers.items()})


def read(wane: Service, path: str) -> dict[str, Any]:
    answer = get(wane, path)
    assert answer.status == 200, answer.content
    body: dict[str, Any] = answer.json()
    return body


def told(wane: Service, path: str) -> dict[str, Any]:
    return {one["name"]: next(v for k, v in one.items() if k != "name") for one in read(wane, path)["parameter"]}


@pytest.mark.parametrize("kind", KINDS)
def test_every_resource_is_valid(kind: str, wane: Service) -> None:
    found: list[str] = []
    page = read(wane, f"/{kind}?_count=500")
    for entry in page["entry"]:
        faults_in_resource(Place(entry["resource"], found), "FHIR R4")
    assert found == []
    assert page["total"] == len(page["entry"]) == len([each for each in ALL if each[0] == kind])


def test_there_is_a_plan_definition_and_a_library_for_every_rule() -> None:
    rules = {rule.id for rule in library().rules}
    assert {identity for kind, identity in ALL if kind == "PlanDefinition"} == rules
    assert {identity for kind, identity in ALL if kind == "Library"} == rules | {"wane"}


def test_a_plan_definition_says_when_a_rule_speaks_and_on_what_it_rests(wane: Service) -> None:
    plan = read(wane, "/PlanDefinition/baclofen-alcohol")
    (rule,) = plan["action"]
    known = library().by_id["baclofen-alcohol"]
    assert [each["name"] for each in rule["trigger"]] == list(known.hooks)
    assert [block["prefix"] for block in rule["action"]] == [block.name for block in known.speak]
    criteria = [each["expression"]["expression"] for block in rule["action"] for each in block["condition"]]
    assert f"{known.speak[1].all[0].text}, unknown = no" in criteria
    assert {each["label"] for each in plan["relatedArtifact"] if each["type"] == "citation"} == set(known.claims)


def test_every_resource_that_is_named_is_there() -> None:
    there = {f"{SITE}/{kind}/{identity}" for kind, identity in ALL}
    named = {
        text.partition('"')[0].partition("|")[0]
        for kind, identity in ALL
        for text in json.dumps(SHELF.read(kind, identity), default=str).split(f'"{SITE}/')[1:]
    }
    assert {f"{SITE}/{name}" for name in named if "/" in name} <= there


def test_no_display_of_a_code_system_of_others_is_given_away(wane: Service) -> None:
    for entry in read(wane, "/ValueSet?_count=500")["entry"]:
        for include in entry["resource"]["compose"]["include"]:
            assert include["system"].startswith(SITE) or not any("display" in each for each in include["concept"])


def test_no_code_is_given_away_that_may_not_be() -> None:
    systems, ids = set(), []
    for each in SHELF.lists.values():
        systems |= {member.system for member in each.members}
        ids += [member.code for member in each.members if member.system == "snomed"]
    assert not systems & {"prk", "gpk", "hpk", "zi", "ssk", "cnk", "edqm", "sam-amp", "sam-vmp"}
    assert {code[-3] for code in ids} == {"0"}


def test_every_set_with_codes_of_others_says_whose_they_are(wane: Service) -> None:
    for entry in read(wane, "/ValueSet?_count=500")["entry"]:
        held = {include["system"] for include in entry["resource"]["compose"]["include"]}
        assert ("copyright" in entry["resource"]) == any(not system.startswith(SITE) for system in held)


def test_a_resource_is_found_by_its_id_and_by_its_address(wane: Service) -> None:
    url = f"{SITE}/ValueSet/alcohol-dependence"
    version = read(wane, "/ValueSet/alcohol-dependence")["version"].replace("+", "%2B")
    for query in ("_id=alcohol-dependence", f"url={url}", f"url={url}%7C{version}"):
        page = read(wane, f"/ValueSet?{query}")
        assert [each["resource"]["id"] for each in page["entry"]] == ["alcohol-dependence"], query
    assert read(wane, f"/ValueSet?url={url}%7C0")["total"] == 0


def urls(page: dict[str, Any]) -> list[str]:
    return [each["resource"]["id"] for each in page.get("entry", ())]


def test_values_with_commas_are_alternatives_and_parameters_that_come_again_must_all_fit(wane: Service) -> None:
    assert urls(read(wane, "/CodeSystem?_id=rules,gaps")) == ["gaps", "rules"]
    assert urls(read(wane, "/CodeSystem?_id=rules,gaps&_id=rules")) == ["rules"]
    assert urls(read(wane, "/CodeSystem?_id=rules&_id=gaps")) == []
    assert urls(read(wane, f"/CodeSystem?_id=rules&url={SITE}/CodeSystem/gaps")) == []
    assert urls(read(wane, "/CodeSystem?_id=")) == urls(read(wane, "/CodeSystem"))


@pytest.mark.parametrize("query", ["_id:missing=true", f"url:below={SITE}", "url:x=y"])
@pytest.mark.parametrize("handling", ["lenient", "strict"])
def test_a_modifier_is_refused_where_it_stands(query: str, handling: str, wane: Service) -> None:
    answer = get(wane, f"/CodeSystem?{query}", Prefer=f"handling={handling}")
    assert answer.status == 400
    [issue] = answer.json()["issue"]
    assert (issue["code"], issue["expression"]) == ("not-supported", [f"http.{query.partition(':')[0]}"])


def test_a_search_may_be_posted_as_a_form(wane: Service) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    posted = wane.call("POST", "/fhir/CodeSystem/_search?_count=1", content=b"_id=rules%2Cgaps", headers=form)
    assert posted.json() == read(wane, "/CodeSystem?_id=rules,gaps&_count=1")
    assert wane.call("POST", "/fhir/CodeSystem/_search").json() == read(wane, "/CodeSystem")
    assert wane.post("/fhir/CodeSystem/_search", {"_id": "rules"}).status == 415
    assert (
        wane.call("POST", "/fhir/CodeSystem/_search", content=b"\xff=\xff&_id=%ff", headers=form).json()["total"] == 0
    )


def test_a_naming_system_is_found_by_how_its_value_begins(wane: Service) -> None:
    assert urls(read(wane, f"/NamingSystem?value={SITE.upper()}/PLAN")) == ["plans"]
    assert read(wane, f"/NamingSystem?value={SITE}")["total"] == 3


def test_the_statement_changes_its_tag_with_what_it_says(wane: Service) -> None:
    told = get(wane, "/metadata")
    assert told.headers["etag"] == f'W/"{told.json()["meta"]["versionId"]}"'


def test_pages_lead_to_each_other(wane: Service) -> None:
    seen, address = [], "/ValueSet?_count=40"
    while address:
        page = read(wane, address)
        seen += [entry["resource"]["id"] for entry in page["entry"]]
        following = [link["url"] for link in page["link"] if link["relation"] == "next"]
        address = following[0].partition("/fhir")[2] if following else ""
    assert seen == sorted(identity for kind, identity in ALL if kind == "ValueSet")


def test_what_a_client_has_is_not_sent_again(wane: Service) -> None:
    first = get(wane, "/ConceptMap/diazepam-equivalence")
    tag, changed = first.headers["etag"], first.headers["last-modified"]
    assert get(wane, "/ConceptMap/diazepam-equivalence", If_None_Match=tag).status == 304
    assert get(wane, "/ConceptMap/diazepam-equivalence", If_Modified_Since=changed).status == 304
    assert get(wane, "/ConceptMap/diazepam-equivalence", If_None_Match='W/"x"').status == 200
    old = "Mon, 01 Jan 2001 00:00:00 GMT"
    assert get(wane, "/ConceptMap/diazepam-equivalence", If_Modified_Since=old).status == 200


def test_the_equivalence_is_the_range_that_plans_are_made_with(wane: Service) -> None:
    elements = read(wane, "/ConceptMap/diazepam-equivalence")["group"][0]["element"]
    by_code = {each["code"]: each["target"][0] for each in elements}
    known = library().medicines.by_id["alprazolam"].equivalence
    assert known is not None
    low, high = (by_code["alprazolam"]["extension"][0]["valueRange"][end]["value"] for end in ("low", "high"))
    assert (low, high) == (float(known.lowest), float(known.highest))
    assert by_code["zaleplon"]["equivalence"] == "unmatched"


def test_a_product_leads_to_its_medicine_with_its_strength(wane: Service) -> None:
    groups = {each["source"]: each["element"] for each in read(wane, "/ConceptMap/product-ingredient")["group"]}
    products = {each["code"]: each["target"][0] for each in groups["http://www.nlm.nih.gov/research/umls/rxnorm"]}
    assert products["197321"]["code"] == "alprazolam"
    assert products["197321"]["extension"][0]["valueQuantity"]["value"] == 1
    assert products["596"]["equivalence"] == "equivalent"
    atc = {each["code"]: each["target"][0] for each in groups["http://www.whocc.no/atc"]}
    assert (atc["M03BX01"]["code"], atc["M03BX01"]["equivalence"]) == ("baclofen", "equivalent")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("where", ["type", "instance"])
def test_a_value_set_expands(wane: Service, method: str, where: str) -> None:
    path = "/ValueSet/$expand" if where == "type" else "/ValueSet/medicine-baclofen/$expand"
    url = f"{SITE}/ValueSet/medicine-baclofen"
    if method == "GET":
        body = read(wane, f"{path}?url={url}")
    else:
        sent = {"resourceType": "Parameters", "parameter": [{"name": "url", "valueUri": url}]}
        body = wane.post(f"/fhir{path}", sent, Content_Type="application/fhir+json").json()
    codes = {(each["system"], each["code"]) for each in body["expansion"]["contains"]}
    assert ("http://www.whocc.no/atc", "M03BX01") in codes
    assert body["expansion"]["total"] == len(codes)
    found: list[str] = []
    faults_in_resource(Place(body, found), "FHIR R4")
    assert found == []


def test_an_expansion_is_filtered_and_paged(wane: Service) -> None:
    everything = read(wane, "/ValueSet/rules/$expand")["expansion"]
    page = read(wane, "/ValueSet/rules/$expand?filter=BACLOFEN&offset=1&count=2")["expansion"]
    assert everything["total"] == len(library().rules)
    assert (page["offset"], len(page["contains"])) == (1, 2)
    names = [f"{rule.id} {library().texts[rule.id].title['en']}".lower() for rule in library().rules]
    assert page["total"] == len([name for name in names if "baclofen" in name])


@pytest.mark.parametrize(
    ("name", "system", "code", "is_in"),
    [
        ("alcohol-dependence", CM, "F10.20", True),
        ("alcohol-dependence", WHO, "F10.2", True),
        ("alcohol-dependence", SNOMED, "7200002", True),
        ("alcohol-dependence", CM, "E11.9", False),
        ("suicidality", WHO, "X61.0", True),
        ("medicine-bzra", "http://www.whocc.no/atc", "N05BA12", True),
        ("medicine-bzra", "http://www.whocc.no/atc", "M03BX01", False),
        ("medicine-bzra", "urn:oid:2.16.840.1.113883.6.73", "N05BA12", True),
        ("rules", f"{SITE}/CodeSystem/rules", "bzra-taper", True),
        ("rules", f"{SITE}/CodeSystem/rules", "none-such", False),
    ],
)
def test_a_code_is_held_against_a_set_as_rules_hold_it(
    wane: Service, name: str, system: str, code: str, is_in: bool
) -> None:
    answer = told(wane, f"/ValueSet/{name}/$validate-code?system={system}&code={code}")
    assert answer["result"] is is_in
    assert ("message" in answer) is not is_in


def test_a_system_nobody_knows_is_told_apart_from_a_code_that_is_not_in(wane: Service) -> None:
    answer = told(wane, "/ValueSet/alcohol-dependence/$validate-code?system=urn:x&code=1")
    assert "not known" in answer["message"]


def test_a_concept_is_validated_by_any_of_its_codings(wane: Service) -> None:
    concept = {"coding": [{"system": "urn:x", "code": "1"}, {"system": SNOMED, "code": "7200002"}]}
    parameters = [
        {"name": "url", "valueUri": f"{SITE}/ValueSet/alcohol-dependence"},
        {"name": "codeableConcept", "valueCodeableConcept": concept},
    ]
    answer = wane.post("/fhir/ValueSet/$validate-code", {"resourceType": "Parameters", "parameter": parameters})
    assert answer.json()["parameter"][0] == {"name": "result", "valueBoolean": True}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ValueSet/none-such", 404),
        ("/ValueSet/none-such/$expand", 404),
        ("/ValueSet/$expand", 400),
        (f"/ValueSet/$expand?url={SITE}/ValueSet/none-such", 404),
        ("/ValueSet/rules/$expand?offset=-1", 400),
        ("/ValueSet/rules/$expand?context=x", 400),
        ("/ValueSet?_count=many", 400),
        ("/ValueSet/rules/$validate-code", 400),
        ("/ValueSet/rules/$validate-code?code=x", 400),
        ("/Observation", 404),
        ("/metadata?_format=xml", 406),
        ("/ValueSet/rules?_format=application/fhir%2Bxml", 406),
    ],
)
def test_what_cannot_be_answered_is_refused_as_fhir(wane: Service, path: str, status: int) -> None:
    answer = get(wane, path)
    assert answer.status == status
    assert answer.headers["content-type"].startswith("application/fhir+json")
    assert answer.json()["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/fhir+json", 200),
        ("application/fhir+xml, application/fhir+json;q=0.5", 200),
        ("*/*", 200),
        ("application/json", 200),
        ("application/fhir+xml", 406),
        ("application/fhir+json;fhirVersion=3.0", 406),
        ("text/html", 406),
    ],
)
def test_json_is_what_there_is(wane: Service, accept: str, status: int) -> None:
    assert get(wane, "/metadata", Accept=accept).status == status
    assert get(wane, "/metadata?_format=json", Accept=accept).status == 200


def test_what_is_not_searched_by_is_left_out_or_refused_where_that_is_asked_for(wane: Service) -> None:
    everything = read(wane, "/ValueSet")["total"]
    assert read(wane, "/ValueSet?publisher=x")["total"] == everything
    assert "publisher" not in read(wane, "/ValueSet?publisher=x")["link"][0]["url"]
    assert get(wane, "/ValueSet?publisher=x", Prefer="handling=strict").status == 400
    assert get(wane, "/ValueSet?_count=1", Prefer="handling=strict").status == 200


def test_no_text_of_a_plan_definition_has_a_gap_to_fill_in_or_marks_of_markdown(wane: Service) -> None:
    for entry in read(wane, "/PlanDefinition?_count=500")["entry"]:
        told = json.dumps(entry["resource"]["action"][0]["action"], ensure_ascii=False)
        assert "**" not in told, entry["resource"]["id"]
        assert not re.search(r"\{\w+\}", told), entry["resource"]["id"]


RULES = f"{SITE}/CodeSystem/rules"
TAPER = library().texts["bzra-taper"].title


@pytest.mark.parametrize(
    ("display", "is_right"),
    [("", True), (TAPER["en"], True), (TAPER["nl"], True), ("Bananas", False)],
)
def test_a_display_of_our_own_is_held_against_ours(wane: Service, display: str, is_right: bool) -> None:
    answer = told(wane, f"/ValueSet/rules/$validate-code?system={RULES}&code=bzra-taper&display={quote(display)}")
    assert (answer["result"], answer["display"]) == (is_right, TAPER["en"])
    assert ("message" in answer) is not is_right


def test_a_display_of_others_is_not_looked_at_and_that_is_said(wane: Service) -> None:
    answer = told(wane, f"/ValueSet/alcohol-dependence/$validate-code?system={WHO}&code=F10.2&display=Bananas")
    assert answer["result"] is True
    assert "not looked at" in answer["message"]
    assert "display" not in answer


def test_one_code_of_a_concept_under_the_right_display_is_enough(wane: Service) -> None:
    codes = [{"system": RULES, "code": "none"}, {"system": RULES, "code": "bzra-taper", "display": TAPER["fr"]}]
    sent = {"name": "codeableConcept", "valueCodeableConcept": {"coding": codes}}
    body = {"resourceType": "Parameters", "parameter": [sent]}
    answer = wane.post("/fhir/ValueSet/rules/$validate-code", body, Content_Type="application/fhir+json").json()
    assert answer["parameter"][0] == {"name": "result", "valueBoolean": True}


@pytest.mark.parametrize(
    ("query", "status", "where"),
    [
        ("url=urn:none", 404, "url"),
        (f"url={SITE}/ValueSet/rules&valueSetVersion=0", 404, "valueSetVersion"),
        (f"url={SITE}/ValueSet/rules&exclude-system=urn:x", 400, "exclude-system"),
        (f"url={SITE}/ValueSet/rules&count=-1", 400, "count"),
    ],
)
def test_what_would_be_another_expansion_is_refused_where_it_stands(
    wane: Service, query: str, status: int, where: str
) -> None:
    answer = get(wane, f"/ValueSet/$expand?{query}")
    assert (answer.status, answer.json()["issue"][0]["expression"]) == (status, [where])


@pytest.mark.parametrize("name", ["filter", "url", "code"])
@pytest.mark.parametrize("value", [["x"], 7, {"a": 1}, None])
def test_a_parameter_that_is_no_text_is_refused(wane: Service, name: str, value: object) -> None:
    body = {"resourceType": "Parameters", "parameter": [{"name": name, "valueString": value}]}
    answer = wane.post("/fhir/ValueSet/rules/$expand", body, Content_Type="application/fhir+json")
    assert (answer.status, answer.json()["issue"][0]["expression"]) == (400, ["Parameters.parameter[0]"])

"""A plan as a FHIR R4 Bundle: the care plan and all that hangs on it. Everything is a draft and a proposal."""

from app.render.plan.care import care_plan, goal, message, provenance, request_group, task
from app.render.plan.dosages import Json
from app.render.plan.orders import orders_by_row, orders_in_sequence
from app.render.plan.papers import Papers


def plan_bundle(papers: Papers, *, sequence: bool = False) -> Json:
    """A collection: CarePlan, Goal, RequestGroup, a MedicationRequest for each product of each row (with `sequence`, one
    for each medicine), a Task for each row, CommunicationRequest, Provenance."""
    orders = list(orders_in_sequence(papers) if sequence else orders_by_row(papers))
    resources = [
        care_plan(papers, orders if sequence else []),
        goal(papers),
        request_group(papers, sequence=sequence),
        *orders,
        *(task(papers, step) for step in papers.rows),
        message(papers),
    ]
    resources.append(provenance(papers, resources))
    return {
        "resourceType": "Bundle",
        "id": papers.id("bundle", str(sequence)),
        "type": "collection",
        "identifier": papers.group,
        "entry": [{"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in resources],
    }

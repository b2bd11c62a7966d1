"""The care plan and what hangs on it, beside the prescriptions: goal, group, tasks, message, where it all comes from."""

from app.render.plan.dosages import Json, mg_quantity, products_in
from app.render.plan.papers import Papers, period_of
from app.render.plan_json import last_day
from knowledge.taper import SCHEMES, Kind, Step

_ACTION_TYPES = "http://terminology.hl7.org/CodeSystem/action-type"
_AGENTS = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"


def care_plan(papers: Papers, orders: list[Json]) -> Json:
    """The whole, with the notes on it; `orders` that no action of the group holds are activities of their own."""
    plan, words = papers.plan, papers.words
    period = {"start": plan.request.first_day.isoformat(), "end": last_day(papers.plan).isoformat()}
    notes = [words.feasibility(plan), *words.cautions(plan), words.word("unreviewed")]
    return papers.resource(
        "CarePlan",
        "care-plan",
        identifier=[papers.group],
        status="draft",
        intent="proposal",
        title=words.word("plan_for", medicine=papers.medicine, scheme=words.phrases["scheme"][plan.scheme]),
        description=words.phrases["scheme_says"][plan.scheme],
        subject=papers.subject,
        period=period,
        created=papers.today.isoformat(),
        goal=[papers.to("goal")],
        activity=[{"reference": papers.to("request-group")}, *_each(orders)],
        note=[{"text": note} for note in notes],
    )


def _each(orders: list[Json]) -> list[Json]:
    return [{"reference": {"reference": f"urn:uuid:{order['id']}"}} for order in orders]


def goal(papers: Papers) -> Json:
    """The dose it ends at."""
    last = papers.plan.steps[-1]
    text = papers.say("goal_stop") if last.kind is Kind.STOP else papers.say("goal", mg=papers.words.mg(last.mg))
    target: Json = {
        "measure": {"text": papers.say("daily")},
        "detailQuantity": mg_quantity(last.mg),
        "dueDate": last.first_day.isoformat(),
    }
    return papers.resource(
        "Goal",
        "goal",
        lifecycleStatus="proposed",
        description={"text": text},
        subject=papers.subject,
        startDate=papers.plan.request.first_day.isoformat(),
        target=[target],
    )


def request_group(papers: Papers, *, sequence: bool) -> Json:
    """The rows, each after the one before."""
    actions = [_action(papers, step, sequence=sequence) for step in papers.rows]
    return papers.resource(
        "RequestGroup",
        "request-group",
        groupIdentifier=papers.group,
        status="draft",
        intent="proposal",
        subject=papers.subject,
        authoredOn=papers.today.isoformat(),
        action=actions,
    )


def _action(papers: Papers, step: Step, *, sequence: bool) -> Json:
    """One row: what is prescribed in it and the Task that goes with it, after the row before."""
    parts = [papers.to("task", str(step.row))]
    if not sequence:
        parts = [*(papers.to("order", str(step.row), str(n)) for n in range(len(products_in(step)))), *parts]
    action: Json = {"id": f"row-{step.row}", "title": papers.title(step)}
    if step.flags:
        action["description"] = " ".join(papers.words.note("flag", flag) for flag in step.flags)
    if step.row > 1:
        action["relatedAction"] = [{"actionId": f"row-{step.row - 1}", "relationship": "after-end"}]
    action |= {"timingPeriod": period_of(step)} if step.days else {"timingDateTime": step.first_day.isoformat()}
    action["type"] = {"coding": [{"system": _ACTION_TYPES, "code": "create"}]}
    if len(parts) == 1:
        return {**action, "resource": parts[0]}
    return {
        **action,
        "groupingBehavior": "logical-group",
        "selectionBehavior": "all",
        "action": [{"resource": part} for part in parts],
    }


def task(papers: Papers, step: Step) -> Json:
    """Looking back before a row, or seeing to the stop."""
    text = (
        papers.title(step)
        if step.kind is Kind.STOP
        else f"{papers.title(step)}. {papers.say('review', day=papers.words.long_date(step.first_day))}"
    )
    return papers.resource(
        "Task",
        "task",
        str(step.row),
        status="draft",
        intent="proposal",
        code={"text": papers.words.phrases["kind"][step.kind]},
        description=text,
        focus=papers.to("request-group"),
        groupIdentifier=papers.group,
        basedOn=[papers.to("care-plan")],
        **{"for": papers.subject},
        authoredOn=papers.today.isoformat(),
        executionPeriod={"start": step.first_day.isoformat()},
        restriction={"period": period_of(step) if step.days else {"start": step.first_day.isoformat()}},
    )


def message(papers: Papers) -> Json:
    """What the patient is told of the first rows."""
    steps = ". ".join(papers.title(step) for step in papers.rows[:3]) + "."
    return papers.resource(
        "CommunicationRequest",
        "message",
        status="draft",
        basedOn=[papers.to("care-plan")],
        groupIdentifier=papers.group,
        subject=papers.subject,
        recipient=[papers.subject] if "reference" in papers.subject else [],
        payload=[{"contentString": papers.say("message", steps=steps)}],
        authoredOn=papers.today.isoformat(),
    )


def provenance(papers: Papers, about: list[Json]) -> Json:
    """Which planner made these, and after which source."""
    scheme = SCHEMES[papers.plan.scheme]
    source = f"{scheme.source} ({scheme.source_date}). {papers.words.word('unreviewed')}"
    return papers.resource(
        "Provenance",
        "provenance",
        target=[{"reference": f"urn:uuid:{resource['id']}"} for resource in about],
        recorded=f"{papers.today.isoformat()}T00:00:00Z",
        agent=[
            {
                "type": {"coding": [{"system": _AGENTS, "code": "assembler"}]},
                "who": {"display": papers.say("made_by", version=papers.plan.version)},
            }
        ],
        entity=[{"role": "source", "what": {"display": source}}],
    )

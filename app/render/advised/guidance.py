"""One patient's answer as a GuidanceResponse (https://hl7.org/fhir/R4/guidanceresponse.html): how it went, and
what it led to."""

from collections.abc import Sequence

from app.bundles.judged import Judged
from app.render.advised.outcome import gaps_of
from app.render.advised.parts import SITE, Json, filled, here, subject
from app.told import TEMPLATES, TYPE_OF
from knowledge.library import Library


def guidance(
    judged: Judged, name: str, issues: Sequence[str], result: Json | None, outcome: str | None, library: Library
) -> Json:
    """`issues` are the names of the DetectedIssues, `outcome` that of the OperationOutcome."""
    lacking = _lacking(judged)
    output = [{"name": "issue", "valueReference": here(each)} for each in issues]
    return filled(
        resourceType="GuidanceResponse",
        id=name,
        contained=[{"resourceType": "Parameters", "id": "issues", "parameter": output}] if output else None,
        requestIdentifier={"system": f"{SITE}/requests", "value": name},
        moduleCanonical=f"{SITE}/Library/wane|{library.version}",
        status=_status(judged, lacking),
        subject=subject(judged),
        occurrenceDateTime=judged.today.isoformat(),
        evaluationMessage=[here(outcome)] if outcome else None,
        outputParameters={"reference": "#issues"} if output else None,
        result=result,
        dataRequirement=[{"type": each} for each in lacking],
    )


def _status(judged: Judged, lacking: Sequence[str]) -> str:
    if judged.failed:
        return "failure"
    if judged.refusal:
        return "data-required"
    return "data-requested" if lacking or judged.unclear else "success"


def _lacking(judged: Judged) -> list[str]:
    """The types of the lists without which something, or everything, could not be judged."""
    if judged.refusal:
        keys = [issue.expression or "" for issue in judged.refusal.issues]
    else:
        keys = [gap.missing for gap in gaps_of(judged) if gap.missing in TEMPLATES]
    return [TYPE_OF[key] for key in dict.fromkeys(keys)]

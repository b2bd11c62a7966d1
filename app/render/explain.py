"""Why something fired, and why nothing did: every rule, every criterion, and what each rests on."""

from collections.abc import Iterable, Mapping

from app.intake.record import Record
from knowledge.advise import Advice
from knowledge.facts import DailyDose, Examination, Order, Use
from knowledge.outcome import Advise, CannotTell, Crashed, Judgement, Outcome, RuleOutcome, StayQuiet

EXPLAIN = "org.wane.explain"
Json = dict[str, object]


def explain(advice: Advice, record: Record, held: Mapping[tuple[str, str], str], fetched: Mapping[str, str]) -> Json:
    """The extension that `?explain=true` adds. `held` says of (reference, rule) why a rule is not shown, `fetched` what came
    of each list that was asked for at the client's FHIR server."""
    facts = record.facts
    return {
        "knowledge": advice.knowledge,
        "today": facts.today.isoformat(),
        "told": {name: told.value for name, told in sorted(facts.told.items())},
        **({"fetched": dict(fetched)} if fetched else {}),
        **_filled("uses", [_use(use) for use in facts.uses]),
        **_filled(
            "problems",
            [
                {"reference": p.reference, "lists": sorted(p.lists), "state": p.state.value, "sure": p.sure}
                | _filled("unsure", sorted(p.unsure))
                for p in facts.problems
            ],
        ),
        **_filled("judged", [_judged(judgement, held) for judgement in advice.judgements]),
        **_filled("unlistedCodes", list(record.unlisted)),
    }


def _judged(judgement: Judgement, held: Mapping[tuple[str, str], str]) -> Json:
    about = judgement.about
    subject: Json = {"about": judgement.reference}
    if isinstance(about, Examination):
        subject["examination"] = sorted(about.lists)
    else:
        subject["medicine"] = about.medicine
        subject |= _dosage(about)
    if isinstance(about, Order):
        subject["changes"] = sorted(change.value for change in about.changes)
    if about.route:
        subject["route"] = about.route
    subject |= _filled("reasons", [name for reason in about.reasons for name in sorted(reason.lists) or ["other"]])
    return subject | _filled(
        "rules", [_rule(outcome, held.get((judgement.reference, outcome.rule))) for outcome in judgement.outcomes]
    )


def _rule(outcome: RuleOutcome, held: str | None) -> Json:
    rests_on = dict(outcome.rests_on)
    criteria = [
        {
            "block": finding.block,
            "criterion": finding.criterion,
            "truth": finding.truth.value,
            **({"assumed": True} if finding.assumed else {}),
            **_filled("restsOn", list(rests_on.get(place, ()))),
            **({"missing": finding.missing} if finding.missing else {}),
        }
        for place, finding in enumerate(outcome.trace)
    ]
    return {
        "id": outcome.rule,
        "version": outcome.version,
        **_outcome(outcome.outcome),
        **({"withheld": held} if held else {}),
        **_filled("criteria", criteria),
    }


def _outcome(outcome: Outcome) -> Json:
    match outcome:
        case Advise(say=say):
            return {"outcome": "advise", "say": say}
        case StayQuiet(because=because):
            return {"outcome": "stay-quiet", "because": because}
        case CannotTell(missing=missing):
            return {"outcome": "cannot-tell", **_filled("missing", list(missing))}
        case Crashed(error=error):
            return {"outcome": "failed", "because": error}


def _use(use: Use) -> Json:
    periods = [
        ({key: day.isoformat() for key, day in (("start", p.start), ("end", p.end)) if day} or {"start": "not told"})
        | ({} if p.sure else {"sure": False})
        for p in use.periods
    ]
    shown: Json = {"medicine": use.medicine, "references": list(use.references), "current": use.current}
    return {**shown, **_filled("periods", periods), **_dosage(use)}


def _dosage(item: Order | Use) -> Json:
    dosage = item.dosage
    if dosage.daily:
        return {"daily": _daily(dosage.daily)}
    return {"daily": {"notKnown": dosage.why}} if dosage.why else {}


def _daily(daily: DailyDose) -> Json:
    return {
        "low": str(daily.low),
        "high": str(daily.high),
        "unit": daily.unit,
        "certainty": daily.certainty.value,
        "basis": daily.basis,
    }


def _filled(name: str, values: Iterable[object]) -> Json:
    values = list(values)
    return {name: values} if values else {}

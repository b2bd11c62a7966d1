"""What the planner page shows of a plan or a refusal: figures and sentences, ready for its template."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from fractions import Fraction
from urllib.parse import urlencode

from markupsafe import Markup

from app.planning.asked import Asked
from app.planning.form import Form
from app.render.plan.curve import NARROW, WIDE, curve_svg
from app.render.plan.rows import Row, moments_of, rows_of
from app.render.plan_words import PlanWords
from knowledge.taper import SCHEMES, Kind, Plan, PlanRequest, Refusal, Scheme, Step, make_plan
from knowledge.taper.notes import Note, note
from knowledge.taper.plan import Caution
from knowledge.taper.refusal import Alternative
from knowledge.taper.schemes import GROUPS

ASAM = "asam-2025"
_FEW_WEEKS = 28  # days


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A row of the plan as the page shows it; `less` and `of_start` are percentages, empty where nothing is lowered."""

    row: Row
    kind: str
    less: str
    of_start: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownScheme:
    """A scheme with all that is known of its source."""

    scheme: Scheme
    name: str
    says: str
    compared: str
    unverified: tuple[str, ...]
    house: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """A plan in figures, to hold next to another."""

    reductions: int
    largest: str
    largest_mg: str
    last_dose: str
    last_day: str
    weeks: str


def plan_values(
    plan: Plan, asked: Asked, form: Form, words: PlanWords, labels: Mapping[str, str], today: date
) -> dict[str, object]:
    """What the template of a plan shows."""
    stops, lang = plan.steps[-1].kind is Kind.STOP, words.language
    moments, now = moments_of(plan), {intake.when: intake.units for intake in plan.steps[0].intakes}
    figures = measure(plan, words, labels["weeks"])
    asam = beside_asam(asked.request)
    beside = [(labels["this_plan"], asdict(figures))]
    if isinstance(asam, Plan):
        beside.append((labels["asam_plan"], asdict(measure(asam, words, labels["weeks"]))))
    address = form.query(lang=lang)
    return {
        "plan": plan,
        "refused": None,
        "plan_medicine": words.medicine(asked.request.medicine),
        "about": scheme_shown(SCHEMES[plan.scheme], words),
        "dose_now": _dose_of(plan, plan.steps[0], words),
        "dose_end": labels["none"] if stops else words.dose(plan.steps[-1].mg),
        "stops": stops,
        "figures": figures,
        "feasibility": words.feasibility(plan),
        "products_said": _products_said(asked, labels),
        "goes_on": _goes_on(plan, labels),
        "cautions": list(cautions(plan, words, age_known="programme" not in form.address)),
        "curve_wide": Markup(curve_svg(plan, words, WIDE)),  # noqa: S704 - curve_svg escapes what it holds
        "curve_narrow": Markup(curve_svg(plan, words, NARROW)),  # noqa: S704
        "columns": moments,
        "now_cells": [[words.units(units) for units in now.get(when, ())] for when in moments],
        "steps": steps_shown(plan, words),
        "downloads": [(f"/taper/{path}?{address}", labels[label]) for path, label in _DOWNLOADS],
        "same_plan": [(name, value) for name, values in form.address.items() for value in values],
        "change_row": next((step.row for step in plan.steps if step.first_day <= today < step.next_day), 1),
        "change_day": max(today, plan.steps[0].first_day).isoformat(),
        "undo": _undo(form, lang),
        "beside": beside if len(beside) > 1 else [],
        "asam_refused": words.because(asam) if isinstance(asam, Refusal) else [],
        "alternatives": _alternatives(plan, form, words),
    }


def refusal_values(refusal: Refusal, asked: Asked, form: Form, words: PlanWords) -> dict[str, object]:
    """What the template of a refusal shows."""
    scheme = SCHEMES.get(asked.request.scheme)
    return {
        "plan": None,
        "refused": words.because(refusal),
        "alternatives": _alternatives(refusal, form, words),
        "about": scheme_shown(scheme, words) if scheme else None,
        "undo": _undo(form, words.language),
    }


_DOWNLOADS = (
    ("leaflet", "leaflet"),
    ("letter", "letter"),
    ("plan.ics", "calendar"),
    ("plan.svg", "curve_file"),
    ("plan.json", "json_file"),
    ("plan.fhir.json", "fhir_file"),
)


def _dose_of(plan: Plan, step: Step, words: PlanWords) -> str:
    return f"{words.medicine(step.medicine)} {words.dose(step.mg)}" if plan.switch else words.dose(step.mg)


def _products_said(asked: Asked, labels: Mapping[str, str]) -> str:
    if asked.products_from == "request":
        return labels["products_given"]
    if asked.products_from == "site":
        return labels["products_site"]
    return labels["products_known"].format(country=labels.get(asked.products_from, asked.products_from))


def _goes_on(plan: Plan, labels: Mapping[str, str]) -> str | None:
    origin = plan.request.origin
    if origin is None:
        return None
    change = labels[_CHANGES.get(origin.change, "change_hold")]
    return labels["goes_on"].format(row=origin.row, plan=origin.plan_hash[:16], change=change)


_CHANGES = {"asked": "change_hold", "back": "change_back", "slower": "change_slower"}


def _undo(form: Form, lang: str) -> str | None:
    """The address without the last change."""
    changes = form.address.get("changes", ())
    if not changes:
        return None
    kept = "".join(f"&{urlencode({'changes': change})}" for change in changes[:-1])
    return f"/taper?{form.query(without=['changes'], lang=lang)}{kept}#plan"


def _alternatives(told: Plan | Refusal, form: Form, words: PlanWords) -> list[tuple[str, str | None]]:
    """What would help, with a link where the page can do it at once."""
    own = ("step_percent", "step_mg", "interval_days", "last_mg")
    links: list[str | None] = []
    for each in told.alternatives:
        if each.code == Alternative.OTHER_SCHEME:
            links.append(
                f"/taper?{form.query(without=own, scheme=str(each.value('scheme')), lang=words.language)}#plan"
            )
        elif each.code == Alternative.SWITCH_TO_DIAZEPAM:
            links.append(f"/taper?{form.query(convert_to_diazepam='on', lang=words.language)}#plan")
        else:
            links.append(None)
    return list(zip(words.alternatives(told), links, strict=True))


def steps_shown(plan: Plan, words: PlanWords) -> list[ShownStep]:
    """Every row after the dose of now."""
    steps = [step for step in plan.steps if step.kind is not Kind.BASELINE]
    return [_shown(step, row, words) for step, row in zip(steps, rows_of(plan, words), strict=True)]


def _shown(step: Step, row: Row, words: PlanWords) -> ShownStep:
    lowered = step.drop_of_previous > 0
    return ShownStep(
        row=row,
        kind=words.kind(step),
        less=words.share(step.drop_of_previous) if lowered else "",
        of_start=words.share(step.drop_of_start) if lowered else "",
        notes=tuple(words.note("flag", flag) for flag in step.flags),
    )


def scheme_shown(scheme: Scheme, words: PlanWords) -> ShownScheme:
    """The scheme in the reader's language; source and status stay as they were written down."""
    phrases = words.phrases
    return ShownScheme(
        scheme,
        phrases["scheme"][scheme.id],
        phrases["scheme_says"][scheme.id],
        phrases["compared"][scheme.compared],
        tuple(phrases["unverified"][code] for code in scheme.unverified),
        tuple(phrases["house"][code] for code in scheme.house),
    )


def measure(plan: Plan, words: PlanWords, weeks: str) -> Measure:
    """The figures of a plan. `weeks` is the wording of a number of weeks: "{n} weeks"."""
    lowered = [step for step in plan.steps if step.kind is Kind.REDUCTION]
    largest = max(lowered, key=lambda step: step.drop_of_previous, default=None)
    days = (plan.steps[-1].next_day - plan.steps[0].first_day).days
    last = [step for step in plan.steps if step.days][-1]
    return Measure(
        reductions=len(lowered),
        largest=words.share(largest.drop_of_previous) if largest else "",
        largest_mg=f"{words.dose(_before(plan, largest).mg)} → {words.dose(largest.mg)}" if largest else "",
        last_dose=words.dose(last.mg),
        last_day=words.long_date(last.last_day or last.first_day),
        weeks=_lasts(days, words, weeks),
    )


def _lasts(days: int, words: PlanWords, weeks: str) -> str:
    """In weeks; in days where those would be few and not whole."""
    if days % 7 and days < _FEW_WEEKS:
        return words.days(days)
    return weeks.format(n=words.number(Fraction(round(Fraction(days * 10, 7)), 10)))


def _before(plan: Plan, step: Step) -> Step:
    return plan.steps[step.row - 1]


def beside_asam(request: PlanRequest) -> Plan | Refusal | None:
    """The same taper by ASAM 2025; None where that is the one asked for, or is for another medicine."""
    if request.scheme == ASAM or request.medicine not in GROUPS["bzra"] or request.origin is not None:
        return None
    return make_plan(replace(request, scheme=ASAM, step=None, interval_days=None, holds=(), last_mg=None))


def cautions(plan: Plan, words: PlanWords, *, age_known: bool) -> Iterator[str]:
    """The notes on the plan. Where the age is only known to be that of an adult, a switch says what age it is for."""
    elderly = note(Caution.CONVERSION_ELDERLY, age="not-told")
    warnings: list[Note] = list(plan.warnings)
    if plan.switch and not age_known and not any(each.code == Caution.CONVERSION_ELDERLY for each in warnings):
        warnings.append(elderly)
    yield from (words.note("caution", each) for each in warnings)

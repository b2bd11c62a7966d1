"""The form of the planner page, filled in again: what it offers, what was written, and what is wrong in it."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from app.planning.asked import Asked
from app.planning.fields import Fault
from app.planning.form import MOMENTS, Form, made_for, split_product
from app.planning.products import known_products
from app.planning.query import decimal_text
from app.render.plan_words import PlanWords
from knowledge.taper import SCHEMES, Product
from knowledge.taper.request import DIAZEPAM
from knowledge.taper.schemes import GROUPS
from knowledge.taper.screening import STOPS_A_BACLOFEN_PLAN, STOPS_A_BZRA_PLAN

MEDICINES = tuple(sorted(GROUPS["bzra"] | GROUPS["baclofen"]))
_CARRIED = ("as_needed", "daily_mg_to", "route")  # a link may say them; the form has no field for them
_IN_MORE = ("convert_to_diazepam", "last_mg", "start_mg", "holds", "diazepam_products")
_HEADS = {"products": "h_products", "convert_to_diazepam": "convert", "new_row": "h_change"}
_ERRORS = {
    "medicine": "error_medicine",
    "country": "error_country",
    "daily_mg": "error_mg",
    "products": "error_product",
    "scheme": "error_scheme",
    "step_percent": "error_percent",
    "step_mg": "error_step_mg",
    "interval_days": "error_days",
    "first_day": "error_day",
    "last_mg": "error_mg",
    "start_mg": "error_mg",
    "holds": "error_hold",
    "convert_to_diazepam": "error_convert",
    "diazepam_products": "error_product",
}


def form_values(
    form: Form,
    words: PlanWords,
    labels: Mapping[str, str],
    today: date,
    asked: Asked | None,
    faults: Sequence[Fault],
) -> dict[str, object]:
    """What the template of the form shows. `asked` is what was understood, None where `faults` say what was not."""
    medicine = asked.request.medicine if asked and asked.request.medicine in MEDICINES else form.one("medicine")
    country = (asked.request.patient.country if asked else None) or form.one("country")
    group = "baclofen" if medicine in GROUPS["baclofen"] else "bzra"
    errors = _errors(form, faults)
    doses = defaultdict(str, _written_doses(form))
    schemes = [
        (each.id, words.phrases["scheme"][each.id])
        for each in SCHEMES.values()
        if not medicine or medicine in GROUPS[each.medicines]
    ]
    stopping = STOPS_A_BACLOFEN_PLAN if group == "baclofen" else STOPS_A_BZRA_PLAN
    return {
        "form": form,
        "errors": errors,
        "shown_errors": [*_of_a_person(form, labels), *_of_fields(errors, labels, words)],
        "bad_rows": _bad_rows(faults),
        "made_for": made_for(form.address),
        "carried": [(name, form.one(name)) for name in _CARRIED if form.one(name)],
        "medicine": medicine,
        "medicines": sorted(((each, words.medicine(each)) for each in MEDICINES), key=lambda pair: pair[1].lower()),
        "medicine_ids": MEDICINES,
        "country": country,
        "moments": MOMENTS,
        "doses": doses,
        "daily_mg": "" if doses and not _differs(asked) else form.one("daily_mg") or doses["day"],
        "products": _rows(form, "products", asked.request.products if asked else ()),
        "diazepam_products": _rows(form, "diazepam_products", _diazepam(words, country)),
        "holds": [hold.partition(":")[::2] for hold in form.address.get("holds", ())],
        "schemes": schemes,
        "scheme_ids": [each for each, _ in schemes],
        "in_mg": group == "baclofen",
        "first_day": form.one("first_day") or today.isoformat(),
        "ticks": _ticks(group, country),
        "facts": words.listed(words.phrases["fact"][fact] for fact in stopping),
        "more_open": any(name in form.address for name in _IN_MORE),
    }  # fmt: skip


def _written_doses(form: Form) -> dict[str, str]:
    return {when: mg for when, _, mg in (item.partition(":") for item in form.address.get("intakes", ()))}


def _differs(asked: Asked | None) -> bool:
    """Whether the dose a day is another than the intakes come to: then both are shown."""
    return asked is None or asked.request.daily_mg != sum(intake.mg for intake in asked.request.intakes)


def _rows(form: Form, name: str, otherwise: Sequence[Product]) -> list[dict[str, str]]:
    """The products as they were written; else those that count now."""
    if written := form.address.get(name):
        return [split_product(short) for short in written]
    return [
        {"form": product.form, "mg": decimal_text(product.strength_mg), "parts": str(product.divisible_into)}
        for product in otherwise
    ]


def _diazepam(words: PlanWords, country: str) -> Sequence[Product]:
    return known_products(DIAZEPAM, country or None, words.library).products


def _ticks(group: str, country: str) -> list[str]:
    """What the clinician may say to have checked, where it matters."""
    if group == "baclofen":
        return ["checked"]
    return ["checked", *(["programme"] if country in ("", "BE") else []), "liver"]


def _errors(form: Form, faults: Sequence[Fault]) -> dict[str, str]:
    """Field of the form → what to say beside it, in the order of the faults."""
    errors: dict[str, str] = defaultdict(str)
    moments = [item.partition(":")[0] for item in form.address.get("intakes", ())]
    for fault in faults:
        name, number = re.match(r"(\w*)(?:\[(\d+)\])?", fault.path).groups()  # type: ignore[union-attr]
        if name == "intakes" and number is not None and int(number) < len(moments):
            when = moments[int(number)]
            errors[when if when in MOMENTS else "daily_mg"] = "error_mg"
        elif name == "changes":
            errors["new_row"] = "error_change"
        elif name not in form.personal:
            errors[name] = _ERRORS.get(name, "error_other")
    return errors


def _of_a_person(form: Form, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """What has no place in an address has no field on the page either."""
    return [("", labels["error_personal"].format(names=", ".join(form.personal)))] if form.personal else []


def _of_fields(errors: Mapping[str, str], labels: Mapping[str, str], words: PlanWords) -> list[tuple[str, str]]:
    return [(_anchor(name), f"{_label(name, labels, words)}{labels[code]}") for name, code in errors.items()]


def _bad_rows(faults: Sequence[Fault]) -> set[tuple[str, int]]:
    """List and number, from 1, of each row that a fault is in."""
    found = (re.match(r"(\w+)\[(\d+)\]", fault.path) for fault in faults)
    return {(match[1], int(match[2]) + 1) for match in found if match}


def _label(name: str, labels: Mapping[str, str], words: PlanWords) -> str:
    """The name of a field before what is wrong with it; none where the fault says enough."""
    if name in MOMENTS:
        return f"{words.head(name)} – "
    label = labels.get(_HEADS.get(name, name))
    return f"{label} – " if label else ""


def _anchor(name: str) -> str:
    """Where on the page the field is; empty where it has none of its own."""
    return name if name in (*_ERRORS, *MOMENTS) else ""

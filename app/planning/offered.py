"""The plan that a card may carry: asked for with what the call told of this patient, and refused where that forbids it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.intake.included import Included
from app.intake.medicine import Recognised
from app.intake.orders import Draft
from app.intake.strength import Strength
from app.planning.asked import Asked, asked
from app.planning.making import planned
from app.planning.products import is_slow, is_sold_slow, known_products
from app.planning.query import decimal_text, query_of
from app.planning.taken import taken_fields, usual_moments
from knowledge.criteria.medicine import other_bzra
from knowledge.facts import Change, Examination, Facts, Order, State, Told, Use
from knowledge.library import Library
from knowledge.outcome import Subject
from knowledge.taper import Fact, Form, Plan, Product, Refusal
from knowledge.taper.refusal import Because

# The lists of the problem list that decide about a plan, as facts of the planner.
_LISTS = {
    "pregnancy": Fact.PREGNANCY,
    "breast-feeding": Fact.BREAST_FEEDING,
    "epilepsy": Fact.EPILEPSY,
    "withdrawal-seizure": Fact.WITHDRAWAL_SEIZURE,
    "withdrawal-delirium": Fact.WITHDRAWAL_DELIRIUM,
    "suicidality": Fact.SUICIDALITY,
    "aggression": Fact.AGGRESSION,
    "alcohol-dependence": Fact.ALCOHOL_DEPENDENCE,
    "drug-dependence": Fact.DRUG_DEPENDENCE,
    "palliative-care": Fact.PALLIATIVE_CARE,
    "spasticity-cause": Fact.SPASTICITY,
    "stiff-person-syndrome": Fact.STIFF_PERSON,
    "liver-disease": Fact.HEPATIC_DISEASE,
    "insomnia": Fact.USED_FOR_SLEEP,
}
_ONCE_IS_ENOUGH = (Fact.WITHDRAWAL_SEIZURE, Fact.WITHDRAWAL_DELIRIUM)  # whenever it was
TOO_COARSE = (Because.STEP_ABOVE_CAP, Because.STOP_FROM_TOO_HIGH)  # products with smaller parts would do
_OF_THE_PRODUCTS = (*TOO_COARSE, Because.DOSE_NOT_MAKEABLE, Because.NO_PRODUCTS)


@dataclass(frozen=True, slots=True)
class Offered:
    """A plan, or why these products cannot follow one. `query` asks for it again, without anything of the patient."""

    made: Plan | Refusal
    query: str


def offered(
    about: Order | Use | Examination, draft: Draft | None, facts: Facts, library: Library, included: Included
) -> Offered | None:
    """The plan from the dose taken now, from today on. None where something known of the patient, or not told of the dose,
    forbids one: then the card says what comes first, and carries none."""
    if isinstance(about, Examination):
        return None
    if about.medicine == "baclofen" and not _for_alcohol(about, facts):
        return None  # the one schedule there is was made for that
    if draft is None and is_sold_slow(about.medicine, facts.patient.country, library):
        return None  # a use does not tell its product: nobody knows whether it may be divided
    taken = _taken(about, draft, facts, library, included)
    slow = draft is not None and is_modified_release(draft.recognised)
    told = {
        **taken,
        **({"modified_release": "yes"} if slow else {}),
        "first_day": facts.today.isoformat(),
        **({"country": facts.patient.country} if facts.patient.country else {}),
    }
    known, found = _circumstances(about, facts, library), None
    for products in _choices(str(taken["medicine"]), draft, facts.patient.country, library, slow=slow):
        made = _made({**told, **known, "products": list(map(_field, products))}, facts, library)
        if made is None:
            return None
        found = Offered(made, query_of({**told, "products": list(map(_short, products))}))
        if isinstance(made, Plan):
            break
    return found


def _made(fields: Mapping[str, object], facts: Facts, library: Library) -> Plan | Refusal | None:
    """The plan, or the refusal for want of finer products; None where anything else stands in the way."""
    request = asked(fields, library, facts.today)
    made = planned(request) if isinstance(request, Asked) else None
    if isinstance(made, Refusal) and all(note.code in _OF_THE_PRODUCTS for note in made.because):
        return made
    return made if isinstance(made, Plan) else None


def _taken(
    about: Order | Use, draft: Draft | None, facts: Facts, library: Library, included: Included
) -> dict[str, object]:
    """What is taken now: as the draft goes on with it, else as it is in use."""
    if draft is not None and isinstance(about, Order) and about.changes in ({Change.CONTINUE}, {Change.LOWER}):
        told = taken_fields(draft.original, library, facts.today, included)
        daily = about.dosage.daily
        if daily and daily.unit == "mg" and told.get("daily_mg") == decimal_text(Fraction(daily.low)):
            return {**told, **({"holds": ["0:2"]} if about.changes == {Change.LOWER} else {})}
    used = about if isinstance(about, Use) else _in_use(about, facts)
    if used is None or (daily := used.dosage.daily) is None or daily.unit != "mg":
        return {"medicine": about.medicine}
    fields: dict[str, object] = {"medicine": about.medicine, "daily_mg": decimal_text(Fraction(daily.low))}
    if used.route:
        fields["route"] = used.route
    if daily.high != daily.low:
        return {**fields, "daily_mg_to": decimal_text(Fraction(daily.high))}
    moments = usual_moments(used.dosage.times, Fraction(daily.low))
    return {**fields, **({"intakes": moments} if moments else {})}


def _in_use(order: Order, facts: Facts) -> Use | None:
    """The one use of the medicine that the order changes; None where there are several, or none."""
    uses = [use for use in facts.uses if use.current and use.medicine == order.medicine]
    return uses[0] if len(uses) == 1 else None


def _choices(
    medicine: str, draft: Draft | None, country: str | None, library: Library, *, slow: bool
) -> Iterator[tuple[Product, ...]]:
    """What a plan may be made with, the least change first: what the draft names, the tablets and capsules that the
    site has or the country knows, and the liquids too. `slow`: only what is released slowly, as what is taken is."""
    known = known_products(medicine, country, library, modified_release=slow).products
    own = _own(medicine, draft, known)
    solid = tuple(product for product in known if product.form in (Form.TABLET, Form.CAPSULE))
    choices = (own, tuple(dict.fromkeys((*own, *solid))), tuple(dict.fromkeys((*own, *known))))
    yield from [choice for choice in dict.fromkeys(choices) if choice] or [()]


def _own(medicine: str, draft: Draft | None, known: tuple[Product, ...]) -> tuple[Product, ...]:
    """What the draft names, with the division its licence allows where that is known."""
    strength: Strength | None = draft.recognised.strength if draft else None
    if draft is None or strength is None or strength.mg_per_unit is None:
        return ()
    form = Form.CAPSULE if "caps" in f"{draft.recognised.form} {draft.recognised.label}".lower() else Form.TABLET
    mg = Fraction(strength.mg_per_unit)
    return next(
        ((each,) for each in known if each.strength_mg == mg and each.form is form),
        (Product(medicine, form, mg, modified_release=is_modified_release(draft.recognised)),),
    )


def is_modified_release(recognised: Recognised) -> bool:
    """Whether the product says, by its form or its name, that it is released slowly: it is not mixed with others."""
    return is_slow(f"{recognised.form} {recognised.label}")


def _field(product: Product) -> dict[str, object]:
    return {
        "form": str(product.form),
        "strength_mg": decimal_text(product.strength_mg),
        "divisible_into": product.divisible_into,
        "verified": product.verified,
        "modified_release": product.modified_release,
    }


def _short(product: Product) -> str:
    parts = f"/{product.divisible_into}" if product.divisible_into > 1 else ""
    return f"{product.form}:{decimal_text(product.strength_mg)}{parts}"


def _for_alcohol(about: Order | Use, facts: Facts) -> bool:
    """Whether it is, or may be, taken for alcohol: a reason that is given decides, else the problem list."""
    used = about if isinstance(about, Use) else _in_use(about, facts)
    reasons = about.reasons or (used.reasons if used else ())
    named = {name for reason in reasons for name in reason.lists}
    return bool((named or _open(about, facts)) & {"alcohol-dependence", "alcohol-related"})


def _open(about: Order | Use, facts: Facts) -> set[str]:
    """The lists of what is the matter now: problems that are active or unclear, and the reason it is taken for."""
    found = {name for p in facts.problems if p.state in (State.ACTIVE, State.UNCLEAR) for name in p.lists}
    return found | {name for reason in about.reasons for name in reason.lists}


def _circumstances(about: Order | Use, facts: Facts, library: Library) -> dict[str, object]:
    """What the problem list, the other medicines and the patient's own data tell."""
    now, ever = _open(about, facts), {name for p in facts.problems for name in p.lists}
    present = {fact for name, fact in _LISTS.items() if name in now | (ever if fact in _ONCE_IS_ENOUGH else set())}
    whole = facts.told.get("conditions") is Told.WHOLE
    absent = (
        {fact for fact in _LISTS.values() if fact not in present and fact is not Fact.USED_FOR_SLEEP}
        if whole
        else set()
    )
    if other_bzra(Subject(about, (), {}), facts, library.medicines):
        present.add(Fact.SECOND_BZRA)
    elif facts.told.get("medications") is Told.WHOLE:
        absent.add(Fact.SECOND_BZRA)
    if facts.patient.nursing_home is not None:
        (present if facts.patient.nursing_home else absent).add(Fact.NURSING_HOME)
    age = facts.patient.age(facts.today)
    told: dict[str, object] = {"present": sorted(present), "absent": sorted(absent)}
    return {**told, **({"age_years": age[0]} if age else {})}

"""The prescriptions of a plan: one for each product of each row, or one for each medicine with its doses in sequence."""

from collections.abc import Iterator

from app.render.plan.dosages import Json, days_quantity, dosages_of, products_in, units_quantity
from app.render.plan.papers import PLANS, Papers, period_of
from knowledge.taper import Product, Step


def orders_by_row(papers: Papers) -> Iterator[Json]:
    """A prescription for each product of each row, for its days, without repeats."""
    for step in papers.rows:
        for n, product in enumerate(products_in(step)):
            yield _order(papers, step, n, product)


def _order(papers: Papers, step: Step, n: int, product: Product) -> Json:
    units = next(each for each in step.supply if each.product == product)
    dispense = {
        "validityPeriod": period_of(step),
        "numberOfRepeatsAllowed": 0,
        "quantity": units_quantity(units, papers.words),
        "expectedSupplyDuration": days_quantity(step.days),
    }
    return _medication_request(
        papers,
        ("order", str(step.row), str(n)),
        step.medicine,
        _product(papers, product),
        dosages_of(step, papers.words, product),
        dispense,
    )


def orders_in_sequence(papers: Papers) -> Iterator[Json]:
    """One prescription for each medicine: after a switch there are two."""
    for medicine in dict.fromkeys(step.medicine for step in papers.rows if step.days):
        rows = [step for step in papers.rows if step.medicine == medicine and step.days]
        dosages = [dosage for step in rows for dosage in dosages_of(step, papers.words, sequence=step.row)]
        period = {"start": rows[0].first_day.isoformat(), "end": str(rows[-1].last_day)}
        days = sum(step.days for step in rows)
        dispense: Json = {
            "validityPeriod": period,
            "numberOfRepeatsAllowed": 0,
            "expectedSupplyDuration": days_quantity(days),
        }
        yield _medication_request(papers, ("sequence", medicine), medicine, None, dosages, dispense)


def _medication_request(
    papers: Papers, about: tuple[str, ...], medicine: str, product: str | None, dosages: list[Json], dispense: Json
) -> Json:
    return papers.resource(
        "MedicationRequest",
        *about,
        identifier=[{"system": PLANS, "value": "|".join((papers.plan.hash, *about))}],
        status="draft",
        intent="proposal",
        medicationCodeableConcept=_concept(papers, medicine, product),
        subject=papers.subject,
        authoredOn=papers.today.isoformat(),
        basedOn=[papers.to("care-plan")],
        groupIdentifier=papers.group,
        dosageInstruction=dosages,
        dispenseRequest=dispense,
        substitution={"allowedBoolean": True},
    )


def _concept(papers: Papers, medicine: str, product: str | None = None) -> Json:
    """The medicine by its ATC code, and in words the product where there is one."""
    code = papers.words.atc(medicine)
    name = papers.words.medicine(medicine)
    coding = [{"system": "http://www.whocc.no/atc", "code": code, "display": name}] if code else []
    return {**({"coding": coding} if coding else {}), "text": f"{name} {product}" if product else name}


def _product(papers: Papers, product: Product) -> str:
    return product.name or papers.words.strength(product)

"""The planner page's form: what stands in its address → the fields of a plan.

An address holds nothing about a person. What must be known of the patient is one tick for each set of facts the
clinician has gone through (TICKS): with it none of them is so, without it they are not told.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from urllib.parse import urlencode

from app.planning.asked import FIELDS
from app.planning.products import known_products
from knowledge.library import Library
from knowledge.taper import Fact, PlanRequest, Product, When
from knowledge.taper import Form as Unit
from knowledge.taper.schemes import GROUPS
from knowledge.taper.screening import STOPS_A_BACLOFEN_PLAN, STOPS_A_BZRA_PLAN

MOMENTS = tuple(when.value for when in When if when is not When.DAY)
TICKS = ("checked", "programme", "liver")
OF_A_PERSON = ("present", "absent", "age_years", "continuous_days")
LISTS = ("intakes", "products", "diazepam_products", "holds", "changes")
_SINGULAR = {"intake": "intakes", "product": "products", "hold": "holds", "change": "changes"}
_ROW = re.compile(r"(products|diazepam_products|holds)_(\d{1,2})_(form|mg|parts|after|days)")
_CHANGE = ("new_change", "new_row", "new_on", "new_days")
_MOST_PARAMETERS, _MOST_CHARACTERS = 300, 200
_PROGRAMME = {"age_years": 18, "continuous_days": 90}  # at least, by the conditions of the programme
_IN_PROGRAMME = (Fact.NURSING_HOME, Fact.PROGRAMME_PAST_YEAR, Fact.SECOND_BZRA)

Address = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Form:
    """`address` is what was asked, under the names of FIELDS and TICKS, each value as it was written. `unknown` and
    `personal` name parameters that mean nothing here, or have no place in an address."""

    address: Address
    personal: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    replaced: bool = False  # products were those of another medicine or country, and fell away

    def one(self, name: str) -> str:
        """The value of a field that is no list; empty where there is none."""
        return self.address.get(name, ("",))[-1]

    def query(self, *, without: Iterable[str] = (), **more: str) -> str:
        """The address again, without some fields and with some more."""
        kept = {name: values for name, values in self.address.items() if name not in (*without, *more)}
        return urlencode({**kept, **{name: (value,) for name, value in more.items()}}, doseq=True)

    def fields(self) -> dict[str, object]:
        """The fields for app.planning.asked."""
        known = {name: values for name, values in self.address.items() if name in FIELDS}
        fields: dict[str, object] = {
            name: list(values) if name in LISTS else values[-1] for name, values in known.items()
        }
        slow = "modified_release" in self.address
        fields |= {name: [_product(item, slow) for item in known[name]] for name in ("products",) if name in known}
        fields |= {"changes": list(known["changes"])} if "changes" in known else {}
        if "convert_to_diazepam" not in known:
            fields.pop("diazepam_products", None)
        return {"route": "oral", **fields, **self._circumstances()}

    def _circumstances(self) -> dict[str, object]:
        """What each tick says of the patient; without one it is not told."""
        baclofen = self.one("medicine").lower() in GROUPS["baclofen"]
        stopping = STOPS_A_BACLOFEN_PLAN if baclofen else STOPS_A_BZRA_PLAN
        absent = list(stopping) if "checked" in self.address else []
        absent += [Fact.HEPATIC_DISEASE] if "liver" in self.address else []
        told: dict[str, object] = {}
        if "programme" in self.address:
            absent += [fact for fact in _IN_PROGRAMME if fact not in absent]
            told = {**_PROGRAMME, "present": [Fact.USED_FOR_SLEEP]}
        return {**told, "absent": absent} if absent else told


def read_form(pairs: Iterable[tuple[str, str]]) -> Form:
    """The form as it was sent, or as a link filled it in. Reads whatever comes: what is wrong in a value is for
    app.planning.asked to say."""
    told = [(_SINGULAR.get(name, name), value.strip()) for name, value in list(pairs)[:_MOST_PARAMETERS]]
    told = [(name, value[:_MOST_CHARACTERS]) for name, value in told if value]
    single = dict(told)
    found: dict[str, tuple[str, ...]] = {}
    for name, value in told:
        if (name in FIELDS and name not in OF_A_PERSON) or name in TICKS:
            found[name] = (*found.get(name, ()), value) if name in LISTS else (value,)
    if intakes := tuple(f"{when}:{single[when]}" for when in MOMENTS if when in single):
        found["intakes"] = intakes
    before = single.get("made_for", ":")
    replaced = not before.startswith(":") and before != made_for(found)
    for name in ("products", "diazepam_products", "holds"):
        rows = _rows(told, name)
        if rows or f"{name}_1_form" in single:
            found[name] = rows
    if replaced:
        found.pop("products", None)
        found.pop("diazepam_products", None)
    if "new_change" in single:
        found["changes"] = (*found.get("changes", ()), ":".join(single[name] for name in _CHANGE if name in single))
    known = {*FIELDS, *TICKS, *MOMENTS, *_CHANGE, "made_for", "lang"}
    others = [name for name, _ in told if name not in known and not _ROW.fullmatch(name)]
    return Form(
        {name: values for name, values in found.items() if values},
        personal=tuple(sorted({name for name in single if name in OF_A_PERSON})),
        unknown=tuple(sorted({name[:40] for name in others}))[:5],
        replaced=replaced,
    )


def made_for(address: Address) -> str:
    """What the products in a form belong to: they mean nothing for another medicine or in another country. In a form
    that named no medicine yet they belong to the one that is chosen with them."""
    return ":".join(address.get(name, ("",))[-1].lower() for name in ("medicine", "country", "modified_release"))


def _rows(told: list[tuple[str, str]], name: str) -> tuple[str, ...]:
    """The rows of a list in the form, in their short form; a row without its amount is empty."""
    rows: dict[int, dict[str, str]] = {}
    for key, value in told:
        match = _ROW.fullmatch(key)
        if match and match[1] == name:
            rows.setdefault(int(match[2]), {})[match[3]] = value
    if name == "holds":
        return tuple(
            f"{row['after']}:{row['days']}" for _, row in sorted(rows.items()) if {"after", "days"} <= row.keys()
        )
    return tuple(
        f"{row.get('form', 'tablet')}:{row['mg']}/{row.get('parts', '1')}"
        for _, row in sorted(rows.items())
        if "mg" in row
    )


def split_product(short: str) -> dict[str, str]:
    """The row of a form for a product in its short form, as it was written."""
    form, _, rest = short.partition(":")
    mg, slash, parts = rest.rpartition("/")
    return {"form": form, "mg": mg if slash else parts, "parts": parts if slash else "1"}


def _product(short: str, slow: bool) -> object:
    if not slow:
        return short
    row = split_product(short)
    told = {"form": row["form"], "strength_mg": row["mg"], "divisible_into": row["parts"]}
    return {**told, "modified_release": row["form"] == "tablet"}


def held_to_known(request: PlanRequest, library: Library) -> PlanRequest:
    """The same request, where a product that is among the known ones of the country is marked unverified if that one is:
    an address does not say so."""
    slow = any(product.modified_release for product in request.products)
    known = known_products(request.medicine, request.patient.country, library, modified_release=slow).products
    doubtful = {(product.form, product.strength_mg) for product in known if not product.verified}
    return replace(request, products=tuple(_marked(product, doubtful) for product in request.products))


def _marked(product: Product, doubtful: set[tuple[Unit, Fraction]]) -> Product:
    return replace(product, verified=False) if (product.form, product.strength_mg) in doubtful else product

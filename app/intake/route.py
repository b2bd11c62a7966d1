"""The route of an order: by code, by words, or by what the product is. Not told is not oral."""

from app.intake.elements import codings, elements, words_of
from app.intake.medicine import Recognised
from knowledge.codes import Codes
from knowledge.medicine import words

_HL7 = "v2-route"
_LONGEST = 200  # characters of a product's name that is remembered


def route_of(instructions: object, recognised: Recognised, codes: Codes) -> str | None:
    """The route of a request, dispense or statement whose medicine has been recognised."""
    product = f"{recognised.label} {recognised.form}"
    return read_route(instructions, recognised.medicine or "", product, codes) or recognised.route


def read_route(instructions: object, medicine: str, product: str, codes: Codes) -> str | None:
    """The one route all instructions agree on; a product made for one route (an intrathecal ampoule) tells it too."""
    routes = {_of_concept(item.get("route"), codes) for item in elements(instructions)} - {None}
    if routes:
        return routes.pop() if len(routes) == 1 else None
    asked = ("route", medicine, product)
    if asked not in codes.memory:
        found = _of_product(medicine, product, codes)
        if len(product) > _LONGEST:
            return found
        codes.memory[asked] = found
    told: str | None = codes.memory[asked]
    return told


def _of_product(medicine: str, product: str, codes: Codes) -> str | None:
    of_product = codes.routes_of_products.get(medicine)
    told = {match.name for match in of_product.found_in(product)[0]} if of_product else set()
    return _in_words(product, codes) or (told.pop() if len(told) == 1 else None)


def _of_concept(concept: object, codes: Codes) -> str | None:
    for coding in codings(concept):
        system = codes.system_of(coding.system)
        if system and (system, coding.code) in codes.routes:
            return codes.routes[system, coding.code]
    return next((route for said in words_of(concept) if (route := _in_words(said, codes) or _short(said, codes))), None)


def _short(said: str, codes: Codes) -> str | None:
    """An abbreviation that stands alone, as in the table of HL7 version 2 ("PR", "i.m.")."""
    return codes.routes.get((_HL7, "".join(words(said)).upper()))


def _in_words(written: str, codes: Codes) -> str | None:
    named = {match.name for match in codes.routes_in_words.found_in(written)[0]}
    return named.pop() if len(named) == 1 else None

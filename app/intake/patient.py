"""The Patient resource: birth date with its precision, and the country of residence; nothing else of it is read."""

from app.intake.elements import Json, code_of, day, elements, precision, text
from knowledge.facts import Patient

_COUNTRIES = {
    "belgium": "BE",
    "belgie": "BE",
    "belgië": "BE",
    "belgique": "BE",
    "belgien": "BE",
    "be": "BE",
    "bel": "BE",
    "netherlands": "NL",
    "nederland": "NL",
    "pays-bas": "NL",
    "niederlande": "NL",
    "nl": "NL",
    "nld": "NL",
    "france": "FR",
    "fr": "FR",
    "fra": "FR",
    "germany": "DE",
    "deutschland": "DE",
    "de": "DE",
    "deu": "DE",
}


def read_patient(resource: Json) -> Patient:
    """What rules ask of a patient. An address of home counts, else any."""
    addresses = elements(resource.get("address"))
    home = [a for a in addresses if code_of(a.get("use")) in ("home", "")] or addresses
    countries = [_COUNTRIES.get(text(address.get("country")).strip().lower()) for address in home]
    born = resource.get("birthDate")
    return Patient(
        reference=f"Patient/{text(resource.get('id'))}",
        born=day(born),
        born_precision=precision(born),
        country=next((country for country in countries if country), None),
    )

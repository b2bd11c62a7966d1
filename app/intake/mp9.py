"""The Dutch medication process (MP9): known by its profiles and its own extensions, never by the country.

Its requests all have the status `unknown`. Whether one is in force comes from its period of use and its stop type, and
its category says what kind it is; only agreements and their dosing regimens tell what is taken.
"""

from datetime import date, timedelta
from math import ceil

from app.intake.elements import Json, codings, day, element, elements, last_day_of, text
from app.intake.quantity import read_days

AGREEMENT, VARIABLE_REGIMEN, DISPENSE_REQUEST = "33633005", "395067002", "52711000146108"
ADMINISTRATION_AGREEMENT = "422037009"  # a MedicationDispense that hands nothing out
_KINDS = (AGREEMENT, VARIABLE_REGIMEN, DISPENSE_REQUEST, ADMINISTRATION_AGREEMENT)
_OWN_EXTENSIONS = ("ext-TimeInterval.Period", "StopType", "ext-PharmaceuticalTreatment.Identifier")


def is_dutch_mp9(resource: Json) -> bool:
    """Known by its profile or by its own extensions."""
    profiles = element(resource.get("meta")).get("profile")
    if isinstance(profiles, list) and any("nictiz.nl" in text(profile) for profile in profiles):
        return True
    if "extension" not in resource and "modifierExtension" not in resource:
        return False
    extensions = (*elements(resource.get("extension")), *elements(resource.get("modifierExtension")))
    return any(text(item.get("url")).endswith(_OWN_EXTENSIONS) for item in extensions)


def kind_of(resource: Json) -> str:
    """The SNOMED CT code of its kind, or an empty string."""
    for category in elements(resource.get("category")):
        for coding in codings(category):
            if coding.code in _KINDS:
                return coding.code
    return ""


def treatment_of(resource: Json) -> str | None:
    """The pharmaceutical treatment it belongs to, as `system|value`: all of one treatment is one use."""
    identifier = element(_extension(resource, "ext-PharmaceuticalTreatment.Identifier").get("valueIdentifier"))
    value = text(identifier.get("value"))
    return f"{text(identifier.get('system'))}|{value}" if value else None


def period_of_use(resource: Json) -> tuple[date | None, date | None] | None:
    """First and last day of its period of use, given as two dates or as a start and a length; None if it has none."""
    extension = _extension(resource, "ext-TimeInterval.Period")
    if not extension:
        return None
    period = element(extension.get("valuePeriod"))
    start, end = day(period.get("start")), last_day_of(period.get("end"))
    if start and not end:
        nested = _extension(period, "ext-TimeInterval.Duration") or _extension(extension, "ext-TimeInterval.Duration")
        days = read_days(nested.get("valueDuration"))
        end = start + timedelta(days=ceil(days) - 1) if days and days < 36_600 else None
    return start, end


def registered_on(resource: Json) -> date | None:
    """The day it was registered, which stands where others send authoredOn."""
    return day(_extension(resource, "ext-RegistrationDateTime").get("valueDateTime"))


def _extension(holder: Json, name: str) -> Json:
    if "extension" not in holder:
        return {}
    return next((item for item in elements(holder.get("extension")) if text(item.get("url")).endswith(name)), {})

"""What all knowledge resources share: addresses, heads, translations, and whose codes they hold."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import tomli

from knowledge.library import Library
from knowledge.texts import LANGUAGES

Json = dict[str, object]
SITE = "https://wane.example/fhir"
LANGUAGE = "en"  # of what is said; the others stand beside it as translations
_TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
DEFINITIONS = f"{SITE}/StructureDefinition"
UNREVIEWED = "Nobody has reviewed this content clinically."

# Systems whose codes may be given away, with the row of NOTICES.md that says so.
_NOTICE_OF = {
    "atc": "ATC",
    "rxnorm": "RxNorm",
    "snomed": "SNOMED CT",
    "icd10": "ICD-10",
    "icd10cm": "ICD-10-CM",
    "icpc1nl": "ICPC",
    "icpc2": "ICPC",
    "loinc": "LOINC",
    "dicom": "HL7 terminology",
    "v3-role": "HL7 terminology",
    "v3-route": "HL7 terminology",
    "v3-act": "HL7 terminology",
    "be-care-location": "HL7 terminology",
}
_ROW = re.compile(r"^\| ([^|]+?) \| ([^|]+?) \|$", re.MULTILINE)


def canonical(kind: str, identity: str) -> str:
    """The address that names a resource, wherever it is fetched from."""
    return f"{SITE}/{kind}/{identity}"


def head(kind: str, identity: str, version: str, title: str, description: str) -> Json:
    """What every one of them begins with."""
    return {
        "resourceType": kind,
        "id": identity,
        "language": LANGUAGE,
        "url": canonical(kind, identity),
        "version": version,
        "name": name_in_code(identity),
        "title": title,
        "status": "draft",
        "experimental": False,
        "publisher": "Wane",
        "description": f"{description} {UNREVIEWED}",
    }


def name_in_code(identity: str) -> str:
    """What a program may call it: WaneAlcoholDependence; the whole is Wane."""
    words = re.split(r"[^A-Za-z0-9]+", identity if identity == "wane" else f"wane-{identity}")
    return "".join(word[:1].upper() + word[1:] for word in words)


def translated(member: str, texts: Mapping[str, str], kind: str = "String") -> Json:
    """A member in English, with its translations (the standard's own extension)."""
    others = [(language, texts[language]) for language in LANGUAGES if language != LANGUAGE]
    extensions = [
        {
            "url": _TRANSLATION,
            "extension": [{"url": "lang", "valueCode": language}, {"url": "content", f"value{kind}": text}],
        }
        for language, text in others
    ]
    return {member: texts[LANGUAGE], f"_{member}": {"extension": extensions}}


def designations(texts: Mapping[str, str]) -> list[Json]:
    """A concept's names in the other languages."""
    return [{"language": language, "value": texts[language]} for language in LANGUAGES if language != LANGUAGE]


def may_ship(system: str, code: str) -> bool:
    """Whether a code may be given away: of a system whose terms allow it, and of SNOMED CT no id of a national extension
    (the partition of a core id begins with 0: SNOMED CT Release File Specification, SCTID partition-identifier)."""
    return system in _NOTICE_OF and (system != "snomed" or code[-3:-2] == "0")


def copyright_of(systems: Iterable[str], library: Library) -> str:
    """Whose codes these are, in the words of NOTICES.md."""
    notices = _notices(library.folder)
    named = dict.fromkeys(_NOTICE_OF[system] for system in sorted(systems) if system in _NOTICE_OF)
    return "\n\n".join(f"{name}: {notices[name]}" for name in named)


@cache
def _notices(folder: Path) -> dict[str, str]:
    return dict(_ROW.findall((folder / "NOTICES.md").read_text(encoding="utf-8")))


@cache
def uris(folder: Path) -> Mapping[str, str]:
    """The address of each code system by its short name."""
    with (folder / "codes" / "systems.toml").open("rb") as file:
        return {short: str(table["uri"]) for short, table in tomli.load(file).items()}

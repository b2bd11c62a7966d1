"""The sentences of the patient leaflet, read once from leaflet.toml, each with the claims and sources it rests on."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from knowledge.taper.schemes import GROUPS
from knowledge.texts import LANGUAGES

SECTIONS = ("important", "notice", "do", "urgent", "know")


@dataclass(frozen=True, slots=True)
class Source:
    """A source that is none of the documents; `date` is as exact as it is known."""

    id: str
    cite: str
    date: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """What the leaflet says in one place, by language. It rests on at least one claim."""

    id: str
    section: str
    medicines: str
    claims: tuple[str, ...]
    sources: tuple[Source, ...]
    text: Mapping[str, str]


@cache
def sentences() -> tuple[Sentence, ...]:
    """Every sentence, in the order of the file. Raises ValueError naming one that lacks a language or a source."""
    table = tomllib.loads(Path(__file__).with_name("leaflet.toml").read_text("utf-8"))
    sources = {row["id"]: Source(**row) for row in table["source"]}
    found = []
    for row in table["sentence"]:
        missing = [language for language in LANGUAGES if not row.get(language)]
        if missing or not row["claims"] or row["section"] not in SECTIONS or row["medicines"] not in GROUPS:
            raise ValueError(f"leaflet.toml, {row['id']}: a language, a claim, a section or a group is missing")
        text = MappingProxyType({language: row[language] for language in LANGUAGES})
        rests_on = tuple(sources[name] for name in row["sources"])
        found.append(Sentence(row["id"], row["section"], row["medicines"], tuple(row["claims"]), rests_on, text))
    return tuple(found)


def leaflet_for(medicine: str) -> tuple[Sentence, ...]:
    """The sentences for those who taper this medicine."""
    return tuple(sentence for sentence in sentences() if medicine in GROUPS[sentence.medicines])

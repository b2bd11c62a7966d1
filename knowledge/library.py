"""The whole knowledge base, loaded and checked once at start: medicines, codes, rules, texts, and their version."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli

from knowledge.claim import Claim, Document
from knowledge.claims import load_documents
from knowledge.codes import Codes, read_codes
from knowledge.fault import KnowledgeFault, fail, text_of
from knowledge.medicine import Medicines, read_medicines
from knowledge.overrides import OverrideReason, read_override_reasons
from knowledge.rule import Rule, read_rule
from knowledge.texts import Phrases, RuleTexts, read_phrases, read_rule_texts

if TYPE_CHECKING:
    from knowledge.site import Product, Products
    from knowledge.sketch import Case

HERE = Path(__file__).parent
EDITION = "2026.11.1"  # of the content; the hash beside it says exactly which


@dataclass(frozen=True)
class Library:
    """Everything a rule can be judged and told with. `rules` stand in an order in which each finds the ones it rests
    on already judged."""

    version: str
    medicines: Medicines
    codes: Codes
    rules: tuple[Rule, ...]
    texts: dict[str, RuleTexts]  # by rule id
    phrases: dict[str, Phrases]  # by language
    override_reasons: dict[str, OverrideReason]
    citations: dict[str, str]  # document id → how a card names it
    folder: Path = field(default=HERE)
    products: "Products" = field(default_factory=dict)  # of the site: see knowledge/site.py
    stock: "Mapping[str, tuple[Product, ...]]" = field(default_factory=dict)  # the same, by medicine
    memory: dict[Any, Any] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )  # of whoever reads by it

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """The five documents with their claims; read when a page or a check asks for them."""
        return load_documents(self.folder / "documents")

    def claims_of(self, rule: Rule) -> list[tuple[Claim, Document]]:
        """The statements a rule rests on, each with its document."""
        found = {claim.id: (claim, document) for document in self.documents for claim in document.claims}
        return [found[name] for name in rule.claims if name in found]

    @cached_property
    def cases(self) -> dict[str, tuple["Case", ...]]:
        """Each rule's worked cases, likewise."""
        from knowledge.sketch import read_cases  # noqa: PLC0415 - a sketch is judged by a library

        paths = {rule.id: self.folder / "rules" / rule.id / "cases.toml" for rule in self.rules}
        return {
            name: read_cases(_toml(path), self.by_id[name], f"rules/{name}/cases.toml") for name, path in paths.items()
        }

    @cached_property
    def by_id(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}


def read_library(folder: Path = HERE) -> Library:
    """Load the knowledge base.

    Raises KnowledgeFault, which says what is wrong, in which file, and what to do next.
    """
    rules, texts = [], {}
    for path in sorted((folder / "rules").iterdir()):
        if path.is_dir():
            rule = _rule(path)
            rules.append(rule)
            texts[rule.id] = read_rule_texts(_toml(path / "texts.toml"), rule, f"rules/{path.name}/texts.toml")
    library = Library(
        version=f"{EDITION}+sha256.{content_hash(folder)[:12]}",
        medicines=read_medicines(folder / "medicines"),
        codes=read_codes(folder / "codes"),
        rules=_in_order(rules),
        texts=texts,
        phrases={
            path.stem: read_phrases(_toml(path), f"texts/{path.name}") for path in (folder / "texts").glob("*.toml")
        },
        override_reasons=read_override_reasons(_toml(folder / "override_reasons.toml")),
        citations={path.parent.name: _citation(path) for path in (folder / "documents").glob("*/document.toml")},
        folder=folder,
    )
    _refuse_unknown_names(library)
    return library


def content_hash(folder: Path) -> str:
    """SHA-256 over the names and bytes of every data file, so that a version says exactly which content judged."""
    digest = hashlib.sha256()
    for path in data_files(folder):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def data_files(folder: Path) -> Iterator[Path]:
    """Every file whose content can change an advice or its wording, in a fixed order."""
    yield from sorted(path for path in folder.rglob("*") if path.suffix in (".toml", ".csv"))


def _rule(path: Path) -> Rule:
    where = f"rules/{path.name}/rule.toml"
    rule = read_rule(_toml(path / "rule.toml"), where)
    if rule.id != path.name:
        fail(where, f'the id "{rule.id}" is not the name of its folder.', "Make them the same.")
    return rule


def _citation(path: Path) -> str:
    return text_of(_toml(path), "cite", f"documents/{path.parent.name}/document.toml")


def _toml(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            return tomli.load(file)
    except FileNotFoundError:
        fail(path.name, "is missing.", f"Add it: {path.parent.name}/{path.name}.")
    except tomli.TOMLDecodeError as error:
        raise KnowledgeFault(f"{path.parent.name}/{path.name}: not TOML: {error}. Mend that line.") from error


def _in_order(rules: list[Rule]) -> tuple[Rule, ...]:
    by_id = {rule.id: rule for rule in rules}
    for rule in rules:
        for other in rule.rests_on - by_id.keys():
            fail(f"rules/{rule.id}/rule.toml", f'rests on "{other}", which is no rule.', "Correct the name.")
    try:
        # sorted, for a set has another order in every process: the same facts give the same advice, byte for byte
        order = TopologicalSorter({rule.id: sorted(rule.rests_on) for rule in rules}).static_order()
        return tuple(by_id[name] for name in order)
    except CycleError as error:
        fail("rules", f"rest on each other in a circle: {' → '.join(error.args[1])}.", "Break it at one of them.")


def _refuse_unknown_names(library: Library) -> None:
    classes = {name for medicine in library.medicines.by_id.values() for name in medicine.classes}
    known_medicines = classes | library.medicines.by_id.keys()
    known_lists = library.codes.names | library.codes.phrases.names
    for rule in library.rules:
        where = f"rules/{rule.id}/rule.toml"
        named = {rule.judges.medicine, *rule.judges.course_without}
        for name in sorted(named.union(*(c.medicines for c in rule.criteria)) - known_medicines - {""}):
            fail(where, f'"{name}" is no medicine and no class.', "Correct it, or add it under medicines/.")
        for name in sorted(rule.judges.examinations.union(*(c.lists for c in rule.criteria)) - known_lists):
            fail(where, f'"{name}" is no code list.', f"Correct it, or add codes/{name}.csv.")
        if rule.document not in library.citations:
            fail(where, f'"{rule.document}" is no document.', "Correct it, or add its folder under documents/.")
        for name in rule.overrides:
            if name not in library.override_reasons:
                fail(where, f'"{name}" is no override reason.', "Correct it, or add it to override_reasons.toml.")
        for name in {name for block in rule.speak for name in block.overrides_without} - set(rule.overrides):
            fail(where, f'"{name}" is none of its override reasons.', "Take it out of overrides_without, or add it.")

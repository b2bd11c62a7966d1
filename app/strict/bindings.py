"""The required bindings of FHIR R4 (https://hl7.org/fhir/R4/terminologies.html#required): which codes an element may have.

fhir.resources checks structure and accepts any word for a code; required_bindings.json says which there are.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel

_FILE = Path(__file__).with_name("required_bindings.json")


@cache
def _bindings() -> tuple[Mapping[str, str], Mapping[str, frozenset[str]]]:
    told = orjson.loads(_FILE.read_bytes())
    return told["bindings"], {name: frozenset(codes) for name, codes in told["sets"].items()}


def unbound(model: BaseModel, place: str) -> Iterator[str]:
    """The place of every code below `model` that its binding does not know."""
    yield from _below(model, _type_of(model), place)


def _below(model: BaseModel, path: str, place: str) -> Iterator[str]:
    bindings, sets = _bindings()
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if value is None:
            continue
        own, many = field.alias or name, isinstance(value, list)
        codes = sets.get(bindings.get(f"{path}.{own}", ""))
        for index, item in enumerate(value if many else [value]):
            where = f"{place}.{own}[{index}]" if many else f"{place}.{own}"
            if codes is not None and not _is_bound(item, codes):
                yield where
            if isinstance(item, BaseModel):
                yield from _below(item, _path_of(item, path, own), where)


def _is_bound(value: Any, codes: frozenset[str]) -> bool:
    """A code is one of them; of a concept, one of its codings is. What is only an extension has no code to judge."""
    if isinstance(value, BaseModel):
        codings = getattr(value, "coding", None) or []
        return any(f"{coding.system}|{coding.code}" in codes for coding in codings)
    return value is None or str(value) in codes


def _path_of(item: BaseModel, path: str, name: str) -> str:
    """An element that is described where it stands is named after its place, one that holds itself keeps its path; a data
    type or a resource begins its own."""
    kind, here = _type_of(item), path.replace(".", "")
    if kind.lower() == f"{here}{name}".lower():
        return f"{path}.{name}"
    return path if kind.lower() == here.lower() else kind


def _type_of(model: BaseModel) -> str:
    return str(model.__resource_type__)  # type: ignore[attr-defined]

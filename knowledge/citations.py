"""Who rests on a claim: the rules, cases, texts and code under `knowledge/` that name its id."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import tomli

_CLAIM_ID = re.compile(r"\b[A-Z]+(?:-[A-Z]+)*-\d{3}\b")
_READ = frozenset({".toml", ".md", ".csv", ".json", ".html", ".txt", ".py"})
_KINDS = {"cases.toml": "case", "texts.toml": "text"}
# These speak of every claim, or of what once rested on one.
_SKIPPED = frozenset({"documents", "__pycache__", "coverage.toml", "COVERAGE.md", "CHANGELOG.md", "README.md"})


@dataclass(frozen=True, slots=True, order=True)
class User:
    """`kind` is "rule", "case", "text" or "code"; `name` is the rule's id or the file's name; `file` is relative
    to the folder that was searched."""

    kind: str
    name: str
    file: str


def users_of_claims(knowledge: Path) -> Mapping[str, tuple[User, ...]]:
    """Claim id → its users, sorted. A claim that nobody names is absent.

    Of a `rule.toml` only the lists called `claims` count, wherever they stand; of any other file every claim id in
    its text. Raises ValueError, naming the file, for a `rule.toml` that is not TOML.
    """
    users: dict[str, set[User]] = {}
    for path in sorted(knowledge.rglob("*")):
        relative = path.relative_to(knowledge)
        if path.suffix not in _READ or _SKIPPED & set(relative.parts) or not path.is_file():
            continue
        text = path.read_text("utf-8")
        file = relative.as_posix()
        if path.name == "rule.toml":
            user, ids = User("rule", path.parent.name, file), _cited(text, file)
        else:
            kind = "code" if path.suffix == ".py" else _KINDS.get(path.name, "text")
            user, ids = User(kind, _name(relative), file), _CLAIM_ID.findall(text)
        for claim_id in ids:
            users.setdefault(claim_id, set()).add(user)
    return {claim_id: tuple(sorted(found)) for claim_id, found in sorted(users.items())}


def unknown_claims(users: Mapping[str, tuple[User, ...]], claims: Iterable[str]) -> tuple[str, ...]:
    """A sentence for each user, code aside, that names a claim which does not exist."""
    known = set(claims)
    return tuple(
        f"{user.file}: names {claim_id}, which no document claims. Correct the id."
        for claim_id, found in users.items()
        if claim_id not in known
        for user in found
        if user.kind != "code"
    )


def _name(relative: Path) -> str:
    return relative.parent.name if relative.name in _KINDS else relative.name


def _cited(text: str, file: str) -> list[str]:
    try:
        return list(_claims_lists(tomli.loads(text)))
    except tomli.TOMLDecodeError as error:
        raise ValueError(f"{file}: not TOML: {error}. Mend that place.") from error


def _claims_lists(value: object) -> Iterable[str]:
    if isinstance(value, list):
        for item in value:
            yield from _claims_lists(item)
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "claims" and isinstance(inner, list):
                yield from (item for item in inner if isinstance(item, str))
            else:
                yield from _claims_lists(inner)

"""One place in a JSON body: what stands there, the path to it, and where its faults are collected."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Place:
    value: object
    found: list[str]
    path: str = ""

    def fault(self, what: str, number: str) -> None:
        self.found.append(f"{self.path or 'body'}: {what} ({number})")

    def at(self, key: str) -> "Place":
        step = f".{key}" if PLAIN_KEY.fullmatch(key) else f'["{key}"]'
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return Place(value, self.found, (self.path + step).removeprefix("."))

    def has(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def members(self) -> Iterator[tuple[str, "Place"]]:
        if isinstance(self.value, dict):
            for key in self.value:
                yield str(key), self.at(str(key))

    def items(self) -> Iterator["Place"]:
        if isinstance(self.value, list):
            for index, value in enumerate(self.value):
                yield Place(value, self.found, f"{self.path}[{index}]")

    # What a member must be. Each says what is wrong once, and returns the value only when it is right.

    def text(self, key: str, number: str, *, needed: bool = True) -> str | None:
        place = self.at(key)
        if not self.has(key):
            if needed:
                place.fault("missing", number)
            return None
        if not isinstance(place.value, str):
            place.fault(f"{kind(place.value)}, must be a string", number)
            return None
        if not place.value.strip():
            place.fault("blank", number)
            return None
        return place.value

    def one_of(self, key: str, allowed: frozenset[str], number: str, *, needed: bool = True) -> str | None:
        value = self.text(key, number, needed=needed)
        if value is None or value in allowed:
            return value
        self.at(key).fault(f'"{value}" is none of {", ".join(sorted(allowed))}', number)
        return None

    def web_address(self, key: str, number: str, *, needed: bool = True) -> str | None:
        value = self.text(key, number, needed=needed)
        if value is None:
            return None
        if not is_web_address(value):
            self.at(key).fault(f'"{value}" is not an absolute http(s) address', number)
            return None
        return value

    def boolean(self, key: str, number: str) -> bool | None:
        place = self.at(key)
        if not self.has(key) or isinstance(place.value, bool):
            return bool(place.value) if self.has(key) else None
        place.fault(f"{kind(place.value)}, must be true or false", number)
        return None

    def array(self, key: str, number: str, *, needed: bool = False) -> list["Place"]:
        """The objects in an array; anything else in it is a fault."""
        place = self.at(key)
        if not self.has(key):
            if needed:
                place.fault("missing", number)
            return []
        if not isinstance(place.value, list):
            place.fault(f"{kind(place.value)}, must be an array", number)
            return []
        for item in place.items():
            if not isinstance(item.value, dict):
                item.fault(f"{kind(item.value)}, must be an object", number)
        return [item for item in place.items() if isinstance(item.value, dict)]

    def only(self, known: frozenset[str], number: str) -> None:
        for key, place in self.members():
            if key not in known:
                place.fault("no such member; what the specification does not name belongs in an extension", number)

    def extension(self) -> None:
        """E1, E2: an object whose keys are reverse-domain names."""
        if not self.has("extension"):
            return
        extension = self.at("extension")
        if not isinstance(extension.value, dict):
            extension.fault(f"{kind(extension.value)}, must be an object (FHIR's array form does not apply)", "E1")
        for key, place in extension.members():
            if not re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9_-]+)+", key):
                place.fault("the key should be a reverse-domain name", "E2")


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def kind(value: object) -> str:
    names = {
        dict: "an object",
        list: "an array",
        str: "a string",
        bool: "a boolean",
        int: "a number",
        float: "a number",
    }
    return names.get(type(value), "null")


def is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", text)


def nothing_empty(place: Place, *, may_be_empty: frozenset[str] = frozenset()) -> None:
    """J1, J2, J3: no null and nothing empty anywhere, but for the arrays named; only what UTF-8 JSON can carry."""
    value = place.value
    if value is None:
        place.fault("null; leave the member out", "J2")
    elif isinstance(value, str):
        if not value.strip():
            place.fault("empty string; leave the member out", "J2")
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            place.fault("half a surrogate pair cannot be sent as UTF-8", "J1")
    elif isinstance(value, float) and not math.isfinite(value):
        place.fault(f"{value} is not a JSON number", "J1")
    elif isinstance(value, dict | list):
        if not value and place.path not in may_be_empty:
            place.fault(f"empty {'object' if isinstance(value, dict) else 'array'}; leave the member out", "J2")
        for _, member in place.members():
            nothing_empty(member, may_be_empty=may_be_empty)
        for item in place.items():
            nothing_empty(item, may_be_empty=may_be_empty)

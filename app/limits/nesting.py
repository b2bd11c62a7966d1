"""How deep JSON is nested, told from its text before anything builds it."""

import re
from itertools import accumulate

# Each string once, also one that is never closed: without `?` and `*+` a body of quotes would be read over and over.
_STRINGS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_STRING_OR_BRACKET = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
_NOT_STRUCTURE = bytes(set(range(256)) - set(b'"[]{}'))
_ONE_KIND = bytes.maketrans(b"{}", b"[]")
_STEP = {ord("["): 1, ord("]"): -1}
_ROUNDS = 12


def too_deep(text: bytes, limit: int) -> bool:
    """Whether arrays and objects stand in each other more than `limit` deep, in what is JSON; else it may say either.

    Taking away every `[]` at once takes away one level. FHIR is gone in a few rounds, far faster than its brackets could
    be counted one by one; what is left then is.
    """
    if text.count(b"[") + text.count(b"{") <= limit:
        return False
    left, rounds = _brackets(text), min(limit, _ROUNDS)
    for _ in range(rounds):
        left = left.replace(b"[]", b"")
    return rounds + max(accumulate(_STEP[bracket] for bracket in left), default=-rounds) > limit


def _brackets(text: bytes) -> bytes:
    """The brackets outside strings, all as square ones."""
    if b"\\" in text:
        text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    structure = text.translate(None, _NOT_STRUCTURE).replace(b'""', b"")  # of nearly all strings nothing is left then
    return (_STRINGS.sub(b"", structure) if b'"' in structure else structure).translate(_ONE_KIND)


def place_too_deep(text: bytes, limit: int) -> str:
    """Where the first bracket stands that is one too many: line and column."""
    depth, found = 0, 0
    for match in _STRING_OR_BRACKET.finditer(text):
        depth += _STEP.get(match[0].translate(_ONE_KIND)[0], 0)
        if depth > limit:
            found = match.start()
            break
    line, start = text.count(b"\n", 0, found) + 1, text.rfind(b"\n", 0, found)
    return f"line {line}, column {found - start}"

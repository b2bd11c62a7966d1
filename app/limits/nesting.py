"""How deep JSON is nested, told from its text before anything builds it."""

import re
from itertools import accumulate

# Each string once, also one that is never closed: without `?` and `*+` a body of quotes would be read over and over.
_STRINGS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


def too_deep(text: bytes, limit: int) -> bool:
    """Whether arrays and objects stand in each other more than `limit` deep."""
    if text.count(b"[") + text.count(b"{") <= limit:
        return False
    brackets = _STRINGS.sub(b"", text).translate(None, _NOT_BRACKETS)
    return max(accumulate(_STEP[bracket] for bracket in brackets), default=0) > limit

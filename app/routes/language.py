"""Which language to answer in."""

from knowledge.texts import LANGUAGES


def language_of(accept: str | None, default: str) -> str:
    """The best of nl, fr, en, de that Accept-Language asks for (RFC 9110 §12.5.4), else the default."""
    wishes: list[tuple[float, int, str]] = []
    for position, part in enumerate((accept or "").split(",")[:20]):
        tag, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next((_weight(p[2:]) for p in parameters if p.startswith("q=")), 1.0)
        wishes.append((-weight, position, tag.split("-")[0]))
    for weight, _, tag in sorted(wishes):
        if tag in LANGUAGES and weight < 0:
            return tag
    return default


def _weight(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return 0.0

"""How a caller wants a Bundle judged."""

from dataclasses import dataclass
from datetime import date

ORDERS, REVIEW = "orders", "review"


@dataclass(frozen=True, slots=True)
class Options:
    """`judge` None: of each patient the orders being written, and the medicines in use where there are none. `orders` names
    the orders (by reference or fullUrl) where their status does not tell; `complete` the lists that are whole."""

    judge: str | None = None
    orders: frozenset[str] = frozenset()
    complete: frozenset[str] | None = None
    today: date | None = None
    language: str | None = None
    country: str | None = None

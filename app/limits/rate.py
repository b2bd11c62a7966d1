"""Calls per minute and client: a token bucket that all worker processes share without a lock.

Each client has one number in a table: when its bucket will be full again ("generic cell rate algorithm"). The table has
a fixed size, so that no flood of addresses fills the memory; two clients that fall on one place share a bucket. Two
processes that write at once may let one call too many through.
"""

import mmap
from functools import lru_cache
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address
from math import ceil
from pathlib import Path
from secrets import token_bytes
from time import monotonic

from app.errors import CalledTooOften, Issue

UNLIMITED = ("/health/", "/metrics")  # whoever watches Wane must see it when it has most to do
PLACES = 1 << 16
_SALT = 16  # bytes at the start of the table, so that nobody can aim at another client's place
SIZE = _SALT + 8 * PLACES
_WINDOW = 60.0  # seconds


class Rate:
    """`per_minute` calls, at once or spread. `table` is a file made by `make_table`; without it, memory of this process."""

    def __init__(self, per_minute: int, table: Path | None = None) -> None:
        self.per_minute, self._each = per_minute, _WINDOW / per_minute
        if table is None:
            self._memory = mmap.mmap(-1, SIZE)
            self._memory[:_SALT] = token_bytes(_SALT)
        else:
            with table.open("r+b") as file:
                self._memory = mmap.mmap(file.fileno(), SIZE)
        self._salt = self._memory[:_SALT]
        self._full_at = memoryview(self._memory)[_SALT:].cast("d")

    def wait(self, client: str, now: float) -> float:
        """Count a call of `client` at `now` (seconds of the monotonic clock, the same in every process of a machine).

        0 if it may go on, else the seconds until it would be, and nothing is counted.
        """
        place = int.from_bytes(blake2b(client.encode(), digest_size=4, key=self._salt).digest()) % PLACES
        full_at = max(self._full_at[place], now)
        too_early = full_at + self._each - now - _WINDOW
        if too_early > 1e-9:
            return too_early
        self._full_at[place] = full_at + self._each
        return 0.0

    def admit(self, client: str) -> None:
        """Count a call of `client` that comes now. Raises CalledTooOften (429) with when to come back."""
        wait = self.wait(client, monotonic())
        if wait:
            raise CalledTooOften(
                Issue("throttled", f"At most {self.per_minute} calls a minute. Wait, then send it again."),
                retry_after=ceil(wait),
            )


def make_table(path: Path) -> None:
    """An empty table for `Rate`, to be shared by the processes of one start."""
    path.write_bytes(token_bytes(_SALT) + bytes(SIZE - _SALT))


@lru_cache(1024)
def client_of(address: str) -> str:
    """Who calls, by address. One network of IPv6 (/64) is one client, since a host may take any address in it."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64))
    return address

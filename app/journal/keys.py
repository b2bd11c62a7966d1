"""The keys pseudonyms are made with: the current one, and older ones that calls still carry.

They come from WANE_PSEUDONYM_KEY (the current secret first, older ones after commas), or else from a file beside the
SQLite journal that only its owner can read. Without the key, a pseudonym leads back to nobody.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b, sha256
from pathlib import Path

from app.journal.files import replace, write_new
from app.settings import Settings, SettingsFault

_SHORTEST = 32  # characters of a secret: 128 bits written in hex


class Key:
    """One secret. `id` is a fingerprint of it, so that hosts with the same secret agree on it."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.id = fingerprint(b"key\0" + secret.encode("ascii"))[:8]
        self._keyed_hash = blake2b(digest_size=16, key=blake2b(secret.encode("ascii")).digest())

    def pseudonym(self, kind: str, value: str) -> str:
        """32 hex digits (BLAKE2b keyed, RFC 7693, 128 bits) for a patient, a user, or a resource reference."""
        made = self._keyed_hash.copy()
        made.update(f"{kind}\0{value}".encode())
        return made.hexdigest()

    def checksum(self, document: bytes) -> str:
        """32 hex digits over what was stored of one call: without the key nobody can change a row and mend it."""
        made = self._keyed_hash.copy()
        made.update(b"row\0" + document)
        return made.hexdigest()


@dataclass(frozen=True, slots=True)
class Keys:
    """The current key, and all that are known."""

    current: Key
    by_id: dict[str, Key]


def fingerprint(content: bytes) -> str:
    """32 hex digits that tell this content from any other; no secret in them."""
    return sha256(content).hexdigest()[:32]


def read_keys(settings: Settings) -> Keys:
    """The keys of WANE_PSEUDONYM_KEY, or of the key file, which is made if it is not there.

    Raises SettingsFault where a secret is too short, the file cannot be made, or others than its owner can read it.
    """
    if settings.pseudonym_key is not None:
        return _keys(settings.pseudonym_key.split(","), "WANE_PSEUDONYM_KEY")
    path = key_file(settings)
    try:
        if not path.exists():
            write_new(path, f"{secrets.token_hex(32)}\n")
        if path.stat().st_mode & 0o077:
            raise SettingsFault(f"{path} can be read by others. Run: chmod 600 {path}")
        written = path.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise SettingsFault(
            f"{path}: the key file cannot be made or read ({error.strerror}). Let Wane's user write there, name another "
            "place with WANE_JOURNAL, or give the key with WANE_PSEUDONYM_KEY."
        ) from error
    return _keys(written.split(), str(path))


def key_file(settings: Settings) -> Path:
    """Where the keys are kept when the environment does not hold them: one secret a line, the current one first."""
    return settings.journal.with_suffix(".key")


def rotate(settings: Settings, carried: frozenset[str]) -> Keys:
    """Put a new key in front. Of the older ones, those no call carries (`carried`: key ids) are dropped, except the one
    just replaced, since processes that run still write with it."""
    old = read_keys(settings)
    kept = [key for key in old.by_id.values() if key is old.current or key.id in carried]
    made = [secrets.token_hex(32), *(key.secret for key in kept)]
    replace(key_file(settings), "".join(f"{secret}\n" for secret in made))
    return read_keys(settings)


def _keys(texts: Sequence[str], place: str) -> Keys:
    written = [text.strip() for text in texts if text.strip()]
    if not written or any(len(text) < _SHORTEST or not text.isascii() for text in written):
        raise SettingsFault(f"{place} needs a secret of at least {_SHORTEST} ASCII characters: openssl rand -hex 32")
    keys = [Key(text) for text in written]
    return Keys(keys[0], {key.id: key for key in keys})

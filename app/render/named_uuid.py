"""UUIDs made of what they name (version 5, RFC 9562 §5.5): what is said again has the same one."""

from hashlib import sha1
from uuid import NAMESPACE_URL


def named_uuid(namespace: bytes, *parts: str) -> str:
    """The UUID of these parts within a namespace, written out. An answer has dozens; `uuid.uuid5` takes three times as
    long to make the same."""
    digest = bytearray(sha1(namespace + "|".join(parts).encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    name = digest.hex()
    return f"{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:]}"


def namespace_of(url: str) -> bytes:
    """The namespace that an address stands for."""
    return bytes.fromhex(named_uuid(NAMESPACE_URL.bytes, url).replace("-", ""))

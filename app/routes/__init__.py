"""Thin: bytes in, bytes out, limits. What an answer says is decided elsewhere."""

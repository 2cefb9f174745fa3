"""The ids of entries: UUIDv7 (RFC 9562), which sort by when they were made."""

from __future__ import annotations

import re

_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def new_id(milliseconds: int, chance: bytes) -> str:
    """A UUIDv7 (RFC 9562): 48 bits of milliseconds since 1970, then ``chance``, ten random bytes."""
    if len(chance) != 10 or not 0 <= milliseconds < 1 << 48:
        raise ValueError("a UUIDv7 takes 48 bits of milliseconds and ten random bytes")
    bits = milliseconds << 80 | int.from_bytes(chance, "big")
    bits = bits & ~(0xF << 76) | 0x7 << 76
    bits = bits & ~(0x3 << 62) | 0x2 << 62
    text = f"{bits:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def made_at(id: str) -> int:
    """The milliseconds since 1970 that a UUIDv7 begins with."""
    return int(id[:8] + id[9:13], 16)


def is_id(text: str) -> bool:
    """Whether a text is a UUIDv7 in its usual spelling."""
    return _UUID7.fullmatch(text) is not None

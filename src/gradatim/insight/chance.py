"""Chance that is the same for the same record: numbers drawn from a seed that the data themselves give."""

from __future__ import annotations

from hashlib import sha256

import numpy as np


def generator(*parts: object) -> np.random.Generator:
    """A generator seeded by the text of its parts: the same data give the same draws, on every machine and in every order of
    calls. Nothing is drawn from a generator that the whole process shares."""
    text = "\x1f".join(map(str, parts)).encode()
    return np.random.Generator(np.random.PCG64(int.from_bytes(sha256(text).digest()[:16], "big")))

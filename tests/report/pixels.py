"""Pictures read without a library, to see whether anything is printed where nothing should be."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


def pixels(png: bytes) -> Pixels:
    """Rows, columns, red to alpha, of an 8-bit RGBA picture (RFC 2083)."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert (depth, kind) == (8, 6)
    packed, place = b"", 8
    while place < len(png):
        (size,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            packed += png[place + 8 : place + 8 + size]
        place += size + 12
    lines = np.frombuffer(zlib.decompress(packed), dtype=np.uint8).reshape(height, width * 4 + 1)
    rows = np.zeros((height, width, 4), dtype=np.uint8)
    above = np.zeros((width, 4), dtype=np.uint8)
    for number, line in enumerate(lines):
        rows[number] = above = _unfiltered(int(line[0]), line[1:].reshape(width, 4), above)
    return rows


def _unfiltered(kind: int, line: Pixels, above: Pixels) -> Pixels:
    match kind:
        case 0:
            return line
        case 1:
            return np.cumsum(line, axis=0, dtype=np.uint8)
        case 2:
            return line + above
        case _:
            made = np.zeros_like(line)
            left, corner = np.zeros(4, dtype=np.int16), np.zeros(4, dtype=np.int16)
            for place in range(len(line)):
                up = above[place].astype(np.int16)
                guess = (left + up) // 2 if kind == 3 else _paeth(left, up, corner)
                left, corner = (line[place] + guess).astype(np.uint8).astype(np.int16), up
                made[place] = left
            return made


def _paeth(left: NDArray[np.int16], up: NDArray[np.int16], corner: NDArray[np.int16]) -> NDArray[np.int16]:
    far = [np.abs(one - (left + up - corner) + 0) for one in (left, up, corner)]
    best = np.where(far[1] <= far[2], up, corner)
    return np.where((far[0] <= far[1]) & (far[0] <= far[2]), left, best)


def blank(picture: Pixels, left: float, top: float, right: float, bottom: float) -> bool:
    """Whether nothing is printed in a part of the page, given as shares of its width and height."""
    height, width, _ = picture.shape
    part = picture[int(top * height) : int(bottom * height), int(left * width) : int(right * width), :3]
    return bool(part.min() >= 250)


def margins_are_blank(picture: Pixels, side: float, over: float) -> bool:
    """Whether the margins of a page are empty: ``side`` of its width left and right, ``over`` of its height above and below."""
    return (
        blank(picture, 0, 0, side, 1) and blank(picture, 1 - side, 0, 1, 1) and blank(picture, 0, 0, 1, over)
        and blank(picture, 0, 1 - over, 1, 1)
    )  # fmt: skip

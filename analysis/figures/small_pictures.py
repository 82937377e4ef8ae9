"""PNG files made small: figures have few colours, and a palette of 256 takes a quarter of the room.

Formats after the PNG specification (W3C, third edition): filters in section 9, chunks in section 5.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numba
import numpy as np

Array = np.ndarray
SIGNATURE = b"\x89PNG\r\n\x1a\n"
N_COLOURS = 256
RGBA, INDEXED = 6, 3


def with_palette(content: bytes) -> bytes:
    """The picture with at most 256 colours and nothing transparent; `content` is an RGBA file of 8 bits a channel.

    Colours beyond the 256 most frequent become the nearest of these. Raises `ValueError` for any other kind of file.
    """
    pixels = _pixels(content)
    palette, indices = _indexed(pixels)
    height, width = indices.shape
    lines = np.zeros((height, width + 1), np.uint8)  # every line begins with its filter: none
    lines[:, 1:] = indices
    head = struct.pack(">IIBBBBB", width, height, 8, INDEXED, 0, 0, 0)
    chunks = (
        (b"IHDR", head),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    )
    return SIGNATURE + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(SIGNATURE)
    while place < len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        yield content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        place += 12 + length


def _pixels(content: bytes) -> Array:
    """uint8 (height, width, 4)."""
    parts = list(_chunks(content)) if content.startswith(SIGNATURE) else []
    heads = [data for kind, data in parts if kind == b"IHDR"]
    if not heads:
        raise ValueError("this is no PNG file")
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", heads[0])
    if (depth, colour, interlaced) != (8, RGBA, 0):
        raise ValueError("only RGBA of 8 bits a channel, line by line, can be made small")
    raw = zlib.decompress(b"".join(data for kind, data in parts if kind == b"IDAT"))
    lines = np.frombuffer(raw, np.uint8).reshape(height, 1 + 4 * width)
    return _unfiltered(lines[:, 0].copy(), lines[:, 1:].copy()).reshape(height, width, 4)


@numba.njit(cache=True)
def _unfiltered(filters: Array, lines: Array) -> Array:
    """Lines without their filters, in place: none, sub, up, average, Paeth."""
    n_lines, n_bytes = lines.shape
    for y in range(n_lines):
        kind = filters[y]
        for x in range(n_bytes):
            left = int(lines[y, x - 4]) if x >= 4 else 0
            up = int(lines[y - 1, x]) if y else 0
            corner = int(lines[y - 1, x - 4]) if y and x >= 4 else 0
            guess = 0
            if kind == 1:
                guess = left
            elif kind == 2:
                guess = up
            elif kind == 3:
                guess = (left + up) // 2
            elif kind == 4:
                to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
                guess = left if to_left <= to_up and to_left <= to_corner else up if to_up <= to_corner else corner
            lines[y, x] = (int(lines[y, x]) + guess) & 255
    return lines


def _indexed(pixels: Array) -> tuple[Array, Array]:
    """Palette, uint8 (n, 3), and the index of every pixel, uint8 (height, width); transparent is white."""
    opacity = pixels[:, :, 3:].astype(np.uint32)
    solid = (pixels[:, :, :3].astype(np.uint32) * opacity + 255 * (255 - opacity) + 127) // 255
    codes = (solid[:, :, 0] << 16) | (solid[:, :, 1] << 8) | solid[:, :, 2]
    distinct, where, n = np.unique(codes, return_inverse=True, return_counts=True)
    colours = np.stack([distinct >> 16, (distinct >> 8) & 255, distinct & 255], axis=1).astype(np.int64)
    kept = np.sort(np.argsort(-n, kind="stable")[:N_COLOURS])
    distance = np.full(len(distinct), np.iinfo(np.int64).max)
    nearest = np.zeros(len(distinct), np.uint8)
    for place, colour in enumerate(colours[kept]):
        apart = ((colours - colour) ** 2).sum(axis=1)
        closer = apart < distance
        nearest[closer], distance[closer] = place, apart[closer]
    return colours[kept].astype(np.uint8), nearest[where].reshape(codes.shape)

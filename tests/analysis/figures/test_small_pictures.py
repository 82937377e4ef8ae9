"""Pictures made small: every filter of PNG is undone, few colours stay as they were, many become near ones."""

import struct
import zlib

import numpy as np
import pytest

from analysis.figures.small_pictures import SIGNATURE, _chunk, _chunks, with_palette


def filtered(line: np.ndarray, above: np.ndarray, kind: int) -> np.ndarray:
    """A line of RGBA bytes as a filter of the specification writes it."""
    left = np.concatenate([np.zeros(4, int), line[:-4]])
    corner = np.concatenate([np.zeros(4, int), above[:-4]])
    estimate = left + above - corner
    near = np.abs(np.stack([estimate - left, estimate - above, estimate - corner])).argmin(axis=0)
    guess = [0 * line, left, above, (left + above) // 2, np.choose(near, [left, above, corner])][kind]
    return ((line - guess) % 256).astype(np.uint8)


def png(pixels: np.ndarray, kind: int) -> bytes:
    """An RGBA file all of whose lines have one filter."""
    height, width, _ = pixels.shape
    lines = pixels.reshape(height, -1).astype(int)
    above = np.vstack([np.zeros_like(lines[:1]), lines[:-1]])
    raw = b"".join(bytes([kind]) + filtered(a, b, kind).tobytes() for a, b in zip(lines, above, strict=True))
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    data = zlib.compress(raw)
    parts = [(b"IHDR", head), (b"IDAT", data[:9]), (b"IDAT", data[9:]), (b"IEND", b"")]
    return SIGNATURE + b"".join(_chunk(*part) for part in parts)


def seen(content: bytes) -> np.ndarray:
    """RGB of a file with a palette."""
    found = dict(_chunks(content))
    width, height = struct.unpack(">II", found[b"IHDR"][:8])
    palette = np.frombuffer(found[b"PLTE"], np.uint8).reshape(-1, 3)
    lines = np.frombuffer(zlib.decompress(found[b"IDAT"]), np.uint8).reshape(height, width + 1)
    assert not lines[:, 0].any()
    return palette[lines[:, 1:]]


def picture(n_colours: int, alpha: int = 255) -> np.ndarray:
    rng = np.random.default_rng(1)
    colours = rng.integers(0, 256, (n_colours, 3))
    chosen = colours[rng.integers(0, n_colours, (40, 30))]
    return np.concatenate([chosen, np.full((40, 30, 1), alpha)], axis=2).astype(np.uint8)


@pytest.mark.parametrize("kind", range(5))
def test_few_colours_stay_as_they_were_whatever_the_filter(kind: int):
    pixels = picture(60)
    small = with_palette(png(pixels, kind))
    assert (seen(small) == pixels[:, :, :3]).all()


def test_many_colours_become_near_ones():
    pixels = picture(900)
    small = seen(with_palette(png(pixels, 1)))
    assert len(np.unique(small.reshape(-1, 3), axis=0)) <= 256
    assert np.abs(small.astype(int) - pixels[:, :, :3]).mean() < 20


def test_what_is_transparent_becomes_white():
    assert (seen(with_palette(png(picture(5, alpha=0), 0))) == 255).all()


@pytest.mark.parametrize("content", [b"no picture", SIGNATURE, png(picture(2), 0).replace(b"\x08\x06", b"\x08\x02", 1)])
def test_another_kind_of_file_is_refused(content: bytes):
    with pytest.raises(ValueError, match=r"PNG file|RGBA"):
        with_palette(content)

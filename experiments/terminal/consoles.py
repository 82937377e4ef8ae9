"""Consoles that lack some of our signs: what they cannot show is written in signs that they have.

A console in cp936, cp1252 or ASCII has no narrow space and no true minus; without this, printing one ends in a
traceback after all runs are done.
"""

from __future__ import annotations

import codecs
import sys
import unicodedata

NAME = "platform_lab.plain"
"""Of the way to handle what an encoding lacks, among those of Python."""
PLAIN = {
    "\u00b1": "+/-",
    "\u2212": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u00d7": "x",
    "\u00b7": "-",
    "\u2022": "*",
    "\u2019": "'",
    "\u2018": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2026": "...",
    "\u2264": "<=",
    "\u2265": ">=",
    "\u2192": "->",
    "\u2248": "~",
    "\u202f": " ",
    "\u2009": " ",
    "\u00a0": " ",
    "\u00a7": "section ",
    "\u20ac": "EUR",
    "\u00a5": "CNY",
}
"""What stands for a sign where there is none."""


def plain(text: str) -> str:
    """A text in ASCII: signs by what stands for them, letters without accents, anything else as a question mark."""
    return "".join(map(_plain_sign, text))


def _plain_sign(sign: str) -> str:
    if sign in PLAIN or sign.isascii():
        return PLAIN.get(sign, sign)
    bare = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
    return bare or "?"


def _replace(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError), "only writing to a console asks"
    return plain(error.object[error.start : error.end]), error.end


def prepare() -> None:
    """From now on printing never fails for a sign that the console does not have."""
    codecs.register_error(NAME, _replace)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)  # a stream that a test or a notebook put there has none
        if reconfigure is not None:
            reconfigure(errors=NAME)

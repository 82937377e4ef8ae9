"""YAML that is read as something else than it looks like: octal numbers, base 60, words that are true or false."""

from __future__ import annotations

import math
import re

import yaml

PLAIN_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*|[1-9][0-9]{0,2}(_[0-9]{3})+)?(\.[0-9]*)?([eE][-+]?[0-9]+)?")
"""Numbers that YAML reads as everybody does; a leading zero is octal to it, a colon base 60."""


def surprise(tag: str, text: str) -> tuple[str, str, str] | None:
    """Why YAML reads something else than what stands there, what is allowed, and what to do; None where it does not."""
    in_quotes = f'write "{text}" in quotes if a text is meant'
    if tag in ("int", "float") and not PLAIN_NUMBER.fullmatch(text) and math.isfinite(yaml.safe_load(text)):
        value = yaml.safe_load(text)
        return (
            f"YAML reads it as {value}",
            "numbers with decimal digits: 20, 0.2, 1e-3",
            f"write the number; {in_quotes}",
        )
    if tag == "bool" and text not in ("true", "false"):
        value = str(yaml.safe_load(text)).lower()
        return f"YAML reads it as {value}", "true, false", f"write {value}; {in_quotes}"
    if tag == "str" and PLAIN_NUMBER.fullmatch(text.replace(",", "")) and "," in text:
        return "a comma makes it a text", "numbers without signs between digits", f"write {text.replace(',', '')}"
    return None

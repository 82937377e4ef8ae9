"""What the files in `cases/` say of every instrument: its worked cases, and values with which it binds nobody."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import yaml

from sim.policy.catalogue import CATALOGUE

FOLDER = Path(__file__).parent / "cases"


@functools.cache
def entries_of(name: str) -> list[dict[str, Any]]:
    # PyYAML's parser in C, where it was built with it: the files are read whenever tests are collected.
    return yaml.load((FOLDER / f"{name}.yaml").read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def cases_of(name: str) -> list[dict[str, Any]]:
    """The worked cases of an instrument, in the order of its file."""
    return [entry for entry in entries_of(name) if "neutral" not in entry]


def neutral_values_of(name: str) -> dict[str, float]:
    """Values with which the instrument binds nobody: its file has one entry that holds these and nothing else."""
    (entry,) = (entry for entry in entries_of(name) if "neutral" in entry)
    assert entry.keys() == {"neutral"}, f"{name}: beside its neutral values stands {sorted(entry)}"
    return entry["neutral"]


NEUTRAL = {name: neutral_values_of(name) for name in CATALOGUE}
"""Of every instrument the values with which it changes nothing. No platform has all of the orders."""

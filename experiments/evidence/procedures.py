"""How each kind of case is carried out, by the name that cases use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from experiments import _build
from experiments.evidence import published, twin
from experiments.evidence.case import Case, Found
from experiments.evidence.growing import default_zone, growing_zone
from experiments.evidence.open_entry import open_entry
from experiments.evidence.paired import paired
from experiments.evidence.waterbed import waterbed_curve

Procedure = Callable[[Mapping[str, Any], _build.Runner], Found]

PROCEDURES: dict[str, Procedure] = {
    "growing_zone": growing_zone,
    "default_zone": default_zone,
    "waterbed_curve": waterbed_curve,
    "paired": paired,
    "open_entry": open_entry,
}
SUITES: dict[str, tuple[Case, ...]] = {"twin": twin.CASES, "evidence": published.CASES}
"""Suites by name; `all` is every one."""

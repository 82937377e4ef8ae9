"""Which parameters reproduce this market's moments?

    platform-lab calibrate sector=food_delivery population=city

Every parameter that the sector file calls `fitted` is adjusted until the moment named beside it is reproduced: least
squares on errors in units of the tolerance, Jacobian by finite differences, the same seeds throughout. Platforms'
appeals are not adjusted directly: at every trial they are found by inverting the orders that platforms have in the
mean-field model. Those orders are adjusted, so that a trial of another parameter leaves shares unchanged. A fit in
which the observed fees and pay are no equilibrium of platforms is refused with the reason, unless platforms=fixed.
Writes the fitted values and the moment table under outputs/calibrate/; copy the values into the sector file to keep
them.
"""

from __future__ import annotations

from pathlib import Path

from experiments.request import build, refusals
from experiments.request.request import Request
from experiments.results import fitting, stopping
from experiments.running import assumption_draws
from experiments.terminal import meanwhile
from experiments.terminal.tables import show_moments


def ask(overrides: list[str], extra: Path | None = None) -> Request:
    """What is fitted; raises `RefusedScenario` for what cannot be."""
    request = build.ask(overrides, extra)
    refusals.refuse_preview(request, "calibrate")
    refusals.refuse_sweep(request, "calibrate")
    refusals.refuse_snapshots(request, "calibrate")
    refusals.refuse_rules(request, "calibrate")
    assumption_draws.refuse_elsewhere(request, "calibrate")
    stopping.refuse_elsewhere(request, "calibrate")
    return request


def main(overrides: list[str], extra: Path | None = None) -> None:
    """Fit, print, keep."""
    request = ask(overrides, extra)
    meanwhile.notes(request.notes)
    found = fitting.answer(request)
    for name, value in found.values.items():
        print(f"{name}: {value:g}")
    show_moments(found.moments)
    print(f"\nFitted values: {found.folder / 'fitted.json'}. Copy them into the sector file to keep them.")

"""What does this policy do against none, paired replicate by replicate?

    platform-lab compare policy=commission_cap population=town
    platform-lab compare 'policy=[commission_cap]' policy.commission_cap.ceiling=0.06 replicates=16 seed=100
    platform-lab compare policy=commission_cap population=town uncertainty=assumptions

Every replicate is run twice with the same draws, with the policy and without; effects are differences within pairs,
averaged over the weeks under the policy, with 95% intervals over replicates. Leaves effects.parquet,
trajectories.parquet, distribution.parquet (who gains and loses within each party), moments.parquet, config.yaml,
record.json and report.html under outputs/compare/.

With uncertainty=assumptions every replicate (32 unless you say how many) also draws the numbered assumptions from
their ranges, so that the spread of effects holds what we do not know besides chance: the table adds the range of 95%
of the draws and how many have the same sign, and says which assumptions the effect follows most. Values you name are
not drawn; 'uncertainty.numbers=[A-02, A-10]' draws only those. Leaves draws.parquet and
sensitivity_of_effects.parquet too.
"""

from __future__ import annotations

import sys
from pathlib import Path

from experiments import _build, _effects, _records, _wording
from experiments._tables import show_distribution, show_effects, show_moments, show_sensitivity


def main(overrides: list[str], extra: Path | None = None) -> None:
    """Run pairs, print, keep, report."""
    started = _effects.now()
    request = _build.ask(overrides, extra)
    _build.refuse_sweep(request, "compare")
    found = _effects.answer("compare", request, started)
    show_effects(found.effects, _wording.labels(request)[0], found.folder)
    show_distribution(found.distribution)
    if found.sensitivity is not None:
        meanings = {row["number"]: row["meaning"] for row in _records.assumptions(request.scenarios[0].sector)}
        show_sensitivity(found.sensitivity, meanings, found.n_draws, found.n_failed_draws)
    show_moments(found.moments)
    print(
        f"\nResult: {found.folder}\nReport: {found.folder / 'report.html'}\n"
        "Next: platform-lab sweep with several values of a parameter, key=a,b,c"
    )


if __name__ == "__main__":
    from experiments.cli import main as cli

    cli(["compare", *sys.argv[1:]])

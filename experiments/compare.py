"""What does this policy do against none, paired replicate by replicate?

    platform-lab compare policy=commission_cap population=town
    platform-lab compare 'policy=[commission_cap]' policy.commission_cap.ceiling=0.06 replicates=16 seed=100

Every replicate is run twice with the same draws, with the policy and without; effects are differences within pairs,
averaged over the weeks under the policy, with 95% intervals over replicates. Leaves effects.parquet,
trajectories.parquet, moments.parquet, config.yaml, record.json and report.html under outputs/compare/.
"""

from __future__ import annotations

import sys
from pathlib import Path

from experiments import _build, _effects
from experiments._tables import show_effects, show_moments


def main(overrides: list[str], extra: Path | None = None) -> None:
    """Run pairs, print, keep, report."""
    started = _effects.now()
    request = _build.ask(overrides, extra)
    _build.refuse_sweep(request, "compare")
    folder, effects, moments = _effects.answer("compare", request, started)
    show_effects(effects, " and ".join(rule.title for rule in request.scenarios[0].policy.values()))
    show_moments(moments)
    print(
        f"\nResult: {folder}\nReport: {folder / 'report.html'}\n"
        "Next: platform-lab sweep with several values of a parameter, key=a,b,c"
    )


if __name__ == "__main__":
    from experiments.cli import main as cli

    cli(["compare", *sys.argv[1:]])

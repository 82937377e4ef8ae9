"""How does the effect of a policy change over a grid of values?

    platform-lab sweep policy=commission_cap policy.commission_cap.ceiling=0.12,0.10,0.08 population=town
    platform-lab sweep experiment=commission_cap_heights
    platform-lab sweep policy=commission_cap 'policy.commission_cap.ceiling=range(0.05,0.12,0.01)'

Every key with several values is an axis of the grid; an experiment file names its axes under `sweep`. Each point is
compared, paired by replicate, with the same market without the policy. A stopped sweep goes on where it stopped.
Leaves effects.parquet (one row a point and metric), trajectories.parquet, moments.parquet, config.yaml, record.json
and report.html under outputs/sweep/.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from experiments import _build, _effects
from experiments._tables import show_moments, show_table

HEADLINE = (
    "consumer_surplus",
    "merchant_profit",
    "worker_surplus",
    "platform_profit",
    "state_net",
    "welfare_total",
)


def main(overrides: list[str], extra: Path | None = None) -> None:
    """Run the grid, print, keep, report."""
    started = _effects.now()
    request = _build.ask(overrides, extra)
    found = _effects.answer("sweep", request, started)
    folder, effects = found.folder, found.effects
    if found.n_draws:
        print(f"{found.n_failed_draws} of {found.n_draws} draws failed and are left out (record.json says why).")
    show_moments(found.moments)
    headline = effects[effects["metric"].isin(HEADLINE)]
    unit = headline["unit"].iloc[0]
    print()
    show_table(f"Paired differences, mean week under the policy, {unit}", ["", *_titles(headline), ""], _rows(headline))
    print(
        f"\nResult: {folder}\nReport: {folder / 'report.html'}\n"
        "Next: open the report in a browser, or platform-lab compare one point of the grid"
    )


def _titles(headline: Any) -> list[str]:
    return [headline[headline["metric"] == metric]["title"].iloc[0] for metric in HEADLINE]


def _rows(headline: Any) -> list[list[str]]:
    """One row a point of the grid: effect and half of its 95% interval, party by party."""
    rows = []
    for label, mine in headline.groupby("label", sort=False):
        found = mine.set_index("metric").loc[list(HEADLINE)]
        cells = [f"{row.effect:+,.0f} \u00b1 {row.high - row.effect:,.0f}" for row in found.itertuples()]
        rows.append([str(label), *cells, ""])
    return rows


if __name__ == "__main__":
    from experiments.cli import main as cli

    cli(["sweep", *sys.argv[1:]])

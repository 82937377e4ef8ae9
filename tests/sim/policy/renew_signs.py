"""Look for every effect that instruments expect: `python -m tests.sim.policy.renew_signs [NAME ...]` renews their rows.

Every instrument is compared with the rules that it works on (`beside`), or with none, in a town of its market whose
platforms choose levers and breaches (strategy gradient): the mean over the 52 weeks of policy, paired by seed. An
effect holds if its 95% t interval over the pairs lies on the expected side of zero; it is reversed if the interval
lies on the other side, and open if it holds zero. Pairs share their past: 78 weeks are run once a seed.

Writes docs/reports/expected_signs.csv; rows of other instruments stay as they are.
"""

import csv
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed

from analysis.statistics.effects import mean_interval
from experiments.request import build
from sim.metrics.registry import REGISTRY
from sim.model import PlatformEconomy
from sim.policy.catalogue import CATALOGUE
from sim.scenario import Scenario

FILE = Path(__file__).resolve().parents[3] / "docs" / "reports" / "expected_signs.csv"
COLUMNS = ("instrument", "market", "metric", "sign", "effect", "low", "high", "unit", "verdict", "beside")
MARKETS = {"licensed_supply": "ride_hailing"}
"""The market that has what an instrument is about, where food delivery has not."""
POPULATION, N_SEEDS, N_WEEKS, FIRST_WEEK = "town", 8, 130, 79
N_WORKERS = 2

Row = dict[str, str]
Policy = tuple[str, ...]


def market_of(name: str) -> str:
    """The sector in which an instrument is tried."""
    return MARKETS.get(name, "food_delivery")


def verdict_of(sign: str, low: float, high: float) -> str:
    """What an interval says about an expected sign."""
    if low > 0.0 or high < 0.0:
        return "holds" if (low > 0.0) == (sign == "+") else "reversed"
    return "open"


def measure(names: Iterable[str], n_workers: int = N_WORKERS) -> list[Row]:
    """Rows of these instruments: one for each effect that they expect."""
    wanted: dict[str, list[str]] = {}
    for name in names:
        wanted.setdefault(market_of(name), []).append(name)
    rows = []
    for market, here in wanted.items():
        jobs = [delayed(_effects)(market, here, seed) for seed in range(1, N_SEEDS + 1)]
        by_seed: list[Any] = list(Parallel(n_workers)(jobs))
        for name in here:
            rows += [
                _row(name, expected.metric, expected.sign, np.array([found[name][i] for found in by_seed]))
                for i, expected in enumerate(CATALOGUE[name].expects)
            ]
    return rows


def _effects(market: str, names: list[str], seed: int) -> dict[str, list[float]]:
    """Effects of one seed in the order in which an instrument expects them; NaN weeks are left out."""
    past = PlatformEconomy(_scenario(market, (), seed), kernels="compiled")
    while past.world.week < FIRST_WEEK - 1:
        past.step()
    start, runs = past.snapshot(), {}

    def weeks(policy: Policy, metric: str) -> np.ndarray:
        if policy not in runs:
            model = PlatformEconomy.resume(start, _scenario(market, policy, seed), kernels="compiled")
            model.run_all()
            runs[policy] = model.weekly
        return np.array(runs[policy][metric][FIRST_WEEK - 1 :], float)

    found = {}
    for name in names:
        others = CATALOGUE[name].beside
        found[name] = [
            float(np.nanmean(weeks((*others, name), expected.metric) - weeks(others, expected.metric)))
            for expected in CATALOGUE[name].expects
        ]
        runs.pop((*others, name))
    return found


def _scenario(market: str, policy: Policy, seed: int) -> Scenario:
    words = [
        f"sector={market}",
        f"population={POPULATION}",
        "platforms.strategy=gradient",
        f"seed={seed}",
        f"horizon.n_weeks={N_WEEKS}",
        f"horizon.policy_week={FIRST_WEEK}",
    ]
    chosen = [f"policy=[{','.join(policy)}]"] if policy else []
    return build.ask(words + chosen).scenarios[0]


def _row(name: str, metric: str, sign: str, effects: np.ndarray) -> Row:
    """Mean and interval over seeds, rounded as they are written: the verdict is that of the numbers to be read."""
    effect, low, high = (f"{x:.6g}" for x in mean_interval(effects))
    return {
        "instrument": name,
        "market": market_of(name),
        "metric": metric,
        "sign": sign,
        "effect": effect,
        "low": low,
        "high": high,
        "unit": REGISTRY[metric].unit,
        "verdict": verdict_of(sign, float(low), float(high)),
        "beside": " ".join(CATALOGUE[name].beside),
    }


def read_table() -> list[Row]:
    """Rows as they were last written."""
    if not FILE.exists():
        return []
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_table(rows: list[Row]) -> None:
    """Rows in the order of the catalogue."""
    order = {name: place for place, name in enumerate(CATALOGUE)}
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: order[row["instrument"]]))


def main(words: list[str]) -> None:
    """Renew rows and say which effects do not hold."""
    if unknown := sorted(set(words) - set(CATALOGUE)):
        sys.exit(f"no instrument: {', '.join(unknown)}")
    names = list(dict.fromkeys(words)) or list(CATALOGUE)
    rows = measure(names)
    kept = [row for row in read_table() if row["instrument"] in CATALOGUE and row["instrument"] not in names]
    write_table(kept + rows)
    for row in rows:
        if row["verdict"] != "holds":
            print("{instrument}: {metric} {sign} is {verdict}: {effect} [{low}, {high}] {unit}".format(**row))
    print(f"{FILE.name}: {len(rows)} rows of {len(names)} instruments renewed")


if __name__ == "__main__":
    main(sys.argv[1:])

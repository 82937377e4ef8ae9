"""Pin the numbers of a small run anew: `python -m tests.sim.model.renew_baseline` writes baseline.json.

Renew only when numbers are meant to move, and say in CHANGELOG.md which moved, how far and why: a change of the
baseline without a line there is a defect.
"""

import json
from pathlib import Path
from typing import Any

from tests.economies import CAP, NO_CREDIT, fingerprint, run

FILE = Path(__file__).with_name("baseline.json")
PINNED = (
    "consumer_surplus",
    "consumer_orders",
    "consumer_price",
    "consumer_delay",
    "merchant_profit",
    "merchant_take_rate",
    "merchant_gini",
    "worker_pay",
    "worker_surplus",
    "platform_profit",
    "platform_hhi_orders",
    "state_net",
    "welfare_total",
)

ADDED: tuple[str, ...] = ()
"""Columns and metrics that came after the numbers were pinned and moved no other bit: empty it with a renewal."""


def measure_baseline() -> dict[str, Any]:
    """Metrics of the first, the last free and the last week of a small run with a cap, and its fingerprint.

    Nobody lends there: credit moves owners' money and nothing else of the market (tests/sim/market/test_credit.py).
    """
    model = run(2000, 2, n_weeks=12, policy_week=7, policy=CAP, seed=1, numbers=NO_CREDIT)
    return {
        "weeks": [1, 6, 12],
        "metrics": {name: [model.weekly[name][week - 1] for week in (1, 6, 12)] for name in PINNED},
        "fingerprint": fingerprint(model, without=ADDED),
    }


def main() -> None:
    """Write the file and say what moved."""
    before = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {"metrics": {}}
    now = measure_baseline()
    FILE.write_text(json.dumps(now, indent=1) + "\n", "utf-8")
    moved = [name for name in PINNED if before["metrics"].get(name) != now["metrics"][name]]
    for name in moved:
        print(f"{name}: {before['metrics'].get(name)} -> {now['metrics'][name]}")
    print(f"{FILE.name} written; {len(moved)} metrics moved. Add a line to CHANGELOG.md that says why.")


if __name__ == "__main__":
    main()

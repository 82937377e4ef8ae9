"""Synthetic payments between parties: what some accounts of the ledger carry without and with a cap."""

from __future__ import annotations

import pandas as pd

from sim.ledger.accounts import Account
from sim.metrics.flows import metric_of
from tests.analysis._results import MONEY_UNIT

# account: level without, change, half-width of its interval
PAID = {
    Account.GOODS_PAID: (18_000.0, -400.0, 60.0),
    Account.NET_FEES: (400.0, 420.0, 50.0),
    Account.REFUNDS: (560.0, 8.0, 20.0),
    Account.GOODS_PASSED_ON: (17_400.0, -390.0, 60.0),
    Account.COMMISSION: (2_100.0, -700.0, 64.0),
    Account.WORKER_PAY: (1_800.0, -18.0, 5.0),
    Account.TIPS: (90.0, 0.0, 0.0),
    Account.INGREDIENTS: (52_000.0, 430.0, 700.0),
    Account.FIXED_COSTS: (22_000.0, 220.0, 330.0),
    Account.OFFLINE_SALES: (63_000.0, 590.0, 1_030.0),
    Account.OWNERS_OUT: (5_200.0, 220.0, 37.0),
    Account.APPROPRIATIONS: (80.0, 0.0, 0.0),
    Account.STAFF: (70.0, 0.0, 0.0),
    Account.ACCESS_CHARGES: (12.0, 1.0, 0.5),
    Account.TAXES: (200.0, -5.0, 2.0),
    Account.SURCHARGES_GIVEN_UP: (-40.0, -2.0, 1.0),
    Account.LICENCES: (0.0, 0.0, 0.0),
}


def payments_frame(label: str = "a 12% cap", unit: str = MONEY_UNIT, factor: float = 1.0) -> pd.DataFrame:
    """Rows of an effects frame, one an account; `factor` widens the intervals."""
    rows = []
    for account, (level, change, half) in PAID.items():
        ends = {"low": change - factor * half, "high": change + factor * half}
        rows.append(
            {"scenario": 0, "label": label, "metric": metric_of(account), "title": account.what, "party": "flows"}
            | {"unit": unit, "better": "neutral", "n_replicates": 20, "baseline": level, "policy": level + change}
            | {"effect": change, **ends, "paired_sd": half * 2.1, "unpaired_sd": half * 6.3}
        )
    return pd.DataFrame(rows)


def with_payments(effects: pd.DataFrame) -> pd.DataFrame:
    """An effects frame and the payments of its first scenario, with its levers."""
    first = effects[effects["scenario"] == 0]
    levers = {key: first[key].iloc[0] for key in effects.columns if key not in payments_frame().columns}
    rows = payments_frame(label=str(first["label"].iloc[0])).assign(**levers)
    return pd.concat([effects, rows], ignore_index=True)

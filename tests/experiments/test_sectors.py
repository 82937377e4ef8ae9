"""A question put to each market: it runs, compares, and writes a report in words that fit the market."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from experiments import cli

pytestmark = pytest.mark.long

QUESTIONS = {
    "ride_hailing": ("minimum_pay", "floor=45.0", {"worker_top_up": 1, "platform_profit": -1}),
    "ecommerce": ("commission_cap", "ceiling=0.02", {"merchant_take_rate": -1, "platform_profit": -1}),
}
MINIATURE = [
    "platforms=fixed",
    "population=town",
    "population.n_consumers=1000",
    "horizon.n_weeks=12",
    "horizon.policy_week=7",
    "replicates=2",
    "runner.n_workers=1",
    "runner.kernels=plain",
]
FEW = {
    "ride_hailing": ["sector.workers.n_per_zone=40", "sector.workers.n_slots=80"],
    "ecommerce": ["sector.merchants.n_per_zone=25", "sector.merchants.n_slots=40"],
}
LACKING = {"ride_hailing": "merchants", "ecommerce": "workers"}


@pytest.mark.parametrize("sector", QUESTIONS)
def test_a_rule_is_compared_and_reported(sector: str, outputs: Path):
    policy, value, signs = QUESTIONS[sector]
    cli.main(["compare", f"sector={sector}", f"policy={policy}", f"policy.{policy}.{value}", *MINIATURE, *FEW[sector]])
    (folder,) = outputs.glob("compare/*")
    effects = pd.read_parquet(folder / "effects.parquet").set_index("metric")["effect"]
    for metric, sign in signs.items():
        assert effects[metric] * sign > 0.0, metric
    page = (folder / "report.html").read_text("utf-8")
    assert not any(word in page.lower() for word in ("riders", "restaurant"))
    parties = set(pd.read_parquet(folder / "distribution.parquet")["party"])
    assert parties == {"consumers", "merchants", "workers"} - {LACKING[sector]}


@pytest.mark.parametrize("sector", QUESTIONS)
def test_a_market_runs_and_shows_how_it_compares_with_the_facts(sector: str, outputs: Path, capsys):
    cli.main(["run", f"sector={sector}", *(w for w in MINIATURE if not w.startswith("replicates")), *FEW[sector]])
    (folder,) = outputs.glob("run/*")
    weekly = pd.read_parquet(folder / "weekly.parquet")
    assert (weekly["consumer_orders"] > 0.0).all()
    assert weekly["platform_leader_order_share"].max() < 1.0, "every market has rivals"
    assert "Simulated and observed moments" in capsys.readouterr().out

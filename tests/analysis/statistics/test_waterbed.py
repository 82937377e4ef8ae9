"""Parts of an effect add up, and the share won back is the one that a hand would find."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtrit

from analysis.statistics.effects import paired_effects, ratio_interval
from analysis.statistics.waterbed import WHOLE, decomposed, shares

WEEKS = list(range(1, 9))
FIRST = 5
FREE = {
    "platform_revenue_per_order": 10.0,
    "platform_commission_per_order": 6.0,
    "platform_commission_per_order_independent": 4.0,
    "platform_fee_per_order": 4.0,
    "platform_profit_per_order": 1.0,
    "platform_worker_cost_per_order": 7.0,
    "merchant_take_rate_independent": 0.2,
    "merchant_take_rate_chain": 0.1,
}
"""Independents sell goods of 20 an order, chains of 20: 20 x 20% + 20 x 10% = 6, and a fee of 4."""
CAPPED = FREE | {
    "platform_revenue_per_order": 8.0,
    "platform_commission_per_order": 4.0,
    "platform_commission_per_order_independent": 2.0,
    "platform_profit_per_order": -1.0,
    "merchant_take_rate_independent": 0.1,
}
"""A cap of 10% takes 2 from an order, of revenue and of profit."""
ANSWERED = CAPPED | {
    "platform_revenue_per_order": 9.2,
    "platform_fee_per_order": 4.8,
    "platform_commission_per_order": 4.4,
    "platform_commission_per_order_independent": 2.0,
    "merchant_take_rate_chain": 0.12,
    "platform_profit_per_order": 0.6,
    "platform_worker_cost_per_order": 6.6,
}
"""The fee rises by 0.8 and the rate of chains by 2 points, 0.4 on goods of 20: 1.2 of 2 comes back; carriage 0.4."""


def weeks_of(levels: dict[str, float], seed: int, noise: float = 0.0) -> pd.DataFrame:
    """Eight weeks, the free ones as without the policy; noise in money by replicate, the same in every run of it."""
    shock = noise * np.random.default_rng(seed).normal()
    moved = {name: shock if name.startswith("platform") else 0.0 for name in FREE}
    rows = [{"week": w} | {k: v + moved[k] for k, v in (levels if w >= FIRST else FREE).items()} for w in WEEKS]
    return pd.DataFrame(rows)


def made_up(n: int = 6, jitter: float = 0.0, answered: dict[str, float] | None = None):
    """Weeks without the policy, with it and no answer, and with the answer, which differs a little by replicate."""
    baseline = [weeks_of(FREE, r, 0.3) for r in range(n)]
    still = [weeks_of(CAPPED, r, 0.3) for r in range(n)]
    moved = [weeks_of(ANSWERED if answered is None else answered, r, 0.3) for r in range(n)]
    for r, frame in enumerate(moved):
        own = frame["week"] >= FIRST
        for name in ("platform_revenue_per_order", "platform_fee_per_order"):
            frame.loc[own, name] += jitter * (r - (n - 1) / 2)
    return baseline, still, moved


def of(found: pd.DataFrame, measure: str, part: str = WHOLE) -> pd.Series:
    rows = found[(found["measure"] == measure) & (found["part"] == part)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_the_rule_and_the_answer_add_up_to_the_effect_in_every_replicate():
    baseline, still, moved = made_up(jitter=0.1)
    for r in range(len(baseline)):
        one = decomposed([baseline[r]], [still[r]], [moved[r]], FIRST).pivot(
            index="metric", columns="part", values="effect"
        )
        assert set(one.index) == set(FREE)
        assert np.allclose(one["direct"] + one["behavioural"], one["total"], rtol=0, atol=1e-12)
    every = decomposed(baseline, still, moved, FIRST)
    total = every[every["part"] == "total"].drop(columns="part").reset_index(drop=True)
    pd.testing.assert_frame_equal(total, paired_effects(baseline, moved, FIRST))
    fee = every[every["metric"] == "platform_fee_per_order"].set_index("part")
    assert fee.loc["direct", "effect"] == pytest.approx(0.0)
    assert fee.loc["behavioural", "effect"] == pytest.approx(0.8)
    assert fee.loc["behavioural", "low"] < 0.8 < fee.loc["behavioural", "high"]


def test_the_share_won_back_is_known_by_hand():
    found = shares(*made_up(jitter=0.05), FIRST)
    whole = of(found, "waterbed")
    assert whole["taken"] == pytest.approx(2.0)
    assert whole["returned"] == pytest.approx(1.2)
    assert whole["share"] == pytest.approx(0.6)
    half = float(stdtrit(5, 0.975)) * 0.05 * math.sqrt(3.5) / math.sqrt(6) / 2.0  # what is taken has no spread
    assert (whole["share_low"], whole["share_high"]) == pytest.approx((0.6 - half, 0.6 + half))
    assert of(found, "recovered")["share"] == pytest.approx(0.8)
    assert set(found["why"]) == {""}


def test_levers_add_up_to_the_share_and_are_told_apart():
    found = shares(*made_up(n=40, jitter=0.001), FIRST)
    levers = {part: of(found, "waterbed", part)["share"] for part in set(found["part"]) - {WHOLE}}
    assert sum(levers.values()) == pytest.approx(0.6)
    assert levers["consumer fee"] == pytest.approx(0.4)
    assert levers["rates of independents"] == pytest.approx(0.0)
    assert levers["rates of chains"] == pytest.approx(0.2)
    assert levers["mix"] == pytest.approx(0.0)


def test_dearer_meals_at_the_same_rates_are_the_mix_and_no_lever():
    dearer = CAPPED | {
        "platform_revenue_per_order": 8.4,
        "platform_commission_per_order": 4.4,
        "platform_commission_per_order_independent": 2.4,
    }
    baseline, still = [weeks_of(FREE, r) for r in range(3)], [weeks_of(CAPPED, r) for r in range(3)]
    found = shares(baseline, still, [weeks_of(dearer, r) for r in range(3)], FIRST)
    assert of(found, "waterbed", "mix")["share"] == pytest.approx(0.2)
    assert of(found, "waterbed", "rates of independents")["share"] == pytest.approx(0.0)
    assert of(found, "waterbed", "consumer fee")["share"] == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        (FREE, "the direct effect of the rule on revenue per order is not distinguishable from zero"),
        (FREE | {"platform_revenue_per_order": 11.0}, "the direct effect of the rule raises revenue per order"),
        (
            FREE | {"platform_revenue_per_order": 9.96},
            "the direct effect lowers revenue per order by less than 0.5% of revenue per order",
        ),
    ],
)
def test_a_rule_that_takes_no_revenue_has_no_share_and_says_why(levels: dict[str, float], words: str):
    baseline, still = [weeks_of(FREE, r) for r in range(4)], [weeks_of(levels, r) for r in range(4)]
    whole = of(shares(baseline, still, baseline, FIRST), "waterbed")
    assert words in whole["why"]
    assert math.isnan(whole["share"])


def test_one_replicate_has_no_share():
    assert "two replicates" in of(shares(*made_up(n=1), FIRST), "waterbed")["why"]


def test_a_market_without_chains_has_no_part_for_them():
    sides = []
    for levels in (FREE, CAPPED, ANSWERED):
        alone = levels | {"merchant_take_rate_chain": math.nan}
        alone["platform_commission_per_order"] = alone["platform_commission_per_order_independent"]
        alone["platform_revenue_per_order"] = alone["platform_commission_per_order"] + alone["platform_fee_per_order"]
        sides.append([weeks_of(alone, r) for r in range(3)])
    found = shares(*sides, FIRST)
    assert of(found, "waterbed")["share"] == pytest.approx(0.4)
    assert of(found, "waterbed", "rates of chains")["share"] == 0.0


def test_fiellers_interval_ends_where_students_t_does():
    rng = np.random.default_rng(3)
    below = rng.normal(5.0, 1.0, 12)
    above = 0.5 * below + rng.normal(0.0, 1.0, 12)
    ratio, low, high = ratio_interval(above, below)
    assert low < ratio < high
    for end in (low, high):
        rest = above - end * below
        t = abs(rest.mean()) / (rest.std(ddof=1) / math.sqrt(12))
        assert t == pytest.approx(float(stdtrit(11, 0.975)))


def test_a_ratio_to_what_may_be_zero_has_no_interval():
    below = np.array([-1.0, 1.2, -0.8, 0.9])
    _, low, high = ratio_interval(np.ones(4), below)
    assert math.isnan(low)
    assert math.isnan(high)
    assert ratio_interval(np.array([1.0]), np.array([2.0]))[0] == 0.5

"""Tiers of merchants: any number of them, each with its own numbers and commissions."""

import numpy as np

from sim.rules.hooks import Hook
from tests.economies import asked, economy_after, fingerprint, run

BASIC = {"share": 0.3, "quality": 0.0, "cost_ratio": 1.0, "is_independent": True}
TIERS = {
    "basic": BASIC,
    "plus": BASIC | {"share": 0.5, "quality": 0.4},
    "premier": BASIC | {"share": 0.2, "cost_ratio": 1.2, "is_independent": False},
}
RATES = {"basic": 0.15, "plus": 0.25, "premier": 0.30}


def with_tiers(tiers, rates):
    platforms = asked()["sector"]["platforms"]
    return {"merchants.tiers": tiers, **{f"platforms.{name}.commission": rates for name in platforms}}


def test_merchants_are_charged_the_rate_of_their_tier():
    world = economy_after(3, 1500, 2, numbers=with_tiers(TIERS, RATES)).world
    merchants, rates = world.merchants, list(RATES.values())
    of_platforms = world.orders.n_carried * world.offer_cents
    for t, name in enumerate(TIERS):
        here = merchants.tier == t
        owed = np.rint(rates[t] * of_platforms[:, here]).sum(axis=0)
        assert owed.sum() > 0
        assert np.array_equal(merchants.commission_cents[here], owed)
        assert np.all(merchants.is_independent[here & merchants.is_active] == TIERS[name]["is_independent"])
        assert np.array_equal(world.commission_of_merchants()[:, here], np.full((3, here.sum()), np.float32(rates[t])))


def test_a_tier_split_in_two_alike_moves_nobody():
    """Tiers are cuts of one uniform draw: merchants keep theirs, and with equal numbers all else."""
    chain, other = BASIC | {"share": 0.2, "quality": 0.3, "is_independent": False}, BASIC | {"share": 0.8}
    halves = {"chain": chain, "one": other | {"share": 0.35}, "two": other | {"share": 0.45}}
    whole = run(600, 2, numbers=with_tiers({"chain": chain, "other": other}, {"chain": 0.1, "other": 0.15}))
    split = run(600, 2, numbers=with_tiers(halves, {"chain": 0.1, "one": 0.15, "two": 0.15}))
    told = {"merchants.tier", *(f"platforms.commission{part}" for part in ("", "_chosen", "_outside"))}
    assert fingerprint(split, without=told) == fingerprint(whole, without=told)
    tier = split.world.merchants.tier
    assert np.array_equal(np.minimum(tier, 1), whole.world.merchants.tier)
    assert (tier == 2).sum() > (tier == 1).sum() > 0


def test_a_cap_meets_independents_of_every_tier():
    policy = {"commission_cap": {"ceiling": 0.2}}
    model = run(300, policy_week=5, policy=policy, numbers=with_tiers(TIERS, RATES))
    assert model.world.platforms.commission.tolist() == 3 * [[0.15, 0.20, 0.30]]
    assert model.world.platforms.commission_chosen.tolist() == 3 * [[0.15, 0.25, 0.30]]
    assert next(iter(model.cast.platforms)).commission == (0.15, 0.20, 0.30)
    assert {rule.hook for rule in model.world.rulebook.rules} == {Hook.MERCHANT_TERMS}

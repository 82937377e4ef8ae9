"""Research grants: money goes round, apps get better by what the equation says, and nothing happens without them."""

import math

import numpy as np
import pytest

from sim.ledger.accounts import Account
from sim.market.innovation import research, share_granted
from sim.parameters import InnovationParameters
from tests.economies import copied, economy_after, phase, run

RULE = {"innovation_support": {"subsidy": 0.2, "fund": 0.5}}


def test_without_a_grant_nothing_is_spent_and_nothing_is_gained():
    model = run(500, n_weeks=6)
    assert not any(model.weekly["platform_technology"])
    assert not any(model.weekly["state_subsidies"])
    assert not model.world.platforms.research_cents.any()


def test_money_goes_from_the_state_through_platforms_to_the_world():
    model = economy_after(4, 1500, policy_week=2, policy=RULE)
    world = model.world
    before = copied(world)
    phase(model, "open_books")
    phase(model, "develop_technology")
    platforms, flows = world.platforms, world.ledger.flows
    usual = 0.09 * platforms.revenue_cents
    assert np.abs(platforms.grant_cents - 0.2 * usual / 0.8).max() <= 0.5 + 1e-6
    assert np.abs(platforms.research_cents - usual * (1 / 0.8 - 1)).max() <= 0.5 + 1e-6
    assert flows[Account.RESEARCH_GRANTS] == platforms.grant_cents.sum() > 0
    assert flows[Account.RESEARCH] == platforms.research_cents.sum() > 0
    kept = platforms.grant_cents - platforms.research_cents
    assert np.array_equal(platforms.balance_cents - before["platforms.balance_cents"], kept)
    assert np.array_equal(platforms.profit_cents - before["platforms.profit_cents"], kept)
    assert np.abs(kept).max() <= 1, "at elasticity 1 the platform's own spending stays what it was"


@pytest.mark.parametrize(("elasticity", "own"), [(0.5, 0.8**0.5), (1.0, 1.0), (1.5, 0.8**-0.5)])
def test_by_hand_what_a_platform_spends_of_its_own(elasticity, own):
    numbers = InnovationParameters(cost_elasticity=elasticity, research_share=0.1)
    grant, more = research(np.array([1_000_000]), np.array([0.2]), numbers)
    assert 100_000 + more[0] - grant[0] == pytest.approx(100_000 * own, abs=1.0)
    assert 100_000 + more[0] == pytest.approx(100_000 * 0.8**-elasticity, abs=1.0)


@pytest.mark.parametrize(("fund", "share"), [(0.0, 0.0), (0.0125, 0.1), (0.025, 0.2), (1.0, 0.2)])
def test_grants_never_exceed_the_fund(fund, share):
    numbers = InnovationParameters(research_share=0.1)
    found = share_granted(np.array([0.2]), np.array([fund]), numbers)
    assert found[0] == pytest.approx(share)
    grant, _ = research(np.array([1_000_000]), found, numbers)
    assert grant[0] <= fund * 1_000_000 + 1


def test_technology_follows_its_equation_week_by_week():
    numbers = {"innovation.depreciation": 0.1, "innovation.spillover": 0.5}
    model = economy_after(1, 800, policy_week=2, n_weeks=30, policy=RULE, numbers=numbers)
    kept_up = 0.1 * math.log(1 / 0.8) * 1.5
    tau = 0.0
    for week in range(2, 12):
        model.step()
        tau += 0.1 * (kept_up - tau)
        assert model.world.platforms.technology == pytest.approx(np.full(3, tau), rel=1e-5), week
        assert model.weekly["platform_technology"][-1] == pytest.approx(tau, rel=1e-5)


def test_rivals_learn_a_share_of_what_one_platform_finds():
    model = economy_after(3, 800, policy_week=9, n_weeks=30, numbers={"innovation.depreciation": 0.1})
    model.world.platforms.subsidy[0], model.world.platforms.fund[0] = 0.2, 1.0
    phase(model, "develop_technology")
    one, two, three = model.world.platforms.technology
    assert one == pytest.approx(0.1 * 0.1 * math.log(1 / 0.8), rel=1e-5)
    assert two == three == pytest.approx(0.3 * one / 2, rel=1e-5)


def test_technology_grows_old_when_grants_end():
    numbers = {"innovation.depreciation": 0.1}
    policy = {"innovation_support": {"start_week": 2, "end_week": 5}}
    model = economy_after(5, 800, policy_week=2, n_weeks=30, policy=policy, numbers=numbers)
    first = model.world.platforms.technology.copy()
    assert first.min() > 0.0
    model.step()
    assert model.world.platforms.technology == pytest.approx(0.9 * first, rel=1e-5)
    assert not model.world.platforms.grant_cents.any()
    assert model.weekly["state_subsidies"][-1] == 0.0


def test_better_apps_are_worth_more_and_used_more():
    numbers = {"innovation.depreciation": 0.5, "innovation.productivity": 2.0}
    ruled, free = (run(1500, n_weeks=20, policy_week=3, policy=p, numbers=numbers).weekly for p in (RULE, {}))
    for name in ("consumer_surplus", "consumer_orders"):
        assert np.mean(ruled[name][6:]) > 1.05 * np.mean(free[name][6:])


def test_nobody_gains_by_refusing_a_grant():
    world = economy_after(4, 800, policy_week=2, policy=RULE, numbers={"innovation.cost_elasticity": 0.5}).world
    assert (world.platforms.grant_cents > world.platforms.research_cents).all(), "it pays more than it makes them spend"
    assert not economy_after(2, 300).world.platforms.grant_cents.any()

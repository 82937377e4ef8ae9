"""Tax on platform sales: who declares, what reports change, and that every cent has a payer and a payee."""

import itertools

import numpy as np
import pytest

from sim.ledger.accounts import Account, Party
from sim.market.tax import does_declare, exempt_cents, gain_of_breach, sellers_reported
from sim.parameters import TaxParameters
from sim.rules.hooks import Hook
from tests.economies import copied, economy_after, fingerprint, phase, run, scenario_of

pytestmark = pytest.mark.long

RULE = {"tax_reporting": {}}
UNTIL_TAX = (
    "open_books",
    "let_platforms_decide",
    "rank_merchants",
    "let_workers_choose_hours",
    "let_consumers_order",
    "carry_orders",
    "settle_money",
)


def taxed(policy, **numbers):
    """A world just after taxes were collected, and all its columns just before."""
    model = economy_after(4, 1500, 2, policy_week=2, policy=policy, numbers=numbers)
    model.world.week += 1
    for name in UNTIL_TAX:
        phase(model, name)
    before = copied(model.world)
    phase(model, "collect_taxes")
    return model.world, before


def test_what_is_declared_without_a_rule_is_paid_out_of_fixed_costs_to_the_cent():
    world, before = taxed({})
    merchants, numbers, flows = world.merchants, world.sector.tax, world.ledger.flows
    owed = in_costs = 0
    for row in range(len(merchants)):
        sales = int(merchants.sales_cents[row])
        due = int(np.rint(numbers.levy_rate * sales)) if sales > exempt_cents(world) else 0
        assert merchants.tax_due_cents[row] == due
        owed, in_costs = owed + due, in_costs + due * (merchants.candour[row] >= numbers.evasion_base)
    assert 0 < in_costs < owed
    assert flows[Account.TAX_IN_COSTS] == in_costs
    assert flows[Account.TAXES] == flows[Account.REPORTING] == 0
    for name in ("merchants.balance_cents", "merchants.profit_cents", "platforms.balance_cents"):
        assert np.array_equal(copied(world)[name], before[name]), "nobody's books change"


def test_where_all_is_reported_everybody_pays_and_those_who_hid_pay_on_top():
    world, before = taxed({"tax_reporting": {"min_sales": 0.0}})
    merchants, flows = world.merchants, world.ledger.flows
    hid = merchants.candour < np.float32(world.sector.tax.evasion_base)
    assert np.array_equal(merchants.tax_cents, merchants.tax_due_cents * hid)
    assert flows[Account.TAX_IN_COSTS] + flows[Account.TAXES] == merchants.tax_due_cents.sum()
    assert flows[Account.TAXES] > 0
    assert np.array_equal(before["merchants.balance_cents"] - merchants.balance_cents, merchants.tax_cents)
    assert np.array_equal(before["merchants.profit_cents"] - merchants.profit_cents, merchants.tax_cents)


def test_reports_cost_platforms_by_what_they_report():
    world, before = taxed({"tax_reporting": {"coverage": 0.5, "min_sales": 50.0}})
    platforms, merchants = world.platforms, world.merchants
    for j in range(world.n_platforms):
        named = (merchants.report_draw < 0.5) & (52 * merchants.usual_orders[j] >= 50.0) & merchants.is_active
        goods = int((world.orders.n_carried[j] * world.offer_cents[j] * named).sum())
        assert platforms.reporting_cents[j] == np.rint(world.sector.tax.reporting_cost * goods) > 0
    paid = before["platforms.balance_cents"] - platforms.balance_cents
    assert np.array_equal(paid, platforms.reporting_cents)
    assert np.array_equal(before["platforms.profit_cents"] - platforms.profit_cents, paid)
    assert np.array_equal(gain_of_breach(world), paid), "what reporting nobody would save"


def test_coverage_names_a_share_of_sellers_and_never_drops_one_when_it_grows():
    world = economy_after(6, 1500, 2).world
    world.merchants.usual_orders[:], world.merchants.is_active[:] = 10.0, True
    none, named = np.zeros(3), []
    for share in (0.0, 0.3, 0.6, 1.0):
        named.append(sellers_reported(world, np.full(3, share), none))
        assert (named[-1] == named[-1][0]).all(), "the same sellers on every platform"
    assert all((less <= more).all() for less, more in itertools.pairwise(named))
    assert not named[0].any()
    assert named[-1].all()
    drawn = world.merchants.report_draw[world.merchants.report_draw > 0.0]
    assert len(drawn) >= 40
    assert (drawn < 0.3).mean() == pytest.approx(0.3, abs=0.2)


@pytest.mark.parametrize(("least", "n"), [(0.0, 64), (519.0, 64), (520.0, 64), (521.0, 0)])
def test_sellers_of_few_orders_a_year_are_not_named(least, n):
    world = economy_after(1, 300, 2).world
    world.merchants.usual_orders[:], world.merchants.is_active[:] = 10.0, True
    assert sellers_reported(world, np.ones(3), np.full(3, least))[0].sum() == n


def test_who_evades_is_the_share_observed_and_reports_deter_as_far_as_they_are_matched():
    candour = ((np.arange(2000) + 0.5) / 2000).astype(np.float32)
    nobody, all_ = np.zeros(2000, bool), np.ones(2000, bool)
    for base in (0.0, 0.3, 1.0):
        assert 1.0 - does_declare(candour, nobody, TaxParameters(evasion_base=base)).mean() == pytest.approx(base)
    assert does_declare(candour, all_, TaxParameters()).all()
    shares = [does_declare(candour, all_, TaxParameters(matching=m)).mean() for m in (0.0, 0.2, 0.4, 0.6, 0.7)]
    assert shares[0] == pytest.approx(0.7), "reports that nobody reads change nothing"
    assert shares == sorted(shares)
    assert shares[1] > 0.73
    assert shares[-1] == 1.0, "0.7 (1 + 0.5) > 1"
    hard = does_declare(candour, all_, TaxParameters(matching=0.2, penalty=5.0)).mean()
    assert hard == 1.0, "0.2 (1 + 5) > 1"


def test_by_hand_who_is_reported_and_matched_in_part():
    """Penalty 1: p (1 + 1) >= 1 from p = 1/2 on; the marginal evader of base 1/2 believes in exp(sd z) / 2."""
    numbers = TaxParameters(evasion_base=0.5, penalty=1.0, belief_log_sd=1.0, matching=0.25)
    candour = np.array([0.30, 0.36, 0.5], np.float32)
    found = does_declare(candour, np.ones(3, bool), numbers)
    believed = 0.5 * np.exp([-0.5244, -0.3585, 0.0])
    assert np.array_equal(found, (1 - (1 - believed) * 0.75) * 2 >= 1.0)
    assert found.tolist() == [False, True, True], "z = -0.52: 0.47 x 2 < 1; z = -0.36: 0.51 x 2 > 1"


def test_sellers_price_in_what_they_did_not_pay_before():
    weeks = {"n_weeks": 12, "policy_week": 3, "numbers": {"tax.levy_rate": 0.1, "merchants.entrant_rate": 0.0}}
    ruled, free = (run(1500, 2, policy=policy, **weeks).world.merchants for policy in (RULE, {}))
    hid = ruled.candour < np.float32(0.3)
    dearer = (ruled.price / free.price)[:, ruled.is_active & free.is_active]
    hid, levied = (column[ruled.is_active & free.is_active] for column in (hid, ruled.levy > 0))
    assert (ruled.levy[ruled.is_active] <= 0.1).all()
    assert (dearer[:, hid & levied] > 1.02).all()
    assert np.abs(dearer[:, ~hid] - 1.0).max() < 0.01


def test_a_rule_that_ends_leaves_nothing_behind():
    policy = {"tax_reporting": {"start_week": 2, "end_week": 3}}
    world = run(800, n_weeks=6, policy_week=2, policy=policy).world
    assert not world.merchants.levy.any()
    assert not world.merchants.tax_cents.any()
    assert not world.platforms.reporting_cents.any()
    assert world.ledger.flows[Account.TAXES] == 0


def test_who_evades_is_fixed_for_life():
    one, other = (economy_after(n, 500, 2, n_weeks=9).world.merchants for n in (1, 8))
    stayed = one.is_active & other.is_active & (one.identity == other.identity)
    for name in ("candour", "report_draw"):
        assert np.array_equal(getattr(one, name)[stayed], getattr(other, name)[stayed])
    assert stayed.sum() > 10


def test_numbers_of_the_tax_move_nothing_but_the_states_books_without_a_rule():
    plain = run(600, n_weeks=6)
    dear = run(600, n_weeks=6, numbers={"tax.levy_rate": 0.1, "tax.evasion_base": 0.9})
    without = {"state_net", "state_tax", "state_tax_in_costs", "merchant_tax_gap", "merchants.tax_due_cents"}
    without.add("flow_tax_in_costs")
    for model in (plain, dear):
        for party in (Party.GOVERNMENT, Party.WORLD):
            model.world.ledger.balances[party][:] = 0
    assert fingerprint(plain, without) == fingerprint(dear, without)
    assert plain.weekly["welfare_total"] == dear.weekly["welfare_total"]
    assert plain.weekly["state_tax"] != dear.weekly["state_tax"]


def test_platforms_do_not_reckon_with_it():
    from sim.forecast.terms import KNOWN, bind, configured_terms

    scenario = scenario_of(policy=RULE, n_weeks=8, policy_week=1)
    rules = economy_after(1, policy=RULE, n_weeks=8, policy_week=1).world.rulebook
    desired = configured_terms(scenario.sector)
    assert Hook.TAX_TERMS not in KNOWN
    assert bind(desired, scenario.sector, rules, 3) is desired

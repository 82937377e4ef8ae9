"""The same rules on averages as on agents."""

import dataclasses

import numpy as np
import pytest

from sim.agents.decision_variables import desired_variables
from sim.agents.terms import desired_terms
from sim.forecast.decision_variables import values_of
from sim.forecast.terms import MarketTerms, bind, configured_terms, known_to_mean_field, payload
from sim.parameters import CHANNELS
from sim.policy.catalogue import CATALOGUE
from sim.rules.hooks import Hook
from sim.rules.payloads import coverage_of, scope_of_all
from sim.rules.practice_effects import BESIDE_TERMS, ON_TERMS, terms_after
from sim.rules.rulebook import Rulebook
from tests.economies import economy, phase
from tests.sim.forecast._markets import around, sector_of, solved


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_rule_binds_averages_as_it_binds_agents(name):
    model = economy(n_weeks=4, policy_week=1, policy={name: {"phase_in_weeks": 2}})
    model.world.week = 2
    desired = desired_variables(model.world)
    phase(model, "let_platforms_decide")
    bound = bind(desired, model.world.sector, model.world.rulebook, 2)
    for variable in (
        "commission",
        "data_per_order",
        "floor_online",
        "floor_engaged",
        "rationing",
        "visibility",
        "access_charge",
        "portability",
        "consent",
        *BESIDE_TERMS,
    ):
        assert np.array_equal(getattr(bound, variable)[0], getattr(model.world.platforms, variable)), variable
    charged = {"net_fee": bound.net_fee, "piece_rate": bound.piece_rate}
    for variable, values in charged.items():
        assert np.array_equal(np.rint(100 * values[0]), getattr(model.world.platforms, f"{variable}_cents")), variable
    assert np.array_equal(bound.ranking_tilt[0], model.world.platforms.ranking_lift)


def test_every_channel_changes_terms_or_stands_beside_them_in_both_models():
    assert set(ON_TERMS) | set(BESIDE_TERMS) == set(CHANNELS)
    world = economy(n_weeks=2).world
    for channel in BESIDE_TERMS:
        assert hasattr(world.platforms, channel), channel
        assert channel in {field.name for field in dataclasses.fields(MarketTerms)}, channel


@pytest.mark.parametrize("channel", ON_TERMS)
def test_every_channel_on_terms_moves_what_is_charged_paid_or_shown(channel):
    sector = sector_of("food_delivery")
    terms = configured_terms(sector)
    effects = {name: np.zeros(terms.net_fee.shape) for name in CHANNELS}
    levels = terms.commission, terms.net_fee, terms.piece_rate, terms.ranking_tilt
    without = terms_after(effects, sector, *levels)
    assert all(np.array_equal(now, was) for now, was in zip(without, levels, strict=True))
    effects[channel] = effects[channel] + 0.01
    moved = terms_after(effects, sector, *levels)
    assert sum(not np.array_equal(now, was) for now, was in zip(moved, levels, strict=True)) == 1


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_rule_binds_many_markets_at_once_like_each_alone(name):
    sector = sector_of("food_delivery")
    rulebook = Rulebook((CATALOGUE[name](start_week=1),))
    one = configured_terms(sector)
    three = bind(one.repeat(3), sector, rulebook, 5)
    alone = bind(one, sector, rulebook, 5)
    for variable in ("commission", "data_per_order", "floor_online", "visibility"):
        assert np.array_equal(getattr(three, variable), np.repeat(getattr(alone, variable), 3, axis=0)), variable


def test_a_rule_off_or_still_to_come_leaves_terms_as_they_are():
    sector, terms = sector_of("food_delivery"), configured_terms(sector_of("food_delivery"))
    for rule in (CATALOGUE["commission_cap"](start_week=9), CATALOGUE["commission_cap"](start_week=1, is_on=False)):
        assert bind(terms, sector, Rulebook((rule,)), 5) is terms


@pytest.mark.parametrize(
    ("name", "values", "reads", "sign"),
    [
        ("commission_cap", {"ceiling": 0.10}, lambda out: out.commission.sum(), -1),
        ("data_limit", {"ceiling": 0.5}, lambda out: out.demand.profile.sum(), -1),
        ("minimum_pay", {"floor": 25.3}, lambda out: out.hours.rationed_hours.sum(), +1),
        ("interoperability", {"visibility": 0.8}, lambda out: out.supply.remote.sum(), +1),
        ("interoperability", {"visibility": 0.8}, lambda out: out.supply.variety.sum(), +1),
        ("interoperability", {"visibility": 0.0, "portability": 0.5}, lambda out: out.demand.habit[0, 0].sum(), -1),
    ],
)
def test_rules_move_the_averages_the_way_they_move_agents(name, values, reads, sign):
    mean_field, terms, state, before = solved("food_delivery")
    bound = bind(terms, mean_field.sector, Rulebook((CATALOGUE[name](start_week=1, **values),)), 5)
    after = mean_field.solve(bound, None if bound.visibility.any() else state)[1]
    assert sign * (reads(after) - reads(before)) > 0.0


def test_values_of_levers_are_those_in_force():
    near = around("food_delivery")
    rulebook = Rulebook((CATALOGUE["commission_cap"](ceiling=0.05, start_week=1, independents_only=False),))
    bound = bind(near.terms, near.mean_field.sector, rulebook, 5)
    commissions = [
        v
        for v, variable in zip(values_of(near.variables, bound)[0], near.variables, strict=True)
        if variable.name == "commission"
    ]
    assert max(commissions) == 0.05


def test_a_rule_on_credit_is_nothing_to_think_about():
    """Averages do not know credit: terms are the very same, and nobody who reasons reviews because of such a rule."""
    sector, terms = sector_of("food_delivery"), configured_terms(sector_of("food_delivery"))
    credit = CATALOGUE["platform_credit"](start_week=1)
    assert bind(terms, sector, Rulebook((credit,)), 5) is terms
    cap = CATALOGUE["commission_cap"](start_week=1)
    both, one = (bind(terms, sector, Rulebook(rules), 5) for rules in ((credit, cap), (cap,)))
    assert all(np.array_equal(getattr(both, f.name), getattr(one, f.name)) for f in dataclasses.fields(terms))
    assert known_to_mean_field(Rulebook((credit, cap))).rules == (cap,)


def test_many_markets_are_seen_by_a_rule_entry_by_entry_like_one():
    """Agents' payloads and the mean field's are made in one place: of one market they are the same."""
    world = economy(n_weeks=2, n_zones=1).world
    desired = desired_variables(world)
    for hook in (Hook.MERCHANT_TERMS, Hook.PRACTICES, Hook.DATA_TERMS):
        one, three = (payload(terms, world.sector, hook) for terms in (desired, desired.repeat(3)))
        agents = desired_terms(world, hook)
        for field in dataclasses.fields(agents):
            assert np.array_equal(getattr(one, field.name), getattr(agents, field.name)), (hook, field.name)
            assert np.array_equal(getattr(three, field.name), np.tile(getattr(one, field.name), 3)), (hook, field.name)


@pytest.mark.parametrize("hook", [Hook.MERCHANT_TERMS, Hook.PRACTICES, Hook.DATA_TERMS])
def test_who_is_bound_and_who_falls_short_is_read_market_by_market(hook):
    sector = sector_of("food_delivery")
    terms = configured_terms(sector).repeat(2)
    shape = terms.net_fee.shape
    share, bound = np.arange(np.prod(shape)).reshape(shape) / 10.0, np.arange(np.prod(shape)).reshape(shape) + 1.0
    breach = np.random.default_rng(1).random(terms.breach.shape)
    seen = payload(terms, sector, hook)
    both = coverage_of(hook, seen, share, bound, breach)
    half = len(seen.platform) // 2
    for market, part in enumerate((slice(None, half), slice(half, None))):
        one = payload(configured_terms(sector), sector, hook)
        alone = coverage_of(hook, one, *(x[market : market + 1] for x in (share, bound, breach)))
        for name in ("order_share", "bound", "breach"):
            assert np.array_equal(getattr(both, name)[part], getattr(alone, name)), name
    assert np.array_equal(both.order_share, np.repeat(share.ravel(), half // shape[1]))


def test_nothing_is_broken_where_nothing_is_asked():
    none = coverage_of(Hook.INNOVATION_TERMS, scope_of_all(np.ones(2)), np.ones((1, 2)), None, np.ones((1, 2, 30)))
    assert none.breach is None
    assert (
        coverage_of(Hook.SCOPE, scope_of_all(np.ones(2)), np.ones((1, 2)), np.ones((1, 2)), np.ones((1, 2, 30))).bound
        is None
    )

"""The market of averages at rest."""

import dataclasses

import numpy as np
import pytest

from sim import formulas
from sim.forecast import demand, labour, supply
from sim.forecast.market import MeanField
from sim.forecast.nodes import COARSE, FINE, app_sets, consumer_nodes, merchant_nodes, normal_nodes, worker_nodes
from sim.forecast.terms import configured_terms
from sim.market.choice import platform_value
from tests.economies import economy_after
from tests.sim.forecast._markets import SECTORS, relative, sector_of, solved


@pytest.mark.parametrize("name", SECTORS)
def test_what_the_unknowns_imply_is_what_they_are(name):
    mean_field, terms, state, _ = solved(name)
    implied, _, _ = mean_field.evaluate(terms, state, 12)
    assert np.abs(implied - state.x).max() < 1e-11


@pytest.mark.parametrize("name", SECTORS)
def test_money_and_orders_add_up(name):
    mean_field, terms, _, out = solved(name)
    assert (out.carried <= out.orders).all()
    revenue = out.commission + terms.net_fee * out.carried
    np.testing.assert_allclose(out.revenue, revenue, rtol=1e-12)
    costs = terms.piece_rate * out.carried + mean_field.other_cost * out.carried
    np.testing.assert_allclose(out.profit, revenue - costs, rtol=1e-9, atol=1e-6)
    if out.hours is not None:
        piece = terms.piece_rate * sector_of(name).carriage.deliveries_per_hour * out.load.busy
        tips = mean_field.tip * out.goods / out.carried * sector_of(name).carriage.deliveries_per_hour * out.load.busy
        np.testing.assert_allclose(out.hours.earnings, piece + tips, rtol=1e-6)


def test_shares_of_platforms_and_of_offers_add_up_to_one():
    mean_field, _, _, out = solved("food_delivery")
    np.testing.assert_allclose(out.demand.share.sum(axis=1), 1.0, atol=1e-12)
    assert np.isclose(mean_field.consumers.weight.sum(), 1.0)
    shown, utility = np.full((1, 1, 5), 0.2), np.array([[[[0.5, 1.0, 2.0, 4.0, 8.0]]]])
    assert np.isclose(supply.choose(shown, utility, 10, 8).sum(), 1.0)


def test_choice_among_ten_is_that_of_a_simulated_crowd():
    """Shown by ranking, with replacement, then the best by logit: half a million consumers against the integral."""
    rng, shown, utility = np.random.default_rng(1), np.array([0.4, 0.3, 0.2, 0.1]), np.array([0.3, 1.0, 3.0, 9.0])
    seen = rng.choice(4, p=shown, size=(500_000, 10))
    total = np.cumsum(utility[seen], axis=1)
    taken = seen[np.arange(len(seen)), (total < rng.random((len(seen), 1)) * total[:, -1:]).sum(axis=1)]
    found = supply.choose(shown[None, None], utility[None, None, None], 10, 8)[0, 0, 0]
    np.testing.assert_allclose(found, np.bincount(taken) / len(taken), atol=0.003)
    np.testing.assert_allclose(supply.choose(shown[None, None], utility[None, None, None], 1, 8)[0, 0, 0], shown)


@pytest.mark.parametrize("name", SECTORS)
def test_coarse_and_fine_types_tell_the_same_story(name):
    _, terms, _, coarse = solved(name)
    fine = MeanField(sector_of(name), 10_000.0, FINE).solve(terms)[1]
    assert relative(coarse.orders.sum(), fine.orders.sum()) < 0.04
    assert np.abs(coarse.orders / coarse.orders.sum() - fine.orders / fine.orders.sum()).max() < 0.01
    assert np.abs(coarse.load.utilisation - fine.load.utilisation).max() < 0.02


def test_nodes_are_the_populations_moments():
    sector = sector_of("food_delivery")
    consumers = consumer_nodes(sector, FINE)
    assert np.isclose((consumers.people).sum(), 1.0, rtol=0.01)
    assert np.isclose((consumers.people * consumers.rate).sum(), sector.consumers.occasion_rate, rtol=0.02)
    merchants = merchant_nodes(sector, COARSE)
    assert np.isclose(merchants.count.sum(), sector.merchants.n_per_zone)
    riders = worker_nodes(sector, COARSE)
    assert np.isclose((riders.weight * riders.productivity).sum(), 1.0, rtol=1e-3)
    assert np.isclose(riders.share.sum(), 1.0)
    flags, share = app_sets([0.5, 0.2])
    assert dict(zip(map(tuple, flags.T.tolist()), share.round(12).tolist(), strict=True)) == {
        (1.0, 0.0): 0.4 + 0.4,
        (0.0, 1.0): 0.1,
        (1.0, 1.0): 0.1,
    }
    for n in (3, 5, 9):
        z, weight = normal_nodes(n)
        assert np.allclose([(weight * z**k).sum() for k in range(5)], [1.0, 0.0, 1.0, 0.0, 3.0])


def test_scatter_of_loads_makes_riders_late_and_vanishes_in_large_zones():
    sector, ratio = sector_of("food_delivery"), np.full((1, 3), 0.75)
    none, some = (
        labour.load(sector, ratio, np.full((1, 3), spread), np.full((1, 3), sector.carriage.base_delay))
        for spread in (0.0, 0.05)
    )
    assert (some.delay > none.delay).all()
    assert (some.served < none.served).all()
    assert np.allclose(none.utilisation, 0.75, atol=2e-5)
    assert np.allclose(none.busy, none.utilisation)
    small, large = (MeanField(scaled(sector, k), 10_000.0 * k).solve(configured_terms(sector))[1] for k in (1, 100))
    assert (large.hours.spread < 0.02 * small.hours.spread).all()
    assert (large.load.delay < small.load.delay).all()


def test_hours_that_are_rationed_are_those_of_a_lot_drawn_many_times():
    """Riders come in by lot until the hours needed are full; where too few come, all of them are in."""
    rng, n = np.random.default_rng(1), 4_000
    hours = np.exp(0.25 * rng.standard_normal((n, 60))) * (rng.random((n, 60)) < 0.5)
    sector = sector_of("food_delivery")
    floors = {"rationing": np.ones((1, 3)), "floor_online": np.full((1, 3), 25.3)}
    terms = dataclasses.replace(configured_terms(sector), **floors)
    week = labour.Week(
        *(np.full((1, 3), one) for one in (0.75, 1.0)), np.array([[30.0, 60.0, 400.0]]), np.zeros((1, 3))
    )
    needed = formulas.hours_needed(
        week.orders, terms.piece_rate, terms.floor_online, sector.carriage.deliveries_per_hour, terms.busy_target
    )
    before = np.cumsum(hours, axis=1) - hours
    drawn = np.stack([(hours * (before < room)).sum(axis=1) for room in needed[0]])
    offered, square = hours.sum(axis=1).mean(), (hours * hours).sum(axis=1).mean()
    spread = hours.sum(axis=1).var() / offered**2
    admitted, left = labour.admit(sector, terms, week, *(np.full((1, 3), one) for one in (offered, spread, square)))
    assert np.allclose(admitted[0], drawn.mean(axis=1), rtol=0.01)
    assert np.allclose(np.sqrt(left[0]) * admitted[0], drawn.std(axis=1), rtol=0.12)
    assert left[0, 0] < 0.3 * spread, "hours that are rationed hardly scatter"
    assert np.isclose(left[0, 2], spread, rtol=0.03), "and all of the scatter is there where nobody is kept off"


def scaled(sector, k):
    """A sector whose zone is k times as large."""
    consumers = dataclasses.replace(sector.consumers, reference_variety=k * sector.consumers.reference_variety)
    merchants, workers = (
        dataclasses.replace(side, n_per_zone=k * side.n_per_zone, n_slots=k * side.n_slots)
        for side in (sector.merchants, sector.workers)
    )
    return dataclasses.replace(sector, consumers=consumers, merchants=merchants, workers=workers)


@pytest.mark.parametrize(("variable", "more", "fewer"), [("net_fee", "others", "own"), ("piece_rate", "own", "others")])
def test_a_dearer_platform_loses_orders_to_the_others_and_a_better_paid_one_gains(variable, more, fewer):
    mean_field, terms, state, before = solved("food_delivery")
    moved = getattr(terms, variable).copy()
    moved[0, 0] += 0.5
    after = mean_field.solve(dataclasses.replace(terms, **{variable: moved}), state)[1]
    change = {"own": (after.orders - before.orders)[0, 0], "others": (after.orders - before.orders)[0, 1:].sum()}
    assert change[more] > 0.0 > change[fewer]


def test_agents_of_a_large_zone_are_where_the_averages_are():
    """One zone of 60,000 in which nobody opens or closes: shares, prices, hours and delay after three years."""
    from tests.sim.forecast._growing import agents_and_averages

    for quantity, (agents, averages, tolerance) in agents_and_averages(60_000, n_weeks=150, seed=2).items():
        assert abs(agents / averages - 1.0) < tolerance, (quantity, agents, averages)


def test_a_platform_is_worth_the_same_to_agents_and_in_the_mean_field(monkeypatch):
    """On the same menu, delay, harm, fee and surcharge; agents' surcharges are whole cents, theirs single precision."""
    world = economy_after(3, 2000, 1).world
    platforms, zones, n = world.platforms, world.zones, world.n_platforms
    platforms.harm_spared[:], platforms.misperceived_value[:] = 0.4, 0.9
    platforms.expected_harm_spared[:] = world.sector.practices.awareness * platforms.harm_spared
    platforms.surcharge[:] = np.linspace(0.3, 0.6, n)
    price = (world.offer_cents / 100.0).astype(np.float32)
    agents = platform_value(world, price)[0]
    mean_field = MeanField(world.sector, 2000.0, FINE)
    scale, tastes = np.float32(world.sector.consumers.merchant_scale), world.sector.consumers
    utility = world.engine.mean_utility(
        world.ranking, world.merchants.quality / scale, price, world.sensitivity / scale, world.n_slots
    )
    of_variety = formulas.variety_value(
        zones.variety[:, 0].astype(float), tastes.variety_weight, tastes.reference_variety
    )
    menu = formulas.inclusive_value(utility[:, 0], tastes.merchant_scale) + of_variety[:, None]
    terms = dataclasses.replace(
        configured_terms(world.sector),
        **{name: getattr(platforms, name)[None] for name in ("harm_spared", "misperceived_value", "surcharge")},
    )
    seen = []
    monkeypatch.setattr(demand, "choose", lambda nodes, parameters, offer, *rest: seen.append(offer))
    delay = zones.expected_delay[:, 0].astype(float)[None]
    mean_field._choose(terms, menu[None], delay, np.ones((1, n)), mean_field.first_guess(terms).demand, 1)
    a_cent = 0.01 * world.sensitivity
    assert (np.abs(agents - seen[0].value[0]) < a_cent + 2e-5).all()

"""The economy's equations against themselves in double precision."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sim import formulas
from sim.parameters import WorkerParameters
from sim.strict import parameter_notes

F32 = np.float32


def test_wanted_price_is_marginal_cost_over_what_is_kept_plus_the_mark_up():
    found = formulas.wanted_price(F32(27.0), F32(0.15), F32(0.05), F32(0.2), 0.6)
    assert np.isclose(found, 27.0 / 0.85 + 0.6 / (0.05 * 0.8), rtol=1e-6)


@given(st.floats(1.0, 100.0), st.floats(0.0, 0.5), st.floats(0.0, 0.5), st.floats(0.01, 0.2), st.floats(0.0, 0.9))
def test_a_commission_is_passed_through_as_a_cost(cost, high, low, sensitivity, own_share):
    def price(commission):
        return float(formulas.wanted_price(F32(cost), F32(commission), F32(sensitivity), F32(own_share), 0.6))

    wanted = cost / (1.0 - high) - cost / (1.0 - low)
    assert np.isclose(price(high) - price(low), wanted, rtol=1e-4, atol=1e-5 * price(high))


def test_ranking_weight_is_the_exponential_of_its_terms():
    quality, usual, relative = F32([0.5, -1.0]), F32([3.0, 0.0]), F32([1.0, 1.4])
    found = formulas.ranking_weight(quality, usual, relative, F32([0.0, 0.3]), 0.5, 0.2, 0.7)
    wanted = np.exp(0.5 * quality.astype(float) + 0.2 * np.log(1.0 + usual) - 0.7 * relative + [0.0, 0.3])
    np.testing.assert_allclose(found, wanted, rtol=1e-6)


def test_attraction_falls_with_price_in_units_of_the_scale():
    found = formulas.attraction(F32([0.3]), F32([40.0, 50.0]), 0.05, 0.6)
    np.testing.assert_allclose(found, np.exp((0.3 - 0.05 * np.array([40.0, 50.0])) / 0.6), rtol=1e-6)


def test_delay_is_convex_in_utilisation_and_cut_near_full_roads():
    u = np.linspace(0.0, 0.98, 50, dtype=F32)
    found = formulas.delay(u, 27.0, 2.0)
    np.testing.assert_allclose(found, 27.0 + 2.0 * u.astype(float) ** 4 / (1.0 - u), rtol=1e-5)
    assert formulas.delay(F32([1.0, 3.0]), 27.0, 2.0).tolist() == [found[-1], found[-1]]


def shares_in_double(earnings, appeal, has_app, elasticity):
    """The constant elasticity mix of apps, relative to each rider's best app so that nothing overflows."""
    earnings = np.maximum(earnings.astype(float), 1e-3)
    best = np.where(has_app, earnings, 0.0).max(axis=0)
    weight = appeal[:, None].astype(float) * has_app
    strength = weight * np.exp(elasticity * np.log(earnings / best))
    total = strength.sum(axis=0)
    return strength / total, best * (total / weight.sum(axis=0)) ** (1.0 / elasticity)


APPS = hnp.arrays(bool, (3, 6)).map(lambda flags: flags | (~flags.any(axis=0) & (np.arange(3) == 0)[:, None]))
EARNINGS = hnp.arrays(F32, (3, 6), elements=st.floats(0.0078125, 128.0, width=32))
APPEAL = np.array([0.685, 0.3, 0.015], F32)


@given(EARNINGS, APPS, st.floats(0.5, 10.0))
def test_hours_go_to_apps_by_earnings_and_appeal(earnings, has_app, elasticity):
    shares, mix = formulas.app_shares(earnings, APPEAL, has_app, elasticity)
    wanted, wanted_mix = shares_in_double(earnings, APPEAL, has_app, elasticity)
    np.testing.assert_allclose(shares, wanted, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(mix, wanted_mix, rtol=2e-4)
    assert not shares[~has_app].any()


def ends(name):
    """Lowest and highest value of a parameter of riders that a sector may name."""
    note = parameter_notes(WorkerParameters, [name])
    return note.low, note.high


LOWEST, HIGHEST = ends("app_elasticity")


@pytest.mark.parametrize("elasticity", [LOWEST, 0.1, 1.0, min(20.0, HIGHEST), HIGHEST])
@pytest.mark.parametrize("level", [0.01, 1.0, 20.0, 100.0])
def test_hours_are_right_over_all_elasticities_that_a_sector_may_name(elasticity, level):
    earnings = np.array([[1.0, 1.0, 1.1], [1.0, 1.2, 0.9], [1.0, 0.8, 1.0]], F32) * F32(level)
    has_app = np.array([[True, True, False], [True, True, True], [True, False, True]])
    shares, mix = formulas.app_shares(earnings, APPEAL, has_app, elasticity)
    wanted, wanted_mix = shares_in_double(earnings, APPEAL, has_app, elasticity)
    np.testing.assert_allclose(shares, wanted, rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(mix, wanted_mix, rtol=1e-3)


@given(st.floats(0.001, 0.999), st.floats(1.0, 20.0))
def test_reservation_wage_is_log_logistic(u, elasticity):
    wage = float(formulas.reservation_this_week(F32(15.0), np.array(u), elasticity))
    assert np.isclose(1.0 / (1.0 + (15.0 / wage) ** elasticity), u, rtol=1e-4), "P(wage <= e) = e^eta/(e^eta+R^eta)"


@pytest.mark.parametrize("elasticity", ends("supply_elasticity"))
def test_reservation_wages_are_finite_for_the_luckiest_and_the_unluckiest(elasticity):
    u = np.array([2.0**-33, 0.5, 1.0 - 2.0**-33])
    wages = formulas.reservation_this_week(np.full(3, 1e4, F32), u, elasticity)
    assert np.isfinite(wages).all()
    assert wages[0] < wages[1] < wages[2]


def test_the_common_price_is_the_most_profitable_one():
    cost, commission, orders, mark_up = 27.0, np.array([0.30, 0.15, 0.0]), np.array([30.0, 8.0, 4.0]), 12.0

    def profit(price: np.ndarray) -> np.ndarray:
        sold = orders[:, None] * np.exp(-(price - 48.0) / mark_up)
        return (sold * ((1.0 - commission[:, None]) * price - cost)).sum(axis=0)

    wanted = cost / (1.0 - commission) + mark_up
    # Orders at any price do for weights: under this demand their ratios do not depend on it.
    found = formulas.common_price(wanted[:, None], formulas.pull(orders, commission, np.full(3, mark_up))[:, None])
    tried = np.linspace(40.0, 60.0, 20001)
    assert float(found[0, 0]) == pytest.approx(tried[profit(tried).argmax()], abs=2e-3)


def test_the_direct_price_is_the_best_of_those_above_no_platforms_price():
    rng = np.random.default_rng(5)
    wanted, weight = rng.uniform(40.0, 60.0, (3, 40)), rng.uniform(0.0, 5.0, (3, 40))
    direct, own = rng.uniform(35.0, 60.0, 40), rng.uniform(0.0, 5.0, 40)
    found = formulas.direct_price(wanted, weight, direct, own)
    tried = np.linspace(35.0, 60.0, 25001)[:, None]
    loss = own * (tried - direct) ** 2 + (weight[:, None] * np.maximum(wanted[:, None] - tried, 0.0) ** 2).sum(axis=0)
    np.testing.assert_allclose(found, tried[loss.argmin(axis=0), 0], atol=2e-3)
    np.testing.assert_allclose(
        formulas.direct_price(wanted, weight, direct, np.zeros(40)), np.maximum(direct, wanted.max(axis=0))
    )


def both(*arrays):
    """The same numbers in single and in double precision."""
    single = [np.asarray(array, F32) for array in arrays]
    return single, [array.astype(np.float64) for array in single]


RNG = np.random.default_rng(7)
UTILITY = RNG.normal(size=(3, 4)), RNG.normal(size=(3, 1)), RNG.normal(size=(3, 4, 5))


@pytest.mark.parametrize(
    ("formula", "arrays"),
    [
        (formulas.platform_utility, (*UTILITY, RNG.uniform(0.02, 0.08, 5), RNG.uniform(0.0, 5.0, (3, 4, 5)))),
        (lambda u: formulas.inclusive_value(u, 0.6), (RNG.uniform(0.1, 9.0, (3, 4)),)),
        (lambda o, t: formulas.own_share(o, t), (RNG.uniform(0.0, 20.0, (3, 6)), RNG.uniform(0.0, 90.0, 3))),
        (
            lambda t, i, s, f: formulas.ranking_lift(t, i, s, f),
            (RNG.normal(size=3), RNG.random(6) < 0.5, RNG.random(3), RNG.random((3, 6)) < 0.5),
        ),
        (
            formulas.gain_of_listing,
            (
                RNG.uniform(0.0, 50.0, (3, 6)),
                RNG.normal(5.0, 3.0, (3, 6)),
                RNG.random(3),
                RNG.random((3, 6)) < 0.5,
                RNG.normal(5.0, 3.0, (3, 6)),
            ),
        ),
        (lambda g, n: formulas.listing_chance(g, 20.0, n), (RNG.normal(0.0, 30.0, (3, 6)), RNG.uniform(0.0, 0.6, 3))),
    ],
    ids=["utility", "menu", "own share", "lift", "gain", "chance"],
)
def test_agents_and_mean_field_read_one_formula_in_their_own_precision(formula, arrays):
    single, double = both(*arrays)
    found, exact = formula(*single), formula(*double)
    assert (found.dtype, exact.dtype) == (F32, np.float64)
    np.testing.assert_allclose(found, exact, rtol=3e-6, atol=3e-5)


def test_a_listing_adds_what_would_not_be_reached_without_it():
    """Two platforms: who is listed on neither wins both platforms' orders, who is on the other replaces himself."""
    orders, margin = np.array([[10.0, 10.0], [4.0, 4.0]]), np.array([[3.0, 3.0], [5.0, 5.0]])
    visibility, at_home = np.array([0.5, 0.25]), np.array([[5.0, 5.0], [3.0, 3.0]])
    alone = np.array([[1.0, 0.0], [1.0, 0.0]])
    found = formulas.gain_of_listing(orders, margin, visibility, alone, at_home)
    np.testing.assert_allclose(found[0], [10 * 3 + 0.25 * 4 * 3, 10 * 3 - 0.5 * 10 * 5])
    np.testing.assert_allclose(found[1], [4 * 5 + 0.5 * 10 * 5, 4 * 5 - 0.25 * 4 * 3])
    half = formulas.gain_of_listing(orders, margin, visibility, np.full((2, 2), 0.5), at_home)
    np.testing.assert_allclose(half[:, 0], found.mean(axis=1))


def test_penalties_spared_are_no_more_than_the_lowest_commission():
    commission = np.array([[0.18, 0.02], [0.2, 0.1]])
    assert formulas.penalty_spared(np.array([0.03, 0.03]), commission).tolist() == [0.02, 0.03]


def test_time_that_work_takes_holds_part_of_the_time_kept_off():
    assert formulas.time_given(30.0, 10.0, 0.25) == 32.5

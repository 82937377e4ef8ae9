"""Why platforms stay where they are, and how they answer rules."""

import dataclasses
import itertools

import numpy as np
import pytest

from sim.agents.decision_variables import desired_variables
from sim.errors import RefusedScenario
from sim.forecast.conduct import DecisionModel
from sim.forecast.decision_variables import Surroundings, set_variables, values_of
from sim.forecast.equilibrium import equilibrium_of
from sim.forecast.terms import MarketTerms, bind
from sim.game.climbing import DAMPING
from sim.game.strategies.rule_of_thumb import KeepMargin
from sim.kernels import algebra, implementation
from sim.kernels.compiled import functions as compiled_functions
from sim.model import PlatformEconomy
from sim.policy.catalogue import CATALOGUE
from sim.rules.rulebook import Rulebook
from sim.scenario import Scenario
from tests.economies import asked, columns_of, fingerprint
from tests.sim.forecast._markets import SECTORS, sector_of

pytestmark = pytest.mark.long

WEEK, YEARS = 5, 39
"""A week in which rules are in force, and the reviews of three years."""
CAP = {"ceiling": 0.10, "start_week": 1}


def equilibrium(name="food_delivery", adjustment_cost=2.0, curvature=1.0):
    return equilibrium_of(sector_of(name), 10_000.0, adjustment_cost, curvature)


def decision_model(name="food_delivery", curvature=1.0, **rules):
    return DecisionModel(
        equilibrium(name, curvature=curvature), Rulebook(tuple(CATALOGUE[n](**v) for n, v in rules.items()))
    )


def settled(decision_model: DecisionModel, terms: MarketTerms, n_reviews: int = 60) -> MarketTerms:
    for _ in range(n_reviews):
        after = decision_model.review(terms, WEEK)
        if all(np.array_equal(getattr(after, f.name), getattr(terms, f.name)) for f in dataclasses.fields(terms)):
            return after
        terms = after
    return terms


@pytest.mark.parametrize("name", SECTORS)
def test_the_observed_levers_are_a_maximum_of_every_platform_and_a_stable_rest(name):
    found = equilibrium(name)
    near = Surroundings(found.mean_field, found.variables, found.terms, found.state)
    slope = found.objective.slope(found.variables, near.values, near.response())
    assert np.abs(slope).max() < 1e-3, "no lever has a direction to go"
    for j in range(found.mean_field.n_platforms):
        own = [i for i, variable in enumerate(found.variables) if variable.platform == j]
        assert algebra.is_negative_definite(found.second[np.ix_(own, own)])
    assert found.radius < 0.9
    assert found.sizes.value_of_order > 10.0
    assert (found.objective.shadow_value > 0.0).all(), "an order is worth more than it earns this week"


@pytest.mark.parametrize(("name", "seed"), [("food_delivery", 0), *((name, 1) for name in SECTORS)])
def test_levers_set_off_by_a_twentieth_come_back_within_three_years(name, seed):
    found = equilibrium(name)
    home = values_of(found.variables, found.terms)[0]
    sign = np.ones(len(home)) if seed == 0 else np.random.default_rng(seed).choice([-1.0, 1.0], len(home))
    terms, free = (
        set_variables(found.variables, found.terms, (home * (1.0 + 0.05 * sign))[None]),
        DecisionModel(found, Rulebook(())),
    )
    for _ in range(YEARS):
        terms = free.review(terms, WEEK)
    back = values_of(found.variables, terms)[0]
    np.testing.assert_allclose(back, home, rtol=0.01, atol=0.001)


def test_stability_owes_nothing_to_the_bound_on_steps():
    """The map itself contracts: its spectral radius says how fast, and half-way damping would be its least."""
    assert 1.0 - DAMPING <= equilibrium().radius < 0.9


@pytest.mark.parametrize(
    "rule",
    [
        {"commission_cap": {"ceiling": 0.9, "start_week": 1}},
        {"data_limit": {"ceiling": 5.0, "start_week": 1}},
        {"minimum_pay": {"floor": 0.5, "start_week": 1}},
        {"interoperability": {"visibility": 0.0, "portability": 0.0, "access_charge": 0.0, "start_week": 1}},
    ],
)
def test_a_neutral_rule_moves_no_lever(rule):
    asked_decision_model = decision_model(**rule)
    after = asked_decision_model.review(asked_decision_model.equilibrium.terms, WEEK)
    for field in dataclasses.fields(after):
        assert np.array_equal(
            getattr(after, field.name), getattr(asked_decision_model.equilibrium.terms, field.name)
        ), field.name


def waterbed(curvature: float) -> float:
    capped = decision_model(curvature=curvature, commission_cap={**CAP, "independents_only": False})
    base = capped.equilibrium.mean_field.solve(capped.equilibrium.terms, capped.equilibrium.state)[1]
    fixed = capped.expected(capped.equilibrium.terms, WEEK)
    free = capped.expected(settled(capped, capped.equilibrium.terms), WEEK)
    per_order = [float(out.revenue.sum() / out.carried.sum()) for out in (base, fixed, free)]
    return (per_order[2] - per_order[1]) / (per_order[0] - per_order[1])


def test_a_binding_cap_comes_back_as_a_fee_and_the_less_so_the_faster_orders_lose_worth():
    capped = decision_model(commission_cap=CAP)
    home, after = capped.equilibrium.terms, settled(capped, capped.equilibrium.terms)
    assert (after.net_fee[0, :2] > home.net_fee[0, :2] + 0.5).all()
    bound = bind(after, capped.equilibrium.mean_field.sector, capped.rulebook, WEEK)
    assert (bound.commission[0, :, 1] <= 0.10).all()
    shares = [waterbed(curvature) for curvature in (0.0, 1.0, 2.0)]
    assert 1.1 > shares[0] > shares[1] > shares[2] > 0.2


def test_a_floor_that_binds_nobody_leaves_the_answer_to_a_cap_as_it_is():
    alone, beside = (
        decision_model(commission_cap=CAP),
        decision_model(commission_cap=CAP, minimum_pay={"floor": 2.0, "start_week": 1}),
    )
    one, other = settled(alone, alone.equilibrium.terms, 6), settled(beside, beside.equilibrium.terms, 6)
    np.testing.assert_allclose(other.net_fee, one.net_fee, atol=0.01)
    np.testing.assert_allclose(other.busy_target, one.busy_target, atol=1e-6)


def test_a_lever_that_a_rule_holds_keeps_its_wish_and_returns_with_the_rules_end():
    capped = decision_model(commission_cap={**CAP, "end_week": WEEK})
    after = settled(capped, capped.equilibrium.terms)
    assert np.array_equal(after.commission[0, :2, 1], capped.equilibrium.terms.commission[0, :2, 1])
    terms = after
    for _ in range(YEARS):
        terms = capped.review(terms, WEEK + 1)
    np.testing.assert_allclose(terms.net_fee, capped.equilibrium.terms.net_fee, atol=0.01)


def test_under_a_floor_hours_become_a_lever_and_the_piece_rate_stays():
    found = equilibrium("us_food_delivery")
    floor = 1.64 * float((found.mean_field.solve(found.terms, found.state)[1].hours.earnings).mean())
    floored = decision_model("us_food_delivery", minimum_pay={"floor": floor, "start_week": 1})
    bound = bind(found.terms, found.mean_field.sector, floored.rulebook, WEEK)
    names = {variable.name for variable in floored.variables(bound)}
    assert names == {"commission", "net_fee", "piece_rate", "ranking_tilt", "busy_target"}
    before = found.mean_field.solve(found.terms, found.state)[1]
    variables = settled(floored, found.terms)
    np.testing.assert_allclose(variables.piece_rate, found.terms.piece_rate, rtol=0.05)  # most are topped up
    after = floored.expected(variables, WEEK)
    paid = [float((out.pay + out.tips).sum() / out.hours.online.sum()) for out in (before, after)]
    assert paid[1] > 1.3 * paid[0]
    assert after.hours.online.sum() < 0.9 * before.hours.online.sum()
    assert (after.load.utilisation > before.load.utilisation + 0.05).all()
    assert all(floored.is_maximum(WEEK).values())


@pytest.mark.parametrize("name", ["interoperability", "data_limit"])
def test_platforms_find_an_answer_to_rules_that_change_the_market(name):
    ruled = decision_model(**{name: {"start_week": 1}})
    after = settled(ruled, ruled.equilibrium.terms, 4)
    assert np.isfinite(values_of(ruled.equilibrium.variables, after)).all()
    assert np.isfinite(ruled.expected(after, WEEK).profit).all()


def test_what_was_reasoned_before_changes_no_answer():
    fresh, used = decision_model(commission_cap=CAP), decision_model(commission_cap=CAP)
    used.equilibrium.known.clear()
    first = used.review(used.equilibrium.terms, WEEK)
    used.review(first, WEEK)
    again = used.review(used.equilibrium.terms, WEEK)
    fresh.equilibrium.known.clear()
    alone = fresh.review(fresh.equilibrium.terms, WEEK)
    for one in (again, alone):
        for field in dataclasses.fields(first):
            assert getattr(one, field.name).tobytes() == getattr(first, field.name).tobytes(), field.name


def test_levers_that_are_no_maximum_are_refused_with_the_reason():
    with pytest.raises(RefusedScenario) as refused:
        equilibrium("us_food_delivery", adjustment_cost=0.0, curvature=0.0)
    (problem, *_) = refused.value.problems
    assert "second-order condition" in problem.why or "spectral radius" in problem.why
    assert "adjustment_cost" in problem.todo


def test_the_rule_of_thumb_charges_consumers_what_an_order_earns_less():
    capped = decision_model(commission_cap=CAP)
    keep = KeepMargin(capped)
    terms, usual = capped.equilibrium.terms, capped.equilibrium.profit / capped.equilibrium.objective.usual_orders
    for _ in range(20):
        terms = keep.after(terms, WEEK)
    out = capped.expected(terms, WEEK)
    np.testing.assert_allclose(out.profit[0] / out.carried[0], usual, atol=0.02)
    assert np.array_equal(terms.commission, capped.equilibrium.terms.commission)


def town(strategy="gradient", weeks=12, policy=None, **conduct):
    plain = asked(10_000, n_weeks=weeks, policy_week=3, policy=policy, seed=3)
    sector = dataclasses.asdict(sector_of("food_delivery"))
    return Scenario.from_dict({**plain, "sector": sector, "platforms": {"strategy": strategy, **conduct}})


RULED = {"commission_cap": {"ceiling": 0.10, "start_week": 3}}


def lived(scenario, **kwargs):
    model = PlatformEconomy(scenario, **kwargs)
    model.run_all()
    return model


def wishes(model):
    return np.concatenate([v.ravel() for v in dataclasses.astuple(desired_variables(model.world))])


def test_without_a_rule_no_lever_moves():
    model = lived(town())
    fees = [p.net_fee for p in model.world.sector.platforms.values()]
    assert model.world.platforms.net_fee_chosen.tolist() == fees
    assert model.world.platforms.net_fee_cents.tolist() == [round(100 * fee) for fee in fees]


@pytest.mark.parametrize("strategy", ["gradient", "rule_of_thumb"])
def test_platforms_that_see_no_rules_keep_the_path_without_them(strategy):
    free, deaf = lived(town(strategy)), lived(town(strategy, policy=RULED, sees_rules=False))
    answering = lived(town(strategy, policy=RULED))
    assert wishes(deaf).tolist() == wishes(free).tolist()
    assert deaf.world.platforms.commission[:, 1].max() == 0.10
    assert answering.world.platforms.net_fee_cents[0] > free.world.platforms.net_fee_cents[0]


def test_a_fork_in_the_middle_of_an_answer_goes_on_to_the_same_bits():
    scenario = town(policy=RULED)
    whole = lived(scenario)
    model = PlatformEconomy(scenario)
    for _ in range(7):
        model.step()
    kept = model.snapshot()
    equilibrium().known.clear()
    forked = PlatformEconomy.resume(kept)
    forked.run_all()
    for name, values in columns_of(whole.world).items():
        assert columns_of(forked.world)[name].tobytes() == values.tobytes(), name


def test_reviews_come_every_so_many_weeks_and_all_platforms_at_once():
    model, fees = PlatformEconomy(town(policy=RULED, review_weeks=3)), []
    while not model.is_over:
        model.step()
        fees.append(model.world.platforms.net_fee_chosen.copy())
    moved = [week + 2 for week, (a, b) in enumerate(itertools.pairwise(fees)) if (a != b).any()]
    assert moved == [4, 7, 10]
    assert (fees[3] != fees[2]).all()


@pytest.mark.parametrize("n_consumers", [40, 200])
def test_a_market_too_small_for_averages_is_refused_in_words(n_consumers):
    with pytest.raises(RefusedScenario) as refused:
        equilibrium_of(sector_of("food_delivery"), float(n_consumers), 2.0, 1.0)
    assert all("platforms=fixed" in problem.todo for problem in refused.value.problems)


def test_plain_and_compiled_functions_reason_to_the_same_bits():
    scenario, found = town(policy=RULED, weeks=8), []
    for functions, kernels in ((None, "plain"), (compiled_functions, "compiled")):
        equilibrium().known.clear()
        with implementation.using(functions):
            found.append(fingerprint(lived(scenario, kernels=kernels)))
    assert found[0] == found[1]

"""A consumer rule of one's own: neutral to the bit, right where the columns can say the same, refused otherwise."""

from typing import Any

import numpy as np
import pytest

from sim.kernels.engine import Backend
from sim.mesa_view.views import Consumer
from sim.model import PlatformEconomy
from sim.populations.consumer_rule import MOST_TASTE, ConsumerRule, RefusedRule
from sim.snapshot import RefusedSnapshot
from tests.economies import CAP, fingerprint, phase, same_weeks, scenario_of

SCENARIO = scenario_of(700, 2, n_weeks=8, policy=CAP)
KERNELS = pytest.mark.parametrize("kernels", ["plain", "compiled"])


class Untouched(ConsumerRule):
    """Replaces nothing."""


class Neutral(ConsumerRule):
    """Answers what the standard rule answers."""

    def occasions(self, market):
        return super().occasions(market)

    def considers(self, market):
        return super().considers(market)

    def taste(self, market):
        return super().taste(market)


class Calm(ConsumerRule):
    def occasions(self, market):
        return 0.5 * super().occasions(market)


class First(ConsumerRule):
    """The first platform only."""

    def considers(self, market):
        return np.arange(len(market.platforms))[:, None] == 0


class Fond(ConsumerRule):
    def __init__(self, taste: Any) -> None:
        self.given = taste

    def taste(self, market):
        return self.given


class Tiring(ConsumerRule):
    """Remembers how often it was asked."""

    def __init__(self) -> None:
        self.n_weeks = 0

    def occasions(self, market):
        self.n_weeks += 1
        return super().occasions(market) * 0.9**self.n_weeks


def ran(kernels: Backend = "plain", **how: Any) -> PlatformEconomy:
    model = PlatformEconomy(SCENARIO, kernels=kernels, **how)
    model.run_all()
    return model


@KERNELS
@pytest.mark.parametrize("kind", [ConsumerRule, Untouched, Neutral])
def test_a_neutral_rule_changes_no_bit(kind: type[ConsumerRule], kernels: Backend):
    assert fingerprint(ran(kernels, consumer_rule=kind())) == fingerprint(ran())


@KERNELS
def test_occasions_of_the_week_are_what_the_column_would_say(kernels: Backend):
    """Orders and surplus alike: a rule that halves occasions, and consumers who have half of them."""
    model = PlatformEconomy(SCENARIO, kernels="plain")
    consumers = model.agents_by_type[Consumer]
    consumers.set("occasion_rate", consumers.column("occasion_rate") * np.float32(0.5))
    model.run_all()
    without = {"consumers.occasion_rate"}
    calm = ran(kernels, consumer_rule=Calm())
    assert fingerprint(calm, without) == fingerprint(model, without) != fingerprint(ran(), without)
    assert np.array_equal(calm.world.consumers.occasion_rate, ran().world.consumers.occasion_rate)


@KERNELS
def test_who_considers_one_platform_orders_there_as_with_one_app(kernels: Backend):
    model = PlatformEconomy(SCENARIO, kernels="plain")
    model.agents_by_type[Consumer].set("apps", 1)
    model.run_all()
    without = {"consumers.apps"}
    first = ran(kernels, consumer_rule=First())
    assert fingerprint(first, without) == fingerprint(model, without)
    assert set(first.world.orders.placed.platform.tolist()) == {0}


@KERNELS
@pytest.mark.parametrize("habit_weight", [0.0, 1.5])
def test_a_taste_counts_as_much_as_the_appeal_of_a_platform(kernels: Backend, habit_weight: float):
    scenario = scenario_of(700, n_weeks=8, numbers={"consumers.habit_weight": habit_weight})
    liked = np.array([0.0, 0.75, -0.5])
    fond, told = (PlatformEconomy(scenario, kernels=kernels) for _ in range(2))
    fond.consumer_rule = Fond(liked[:, None])
    told.world.platforms.appeal[:] += liked
    before = PlatformEconomy(scenario, kernels=kernels)
    for model in (fond, told, before):
        model.world.week = 1
        for name in ("let_platforms_decide", "price_goods", "rank_merchants", "let_consumers_order"):
            phase(model, name)
    np.testing.assert_allclose(fond.world.consumers.log_sum, told.world.consumers.log_sum, atol=1e-5)
    assert np.abs(before.world.consumers.log_sum - told.world.consumers.log_sum).max() > 0.05
    phase(fond, "weigh_surplus")
    phase(before, "weigh_surplus")
    if not habit_weight:  # a taste is no habit, though the kernel has one term for both
        assert not fond.world.consumers.habit_cents.any()


def test_a_taste_of_each_consumer_for_each_platform():
    n = len(PlatformEconomy(SCENARIO).world.consumers)
    taste = np.where(np.arange(n)[None, :] % 3 == np.arange(3)[:, None], MOST_TASTE, -MOST_TASTE)
    orders = ran(consumer_rule=Fond(taste)).world.orders.placed
    apps = PlatformEconomy(SCENARIO).world.consumers.apps[orders.consumer]
    loves = orders.consumer % 3
    has_it = (apps >> loves.astype(np.uint16)) & 1 == 1
    assert has_it.any()
    assert (orders.platform == loves)[has_it].all()


def test_rules_may_change_between_weeks():
    model = PlatformEconomy(SCENARIO, kernels="plain")
    for _ in range(3):
        model.step()
    model.consumer_rule = Calm()
    model.run_all()
    assert same_weeks(model, ran(), slice(0, 3))
    assert not same_weeks(model, ran(), slice(3, 4))


def test_what_a_rule_remembers_is_one_runs():
    rule = Tiring()
    first, second = (ran(consumer_rule=rule) for _ in range(2))
    assert fingerprint(first) == fingerprint(second)
    assert rule.n_weeks == 0
    assert first.consumer_rule.n_weeks == 8  # type: ignore[attr-defined]
    trunk = PlatformEconomy(SCENARIO, consumer_rule=rule, kernels="plain")
    trunk.step()
    past = trunk.snapshot()
    forks = [PlatformEconomy.resume(past, kernels="plain") for _ in range(2)]
    for model in (trunk, *forks):
        model.run_all()
        assert fingerprint(model) == fingerprint(first)
    other = PlatformEconomy.resume(past, consumer_rule=ConsumerRule(), kernels="plain")
    other.run_all()
    assert same_weeks(other, first, slice(0, 1))
    assert not same_weeks(other, first, slice(1, 8))


def test_a_file_does_not_vouch_for_code_of_ones_own(tmp_path):
    model = PlatformEconomy(SCENARIO, consumer_rule=Calm())
    model.step()
    with pytest.raises(RefusedSnapshot, match=r"consumer_rule=Calm\(\)"):
        model.save_snapshot(tmp_path / "kept.npz")
    assert not list(tmp_path.iterdir())
    model.consumer_rule = ConsumerRule()
    model.save_snapshot(tmp_path / "kept.npz")


@pytest.mark.parametrize(
    ("part", "given", "said"),
    [
        ("occasions", -0.5, "numbers from -0.5 to -0.5"),
        ("occasions", 40.5, "allowed: numbers from 0 to 40"),
        ("occasions", float("nan"), "nan"),
        ("occasions", np.ones(7), r"its shape is \(7,\)"),
        ("occasions", np.ones((3, 700)), r"its shape is \(3, 700\)"),
        ("occasions", np.array("often"), "array of <U5"),
        ("considers", np.uint16(3), "array of uint16"),
        ("considers", np.ones((2, 700), bool), r"its shape is \(2, 700\)"),
        ("taste", 20.5, "numbers from -20 to 20"),
        ("taste", float("inf"), "inf"),
        ("taste", None, "array of object"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(part: str, given: Any, said: str):
    rule = type("Odd", (ConsumerRule,), {part: lambda self, market: given})()
    with pytest.raises(RefusedRule, match=said) as refusal:
        PlatformEconomy(SCENARIO, consumer_rule=rule, kernels="plain").step()
    assert f"Odd().{part}() in week 1" in str(refusal.value)


@pytest.mark.parametrize(
    ("given", "said"), [(Calm, r"make one: Calm\(\)"), (Consumer, "subclass"), (None, "subclass"), ("calm", "subclass")]
)
def test_only_a_consumer_rule_is_one(given: Any, said: str):
    with pytest.raises(RefusedRule, match=said):
        PlatformEconomy(SCENARIO, consumer_rule=given)
    model = PlatformEconomy(SCENARIO)
    with pytest.raises(RefusedRule, match=said):
        model.consumer_rule = given


def test_a_method_that_nobody_asks_is_refused_where_it_is_written():
    with pytest.raises(TypeError, match="did you mean 'occasions'"):

        class Misspelt(ConsumerRule):
            def occasion(self, market):
                return 1.0

    with pytest.raises(TypeError, match=r"step\(\) that nobody calls: define occasions, considers, taste"):

        class Stepping(ConsumerRule):
            def step(self):
                pass

    class Helped(ConsumerRule):
        def limit(self):
            return 2.0

    assert repr(Helped()) == "Helped()"


def test_a_method_put_on_the_rule_itself_is_asked():
    rule = ConsumerRule()
    rule.occasions = lambda market: 0.0  # type: ignore[method-assign,assignment]
    model = PlatformEconomy(SCENARIO, consumer_rule=rule, kernels="plain")
    model.step()
    assert not len(model.world.orders.placed.consumer)

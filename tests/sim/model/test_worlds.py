"""Worlds that should agree do, to the bit; worlds that should differ do."""

import os
import subprocess
import sys

import numpy as np
import pytest

from sim.parameters import Practice
from sim.policy.catalogue import CATALOGUE
from sim.rules.hooks import Hook
from tests.economies import CAP, RICH, ROOT, RULES, columns_of, economy, economy_after, fingerprint, run, same_weeks

pytestmark = pytest.mark.long

BORN = ("income_class", "occasion_rate", "apps", "privacy_concern")
EXAMPLE = "run(1500, 2, n_weeks=6, policy_week=4, policy=CAP)"
"""The run whose fingerprint is compared across machines' features, threads and kernels."""
PROGRAM = f"from tests.economies import CAP, fingerprint, run; print(fingerprint({EXAMPLE}))"


ABOUT_RULES = {Hook.SUPERVISION, Hook.SCOPE}
"""Hooks of rules about other rules: alone they change nothing."""
BESIDE = {*ABOUT_RULES, Hook.CREDIT_TERMS, Hook.INSURANCE_TERMS}
"""Besides them, rules about loans, and about who bears riders' losses: neither moves an offer or an hour on line."""
TOO_LITTLE = ["employment_status"]
"""Raises pay of some riders by so little that meals come sooner by seconds: worth more, and no order more in a town."""


def example(**kwargs):
    return run(1500, 2, n_weeks=6, policy_week=4, policy=CAP, **kwargs)


def placed_by(world):
    """Orders of the week as who, in which turn, where from and by which platform."""
    placed = world.orders.placed
    identity = world.consumers.identity[placed.consumer]
    columns = (identity, placed.turn, world.merchants.identity[placed.merchant], placed.platform)
    return {tuple(int(value) for value in order) for order in zip(*columns, strict=True)}


def orders_of(world):
    """Orders placed this week, consumer by consumer."""
    return np.bincount(world.orders.placed.consumer, minlength=len(world.consumers))


def assert_shared_draws(one, other, where):
    """The number of orders is a draw that both share, read at what an occasion is worth in each."""
    more = orders_of(other)[where] - orders_of(one)
    better = other.consumers.log_sum[where].astype(float) - one.consumers.log_sum
    assert not np.any(more * better < 0)
    assert np.count_nonzero(more == 0) > 0.8 * len(more)


@pytest.mark.parametrize("n_zones", [1, 3])
def test_one_more_consumer_leaves_everybody_elses_character_alone(n_zones):
    few, many = economy(900, n_zones).world, economy(901, n_zones).world
    where = np.argsort(many.consumers.identity)[few.consumers.identity]
    for name in BORN:
        assert np.array_equal(getattr(few.consumers, name), getattr(many.consumers, name)[where]), name
    assert np.array_equal(few.consumers.habit, many.consumers.habit[:, where])
    for table in ("merchants", "workers"):
        for name, values in getattr(few, table).arrays().items():
            assert np.array_equal(values, getattr(getattr(many, table), name)), f"{table}.{name}"


@pytest.mark.parametrize("n_zones", [1, 3])
def test_one_more_consumer_leaves_everybody_elses_first_week_alone(n_zones):
    few, many = (economy_after(1, n, n_zones).world for n in (900, 901))
    where = np.argsort(many.consumers.identity)[few.consumers.identity]
    assert np.array_equal(orders_of(few), orders_of(many)[where])
    assert np.array_equal(few.consumers.log_sum, many.consumers.log_sum[where])
    assert placed_by(few) == {order for order in placed_by(many) if order[0] != 900}
    assert len(placed_by(few)) > 100


def test_one_more_consumer_never_changes_how_lucky_others_are():
    few, many = economy(900, 3), economy(901, 3)
    for _ in range(4):
        few.step()
        many.step()
        where = np.argsort(many.world.consumers.identity)[few.world.consumers.identity]
        assert_shared_draws(few.world, many.world, where)


def test_one_more_zone_slot_or_merchant_leaves_other_merchants_characters_alone():
    few, many = (
        economy(numbers={"merchants.n_per_zone": n, "merchants.n_slots": 32}).world.merchants for n in (20, 21)
    )
    for name in ("is_independent", "quality", "unit_cost_cents", "offline_orders"):
        assert np.array_equal(getattr(few, name)[:20], getattr(many, name)[:20]), name


def test_a_neutral_rule_changes_nothing_to_the_bit():
    """Where nobody is paid to watch over it."""
    neutral = {"commission_cap": {"ceiling": 1.0, "independents_only": False}}
    kwargs = {"n_zones": 2, "n_weeks": 12, "policy_week": 2, "numbers": RICH}
    assert fingerprint(run(policy=neutral, **kwargs)) == fingerprint(run(**kwargs))


def test_the_same_seed_gives_the_same_bits_and_another_gives_others():
    first = fingerprint(example())
    assert fingerprint(example()) == first
    assert fingerprint(example(seed=2)) != first
    assert fingerprint(example(seed=1 + 2**32)) != first, "the upper half of a seed counts too"


def test_two_runs_in_one_process_do_not_disturb_each_other():
    alone = fingerprint(example())
    a, b = (economy(1500, 2, n_weeks=6, policy_week=4, policy=CAP, seed=seed) for seed in (1, 2))
    for _ in range(6):
        a.step()
        b.step()
    assert fingerprint(a) == alone


@pytest.mark.parametrize("n_threads", [1, 2])
def test_compiled_kernels_give_the_same_run(n_threads):
    assert fingerprint(example(kernels="compiled", n_threads=n_threads)) == fingerprint(example())


def test_compiled_kernels_give_the_same_run_under_all_rules():
    plain, compiled = (
        run(800, 2, n_weeks=6, policy_week=3, policy=RULES, kernels=kernels) for kernels in ("plain", "compiled")
    )
    assert fingerprint(compiled) == fingerprint(plain)


def printed_by_another_process(**environment):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_processor_without_wide_vectors_gives_the_same_run():
    """NumPy ignores features that it or the machine does not know, with a warning."""
    found = printed_by_another_process(NPY_DISABLE_CPU_FEATURES="X86_V4 X86_V3 AVX512_ICL", PYTHONHASHSEED="7")
    assert found == fingerprint(example())


@pytest.mark.slow
def test_kernels_compiled_for_any_processor_give_the_same_run(tmp_path):
    """Without fused multiply-add and wide vectors; compiles everything anew."""
    program = PROGRAM.replace("policy=CAP", 'policy=CAP, kernels="compiled"')
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "XDG_CACHE_HOME": str(tmp_path)},
    )
    assert done.stdout.strip() == fingerprint(example()), done.stderr


@pytest.mark.parametrize("name", RULES)
def test_no_rule_changes_anything_before_its_first_week(name):
    kwargs = {"n_zones": 2, "n_weeks": 10, "policy_week": 7}
    free, ruled = run(**kwargs), run(policy={name: {}}, **kwargs)
    assert same_weeks(free, ruled, slice(0, 6))
    is_mute = CATALOGUE[name].hook in ABOUT_RULES or name == "licensed_supply"  # everybody has a licence here
    assert same_weeks(free, ruled, slice(6, 10)) == is_mute


def test_a_rule_changes_nothing_before_its_first_week():
    kwargs = {"n_zones": 2, "n_weeks": 12}
    free = run(policy_week=8, **kwargs)
    ruled = run(policy_week=8, policy=CAP, **kwargs)
    assert same_weeks(free, ruled, slice(0, 7))
    assert free.weekly["merchant_take_rate_independent"][7] > ruled.weekly["merchant_take_rate_independent"][7]
    assert free.weekly["platform_profit"][7:] != ruled.weekly["platform_profit"][7:]


def test_a_rule_may_name_its_own_first_week():
    own = {"commission_cap": {"ceiling": 0.05, "start_week": 5}}
    by_horizon = run(n_zones=2, n_weeks=10, policy_week=5, policy=CAP)
    by_itself = run(n_zones=2, n_weeks=10, policy_week=3, policy=own)
    assert fingerprint(by_itself) == fingerprint(by_horizon)


@pytest.mark.parametrize("policy", [CAP, *({name: {}} for name in RULES), RULES], ids=lambda policy: "+".join(policy))
def test_consumers_have_the_same_luck_under_any_policy(policy):
    """With and without a rule a consumer orders more often only in a week in which ordering is worth more to her.

    Rules beside the marketplace change neither what ordering is worth to anybody nor any order.
    """
    free, ruled = (economy(800, n_weeks=16, policy_week=2, policy=rules) for rules in ({}, policy))
    everybody = np.arange(800)
    do_orders_move = does_utility_move = False
    for _ in range(16):
        free.step()
        ruled.step()
        assert_shared_draws(free.world, ruled.world, everybody)
        do_orders_move |= placed_by(free.world) != placed_by(ruled.world)
        does_utility_move |= bool((free.world.consumers.log_sum != ruled.world.consumers.log_sum).any())
    assert does_utility_move == any(reaches_consumers(name, free.world.sector) for name in policy)
    assert do_orders_move == (does_utility_move and list(policy) != TOO_LITTLE)


def reaches_consumers(name, sector):
    """Whether a rule by itself moves anything for consumers, of platforms that keep their levers."""
    rule = CATALOGUE[name]
    if rule.hook is Hook.PRACTICES:
        nobody = {Practice.UNLICENSED_SUPPLY} if sector.licences.licensed_share >= 1.0 else set()
        return bool(sector.practices_here.intersection(rule.practices) - nobody)
    return rule.hook not in BESIDE


def test_looking_at_agents_changes_nothing():
    watched = economy(1500, 2, n_weeks=6, policy_week=4, policy=CAP)
    while watched.world.week < 6:
        watched.step()
        watched.agents.shuffle_do(lambda agent: agent.unique_id)
        watched.agents.select(lambda agent: agent.unique_id % 7 == 0)
        watched.random.random()
        watched.rng.random(5)
    assert fingerprint(watched) == fingerprint(example())


def test_a_fingerprint_sees_every_column_and_every_week():
    model = economy_after(2, 300)
    seen = {fingerprint(model)}
    for values in columns_of(model.world).values():
        if values.size:
            values.reshape(-1).view(np.uint8)[0] ^= 1
            seen.add(fingerprint(model))
    model.weekly["welfare_total"][0] += 1e-9
    seen.add(fingerprint(model))
    assert len(seen) == 2 + sum(values.size > 0 for values in columns_of(model.world).values())

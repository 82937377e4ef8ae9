"""Rules together: those of one hook or article, one pair of every two hooks, all, and those that cannot both be law."""

import functools
import itertools

import numpy as np
import pytest

from sim.enforcement.oversight import supervision_of
from sim.errors import RefusedScenario
from sim.parameters import Practice
from sim.policy.catalogue import CATALOGUE
from sim.rules.hooks import Hook, SupervisionTerms
from sim.scenario import Scenario
from tests.economies import RICH, RULES, asked, columns_of, economy, fingerprint, phase, run
from tests.sim.policy._payloads import COLUMNS

pytestmark = pytest.mark.long


def article(name):
    """Article of the first provision: the folder of the instrument."""
    return CATALOGUE[name].provisions[0].split(".")[0]


def of_hook(hook):
    return [name for name, kind in CATALOGUE.items() if kind.hook is hook]


CLOSE = [
    (a, b)
    for a, b in itertools.combinations(CATALOGUE, 2)
    if CATALOGUE[a].hook is CATALOGUE[b].hook or article(a) == article(b)
]
"""Pairs of one hook or one article: those most likely to meet."""
APART = [
    (of_hook(a)[i % len(of_hook(a))], of_hook(b)[i % len(of_hook(b))])
    for i, (a, b) in enumerate(itertools.combinations([hook for hook in Hook if of_hook(hook)], 2))
    if i % 2 == 0
]
"""One pair of every second two hooks, instruments of a hook by turns."""
SAME = [(a, b) for a, b in CLOSE if CATALOGUE[a].hook is CATALOGUE[b].hook]


@functools.cache
def world_under(*names):
    """An economy in whose first week platforms, a large, a smaller and a small one, have decided under these rules."""
    model = economy(200, n_weeks=4, policy_week=1, policy={name: {} for name in names})
    model.world.week = 1
    model.world.platforms.order_share[:] = [0.7, 0.25, 0.05]
    phase(model, "let_platforms_decide")
    return model.world


def levers(*names):
    """What platforms do at every hook under these rules."""
    columns = columns_of(world_under(*names))
    return {column: columns[column] for column in set().union(*COLUMNS.values())}


def test_every_instrument_is_tried_beside_others():
    assert {hook for hook in Hook if of_hook(hook)} == set(Hook)
    assert set(itertools.chain(*CLOSE, *APART)) == set(CATALOGUE)


@pytest.mark.parametrize("names", [*CLOSE, tuple(CATALOGUE)], ids="+".join)
def test_rules_combine(names):
    """Books close in every week, or the run would have stopped."""
    model = run(500, 2, n_weeks=10, policy_week=3, policy={name: {} for name in names}, numbers=RICH)
    assert model.world.week == 10
    assert sum(int(balance.sum()) for balance in model.world.ledger.balances.values()) == 0
    assert min(model.weekly["consumer_orders"]) > 0.0


@pytest.mark.parametrize("names", [names for names in APART if "size_tiers" not in names], ids="+".join)
def test_each_does_together_what_it_does_alone(names):
    """Where two hooks end in one column (commissions), a test below says what comes first."""
    together, hooks = levers(*names), [CATALOGUE[name].hook for name in names]
    shared = COLUMNS[hooks[0]] & COLUMNS[hooks[1]]
    assert shared <= {"platforms.commission"}
    for name, hook in zip(names, hooks, strict=True):
        alone = levers(name)
        for column in COLUMNS[hook] - shared:
            assert together[column].tobytes() == alone[column].tobytes(), column


@pytest.mark.parametrize("name", [name for name in CATALOGUE if CATALOGUE[name].hook is not Hook.SCOPE])
def test_who_is_out_of_scope_does_as_without_the_rule_and_others_as_with_it(name):
    free, alone, together = levers(), levers(name), levers(name, "size_tiers")
    bound = together["platforms.bound"]
    assert set(bound) == {0.0, 1.0}, "some are small enough"
    for column in COLUMNS[CATALOGUE[name].hook]:
        found = [together[column][row] for row in range(len(bound))]
        wanted = [(alone if is_bound else free)[column][row] for row, is_bound in enumerate(bound)]
        assert np.array_equal(found, wanted), column


def test_a_cap_holds_before_promotions_that_are_given_up_come_off_it():
    capped, both = levers("commission_cap"), levers("commission_cap", "price_conduct")
    off = economy(200).world.sector.practices.effects["forced_discount"].promotion
    assert off > 0.0
    assert np.array_equal(both["platforms.commission"], np.maximum(capped["platforms.commission"] - off, 0.0))


@pytest.mark.parametrize("names", SAME, ids="+".join)
def test_of_rules_of_one_hook_the_strictest_counts_whichever_is_named_first(names):
    hook = CATALOGUE[names[0]].hook
    assert hook in (Hook.PRACTICES, Hook.SUPERVISION), "say here what is strict at another hook"
    if hook is Hook.PRACTICES:
        there, back = levers(*names), levers(*names[::-1])
        for column in COLUMNS[hook]:
            assert there[column].tobytes() == back[column].tobytes(), column
        alone = [levers(name)["platforms.intensity"] for name in names]
        assert np.array_equal(there["platforms.intensity"], np.minimum(*alone))
    else:
        there, back, *single = (
            supervision_of(world_under(*group)) for group in (names, names[::-1], names[:1], names[1:])
        )
        for field in SupervisionTerms.changed():
            assert np.array_equal(getattr(there, field), getattr(back, field)), field
            assert np.array_equal(getattr(there, field), np.maximum(*(getattr(one, field) for one in single))), field


STRICTER = {
    "a lower tolerance of algorithms": (
        {"algorithm_audit": {"tolerance": 0.2}, "personal_pricing_ban": {"gap_left": 0.6}},
        "surcharge",
        0.2,
    ),
    "a lower tolerance of surcharges": (
        {"algorithm_audit": {"tolerance": 0.6}, "personal_pricing_ban": {"gap_left": 0.1}},
        "surcharge",
        0.1,
    ),
    "a ban where only the dominant are fined": (
        {"exclusivity_ban": {"clauses_left": 0.3}, "antitrust_fine": {"smallest_share": 1.0}},
        "exclusivity",
        0.3,
    ),
    "negotiated deductions": (
        {"work_rules": {"deductions_left": 0.5}, "algorithm_audit": {"tolerance": 0.4}},
        "opaque_dispatch",
        0.4,
    ),
}


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize(("policy", "practice", "left"), STRICTER.values(), ids=STRICTER)
def test_the_lowest_of_two_ceilings_on_a_practice_is_in_force(policy, practice, left, turn):
    model = economy(200, n_weeks=4, policy_week=1, policy=dict(list(policy.items())[::turn]))
    model.world.week = 1
    phase(model, "let_platforms_decide")
    assert (model.world.platforms.intensity[:, Practice[practice.upper()]] == left).all()


@pytest.mark.parametrize("names", APART, ids="+".join)
def test_the_order_in_which_rules_of_different_hooks_are_named_does_not_matter(names):
    kwargs = {"n_zones": 2, "n_weeks": 6, "policy_week": 2, "numbers": RICH}
    assert len({CATALOGUE[name].hook for name in names}) == 2
    there, back = (run(300, policy={name: {} for name in order}, **kwargs) for order in (names, names[::-1]))
    assert fingerprint(there) == fingerprint(back)


@pytest.mark.parametrize("names", APART, ids="+".join)
def test_rules_may_follow_each_other(names):
    first, second = names
    policy = {first: {"end_week": 4}, second: {"start_week": 6, "phase_in_weeks": 2}}
    model = run(300, n_weeks=9, policy_week=2, policy=policy)
    alone = run(300, n_weeks=9, policy_week=2, policy={first: {"end_week": 4}})
    for name in ("consumer_orders", "merchant_profit", "worker_pay", "platform_profit"):
        assert model.weekly[name][:5] == alone.weekly[name][:5]
    assert model.world.week == 9


def refused(**policy):
    with pytest.raises(RefusedScenario) as refusal:
        Scenario.from_dict(asked(n_weeks=8, policy_week=3, policy=policy))
    (problem,) = refusal.value.problems
    return problem


def test_profiles_cannot_move_where_nothing_may_be_collected():
    problem = refused(data_limit={"ceiling": 0.0}, interoperability={"portability": 0.1})
    assert problem.asked == "policy.data_limit together with policy.interoperability"
    assert problem.why == "a profile cannot move to another platform where no data may be collected"
    assert "leave one of them out" in problem.todo
    assert refused(interoperability={"portability": 0.1}, data_limit={"ceiling": 0.0}).why == problem.why


ALLOWED = {
    "something may be collected": ({"ceiling": 0.01}, {"portability": 1.0}),
    "nothing is to move": ({"ceiling": 0.0}, {"portability": 0.0}),
    "the limit is off": ({"ceiling": 0.0, "is_on": False}, {"portability": 1.0}),
    "the mandate is off": ({"ceiling": 0.0}, {"portability": 1.0, "is_on": False}),
    "the limit ends before": ({"ceiling": 0.0, "end_week": 4}, {"portability": 1.0, "start_week": 5}),
    "the mandate ends before": ({"ceiling": 0.0, "start_week": 6}, {"portability": 1.0, "end_week": 5}),
}


@pytest.mark.parametrize(("limit", "mandate"), ALLOWED.values(), ids=ALLOWED)
def test_what_is_never_the_law_in_the_same_week_does_not_conflict(limit, mandate):
    model = run(200, n_weeks=8, policy_week=3, policy={"data_limit": limit, "interoperability": mandate})
    assert len(model.weekly["week"]) == 8


def test_rules_that_meet_in_a_single_week_conflict():
    problem = refused(
        data_limit={"ceiling": 0.0, "end_week": 5}, interoperability={"portability": 1.0, "start_week": 5}
    )
    assert problem.asked == "policy.data_limit together with policy.interoperability"


@pytest.mark.parametrize("name", CATALOGUE)
class TestWeeks:
    def test_a_rule_cannot_end_before_it_starts(self, name):
        problem = refused(**{name: {"start_week": 5, "end_week": 4}})
        assert problem.asked == f"policy.{name}.end_week=4"
        assert problem.why == "the rule starts in week 5"
        assert problem.allowed == "5 or later, or none"
        assert f"policy.{name}.end_week" in problem.todo

    def test_it_cannot_end_before_the_horizons_policy_week_either(self, name):
        assert refused(**{name: {"end_week": 2}}).asked == f"policy.{name}.end_week=2"

    @pytest.mark.parametrize(
        ("timing", "allowed"),
        [
            ({"phase_in_weeks": 6}, "0 to 5"),
            ({"start_week": 5, "phase_in_weeks": 2, "end_week": 6}, "0 to 1"),
            ({"start_week": 8, "phase_in_weeks": 1}, "0 to 0"),
        ],
    )
    def test_it_cannot_be_phased_in_longer_than_it_lasts(self, name, timing, allowed):
        problem = refused(**{name: timing})
        assert problem.asked == f"policy.{name}.phase_in_weeks={timing['phase_in_weeks']}"
        assert "never be fully in force" in problem.why
        assert problem.allowed == allowed
        assert "phase-in" in problem.todo

    @pytest.mark.parametrize(
        "timing",
        [
            {"phase_in_weeks": 5},
            {"start_week": 5, "phase_in_weeks": 1, "end_week": 6},
            {"end_week": 500},
            {"end_week": 3},
            {"start_week": 8},
        ],
    )
    def test_timings_at_the_edge_are_allowed(self, name, timing):
        rule = Scenario.from_dict(asked(n_weeks=8, policy_week=3, policy={name: timing})).policy[name]
        assert {key: getattr(rule, key) for key in timing} == timing

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("phase_in_weeks", -1),
            ("phase_in_weeks", 1.5),
            ("phase_in_weeks", 5201),
            ("end_week", 4.5),
            ("is_on", 1),
            ("is_on", "yes"),
            ("start_week", "3"),
        ],
    )
    def test_timings_that_are_none_are_refused_by_name(self, name, key, value):
        assert refused(**{name: {key: value}}).asked.startswith(f"policy.{name}.{key}=")


def test_all_rules_survive_being_written_down():
    scenario = Scenario.from_dict(asked(policy=RULES))
    assert Scenario.from_dict(scenario.to_dict()) == scenario

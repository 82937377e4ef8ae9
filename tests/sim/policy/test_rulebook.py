"""Which rules are in force when, and in which order they speak."""

import dataclasses
from dataclasses import dataclass, field
from typing import get_protocol_members

import numpy as np
import pytest

from sim.agents.terms import bind_terms, desired_terms, terms_in_force, who_is_bound
from sim.parameters import Practice
from sim.policy.catalogue import CATALOGUE
from sim.rules.hooks import AccessTerms, DataTerms, Hook, MerchantTerms
from sim.rules.payloads import KINDS
from sim.rules.rulebook import Coverage, Rule, Rulebook, allowed_by
from sim.rules.sanctions import USUAL, Sanction
from tests.economies import RULES, changed, columns_of, copied, economy, economy_after, phase
from tests.sim.policy._payloads import PAYLOADS


@dataclass
class Echo:
    """A rule that adds one to data collected for every letter of its name, and writes its name down."""

    name: str
    start_week: int = 1
    hook: Hook = Hook.DATA_TERMS
    department: str = "tax"
    heard: list = field(default_factory=list)
    full: float = 1.0
    smallest_share: float = 0.0
    zones_share: float = 1.0
    sanction: Sanction = USUAL
    binds_from: float = 0.0
    practices: tuple[Practice, ...] = ()
    known_from: int | None = None

    def strength(self, week):
        return self.full if week >= self.start_week else 0.0

    def time_left(self, week):
        return 0.0

    def foreseen(self):
        return self if self.known_from is None else dataclasses.replace(self, start_week=self.known_from)

    def apply(self, payload):
        self.heard.append(self.name)
        payload.data_per_order += len(self.name)


NEVER = 10**6
OF_PLATFORMS = [hook for hook in KINDS if hook is not Hook.SCOPE]
"""Hooks at which rules change what platforms do; how departments work is no term of a platform's."""
UNLIKE = (0.7, 0.25, 0.05)
"""Shares of orders of a very large platform, one in the middle and one below the lowest tier of size."""


def collected(*data):
    return DataTerms(np.arange(len(data)), np.array(data, float))


def names(rules):
    return [rule.name for rule in rules]


def test_every_rule_has_what_the_market_needs_to_know():
    for rule in (Echo("a rule"), *(kind() for kind in CATALOGUE.values())):
        assert not [member for member in get_protocol_members(Rule) if not hasattr(rule, member)]


def test_a_rule_is_in_force_from_its_first_week_on():
    book = Rulebook([Echo("early", 3), Echo("late", 5), Echo("never", NEVER)])
    assert names(book.in_force(2)) == []
    assert names(book.in_force(3)) == ["early"]
    assert names(book.in_force(5)) == ["early", "late"]
    assert names(book.in_force(5000)) == ["early", "late"]


def test_rules_are_found_by_hook_and_department():
    book = Rulebook([Echo("a"), Echo("b", department="labour")])
    assert names(book.in_force(1, department="labour")) == ["b"]
    assert names(book.in_force(1, hook=Hook.DATA_TERMS)) == ["a", "b"]
    assert names(book.in_force(1, hook="another")) == []


def test_rules_speak_in_the_order_in_which_they_were_named():
    heard = []
    rules = [Echo("second", heard=heard), Echo("first", heard=heard), Echo("not yet", 9, heard=heard)]
    terms = collected(1.0)
    Rulebook(rules).bind(Hook.DATA_TERMS, terms, 1)
    assert heard == ["second", "first"]
    assert terms.data_per_order.tolist() == [1.0 + 6 + 5]


def test_a_rule_that_is_phased_in_moves_the_terms_part_of_the_way():
    terms = collected(1.0, 3.0)
    Rulebook([Echo("four", full=0.25), Echo("two", full=0.5)]).bind(Hook.DATA_TERMS, terms, 1)
    assert terms.data_per_order.tolist() == [1.0 + 0.25 * 4 + 0.5 * 3, 3.0 + 0.25 * 4 + 0.5 * 3]


def test_what_a_rule_allows_is_found_without_changing_what_is_wished():
    desired = collected(1.0, 2.0)
    assert allowed_by(Echo("four"), desired).data_per_order.tolist() == [5.0, 6.0]
    assert desired.data_per_order.tolist() == [1.0, 2.0]


def test_all_the_way_is_exactly_what_the_rule_says():
    """0.1 + 1 x (0.3 - 0.1) is not 0.3 in floating point."""
    terms = collected(0.1)
    terms.lean(collected(0.3), 1.0)
    assert terms.data_per_order[0] == 0.3


@pytest.mark.parametrize(
    ("allowed", "desired", "done", "n"),
    [
        (0.5, 1.0, 1.0, 1),  # nothing done
        (0.5, 1.0, 0.5, 0),
        (0.5, 1.0, 0.2, 0),  # more done than asked
        (0.5, 1.0, 0.75, 1),  # half done
        (0.5, 1.0, 1.5, 1),
        (2.0, 1.0, 1.0, 1),  # a rule that raises
        (2.0, 1.0, 2.5, 0),
        (1.0, 1.0, 3.0, 0),  # the rule moves nothing: nothing can break it
    ],
)
def test_who_falls_short_of_a_rule_is_counted(allowed, desired, done, n):
    assert collected(done).n_short_of(collected(allowed), collected(desired)) == n
    twice = [collected(x, x) for x in (done, allowed, desired)]
    assert twice[0].n_short_of(*twice[1:]) == 2 * n


def test_an_entry_that_falls_short_in_two_levers_is_one_breach():
    def terms(*levers):
        return AccessTerms(np.zeros(1, int), *(np.array([x]) for x in levers))

    allowed, desired = terms(0.8, 0.5, 0.5, 0.5), terms(0.0, 0.0, 0.0, 0.0)
    assert desired.n_short_of(allowed, desired) == 1
    assert terms(0.8, 0.5, 0.1, 0.5).n_short_of(allowed, desired) == 1
    assert allowed.n_short_of(allowed, desired) == 0


def test_the_entries_of_one_platform():
    terms = MerchantTerms(np.array([0, 0, 1]), np.array([True, False, True]), np.array([0.1, 0.2, 0.3]))
    assert terms.of(0).commission.tolist() == [0.1, 0.2]
    assert terms.of(1).is_independent.tolist() == [True]
    terms.of(1).commission[:] = 0.0
    assert terms.commission[2] == 0.3


def test_platforms_charge_what_they_wish_as_far_as_rules_allow():
    world = economy(policy_week=2, policy={"commission_cap": {"ceiling": 0.05}}).world
    world.platforms.commission_chosen[:] = [[0.04, 0.20], [0.09, 0.03], [0.0, 0.05]]
    world.week = 1
    bind_terms(world)
    assert np.array_equal(world.platforms.commission, world.platforms.commission_chosen)
    world.week = 2
    bind_terms(world)
    assert world.platforms.commission.tolist() == [[0.04, 0.05], [0.09, 0.03], [0.0, 0.05]]
    assert world.platforms.commission_chosen[0, 1] == 0.20, "what a platform wishes is its own"
    terms = terms_in_force(world, Hook.MERCHANT_TERMS).of(1)
    assert terms.platform.tolist() == [1, 1]
    assert terms.is_independent.tolist() == [False, True]
    assert terms.commission.tolist() == [0.09, 0.03]
    desired = desired_terms(world, Hook.MERCHANT_TERMS)
    assert desired.commission.tolist() == [0.04, 0.20, 0.09, 0.03, 0.0, 0.05]


@pytest.mark.parametrize("hook", OF_PLATFORMS)
def test_looking_at_terms_changes_nothing(hook):
    world = economy_after(2, policy_week=1, policy=RULES).world
    before = copied(world)
    for terms in (desired_terms(world, hook), terms_in_force(world, hook)):
        assert type(terms) is PAYLOADS[hook]
        for lever in terms.levers:
            getattr(terms, lever)[:] = 0.123
    assert not changed(before, columns_of(world))


@pytest.mark.parametrize("hook", OF_PLATFORMS)
def test_terms_in_force_are_those_that_the_rules_left(hook):
    """Commissions before what is no longer charged where practices are given up."""
    model = economy_after(2, policy_week=1, policy=RULES, numbers={"practices.effects": {}})
    world = model.world
    world.week += 1
    phase(model, "let_platforms_decide")
    bound = desired_terms(world, hook)
    world.rulebook.bind(hook, bound, world.week, coverage=who_is_bound(world, hook, bound))
    found = terms_in_force(world, hook)
    for lever in found.levers:
        assert np.array_equal(getattr(found, lever), getattr(bound, lever)), lever
    assert bound.n_short_of(bound, desired_terms(world, hook)) == 0


def test_the_scope_of_rules_follows_from_sizes_and_frees_the_smallest_from_all_of_them():
    model = economy(n_weeks=4, policy_week=1, policy=RULES)
    world = model.world
    world.platforms.order_share[:] = UNLIKE
    world.week = 1
    phase(model, "let_platforms_decide")
    scope = desired_terms(world, Hook.SCOPE)
    assert scope.order_share.tolist() == list(UNLIKE)
    assert scope.bound.tolist() == scope.scrutiny.tolist() == [1.0, 1.0, 1.0]
    world.rulebook.bind(Hook.SCOPE, scope, 1, coverage=who_is_bound(world, Hook.SCOPE, scope))
    assert scope.bound.tolist() == world.platforms.bound.tolist() == [1.0, 1.0, 0.0]
    assert scope.scrutiny.tolist() == world.platforms.scrutiny.tolist() == [2.0, 1.0, 1.0]
    for hook in OF_PLATFORMS:
        desired, found = desired_terms(world, hook).of(2), terms_in_force(world, hook).of(2)
        for lever in found.levers:
            assert np.array_equal(getattr(found, lever), getattr(desired, lever)), f"{hook}: {lever} of the smallest"


def test_rules_bind_platforms_of_their_size_and_within_the_scope_of_rules():
    half = Echo("four", smallest_share=0.25)
    share = np.array([0.7, 0.25, 0.05])
    terms = collected(1.0, 1.0, 1.0)
    Rulebook([half]).bind(Hook.DATA_TERMS, terms, 1, coverage=Coverage(share, None, None))
    assert terms.data_per_order.tolist() == [5.0, 5.0, 1.0]
    terms = collected(1.0, 1.0, 1.0)
    Rulebook([half]).bind(Hook.DATA_TERMS, terms, 1, coverage=Coverage(share, np.array([1.0, 0.5, 1.0]), None))
    assert terms.data_per_order.tolist() == [5.0, 3.0, 1.0]


def test_who_breaks_rules_in_part_stops_on_the_way_from_what_is_allowed_to_what_it_wishes():
    terms = collected(1.0, 1.0, 1.0)
    coverage = Coverage(np.full(3, 1 / 3), None, np.array([0.0, 0.25, 1.0]))
    Rulebook([Echo("four"), Echo("two")]).bind(Hook.DATA_TERMS, terms, 1, coverage=coverage)
    assert terms.data_per_order.tolist() == [8.0, 8.0 + 0.25 * (1.0 - 8.0), 1.0]


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_market_in_which_nobody_breaks_anything_is_bound_as_without_looking(share):
    terms, plain = collected(1.0, 2.0), collected(1.0, 2.0)
    Rulebook([Echo("four", full=0.3)]).bind(Hook.DATA_TERMS, plain, 1)
    coverage = Coverage(np.full(2, share), np.ones(2), np.zeros(2))
    Rulebook([Echo("four", full=0.3)]).bind(Hook.DATA_TERMS, terms, 1, coverage=coverage)
    assert terms.data_per_order.tobytes() == plain.data_per_order.tobytes()


def test_rules_in_a_pilot_act_in_its_zones_and_in_the_mean_of_all_zones_in_part():
    book = Rulebook([Echo("four", zones_share=0.25), Echo("two")])
    for is_in_pilot, found in ((True, 8.0), (False, 4.0)):
        terms = collected(1.0)
        book.bind(Hook.DATA_TERMS, terms, 1, is_in_pilot=is_in_pilot)
        assert terms.data_per_order.tolist() == [found]
    mean = collected(1.0)
    book.bind(Hook.DATA_TERMS, mean, 1, coverage=Coverage(np.ones(1), None, None, is_mean=True))
    assert mean.data_per_order.tolist() == [1.0 + 0.25 * 4 + 3]
    assert book.pilot_share(1, Hook.DATA_TERMS) == 0.25
    assert book.pilot_share(0, Hook.DATA_TERMS) == book.pilot_share(1, Hook.WORKER_TERMS) == 1.0


def test_rules_that_are_announced_are_in_force_for_those_who_look_ahead():
    book = Rulebook([Echo("late", 9, known_from=5), Echo("unannounced", 9)])
    assert [names(book.in_force(week)) for week in (5, 9)] == [[], ["late", "unannounced"]]
    assert [names(book.foreseen().in_force(week)) for week in (4, 5, 9)] == [[], ["late"], ["late", "unannounced"]]


@pytest.mark.parametrize("hook", [Hook.WORKER_TERMS, Hook.ACCESS_TERMS])
def test_without_a_rule_nothing_is_guaranteed_and_nothing_is_open(hook):
    world = economy_after(2).world
    for terms in (desired_terms(world, hook), terms_in_force(world, hook)):
        assert not any(getattr(terms, lever).any() for lever in terms.levers)

"""Which rules are in force when, and in which order they speak."""

from dataclasses import dataclass

import numpy as np

from sim.agents.terms import bind_terms, terms_charged
from sim.rules.hooks import Hook
from sim.rules.rulebook import Rulebook
from tests.economies import economy


@dataclass
class Echo:
    """A rule that writes its name down."""

    name: str
    start_week: int | None = 1
    hook: Hook = Hook.MERCHANT_TERMS
    department: str = "tax"

    def apply(self, payload):
        payload.append(self.name)

    def n_breaches(self, payload):
        return 0


def names(rules):
    return [rule.name for rule in rules]


def test_a_rule_is_in_force_from_its_first_week_on():
    book = Rulebook([Echo("early", 3), Echo("late", 5), Echo("never", None)])
    assert names(book.in_force(2)) == []
    assert names(book.in_force(3)) == ["early"]
    assert names(book.in_force(5)) == ["early", "late"]
    assert names(book.in_force(5000)) == ["early", "late"]


def test_rules_are_found_by_hook_and_department():
    book = Rulebook([Echo("a"), Echo("b", department="labour")])
    assert names(book.in_force(1, department="labour")) == ["b"]
    assert names(book.in_force(1, hook=Hook.MERCHANT_TERMS)) == ["a", "b"]
    assert names(book.in_force(1, hook="another")) == []


def test_rules_speak_in_the_order_in_which_they_were_named():
    heard = []
    Rulebook([Echo("second"), Echo("first"), Echo("not yet", 9)]).bind(Hook.MERCHANT_TERMS, heard, 1)
    assert heard == ["second", "first"]


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
    terms = terms_charged(world, 1)
    assert terms.platform.tolist() == [1, 1]
    assert terms.is_independent.tolist() == [False, True]
    assert terms.commission.tolist() == [0.09, 0.03]
    terms.commission[:] = 0.0
    assert world.platforms.commission[1, 0] == 0.09, "looking changes nothing"

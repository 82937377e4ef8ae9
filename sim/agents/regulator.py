"""A government department as a Mesa agent: behaviour over one row of the departments' table."""

from __future__ import annotations

from dataclasses import fields

import mesa
import numpy as np

from sim.agents.terms import desired_terms, terms_in_force
from sim.enforcement.decisions import decide
from sim.enforcement.inspections import audit, inspect
from sim.enforcement.oversight import (
    department_of,
    hear_complaints,
    infringements_in_force,
    is_sanctioned,
    supervision_of,
)
from sim.ledger.accounts import Account, Party
from sim.mesa_view.refused import MovedByTheWeek
from sim.randomness import draws
from sim.randomness.streams import Stream
from sim.rules.hooks import SupervisionTerms, Terms
from sim.rules.infringements import N_INFRINGEMENTS
from sim.rules.rulebook import Rule, allowed_by
from sim.world import World

COUNTS = (
    "n_watched",
    "n_inspections",
    "n_breaches",
    "n_leads",
    "n_opened",
    "n_decided",
    "n_fined",
    "n_true_positives",
    "n_false_positives",
    "n_false_negatives",
    "n_true_negatives",
)
"""Departments' columns that count a week."""


class Regulator(MovedByTheWeek, mesa.Agent):
    """A department with its own budget that inspects platforms under the rules it watches over."""

    def __init__(self, model: mesa.Model, world: World, row: int) -> None:
        super().__init__(model)
        self.world, self.row = world, row
        self.name = list(world.sector.departments)[row]

    def __repr__(self) -> str:
        return f"<Regulator {self.name}>"

    def act(self, watch: Watch) -> None:
        """Inspect while money lasts.

        Watched are platforms whose desired terms would breach a rule of the department. An inspection examines one
        platform's terms under every such rule; platforms are visited in an order drawn for the week, those with leads
        first, each at most once. Money saved pays for inspections of later weeks; with nobody left to visit, the rest
        lapses. Where results of other departments are recognised, a visit that one of them has paid this week is not
        repeated, and costs nobody anything.
        """
        # Only platforms that a rule binds: otherwise a rule that binds nobody would cost the state money, and a rule
        # that asks nothing must change nothing, to the bit.
        world, departments = self.world, self.world.departments
        rules = [rule for rule in watch.desired if rule.department == self.name]
        if not rules:
            return
        watched = self._watched(rules, watch)
        taken_over = self._taken_over(watched, watch.supervision)
        affordable = int(departments.balance_cents[self.row]) // int(departments.inspection_cost_cents[self.row])
        own = [platform for platform in watched if platform not in taken_over][:affordable]
        visited = [platform for platform in watched if platform in taken_over or platform in own]
        departments.n_watched[self.row] = len(watched) - len(taken_over)
        departments.n_inspections[self.row] = len(own)
        departments.n_breaches[self.row] = sum(int(watch.broken(rule)[visited].sum()) for rule in rules)
        world.platforms.n_inspections[own] += 1
        world.platforms.n_visits[own] += 1
        world.platforms.visit_cost_cents[own] += departments.compliance_cost_cents[self.row]
        inspect(world, self.row, visited, watch.infringements, watch.supervision)

    def _watched(self, rules: list[Rule], watch: Watch) -> list[int]:
        """Platforms that a rule holds back, those with leads first, otherwise in random order."""
        world = self.world
        turn = draws.uniform(world.seed, Stream.INSPECTION, world.week, np.arange(world.n_platforms), self.row)
        leads = world.cases.has_lead.reshape(world.n_platforms, N_INFRINGEMENTS)
        own = [position for position, asked in watch.infringements.items() if department_of(world, asked) == self.row]
        world.departments.n_leads[self.row] = np.count_nonzero(leads[:, own])
        order = np.argsort(turn - leads[:, own].any(axis=1), kind="stable")
        is_tempted = np.any([watch.desired[rule] > 0 for rule in rules], axis=0) & world.platforms.is_open
        return [int(j) for j in order if is_tempted[j]]

    def _taken_over(self, watched: list[int], supervision: SupervisionTerms) -> set[int]:
        """Platforms whose visit of this week by another department counts here, too."""
        world, share = self.world, float(supervision.recognition[self.row])
        if share <= 0.0 or not watched:
            return set()
        draw = draws.uniform(world.seed, Stream.RECOGNITION, world.week, np.arange(world.n_platforms), self.row)
        return {platform for platform in watched if world.platforms.n_visits[platform] and draw[platform] < share}


class Watch:
    """What departments examine in a week: rules that ask something, who would break them, and who does."""

    def __init__(self, world: World, infringements: dict[int, list[Rule]], supervision: SupervisionTerms) -> None:
        self.world, self.infringements, self.supervision = world, infringements, supervision
        rules = list(dict.fromkeys(rule for asked in infringements.values() for rule in asked))
        self.hooks = {hook: desired_terms(world, hook) for hook in dict.fromkeys(rule.hook for rule in rules)}
        self.charged = {hook: terms_in_force(world, hook) for hook in self.hooks}
        self.owed = {rule: _owed(world, rule, self.hooks[rule.hook]) for rule in rules}
        self.desired = {rule: desired for rule, (_, desired) in self.owed.items()}
        """Entries of each platform's desired terms (J) that would break a rule, rule by rule."""

    def broken(self, rule: Rule) -> np.ndarray:
        """Entries of each platform (J) that break a rule."""
        owed, _ = self.owed[rule]
        return _count(self.charged[rule.hook].short_of(owed, self.hooks[rule.hook]), owed, self.world.n_platforms)


_OWED: dict[tuple, tuple[Terms, np.ndarray]] = {}
"""What rules make of desired terms, by rule, terms, strength and whom they bind: platforms keep terms for weeks."""
MOST_KEPT = 4_096


def _owed(world: World, rule: Rule, desired: Terms) -> tuple[Terms, np.ndarray]:
    """Desired terms as the rule, as far as it is in force and binds, leaves them; entries that it restricts (J)."""
    platforms = world.platforms
    binds = rule.strength(world.week) * platforms.bound * (platforms.order_share >= rule.smallest_share)
    content = b"".join(getattr(desired, field.name).tobytes() for field in fields(desired))
    key = (rule, content, binds.tobytes())
    if key not in _OWED:
        if len(_OWED) >= MOST_KEPT:
            _OWED.clear()
        owed = desired.copy()
        owed.lean(allowed_by(rule, owed), binds[owed.platform])
        _OWED[key] = owed, _count(desired.short_of(owed, desired), owed, world.n_platforms)
    return _OWED[key]


def _count(short: np.ndarray, terms: Terms, n_platforms: int) -> np.ndarray:
    return np.bincount(terms.platform, weights=short, minlength=n_platforms).astype(np.int64)


def open_offices(world: World) -> None:
    """Every department draws its budget and pays its staff."""
    departments = world.departments
    budget, staff = departments.budget_cents, departments.staff_cost_cents
    world.ledger.transfer(Account.APPROPRIATIONS, Party.GOVERNMENT, budget.sum(), Party.DEPARTMENTS, budget)
    world.ledger.transfer(Account.STAFF, Party.DEPARTMENTS, staff, Party.WORLD, staff.sum())
    world.platforms.visit_cost_cents[:], world.platforms.n_visits[:], world.platforms.fine_cents[:] = 0, 0, 0
    for count in COUNTS:
        getattr(departments, count)[:] = 0


def enforce(world: World, regulators: list[Regulator]) -> None:
    """Leads, visits, audits, cases and decisions of the week, under rules in force that give no more time to adapt."""
    remember_sizes(world)
    asked = infringements_in_force(world).items()
    infringements = {position: rules for position, rules in asked if is_sanctioned(rules, world.week)}
    if infringements:
        supervision = supervision_of(world)
        hear_complaints(world, infringements, supervision)
        watch = Watch(world, infringements, supervision)
        for regulator in regulators:
            regulator.act(watch)
        audit(world, infringements, supervision)
        decide(world, infringements, supervision)
    pay_for_inspections(world)


def remember_sizes(world: World) -> None:
    """Platforms' usual revenue and share of orders follow the week with a memory of a year."""
    # Fines and thresholds refer to a year's revenue or size. In the first year the mean of the weeks so far stands for
    # it, so that no initial guess has to be forgotten.
    platforms, carried = world.platforms, world.zones.carried.sum(axis=1)
    speed = 1.0 if world.week == 1 else max(1.0 / world.week, 1.0 / 52.0)
    platforms.trailing_revenue += speed * (np.maximum(platforms.revenue_cents, 0) - platforms.trailing_revenue)
    if carried.any():
        platforms.order_share += speed * (carried / carried.sum() - platforms.order_share)


def pay_for_inspections(world: World) -> None:
    """Both sides pay for visits; a department with nobody left to visit hands back what it did not spend."""
    departments, platforms = world.departments, world.platforms
    if departments.n_inspections.any():
        cost, burden = departments.n_inspections * departments.inspection_cost_cents, platforms.visit_cost_cents
        world.ledger.transfer(Account.INSPECTIONS, Party.DEPARTMENTS, cost, Party.WORLD, cost.sum())
        world.ledger.transfer(Account.COMPLIANCE, Party.PLATFORMS, burden, Party.WORLD, burden.sum())
        platforms.profit_cents -= burden
    # What is saved pays for later inspections only as long as somebody is left to visit: otherwise departments without
    # work would gather money for years and spend it on the first rule that binds.
    is_done = departments.n_inspections == departments.n_watched
    lapsed = np.where(is_done, departments.balance_cents, 0)
    world.ledger.transfer(Account.LAPSED, Party.DEPARTMENTS, lapsed, Party.GOVERNMENT, lapsed.sum())

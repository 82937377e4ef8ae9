"""A government department as a Mesa agent: behaviour over one row of the departments' table."""

from __future__ import annotations

import mesa
import numpy as np

from sim.agents.terms import terms_in_force, terms_wished
from sim.ledger.accounts import Account, Party
from sim.randomness import draws
from sim.randomness.streams import Stream
from sim.rules.hooks import Terms
from sim.rules.rulebook import Rule, allowed_by
from sim.world import World


class Regulator(mesa.Agent):
    """A department with its own budget that inspects platforms under the rules it watches over."""

    def __init__(self, model: mesa.Model, world: World, row: int) -> None:
        super().__init__(model)
        self.world, self.row = world, row
        self.name = list(world.sector.departments)[row]

    def act(self) -> None:
        """Inspect while money lasts.

        Watched are platforms that would breach a rule of the department if they did as they wish. An inspection looks
        at one platform's terms under every such rule; platforms are visited in an order drawn for the week, each at
        most once. Money saved pays for inspections of later weeks; with nobody left to visit, the rest lapses.
        """
        world, departments = self.world, self.world.departments
        rules = world.rulebook.in_force(world.week, department=self.name)
        if not rules:
            for count in (departments.n_watched, departments.n_inspections, departments.n_breaches):
                count[self.row] = 0
            return
        watched = self._watched(rules)
        affordable = int(departments.balance_cents[self.row]) // int(departments.inspection_cost_cents[self.row])
        visited = watched[:affordable]
        departments.n_watched[self.row], departments.n_inspections[self.row] = len(watched), len(visited)
        departments.n_breaches[self.row] = sum(self._n_breaches(rule, j) for rule in rules for j in visited)
        world.platforms.n_inspections[visited] += 1
        world.platforms.visit_cost_cents[visited] += departments.compliance_cost_cents[self.row]

    def _watched(self, rules: list[Rule]) -> list[int]:
        world = self.world
        turn = draws.uniform(world.seed, Stream.INSPECTION, world.week, np.arange(world.n_platforms), self.row)
        return [
            int(j)
            for j in np.argsort(turn, kind="stable")
            if world.platforms.is_open[j] and any(self._is_tempted(rule, int(j)) for rule in rules)
        ]

    def _is_tempted(self, rule: Rule, row: int) -> bool:
        wished = terms_wished(self.world, rule.hook).of(row)
        return wished.n_short_of(self._owed(rule, row), wished) > 0

    def _n_breaches(self, rule: Rule, row: int) -> int:
        wished = terms_wished(self.world, rule.hook).of(row)
        return terms_in_force(self.world, rule.hook).of(row).n_short_of(self._owed(rule, row), wished)

    def _owed(self, rule: Rule, row: int) -> Terms:
        """What the rule, as far as it is phased in, makes of a platform's wishes."""
        owed = terms_wished(self.world, rule.hook).of(row)
        owed.lean(allowed_by(rule, owed), rule.strength(self.world.week))
        return owed


def open_offices(world: World) -> None:
    """Every department draws its budget and pays its staff."""
    departments = world.departments
    budget, staff = departments.budget_cents, departments.staff_cost_cents
    world.ledger.transfer(Account.APPROPRIATIONS, Party.GOVERNMENT, budget.sum(), Party.DEPARTMENTS, budget)
    world.ledger.transfer(Account.STAFF, Party.DEPARTMENTS, staff, Party.WORLD, staff.sum())
    world.platforms.visit_cost_cents[:] = 0


def pay_for_inspections(world: World) -> None:
    """Both sides pay for visits; a department with nobody left to visit hands back what it did not spend."""
    departments, platforms = world.departments, world.platforms
    if departments.n_inspections.any():
        cost, burden = departments.n_inspections * departments.inspection_cost_cents, platforms.visit_cost_cents
        world.ledger.transfer(Account.INSPECTIONS, Party.DEPARTMENTS, cost, Party.WORLD, cost.sum())
        world.ledger.transfer(Account.COMPLIANCE, Party.PLATFORMS, burden, Party.WORLD, burden.sum())
        platforms.profit_cents -= burden
    is_done = departments.n_inspections == departments.n_watched
    lapsed = np.where(is_done, departments.balance_cents, 0)
    world.ledger.transfer(Account.LAPSED, Party.DEPARTMENTS, lapsed, Party.GOVERNMENT, lapsed.sum())

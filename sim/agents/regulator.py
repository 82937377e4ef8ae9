"""A government department as a Mesa agent: behaviour over one row of the departments' table."""

from __future__ import annotations

import mesa
import numpy as np

from sim.agents.terms import terms_charged, terms_wished
from sim.ledger.accounts import Account, Party
from sim.randomness import draws
from sim.randomness.streams import Stream
from sim.rules.rulebook import Rule
from sim.world import World


class Regulator(mesa.Agent):
    """A department with its own budget that inspects platforms under the rules it watches over."""

    def __init__(self, model: mesa.Model, world: World, row: int) -> None:
        super().__init__(model)
        self.world, self.row = world, row
        self.name = list(world.sector.departments)[row]

    def act(self) -> None:
        """Draw the week's budget, pay staff, inspect while money lasts; with nobody left to visit, the rest lapses.

        Watched are platforms that would breach a rule of the department if they did as they wish. An inspection looks
        at one platform's terms under every such rule; platforms are visited in an order drawn for the week, each at
        most once. Money saved pays for inspections of later weeks.
        """
        world, departments = self.world, self.world.departments
        rules = world.rulebook.in_force(world.week, department=self.name)
        turn = draws.uniform(world.seed, Stream.INSPECTION, world.week, np.arange(world.n_platforms), self.row)
        watched = [int(j) for j in np.argsort(turn, kind="stable") if self._is_tempted(int(j), rules)]
        self._pay(Account.APPROPRIATIONS, Party.GOVERNMENT, int(departments.budget_cents[self.row]), is_received=True)
        self._pay(Account.STAFF, Party.WORLD, int(departments.staff_cost_cents[self.row]))
        each = int(departments.inspection_cost_cents[self.row])
        visited = watched[: int(departments.balance_cents[self.row]) // each]
        departments.n_inspections[self.row] = len(visited)
        departments.n_breaches[self.row] = sum(
            rule.n_breaches(terms_charged(world, j)) for rule in rules for j in visited
        )
        world.platforms.n_inspections[visited] += 1
        self._pay(Account.INSPECTIONS, Party.WORLD, len(visited) * each)
        if len(visited) == len(watched):
            self._pay(Account.LAPSED, Party.GOVERNMENT, int(departments.balance_cents[self.row]))
        costs = np.zeros(world.n_platforms, np.int64)
        costs[visited] = departments.compliance_cost_cents[self.row]
        world.ledger.transfer(Account.COMPLIANCE, Party.PLATFORMS, costs, Party.WORLD, costs.sum())
        world.platforms.profit_cents -= costs

    def _is_tempted(self, row: int, rules: list[Rule]) -> bool:
        return any(rule.n_breaches(terms_wished(self.world, row)) for rule in rules)

    def _pay(self, account: Account, other: Party, cents: int, *, is_received: bool = False) -> None:
        own = np.zeros(len(self.world.departments), np.int64)
        own[self.row] = cents
        if is_received:
            self.world.ledger.transfer(account, other, cents, Party.DEPARTMENTS, own)
        else:
            self.world.ledger.transfer(account, Party.DEPARTMENTS, own, other, cents)

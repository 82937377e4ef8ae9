"""Visits and audits: what they prove, what they miss, and whom they suspect wrongly."""

from __future__ import annotations

import numpy as np

from sim.enforcement.oversight import chance_of_proof, department_of
from sim.ledger.accounts import Account, Party
from sim.parameters import WEEKS_A_YEAR
from sim.populations.cases import works
from sim.randomness import draws
from sim.randomness.streams import Stream
from sim.rules.hooks import SupervisionTerms
from sim.rules.infringements import INFRINGEMENTS, N_INFRINGEMENTS
from sim.rules.rulebook import Rule
from sim.world import Array, World


def inspect(
    world: World,
    department: int,
    visited: list[int],
    infringements: dict[int, list[Rule]],
    supervision: SupervisionTerms,
) -> None:
    """A visit examines every infringement type of the department; what it proves, or wrongly suspects, opens a case.

    Writes: cases (is_open, is_wrong, due_week), departments (n_true_positives, n_false_positives, n_false_negatives,
    n_true_negatives, n_opened).
    """
    own = [position for position, rules in infringements.items() if department_of(world, rules) == department]
    if not own or not visited:
        return
    is_examined = np.zeros((world.n_platforms, N_INFRINGEMENTS), bool)
    is_examined[np.ix_(visited, own)] = True
    _examine(world, department, is_examined, chance_of_proof(world, department, supervision), supervision, Stream.PROOF)


def audit(world: World, infringements: dict[int, list[Rule]], supervision: SupervisionTerms) -> None:
    """Outside auditors, paid by the platform, examine everything at equal intervals; what they prove opens cases.

    The first department's terms count; platforms' audits are spread over the interval.

    Writes: as `inspect`, ledger, platforms (profit_cents, burden_cents).
    """
    a_year = float(supervision.audits.max(initial=0.0))
    if a_year <= 0.0 or not infringements:
        return
    interval = max(1, round(WEEKS_A_YEAR / a_year))
    spread = np.arange(world.n_platforms) * interval // world.n_platforms
    is_due = (world.week + spread) % interval == 0
    if not is_due.any():
        return
    cases = world.cases
    lead = supervision.audits.argmax()
    seen = (works(cases) * cases.visibility).reshape(world.n_platforms, N_INFRINGEMENTS)
    is_examined = np.zeros(seen.shape, bool)
    is_examined[np.ix_(np.flatnonzero(is_due), list(infringements))] = True
    _examine(world, int(lead), is_examined, supervision.audit_power[lead] * seen, supervision, Stream.AUDIT)
    yearly = WEEKS_A_YEAR * world.platforms.trailing_revenue
    cost = np.where(is_due, np.rint(supervision.audit_cost[lead] * yearly), 0.0).astype(np.int64)
    world.ledger.transfer(Account.AUDITS, Party.PLATFORMS, cost, Party.WORLD, cost.sum())
    world.platforms.profit_cents -= cost
    world.platforms.burden_cents += cost


def _examine(
    world: World, department: int, is_examined: Array, chance: Array, supervision: SupervisionTerms, stream: Stream
) -> None:
    """Open cases by draws for the week, platform and infringement type; platforms without a breach may be suspected."""
    # Counted by type, not by visit, since a visit examines several: the four outcomes then add up to inspections.
    cases, parameters, table = world.cases, world.sector.enforcement, world.departments
    codes, rows = np.array([infringement.code for infringement in INFRINGEMENTS]), np.arange(world.n_platforms)[:, None]
    draw = draws.uniform(world.seed, stream, world.week, np.broadcast_to(codes, is_examined.shape), rows)
    breaks = (cases.breach > 0.0).reshape(is_examined.shape)
    proven = is_examined & breaks & (draw < chance)
    suspected = is_examined & ~breaks & (draw < parameters.false_alarm)
    for count, what in (
        ("n_true_positives", proven),
        ("n_false_positives", suspected),
        ("n_false_negatives", is_examined & breaks & ~proven),
        ("n_true_negatives", is_examined & ~breaks & ~suspected),
    ):
        getattr(table, count)[department] += np.count_nonzero(what)
    opened = (proven | suspected).ravel() & ~cases.is_open
    length = max(1, round(parameters.case_weeks * (1.0 - float(supervision.haste[department]))))
    cases.is_open[opened], cases.is_wrong[opened] = True, suspected.ravel()[opened]
    cases.due_week[opened] = world.week + length
    table.n_opened[department] += np.count_nonzero(opened)

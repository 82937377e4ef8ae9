"""How departments work under the rules in force, and what they learn from complaints and from each other."""

from __future__ import annotations

import numpy as np

from sim.populations.cases import works
from sim.randomness import draws
from sim.randomness.streams import Stream
from sim.rules.hooks import Hook, SupervisionTerms
from sim.rules.infringements import INFRINGEMENTS, N_INFRINGEMENTS, InfringementType
from sim.rules.rulebook import Rule
from sim.world import Array, World


def infringements_in_force(world: World) -> dict[int, list[Rule]]:
    """Rules that ask something of platforms this week, by position of the infringement type; practices one by one."""
    rules, by_position = [rule for rule in world.rulebook.in_force(world.week) if is_anywhere(world, rule)], {}
    for position, infringement in enumerate(INFRINGEMENTS):
        if infringement.practice is not None and infringement.practice not in world.sector.practices_here:
            continue
        if asked := [rule for rule in rules if asks_about(rule, infringement)]:
            by_position[position] = asked
    return by_position


def is_sanctioned(rules: list[Rule], week: int) -> bool:
    """Whether a breach of one of these rules has consequences: for some rule the time to adapt is over."""
    return any(rule.time_left(week) <= 0.0 for rule in rules)


def is_anywhere(world: World, rule: Rule) -> bool:
    """Whether a rule has a zone to be in force in: a small pilot may have none."""
    return round(rule.zones_share * world.n_zones) > 0


def asks_about(rule: Rule, infringement: InfringementType) -> bool:
    """Whether a rule is about this infringement type."""
    return rule.hook is infringement.hook and (infringement.practice is None or infringement.practice in rule.practices)


def supervision_of(world: World) -> SupervisionTerms:
    """How every department works: as the sector has it, changed by the rules in force."""
    n = len(world.departments)
    plain = {name: np.zeros(n) for name in SupervisionTerms.changed()}
    terms = SupervisionTerms(np.arange(n), **{**plain, "technology": np.ones(n)})
    world.rulebook.bind(Hook.SUPERVISION, terms, world.week)
    return terms


def department_of(world: World, rules: list[Rule]) -> int:
    """Row of the department responsible for these rules: of their departments the first in the sector's list."""
    return min(list(world.sector.departments).index(rule.department) for rule in rules)


def hear_complaints(world: World, infringements: dict[int, list[Rule]], supervision: SupervisionTerms) -> None:
    """Those harmed complain, and departments inform each other: a lead by infringement type and platform.

    Chance of a lead = report rate x effect of the breach x part of all orders; of one passed on from another department
    = what is shared x chance that any other infringement type of the platform has a lead.
    """
    cases, share = world.cases, np.repeat(world.platforms.order_share, N_INFRINGEMENTS)
    harm = works(cases)
    codes = np.tile([infringement.code for infringement in INFRINGEMENTS], world.n_platforms)
    turn = np.repeat(np.arange(world.n_platforms), N_INFRINGEMENTS)
    draw = draws.uniform(world.seed, Stream.COMPLAINT, world.week, codes, turn)
    cases.has_lead[:] = draw < world.sector.enforcement.report_rate * harm * np.minimum(share * world.n_platforms, 1.0)
    if not supervision.sharing.any():
        return
    known = cases.has_lead.reshape(world.n_platforms, N_INFRINGEMENTS).any(axis=1)
    passed = draws.uniform(world.seed, Stream.SHARED_LEAD, world.week, codes, turn).reshape(world.n_platforms, -1)
    leads = cases.has_lead.reshape(world.n_platforms, N_INFRINGEMENTS)
    for position, rules in infringements.items():
        leads[:, position] |= known & (passed[:, position] < supervision.sharing[department_of(world, rules)])


def chance_of_proof(world: World, department: int, supervision: SupervisionTerms) -> Array:
    """float64 (J, M): that a visit of this department proves a breach.

    detection x technology x scrutiny x visibility x effect of the breach x (1 + weight of a lead), at most 1.
    """
    parameters, cases, shape = world.sector.enforcement, world.cases, (world.n_platforms, N_INFRINGEMENTS)
    seen = (works(cases) * cases.visibility * (1.0 + parameters.lead_weight * cases.has_lead)).reshape(shape)
    power = parameters.detection * supervision.technology[department] * world.platforms.scrutiny[:, None]
    return np.minimum(power * seen, 1.0)

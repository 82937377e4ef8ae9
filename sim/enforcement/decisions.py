"""Decisions: fines, orders to stop, lists of offenders, and wrong fines paid back."""

from __future__ import annotations

import numpy as np

from sim.enforcement.oversight import department_of
from sim.ledger.accounts import Account, Party
from sim.parameters import WEEKS_A_YEAR
from sim.randomness import draws
from sim.randomness.streams import Stream
from sim.rules.hooks import SupervisionTerms
from sim.rules.infringements import INFRINGEMENTS, N_INFRINGEMENTS
from sim.rules.rulebook import Rule
from sim.rules.sanctions import Sanction, heaviest
from sim.world import Array, World

OTHERS = 0.5
"""Weight of what happens to others in a platform's beliefs (assumption I-07; sweep 0 to 1)."""
MOST_REPEATS = 3
"""Decisions on one infringement type after which fines rise no further (assumption I-08)."""


def decide(world: World, infringements: dict[int, list[Rule]], supervision: SupervisionTerms) -> None:
    """Cases that are due end: a breach is fined and ordered to stop; a false alarm is dropped, or fined by mistake.

    Writes: cases, departments (n_decided, n_fined), platforms (fine_cents, profit_cents, n_decisions, listed_until),
    ledger.
    """
    cases, platforms = world.cases, world.platforms
    fined = np.zeros(len(cases), np.int64)
    for row in np.flatnonzero(cases.is_open & (cases.due_week <= world.week)):
        cases.is_open[row] = False
        platform, position = divmod(int(row), N_INFRINGEMENTS)
        if position not in infringements:
            continue  # the rule has ended
        department = department_of(world, infringements[position])
        world.departments.n_decided[department] += 1
        if cases.is_wrong[row] and not _errs(world, platform, position):
            continue
        sanction = heaviest([rule.sanction for rule in infringements[position]])
        fined[row] = fine_of(world, sanction)[row]
        world.departments.n_fined[department] += 1
        if cases.is_wrong[row]:
            _appeal(world, int(row), int(fined[row]))
            continue
        cases.ordered_until[row] = world.week + sanction.order_weeks
        cases.gained_cents[row], cases.n_priors[row] = 0, cases.n_priors[row] + 1
        platforms.n_decisions[platform] += 1
        _list_offender(world, platform, supervision)
        _teach(world, platform, position)
    collect(world, fined)


def fine_of(world: World, sanction: Sanction) -> Array:
    """int64 (rows): what a decision in each case would cost now, cents.

    (revenue_share x severity x year's revenue, capped, + fixed x people here / people served) x (1 + priors, at most 3)
    + gain_multiple x what the breach has earned.
    """
    cases, people = world.cases, len(world.consumers) / world.sector.enforcement.people_served
    yearly = np.repeat(WEEKS_A_YEAR * world.platforms.trailing_revenue, N_INFRINGEMENTS)
    share = min(sanction.revenue_share * sanction.severity, sanction.revenue_cap)
    standard = (share * yearly + 100.0 * sanction.fixed * people) * (1.0 + np.minimum(cases.n_priors, MOST_REPEATS))
    return np.rint(
        np.minimum(standard, sanction.revenue_cap * yearly) + sanction.gain_multiple * cases.gained_cents
    ).astype(np.int64)


def collect(world: World, fined: Array) -> None:
    """Fines are paid, and wrong ones of earlier weeks paid back."""
    cases, platforms = world.cases, world.platforms
    is_back = cases.appeal_week == world.week
    back = np.where(is_back, cases.appeal_cents, 0).reshape(world.n_platforms, N_INFRINGEMENTS).sum(axis=1)
    cases.appeal_week[is_back], cases.appeal_cents[is_back] = -1, 0
    due = fined.reshape(world.n_platforms, N_INFRINGEMENTS).sum(axis=1)
    platforms.fine_cents[:] = due - back
    if not (due.any() or back.any()):
        return
    world.ledger.transfer(Account.FINES, Party.PLATFORMS, due, Party.GOVERNMENT, due.sum())
    world.ledger.transfer(Account.FINES_PAID_BACK, Party.GOVERNMENT, back.sum(), Party.PLATFORMS, back)
    platforms.profit_cents += back - due


def _appeal(world: World, row: int, cents: int) -> None:
    """A wrong fine is paid back after an appeal; one imposed while an appeal is under way is paid back with it."""
    cases = world.cases
    if cases.appeal_week[row] < 0:
        cases.appeal_week[row] = world.week + world.sector.enforcement.appeal_weeks
    cases.appeal_cents[row] += cents


def _errs(world: World, platform: int, position: int) -> bool:
    codes = np.array([INFRINGEMENTS[position].code])
    draw = draws.uniform(world.seed, Stream.WRONG_DECISION, world.week, codes, platform)
    return bool(draw[0] < world.sector.enforcement.wrong_decision)


def _list_offender(world: World, platform: int, supervision: SupervisionTerms) -> None:
    """Publicly list a platform with enough decisions against it."""
    weeks = float(supervision.listing_weeks.max(initial=0.0))
    if weeks and world.platforms.n_decisions[platform] >= supervision.strikes.max():
        world.platforms.listed_until[platform] = world.week + round(weeks)


def _teach(world: World, platform: int, position: int) -> None:
    """Every platform learns from the sanction: its own counts in full, another's in part."""
    seen = world.cases.sanctions_seen.reshape(world.n_platforms, N_INFRINGEMENTS)
    seen[:, position] += OTHERS
    seen[platform, position] += 1.0 - OTHERS

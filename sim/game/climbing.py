"""How a player that reasons moves: part of the way to the maximum of its own objective's quadratic at this point.

Nobody sees what the others do in the same review. The same code plays the calibrated markets and those of theory: a
solver for theory beside a strategy for the laboratory would prove nothing about the strategy.
"""

from __future__ import annotations

import numpy as np

from sim.errors import BrokenMarket
from sim.game.objective import Objective
from sim.game.surface import Response, Surface, blocks, bounds
from sim.kernels import algebra

Array = np.ndarray
DAMPING = 0.5
"""Share of the way to the maximum of a platform's own quadratic that a review goes (assumption C-04)."""
LARGEST_STEP = 5.0
"""Most scales that a decision variable moves in one review."""
DEAD_BAND = 0.005
"""Scales below which a step is not taken: too small for a new price list."""
SHORTEST = 0.05
"""Least part of a step that is taken."""


def uphill(objective: Objective, near: Surface, second: Array, before: Array) -> Array:
    """(L): decision variables that all players desire after one review of the market `near`.

    before: (L), what they desired until now, from which rules may have moved what is in force; second: (L, L). A
    variable that a rule holds keeps its desired value while its owner would push against the rule.
    """
    # It keeps that value, and does not take the one in force, so that platforms return to it when the rule ends.
    variables, now = near.variables, near.values
    response = near.response()
    slope, by_player = objective.slope(variables, now, response), blocks(variables)
    wanted, steps = before.copy(), np.zeros((len(by_player), len(variables)))
    for j, own in enumerate(by_player):
        held = np.sign(before[own] - now[own])
        free = own[~((held != 0.0) & (slope[own] * held >= 0.0))]
        if len(free):
            steps[j, free] = _step(slope[free], second[np.ix_(free, free)])
            # A free variable starts from what is in force: slopes are those of the market as it is.
            wanted[free] = now[free]
    if steps.any():
        part = _short_of_the_ridge(objective, near, response, slope, steps)
        wanted = wanted + (part * steps).sum(axis=0) * near.scale
    low, high = bounds(variables)
    return np.minimum(np.maximum(wanted, low), high)


def joint_radius(variables: list, second: Array) -> float:
    """Spectral radius of a joint review near an equilibrium: of 1 - damping x own second derivatives^-1 x all of them.

    Below 1, players that review at the same time return to the equilibrium; each alone always does.
    """
    step = np.zeros_like(second)
    for own in blocks(variables):
        step[own] = algebra.solve(second[np.ix_(own, own)], second[own])
    return algebra.spectral_radius(np.eye(len(variables)) - DAMPING * step)


def _short_of_the_ridge(objective: Objective, near: Surface, response: Response, slope: Array, steps: Array) -> Array:
    """(J, 1): part of every platform's step, moving alone, that does not overshoot the maximum along it.

    The parabola through value and slope g here and the value there peaks at t = -g / (2 (f(1) - f(0) - g)).
    """
    # Second derivatives come from a neighbourhood some scales wide. Far from home, as under interoperability, they are
    # not those where the step ends, and whole steps would go past the maximum and back.
    alone, variables = np.arange(len(steps)), near.variables
    profit, orders = (values[alone, alone] for values in near.at(steps))
    there = np.stack([objective.held_by(variables, near.values + step * near.scale) for step in steps])[alone, alone]
    here = response.profit + objective.value_of_orders(response.orders) + objective.held_by(variables, near.values)
    ahead = (steps * slope).sum(axis=1)
    bend = profit + objective.value_of_orders(orders) + there - here - ahead
    peak = np.where(bend < 0.0, -ahead / np.where(bend < 0.0, 2.0 * bend, -1.0), 1.0)
    return np.minimum(np.maximum(peak, SHORTEST), 1.0)[:, None]


def _step(slope: Array, second: Array) -> Array:
    """Scales to move: part of the way to the maximum of the quadratic, bounded; uphill whatever the curvature.

    Where the quadratic has no maximum, its diagonal is lowered until it has one (Levenberg and Marquardt). Raises
    `BrokenMarket` where there are no slopes.
    """
    if not (np.isfinite(slope).all() and np.isfinite(second).all()):
        raise BrokenMarket("a player's profit has no slope where it stands")
    # In proportion to each variable's own bend (Marquardt): the step does not depend on how scales are chosen.
    shift, size = 0.0, np.diag(np.maximum(np.abs(np.diag(second)), 1e-9))
    while not algebra.is_negative_definite(second - shift * size):
        shift = max(2.0 * shift, 0.05)
    step = -DAMPING * algebra.solve(second - shift * size, slope[:, None])[:, 0]
    # Shortened as a whole, which keeps the direction uphill; cut one by one, steps need not lead there.
    step = step * min(1.0, LARGEST_STEP / max(float(np.abs(step).max()), 1e-300))
    return step if np.abs(step).max() > DEAD_BAND else np.zeros_like(step)

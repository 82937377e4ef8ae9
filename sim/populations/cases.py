"""Cases by platform and infringement type, and what platforms believe about the chance of being sanctioned."""

from __future__ import annotations

import numpy as np

from sim.populations.table import Array, Table, column


class Cases(Table):
    """One row a platform and infringement type (row = platform x types + type): breach, beliefs, leads, case."""

    breach: Array = column("float64", "share", "part of what rules ask that is not done, in eighths")
    effect: Array = column("float64", "share", "effect of the breach relative to an open one: less than 1 if covert")
    visibility: Array = column("float64", "share", "chance that the breach is found, relative to an open one")
    sanctions_seen: Array = column(
        "float64", "sanctions", "sanctions that the platform has seen, its first belief added"
    )
    weeks_seen: Array = column("float64", "weeks", "weeks of breach over which those sanctions were seen")
    gained_cents: Array = column("int64", "cents", "what the breach has earned since it was last punished")
    has_lead: Array = column("bool", "-", "a complaint this week, or a hint from another department")
    is_open: Array = column("bool", "-", "a case is open")
    is_wrong: Array = column("bool", "-", "the open case rests on a false alarm")
    due_week: Array = column("int64", "week", "week of the decision")
    ordered_until: Array = column("int64", "week", "last week in which an order to stop is watched")
    appeal_week: Array = column("int64", "week", "week in which a wrong fine is paid back")
    appeal_cents: Array = column("int64", "cents", "what is paid back then")
    n_priors: Array = column("int64", "decisions", "earlier decisions against the platform on this infringement type")


def seed_cases(n_platforms: int, n_infringements: int, first_belief: float, belief_weeks: float) -> Cases:
    """Nothing known, nothing open, no breach; beliefs as they are before anything is seen."""
    table = Cases(n_platforms * n_infringements, n_platforms)
    table.effect[:], table.visibility[:] = 1.0, 1.0
    table.sanctions_seen[:], table.weeks_seen[:] = first_belief * belief_weeks, belief_weeks
    table.appeal_week[:] = -1
    return table


def works(table: Cases) -> Array:
    """float64 (rows): breaches in their effect; a covert breach does less."""
    return table.breach * table.effect


def believed_chance(table: Cases) -> Array:
    """float64 (rows): sanctions expected in a week of full, open breach.

    (a0 + sanctions seen) / (w0 + weeks of breach seen): the mean of a Poisson rate with a Gamma prior.
    """
    return np.minimum(table.sanctions_seen / table.weeks_seen, 1.0)

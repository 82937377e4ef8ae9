"""Research that makes an app better: what grants add to it, and what rivals learn from it."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.ledger.accounts import Account, Party
from sim.parameters import InnovationParameters
from sim.world import Array, World


def develop_technology(world: World) -> None:
    """Grants make research cheaper, platforms do more of it, and the app gets better in the weeks after.

    Spending T follows its price, T / usual = (1 - s)^-elasticity; the state pays s T (never more than the fund), the
    platform the rest. The stock by which the app is better than it would have been follows
    tau += depreciation (productivity [ln(T_j / usual) + spillover x mean of rivals' ln(T_l / usual)] - tau):
    without grants it is zero, since observed growth lies in the observed appeal.

    Reads: platforms (subsidy, fund, revenue_cents, is_open).
    Writes: platforms (grant_cents, research_cents, technology, profit_cents), ledger.
    """
    platforms, parameters = world.platforms, world.sector.innovation
    # Exact, not merely fast: without grants, now or before, every line below adds zero.
    if not (platforms.subsidy.any() or platforms.technology.any() or platforms.grant_cents.any()):
        return
    share = share_granted(platforms.subsidy, platforms.fund, parameters) * platforms.is_open
    grant, more = research(platforms.revenue_cents, share, parameters)
    world.ledger.transfer(Account.RESEARCH_GRANTS, Party.GOVERNMENT, grant.sum(), Party.PLATFORMS, grant)
    world.ledger.transfer(Account.RESEARCH, Party.PLATFORMS, more, Party.WORLD, more.sum())
    platforms.profit_cents += grant - more
    platforms.grant_cents[:], platforms.research_cents[:] = grant, more
    kept_up = formulas.technology_kept_up(
        share, parameters.cost_elasticity, parameters.productivity, parameters.spillover, platforms.is_open
    )
    step = parameters.depreciation * (kept_up - platforms.technology) * platforms.is_open
    platforms.technology[:] = platforms.technology + step


def share_granted(subsidy: Array, fund: Array, parameters: InnovationParameters) -> Array:
    """float64 (J): part of its research that a platform is paid; less than the subsidy where the fund is too small.

    The fund is a share of revenue, and so are grants, s x usual share x (1 - s)^-elasticity: where that is more, the
    share is scaled down, and the fund is not wholly spent.
    """
    asked = subsidy * parameters.research_share * formulas.research_ratio(subsidy, parameters.cost_elasticity)
    return np.where(asked > fund, subsidy * fund / np.maximum(asked, 1e-12), subsidy)


def research(revenue_cents: Array, share: Array, parameters: InnovationParameters) -> tuple[Array, Array]:
    """Grants, and spending beyond what is usual, both int64 (J), cents a week; nothing without revenue."""
    usual = parameters.research_share * np.maximum(revenue_cents, 0)
    spent = usual * formulas.research_ratio(share, parameters.cost_elasticity)
    return np.rint(share * spent).astype(np.int64), np.rint(spent - usual).astype(np.int64)

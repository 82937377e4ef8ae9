"""Platforms' terms as rules see them, entry by entry, of one market or of many: agents and mean field alike."""

from __future__ import annotations

import numpy as np

from sim.parameters import Practice, Sector
from sim.rules.hooks import (
    AccessTerms,
    CreditTerms,
    DataTerms,
    Hook,
    InnovationTerms,
    InsuranceTerms,
    MerchantTerms,
    PracticeTerms,
    RankingTerms,
    ScopeTerms,
    TaxTerms,
    Terms,
    WorkerTerms,
)
from sim.rules.infringements import HOOK_CODES, position_of
from sim.rules.rulebook import Coverage

Array = np.ndarray
KINDS: dict[Hook, type[Terms]] = {
    Hook.SCOPE: ScopeTerms,
    Hook.MERCHANT_TERMS: MerchantTerms,
    Hook.DATA_TERMS: DataTerms,
    Hook.WORKER_TERMS: WorkerTerms,
    Hook.ACCESS_TERMS: AccessTerms,
    Hook.RANKING_TERMS: RankingTerms,
    Hook.INSURANCE_TERMS: InsuranceTerms,
    Hook.PRACTICES: PracticeTerms,
    Hook.CREDIT_TERMS: CreditTerms,
    Hook.TAX_TERMS: TaxTerms,
    Hook.INNOVATION_TERMS: InnovationTerms,
}
"""Hooks at which platforms' terms are bound, in this order: whom rules bind is known first."""


def merchant_terms(commission: Array, sector: Sector) -> MerchantTerms:
    """An entry a (market, platform, tier) from commissions (..., J, T)."""
    tiers = sector.merchants.tiers.values()
    row = _platforms(commission.shape[:-1])
    is_independent = np.array([tier.is_independent for tier in tiers], bool)
    return MerchantTerms(np.repeat(row, len(tiers)), np.tile(is_independent, len(row)), commission.reshape(-1).copy())


def practice_terms(intensity: Array) -> PracticeTerms:
    """An entry a (market, platform, practice) from intensities (..., J, P)."""
    row, n = _platforms(intensity.shape[:-1]), len(Practice)
    return PracticeTerms(np.repeat(row, n), np.tile(np.arange(n), len(row)), intensity.reshape(-1).copy())


def scope_of_all(order_share: Array) -> ScopeTerms:
    """Every platform bound and watched alike; order_share (n) is not copied, for no rule changes it."""
    n = len(order_share)
    return ScopeTerms(np.arange(n), order_share, np.ones(n), np.ones(n))


def coverage_of(
    hook: Hook, terms: Terms, order_share: Array, bound: Array | None, breach: Array, *, is_mean: bool = False
) -> Coverage:
    """Whom rules bind and who falls short of them, entry by entry of a payload over B markets.

    order_share, bound (B, J) and breach (B, J, M) are those of platforms; a market's entries stand together.
    """
    n_markets = len(order_share)
    at = np.repeat(np.arange(n_markets), len(terms.platform) // n_markets), terms.platform
    if hook is Hook.SCOPE:
        return Coverage(order_share[at], None, None, is_mean=is_mean)
    is_bound = None if bound is None else bound[at]
    if hook is not Hook.PRACTICES and hook not in HOOK_CODES:  # support: nothing is asked of platforms
        return Coverage(order_share[at], is_bound, None, is_mean=is_mean)
    infringement = terms.practice if isinstance(terms, PracticeTerms) else position_of(hook)
    return Coverage(order_share[at], is_bound, breach[(*at, infringement)], is_mean=is_mean)


def _platforms(shape: tuple[int, ...]) -> Array:
    """Row of the platform, for every (market, platform) of this shape (..., J)."""
    *markets, n_platforms = shape
    return np.tile(np.arange(n_platforms), int(np.prod(markets, dtype=np.int64)))

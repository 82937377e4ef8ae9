"""The terms that platforms offer merchants, consumers, riders and each other, as the rules see them."""

from __future__ import annotations

import numpy as np

from sim.agents.levers import post_prices
from sim.rules.hooks import AccessTerms, CreditTerms, DataTerms, Hook, MerchantTerms, RiderTerms, Terms
from sim.world import World

KINDS: dict[Hook, type[Terms]] = {
    Hook.MERCHANT_TERMS: MerchantTerms,
    Hook.DATA_TERMS: DataTerms,
    Hook.RIDER_TERMS: RiderTerms,
    Hook.ACCESS_TERMS: AccessTerms,
    Hook.CREDIT_TERMS: CreditTerms,
}
WISHED = {
    "commission": "commission_chosen",
    "data_per_order": "data_chosen",
    "own_share": "own_share_chosen",
    "capital_leverage": "capital_leverage_chosen",
}
"""Platforms' columns of what they wish; other levers they wish at zero."""


def bind_terms(world: World) -> None:
    """Do what platforms wish, as far as the rules in force allow."""
    ruled = {rule.hook for rule in world.rulebook.rules}
    for hook, kind in KINDS.items():
        if hook in ruled:
            terms = terms_wished(world, hook)
            world.rulebook.bind(hook, terms, world.week)
            _put_in_force(world, terms)
        else:
            _leave_free(world, kind)
    post_prices(world)


def terms_wished(world: World, hook: Hook) -> Terms:
    """What all platforms would do if no rule bound them; nothing is guaranteed and nothing opened unasked."""
    platforms, everyone = world.platforms, np.arange(world.n_platforms)

    def nothing() -> np.ndarray:
        return np.zeros(world.n_platforms)

    if hook is Hook.MERCHANT_TERMS:
        return _merchant_terms(world, platforms.commission_chosen)
    if hook is Hook.DATA_TERMS:
        return DataTerms(everyone, platforms.data_chosen.copy())
    if hook is Hook.RIDER_TERMS:
        return RiderTerms(everyone, nothing(), nothing(), nothing())
    if hook is Hook.CREDIT_TERMS:
        return CreditTerms(everyone, platforms.own_share_chosen.copy(), platforms.capital_leverage_chosen.copy())
    return AccessTerms(everyone, nothing(), nothing(), nothing(), nothing())


def terms_in_force(world: World, hook: Hook) -> Terms:
    """What all platforms really do: what an inspection sees."""
    platforms, everyone = world.platforms, np.arange(world.n_platforms)
    if hook is Hook.MERCHANT_TERMS:
        return _merchant_terms(world, platforms.commission)
    kind = KINDS[hook]
    return kind(everyone, **{lever: getattr(platforms, lever).copy() for lever in kind.changed()})


def _merchant_terms(world: World, commission: np.ndarray) -> MerchantTerms:
    is_independent = [tier.is_independent for tier in world.sector.merchants.tiers.values()]
    return MerchantTerms(
        platform=np.repeat(np.arange(world.n_platforms), len(is_independent)),
        is_independent=np.tile(is_independent, world.n_platforms),
        commission=commission.reshape(-1).copy(),
    )


def _put_in_force(world: World, terms: Terms) -> None:
    for lever in terms.changed():
        column = getattr(world.platforms, lever)
        column[...] = getattr(terms, lever).reshape(column.shape)


def _leave_free(world: World, kind: type[Terms]) -> None:
    """What is wished is in force: the same as terms without a rule, without making any."""
    for lever in kind.changed():
        wish = getattr(world.platforms, WISHED[lever]) if lever in WISHED else 0.0
        getattr(world.platforms, lever)[...] = wish

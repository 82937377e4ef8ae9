"""The terms that platforms offer merchants, as the rules see them."""

from __future__ import annotations

import numpy as np

from sim.rules.hooks import Hook, MerchantTerms
from sim.world import World


def bind_terms(world: World) -> None:
    """Charge what platforms wish, as far as the rules in force allow."""
    platforms = world.platforms
    terms = MerchantTerms(
        platform=np.repeat(np.arange(world.n_platforms), 2),
        is_independent=np.tile([False, True], world.n_platforms),
        commission=platforms.commission_chosen.reshape(-1).copy(),
    )
    world.rulebook.bind(Hook.MERCHANT_TERMS, terms, world.week)
    platforms.commission[:] = terms.commission.reshape(-1, 2)


def terms_wished(world: World, row: int) -> MerchantTerms:
    """What one platform would charge if no rule bound it."""
    return _terms_of(row, world.platforms.commission_chosen[row])


def terms_charged(world: World, row: int) -> MerchantTerms:
    """What one platform really charges: what an inspection sees."""
    return _terms_of(row, world.platforms.commission[row])


def _terms_of(row: int, commission: np.ndarray) -> MerchantTerms:
    return MerchantTerms(np.array([row, row]), np.array([False, True]), commission.copy())

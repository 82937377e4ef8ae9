"""The terms that platforms offer merchants, consumers, workers and each other, as the rules see them."""

from __future__ import annotations

import numpy as np

from sim.agents.decision_variables import post_prices
from sim.enforcement.oversight import supervision_of
from sim.parameters import Practice
from sim.populations.cases import works
from sim.rules.hooks import BY_ZONE, Hook, ScopeTerms, Terms
from sim.rules.infringements import INFRINGEMENTS
from sim.rules.payloads import KINDS, coverage_of, merchant_terms, practice_terms, scope_of_all
from sim.rules.practice_effects import BESIDE_TERMS, commission_after, practice_effects_of, terms_after
from sim.rules.rulebook import Coverage, is_about_size
from sim.world import World

DESIRED = {
    "commission": "commission_chosen",
    "data_per_order": "data_chosen",
    "own_share": "own_share_chosen",
    "capital_leverage": "capital_leverage_chosen",
}
"""Platforms' columns of what they desire; other terms they desire at their value in `FREE`, or at zero."""
FREE = {"intensity": 1.0, "bound": 1.0, "scrutiny": 1.0}
"""Terms whose value without a rule is not zero."""


def bind_terms(world: World) -> None:
    """Put desired terms in force, as far as rules allow them and are complied with."""
    regulated = {rule.hook for rule in world.rulebook.rules}
    is_uneven = is_about_size(world.rulebook.rules) or world.cases.breach.any()
    for hook, kind in KINDS.items():
        # Hooks without a rule copy what is desired: the same values, without payloads for the many that have none.
        if hook in regulated:
            terms = desired_terms(world, hook)
            coverage = who_is_bound(world, hook, terms) if is_uneven else None
            world.rulebook.bind(hook, terms, world.week, coverage=coverage)
            _put_in_force(world, terms)
            if hook in BY_ZONE:
                _leave_out_pilots(world, hook, coverage)
        else:
            _leave_free(world, kind)
    # Last, since effects of ending practices change terms that rules have bound.
    apply_practice_effects(world)


def who_is_bound(world: World, hook: Hook, terms: Terms) -> Coverage:
    """Whom rules bind and who falls short of them, entry by entry of a payload: one market."""
    platforms = world.platforms
    return coverage_of(hook, terms, platforms.order_share[None], platforms.bound[None], breach_of(world)[None])


def breach_of(world: World) -> np.ndarray:
    """(J, M): part of what rules ask that is not done, in its effect: covert breaches do less."""
    return works(world.cases).reshape(world.n_platforms, len(INFRINGEMENTS))


def apply_practice_effects(world: World) -> None:
    """Effects of practices that have ended: commissions, fees, pay and ranking change, other effects are added."""
    platforms, sector = world.platforms, world.sector
    is_listed = platforms.listed_until >= world.week
    if (platforms.intensity >= 1.0).all() and not is_listed.any():
        for channel in BESIDE_TERMS:
            getattr(platforms, channel)[:] = 0.0
        platforms.ranking_lift[:] = platforms.ranking_tilt
        post_prices(world, platforms.net_fee_chosen, platforms.piece_rate_chosen)
        return
    gone = practice_effects_of(platforms.intensity, sector)
    for channel in BESIDE_TERMS:
        getattr(platforms, channel)[:] = gone[channel]
    if is_listed.any():
        platforms.misperceived_value += np.where(is_listed, stigma_of(world), 0.0)
    desired = platforms.commission, platforms.net_fee_chosen, platforms.piece_rate_chosen, platforms.ranking_tilt
    after = terms_after(gone, sector, *desired)
    platforms.commission[...], platforms.ranking_lift[:] = after.commission, after.ranking_tilt
    if not world.zones.in_pilot.all():
        platforms.commission_outside[...] = commission_after(gone, sector, platforms.commission_outside)
    post_prices(world, after.net_fee, after.piece_rate)


def stigma_of(world: World) -> float:
    """By how much being publicly listed lowers an order's value to consumers, currency."""
    stigma = supervision_of(world).stigma.max(initial=0.0)
    return float(stigma) * world.sector.usual_order_value


def do_rules_bind(world: World) -> bool:
    """Whether a rule that was in force last week changed anything that a platform desired."""
    if not world.rulebook.in_force(world.week - 1):
        return False
    return any(
        (getattr(world.platforms, lever) != _where_free(world, lever)).any()
        for kind in KINDS.values()
        for lever in kind.levers
    )


def desired_terms(world: World, hook: Hook) -> Terms:
    """What all platforms would do if no rule bound them; no pay is guaranteed and nothing opened unasked."""
    platforms, n = world.platforms, world.n_platforms
    if hook is Hook.MERCHANT_TERMS:
        return merchant_terms(platforms.commission_chosen, world.sector)
    if hook is Hook.PRACTICES:
        return practice_terms(np.ones((n, len(Practice))))
    if hook is Hook.SCOPE:
        return scope_of_all(platforms.order_share.copy())
    return KINDS[hook](np.arange(n), **{name: _desired(world, name).copy() for name in KINDS[hook].changed()})


def terms_in_force(world: World, hook: Hook) -> Terms:
    """What all platforms really do: what an inspection sees."""
    platforms, everyone = world.platforms, np.arange(world.n_platforms)
    if hook is Hook.MERCHANT_TERMS:
        return merchant_terms(platforms.commission, world.sector)
    if hook is Hook.PRACTICES:
        return practice_terms(platforms.intensity)
    if hook is Hook.SCOPE:
        return ScopeTerms(everyone, platforms.order_share.copy(), platforms.bound.copy(), platforms.scrutiny.copy())
    kind = KINDS[hook]
    return kind(everyone, **{lever: getattr(platforms, lever).copy() for lever in kind.changed()})


def _desired(world: World, lever: str) -> np.ndarray:
    if lever in DESIRED:
        return getattr(world.platforms, DESIRED[lever])
    return np.full(world.n_platforms, FREE.get(lever, 0.0))


def _put_in_force(world: World, terms: Terms) -> None:
    for lever in terms.changed():
        column = getattr(world.platforms, lever)
        column[...] = getattr(terms, lever).reshape(column.shape)


def _leave_out_pilots(world: World, hook: Hook, coverage: Coverage | None) -> None:
    """What is in force outside the zones of pilots; which zones are inside follows their random order."""
    share, zones = world.rulebook.pilot_share(world.week, hook), world.zones
    zones.in_pilot[:] = zones.pilot_turn < round(share * world.n_zones)
    if share < 1.0:
        terms = merchant_terms(world.platforms.commission_chosen, world.sector)
        world.rulebook.bind(hook, terms, world.week, coverage=coverage, is_in_pilot=False)
        world.platforms.commission_outside[...] = terms.commission.reshape(world.platforms.commission.shape)


def _leave_free(world: World, kind: type[Terms]) -> None:
    """What is desired is in force: the same values as a payload without a rule, without making one."""
    for lever in kind.changed():
        getattr(world.platforms, lever)[...] = _where_free(world, lever)


def _where_free(world: World, lever: str) -> np.ndarray | float:
    return getattr(world.platforms, DESIRED[lever]) if lever in DESIRED else FREE.get(lever, 0.0)

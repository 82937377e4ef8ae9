"""What platforms do in the market of averages: levers wished, and terms in force once the rules have spoken."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, fields

import numpy as np

from sim.parameters import Sector
from sim.rules.hooks import AccessTerms, CreditTerms, DataTerms, Hook, MerchantTerms, RiderTerms, Terms
from sim.rules.rulebook import Rulebook

Array = np.ndarray
OUTSIDE_AVERAGES = frozenset({Hook.CREDIT_TERMS})
"""Hooks that the market of averages does not know: no lever of the marketplace depends on what happens there."""


@dataclass(frozen=True)
class MarketTerms:
    """Levers of J platforms in B markets at once: every array is float64 (B, J), commission (B, J, T)."""

    commission: Array
    net_fee: Array
    piece_rate: Array
    ranking_tilt: Array
    busy_target: Array
    data_per_order: Array
    floor_online: Array
    floor_engaged: Array
    rationing: Array
    reach: Array
    portability: Array
    access_charge: Array
    consent: Array

    @property
    def n_markets(self) -> int:
        """B."""
        return len(self.net_fee)

    def repeat(self, n: int) -> MarketTerms:
        """The same market n times, each free to be changed."""
        return MarketTerms(*(np.repeat(getattr(self, field.name)[:1], n, axis=0) for field in fields(self)))


def configured_terms(sector: Sector) -> MarketTerms:
    """The sector file's levers in one market (B = 1), no rule in force."""
    platforms = list(sector.platforms.values())
    n, tiers = len(platforms), sector.merchants.tiers

    def lever(values: list[float]) -> Array:
        return np.array([values], np.float64)

    zero = [0.0] * n
    return MarketTerms(
        commission=np.array([[[p.commission[tier] for tier in tiers] for p in platforms]], np.float64),
        net_fee=lever([p.net_fee for p in platforms]),
        piece_rate=lever([p.piece_rate for p in platforms]),
        ranking_tilt=lever(zero),
        busy_target=lever([sector.carriage.rationing_utilisation] * n),
        data_per_order=lever([p.data_per_order for p in platforms]),
        **{
            name: lever(zero)
            for name in (
                "floor_online", "floor_engaged", "rationing", "reach", "portability", "access_charge", "consent",
            )
        },
    )  # fmt: skip


def bind(wished: MarketTerms, sector: Sector, rulebook: Rulebook, week: int, *, is_whole: bool = False) -> MarketTerms:
    """The terms that rules in force leave of what is wished; the same `apply` that binds the agents' platforms.

    `is_whole` takes a rule that is being phased in as fully in force.
    """
    hooks = {rule.hook for rule in rulebook.in_force(week)} - OUTSIDE_AVERAGES
    if not hooks:
        return wished
    changed: dict[str, Array] = {}
    for hook in Hook:
        if hook in hooks:
            terms = payload(wished, sector, hook)
            rulebook.bind(hook, terms, week, is_whole=is_whole)
            for name in terms.changed():
                changed[name] = getattr(terms, name).reshape(getattr(wished, name).shape)
    return dataclasses.replace(wished, **changed)


def of_averages(rulebook: Rulebook) -> Rulebook:
    """The rules that act in the market of averages, in their order."""
    return Rulebook([rule for rule in rulebook.rules if rule.hook not in OUTSIDE_AVERAGES])


def payload(wished: MarketTerms, sector: Sector, hook: Hook) -> Terms:
    """What is wished in all markets, entry by entry, as an instrument sees it; of credit, what the sector file says."""
    n_markets, n_platforms = wished.net_fee.shape
    row = np.tile(np.arange(n_platforms), n_markets)
    if hook is Hook.MERCHANT_TERMS:
        flags = [tier.is_independent for tier in sector.merchants.tiers.values()]
        everyone, is_independent = np.repeat(row, len(flags)), np.tile(flags, len(row))
        return MerchantTerms(everyone, is_independent, wished.commission.reshape(-1).copy())
    if hook is Hook.CREDIT_TERMS:
        wishes = (sector.credit.own_share, sector.credit.leverage)
        return CreditTerms(row, *(np.full(len(row), wish) for wish in wishes))
    kind = {Hook.DATA_TERMS: DataTerms, Hook.RIDER_TERMS: RiderTerms, Hook.ACCESS_TERMS: AccessTerms}[hook]
    return kind(row, **{name: getattr(wished, name).reshape(-1).copy() for name in kind.changed()})

"""What platforms do in the mean-field model: terms desired, and terms in force under the rules."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, fields

import numpy as np

from sim.parameters import Practice, Sector
from sim.rules.hooks import (
    CreditTerms,
    Hook,
    TaxTerms,
    Terms,
)
from sim.rules.infringements import N_INFRINGEMENTS
from sim.rules.payloads import KINDS, coverage_of, merchant_terms, practice_terms, scope_of_all
from sim.rules.practice_effects import BESIDE_TERMS, practice_effects_of, terms_after
from sim.rules.rulebook import Coverage, Rulebook, is_about_size

Array = np.ndarray
ONE_ENTRY = frozenset({Hook.DATA_TERMS, Hook.WORKER_TERMS, Hook.ACCESS_TERMS, Hook.RANKING_TERMS, Hook.INSURANCE_TERMS})
"""Hooks with one entry a platform, whose terms the mean-field model has under the same names."""
KNOWN = frozenset({*ONE_ENTRY, Hook.MERCHANT_TERMS, Hook.PRACTICES})
"""Hooks that act on something in the mean-field model; rules at others leave it as it is."""
WATCHED = KNOWN | {Hook.CREDIT_TERMS, Hook.TAX_TERMS}
"""Hooks at which rules ask something of platforms, so that departments visit them."""


@dataclass(frozen=True)
class MarketTerms:
    """Terms of J platforms in B markets at once: float64 (B, J), if not said otherwise; commission (B, J, T).

    After platforms' decision variables: what rules ask for besides, how far platforms comply, and the effects of
    practices that have ended.
    """

    commission: Array
    net_fee: Array
    piece_rate: Array
    ranking_tilt: Array
    busy_target: Array
    data_per_order: Array
    floor_online: Array
    floor_engaged: Array
    rationing: Array
    visibility: Array
    portability: Array
    access_charge: Array
    consent: Array
    small_lift: Array
    small_below: Array
    quality_floor: Array
    coverage: Array
    premium: Array
    replacement: Array
    intensity: Array
    """(B, J, P): practices, 1 where the market is observed."""
    breach: Array
    """(B, J, M): part of what rules ask that is not done, by infringement type."""
    order_share: Array
    """Usual share of orders, for rules that depend on size."""
    surcharge: Array
    """Fall of the net fee where personal surcharges end, currency an order, mean over consumers; the fields that follow
    are other effects of ending practices (`PracticeEffect`)."""
    misperceived_value: Array
    harm_spared: Array
    cost: Array
    oncost: Array
    minutes: Array
    safety: Array
    multihoming_relief: Array
    noise_reduction: Array
    excluded: Array

    @property
    def n_markets(self) -> int:
        """B."""
        return len(self.net_fee)

    def repeat(self, n: int) -> MarketTerms:
        """The same market n times, each free to be changed."""
        return MarketTerms(*(np.repeat(getattr(self, field.name)[:1], n, axis=0) for field in fields(self)))


def configured_terms(sector: Sector) -> MarketTerms:
    """The sector file's terms in one market (B = 1), no rule in force."""
    platforms = list(sector.platforms.values())
    n, tiers = len(platforms), sector.merchants.tiers

    def variable(values: list[float]) -> Array:
        return np.array([values], np.float64)

    own = {"commission", "net_fee", "piece_rate", "busy_target", "data_per_order", "intensity", "breach"}
    return MarketTerms(
        commission=np.array([[[p.commission[tier] for tier in tiers] for p in platforms]], np.float64),
        net_fee=variable([p.net_fee for p in platforms]),
        piece_rate=variable([p.piece_rate for p in platforms]),
        busy_target=variable([sector.carriage.rationing_utilisation] * n),
        data_per_order=variable([p.data_per_order for p in platforms]),
        intensity=np.ones((1, n, len(Practice))),
        breach=np.zeros((1, n, N_INFRINGEMENTS)),
        **{field.name: np.zeros((1, n)) for field in fields(MarketTerms) if field.name not in own},
    )


def bind(desired: MarketTerms, sector: Sector, rulebook: Rulebook, week: int, *, is_whole: bool = False) -> MarketTerms:
    """The terms in force: those desired, as rules in force and compliance with them leave them.

    The same `apply` that binds the agents' platforms; `is_whole` takes rules that are being phased in as in force.
    """
    # Effects of ending practices come last, as for agents, since they change terms that rules have bound: a cap holds
    # the commission, and a forced promotion that ends lowers it further.
    hooks = {rule.hook for rule in rulebook.in_force(week)}
    changed: dict[str, Array] = {}
    for hook in Hook:
        if hook in hooks and hook in KNOWN:
            terms = payload(desired, sector, hook)
            coverage = (
                who_is_bound(desired, rulebook, week, hook, terms) if is_uneven(desired, rulebook, week) else None
            )
            rulebook.bind(hook, terms, week, is_whole=is_whole, coverage=coverage)
            for name in terms.changed():
                changed[name] = getattr(terms, name).reshape(getattr(desired, name).shape)
    bound = dataclasses.replace(desired, **changed) if changed else desired
    return apply_practice_effects(bound, sector) if (bound.intensity < 1.0).any() else bound


def is_uneven(desired: MarketTerms, rulebook: Rulebook, week: int) -> bool:
    """Whether rules bind some platforms more than others, or are not kept."""
    rules = rulebook.in_force(week)
    return bool(desired.breach.any()) or is_about_size(rules) or any(rule.zones_share < 1.0 for rule in rules)


def who_is_bound(desired: MarketTerms, rulebook: Rulebook, week: int, hook: Hook, terms: Terms) -> Coverage:
    """Whom rules bind and who falls short of them, entry by entry of a payload over B markets."""
    bound = None
    if rulebook.in_force(week, hook=Hook.SCOPE):
        scope = scope_of_all(desired.order_share.reshape(-1))
        rulebook.bind(Hook.SCOPE, scope, week)
        bound = scope.bound.reshape(desired.order_share.shape)
    # A market is one zone that stands for all: a rule for a share of zones counts by that share (`is_mean`).
    return coverage_of(hook, terms, desired.order_share, bound, desired.breach, is_mean=True)


def apply_practice_effects(bound: MarketTerms, sector: Sector) -> MarketTerms:
    """Effects of practices that have ended: commissions, fees, pay and ranking change, other effects are added."""
    gone = practice_effects_of(bound.intensity, sector)
    after = terms_after(gone, sector, bound.commission, bound.net_fee, bound.piece_rate, bound.ranking_tilt)
    return dataclasses.replace(bound, **after._asdict(), **{channel: gone[channel] for channel in BESIDE_TERMS})


def known_to_mean_field(rulebook: Rulebook) -> Rulebook:
    """The rules that act in the mean-field model, in their order."""
    # Scope changes no terms, but decides whom the others bind.
    return Rulebook([rule for rule in rulebook.rules if rule.hook in KNOWN or rule.hook is Hook.SCOPE])


def payload(desired: MarketTerms, sector: Sector, hook: Hook) -> Terms:
    """Desired terms of all markets, entry by entry, as an instrument sees them.

    For credit, which this model does not contain, those of the sector file; without a rule nothing is reported to the
    tax office.
    """
    n_markets, n_platforms = desired.net_fee.shape
    row = np.tile(np.arange(n_platforms), n_markets)
    if hook is Hook.MERCHANT_TERMS:
        return merchant_terms(desired.commission, sector)
    if hook is Hook.PRACTICES:
        return practice_terms(desired.intensity)
    if hook is Hook.CREDIT_TERMS:
        usual = sector.credit.own_share, sector.credit.leverage
        return CreditTerms(row, *(np.full(len(row), value) for value in usual))
    if hook is Hook.TAX_TERMS:
        return TaxTerms(row, np.zeros(len(row)), np.zeros(len(row)))
    kind = KINDS[hook]
    return kind(row, **{name: getattr(desired, name).reshape(-1).copy() for name in kind.changed()})

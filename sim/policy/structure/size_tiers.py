"""Duties are for large platforms, and the largest are supervised most closely."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.parameters import Param, parameters
from sim.parameters.acts import LARGE_PLATFORM_DRAFT, SUPER_PLATFORM_DRAFT
from sim.policy.instrument import Department, Expect, Structure
from sim.rules.hooks import Hook, ScopeTerms


@parameters
class SizeTiers(Structure):
    """Exempts small platforms from the other rules and has the largest supervised more closely."""

    title = "Tiers of size"
    reading = (
        "Exempts small platforms from the other rules and has the largest supervised more closely. Article (2) asks "
        "for more responsibility of very large platforms (A2.2). The model reads this as two thresholds of the usual "
        "share of orders: below the lower one other rules do not bind, above the upper one an inspection finds more. A "
        "platform near the lower threshold may stay small on purpose."
    )
    left_out = "users, market value and kinds of business, by which drafts of the law define size."
    provisions = ("A2.2",)
    department = Department.MARKET
    hook = Hook.SCOPE
    beside = ("merchant_vetting",)
    expects = (Expect("practice_skipped_vetting", "+", "small platforms are exempt from the duty"),)

    large_from: Annotated[
        float,
        Param(
            "share of orders from which rules bind",
            "share",
            0.0,
            0.8,
            f"law: {LARGE_PLATFORM_DRAFT.at('large platforms', '50m users, 0.04 of 1,410m people')}; this share is a "
            "policy lever",
        ),
    ] = 0.1
    super_from: Annotated[
        float,
        Param(
            "share of orders from which a platform is very large",
            "share",
            0.0,
            1.0,
            f"law: {SUPER_PLATFORM_DRAFT.at('super platforms', '500m users, 0.35 of 1,410m people')}",
            label="Very large from",
        ),
    ] = 0.35
    scrutiny: Annotated[
        float,
        Param(
            "chance that a breach of a very large platform is found, relative to others'",
            "ratio",
            1.0,
            20.0,
            "assumption I-20: twice as closely; sweep 1 to 5",
        ),
    ] = 2.0

    def apply(self, terms: ScopeTerms) -> None:
        """Exempt platforms below the lower threshold; supervise those above the upper one more closely."""
        terms.bound[terms.order_share < self.large_from] = 0.0
        is_super = terms.order_share >= self.super_from
        np.maximum(terms.scrutiny, self.scrutiny, out=terms.scrutiny, where=is_super)

    @property
    def binds_from(self) -> float:
        """The lower threshold."""
        return self.large_from

"""Effects, on each platform, of practices that are less intense than where the market is observed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.parameters import CHANNELS, Practice, Sector

Array = np.ndarray
MONEY = ("fee", "surcharge", "misperceived_value", "harm_spared", "cost")
"""Channels stated as shares of order value: in currency here."""
ON_TERMS = ("fee", "promotion", "placement", "tilt", "pay")
"""Channels that change what a platform charges, pays and shows (`terms_after`)."""
BESIDE_TERMS = tuple(channel for channel in CHANNELS if channel not in ON_TERMS)
"""All other channels: agents' platforms and the mean field's terms hold them under the same names."""


class TermsAfter(NamedTuple):
    """What a platform charges, pays and shows once practices are given up."""

    commission: Array
    """(..., J, T): share of goods value."""
    net_fee: Array
    """(..., J): currency an order."""
    piece_rate: Array
    """(..., J): currency an order."""
    ranking_tilt: Array
    """(..., J): log points."""


def practice_effects_of(intensity: Array, sector: Sector) -> dict[str, Array]:
    """Channel by channel (..., J): the sum over practices of (1 - intensity) x size; intensity (..., J, P).

    Shares of order value are turned into currency at the sector's usual order value.
    """
    # Effects of ending a practice, never of having it: calibrated markets contain what platforms do today. Practices as
    # additions would have moved every fitted number and made the unregulated level a guess twice over.
    sizes, value, relief = sector.practices.effects, sector.usual_order_value, 1.0 - intensity
    by_channel = {channel: np.zeros(intensity.shape[:-1]) for channel in CHANNELS}
    for practice in Practice:
        if practice not in sector.practices_here:
            continue
        given_up = relief[..., int(practice)]
        for channel in CHANNELS:
            size = getattr(sizes[practice.label], channel)
            if practice is Practice.UNLICENSED_SUPPLY and channel != "excluded":
                size *= 1.0 - sector.licences.licensed_share  # orders of other workers change in nothing
            if size:
                by_channel[channel] = by_channel[channel] + given_up * (size * value if channel in MONEY else size)
    return by_channel


def terms_after(
    effects: dict[str, Array], sector: Sector, commission: Array, net_fee: Array, piece_rate: Array, ranking_tilt: Array
) -> TermsAfter:
    """What these terms become by the effects of ended practices (`practice_effects_of`), shapes as in `TermsAfter`."""
    return TermsAfter(
        commission_after(effects, sector, commission),
        net_fee - effects["fee"],
        piece_rate * (1.0 + effects["pay"]),
        ranking_tilt + effects["tilt"],
    )


def commission_after(effects: dict[str, Array], sector: Sector, commission: Array) -> Array:
    """(..., J, T): commissions without forced discounts and, for chains, without paid placement; never below 0."""
    is_chain = np.array([not tier.is_independent for tier in sector.merchants.tiers.values()])
    off = effects["promotion"][..., None] + effects["placement"][..., None] * is_chain
    return np.maximum(commission - off, 0.0)


def incidence(sensitivity: Array) -> Array:
    """Surcharge of each income class (C) relative to the mean over classes: in proportion to 1 / a."""
    inverse = 1.0 / sensitivity.astype(np.float64)
    return inverse / inverse.mean()

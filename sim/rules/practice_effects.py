"""Effects, on each platform, of practices that are less intense than where the market is observed."""

from __future__ import annotations

import numpy as np

from sim.parameters import CHANNELS, Practice, Sector

Array = np.ndarray
MONEY = ("fee", "surcharge", "misperceived_value", "harm_spared", "cost")
"""Channels stated as shares of order value: in currency here."""


def practice_effects_of(intensity: Array, sector: Sector) -> dict[str, Array]:
    """Channel by channel (..., J): the sum over practices of (1 - intensity) x size; intensity (..., J, P).

    Shares of order value are turned into currency at the sector's usual order value.
    """
    # Effects of ending a practice, never of having it: calibrated markets contain what platforms do today. Practices as
    # additions would have moved every fitted number and made the unregulated level a guess twice over.
    sizes, value, relief = sector.practices.effects, sector.usual_order_value, 1.0 - intensity
    found = {channel: np.zeros(intensity.shape[:-1]) for channel in CHANNELS}
    for practice in Practice:
        if practice not in sector.practices_here:
            continue
        given_up = relief[..., int(practice)]
        for channel in CHANNELS:
            size = getattr(sizes[practice.label], channel)
            if practice is Practice.UNLICENSED_SUPPLY and channel != "excluded":
                size *= 1.0 - sector.licences.licensed_share  # orders of other workers change in nothing
            if size:
                found[channel] = found[channel] + given_up * (size * value if channel in MONEY else size)
    return found


def incidence(sensitivity: Array) -> Array:
    """Surcharge of each income class (C) relative to the mean over classes: in proportion to 1 / a."""
    inverse = 1.0 / sensitivity.astype(np.float64)
    return inverse / inverse.mean()

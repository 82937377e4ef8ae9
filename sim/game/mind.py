"""What a strategy may ask of the market it plays in, whichever that is."""

from __future__ import annotations

from typing import Protocol

import numpy as np

Array = np.ndarray


class Mind[Terms](Protocol):
    """Players' shared reasoning about one market: a pure function of levers, rules and week."""

    def review(self, wished: Terms, week: int) -> Terms:
        """What all players wish after one review: each moves uphill from what is in force, none sees the others."""
        ...

    def has_reason(self, wished: Terms, week: int) -> bool:
        """Whether a review could change anything."""
        ...

    def shortfall(self, wished: Terms, week: int) -> Array:
        """(J): what a unit sold is expected to earn less than it earned at rest, currency."""
        ...

    def charge(self, wished: Terms, more: Array) -> Terms:
        """The terms with this much (J) more to be paid by buyers for a unit."""
        ...

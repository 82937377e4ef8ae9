"""Numbers of two sides, as the markets of Armstrong (2006) have them."""

from __future__ import annotations

from typing import Annotated

from sim.parameters import Param

Benefits = tuple[
    Annotated[float, Param("alpha_1, gain of side 1 from all of side 2", "currency", -10.0, 10.0)],
    Annotated[float, Param("alpha_2, gain of side 2 from all of side 1", "currency", -10.0, 10.0)],
]
Spreads = tuple[
    Annotated[float, Param("t_1, spread of side 1's tastes", "currency", 0.01, 100.0)],
    Annotated[float, Param("t_2, spread of side 2's tastes", "currency", 0.01, 100.0)],
]
"""Cost of the whole way to a platform at the end of a line, or of the least willing to join."""
Costs = tuple[
    Annotated[float, Param("f_1", "currency a member", 0.0, 100.0)],
    Annotated[float, Param("f_2", "currency a member", 0.0, 100.0)],
]

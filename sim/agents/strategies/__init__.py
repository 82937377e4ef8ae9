"""How a platform chooses its levers: one strategy a file."""

from __future__ import annotations

from collections.abc import Callable

from sim.agents.strategies.fixed import keep_configured_levers
from sim.world import World

Strategy = Callable[[World, int], None]

STRATEGIES: dict[str, Strategy] = {"fixed": keep_configured_levers}
"""Every strategy by name."""

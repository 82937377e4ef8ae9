"""The platform that never answers: its decision variables stay as they are."""

from __future__ import annotations

from sim.world import World


def keep_levers(world: World, row: int) -> None:
    """Desire what was desired last week, whatever happened: effects of a rule are then direct effects alone."""

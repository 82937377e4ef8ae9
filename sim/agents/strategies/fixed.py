"""The platform that never answers: levers stay as they are."""

from __future__ import annotations

from sim.world import World


def keep_levers(world: World, row: int) -> None:
    """Go on wishing what was wished last week, whatever happened: effects of a rule are then mechanical ones."""

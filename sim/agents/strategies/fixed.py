"""The platform that never answers: levers stay as the sector file has them."""

from __future__ import annotations

from sim.world import World


def keep_configured_levers(world: World, row: int) -> None:
    """Wish the configured levers, whatever happened: effects of a rule are then mechanical ones."""
    numbers = list(world.sector.platforms.values())[row]
    world.platforms.commission_chosen[row] = numbers.commission_chain, numbers.commission_independent
    world.platforms.data_chosen[row] = numbers.data_per_order

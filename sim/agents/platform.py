"""A platform as a Mesa agent: behaviour over one row of the platforms' table."""

from __future__ import annotations

import mesa

from sim.agents.strategies import Strategy
from sim.mesa_view.refused import MovedByTheWeek
from sim.world import World


class Platform(MovedByTheWeek, mesa.Agent):
    """A company between the sides; its strategy sets desired terms, and the rules in force bind them."""

    def __init__(self, model: mesa.Model, world: World, row: int, strategy: Strategy) -> None:
        super().__init__(model)
        self.world, self.row, self.strategy = world, row, strategy
        self.name = list(world.sector.platforms)[row]

    def __repr__(self) -> str:
        return f"<Platform {self.name}>"

    def decide(self) -> None:
        """Set the decision variables that the strategy desires."""
        self.strategy(self.world, self.row)

    @property
    def commission(self) -> tuple[float, ...]:
        """Commission charged to every tier of merchants, in the sector's order, share of goods value."""
        return tuple(self.world.platforms.commission[self.row].tolist())

    @property
    def balance(self) -> float:
        """Cash since the start, currency."""
        return float(self.world.platforms.balance_cents[self.row]) / 100.0

"""Firms that choose among a few prices over and over: the laboratory of Calvano et al. (2020)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Annotated, Protocol

import numpy as np

from sim.game.repeated import Game, profiles
from sim.parameters import Param, parameters
from sim.theory.logit_oligopoly import LogitOligopoly
from sim.theory.market import TheoryMarket

Array = np.ndarray
LEAST_GAIN = 1e-3
"""Of competitive profit, below which firms have nothing to gain from each other."""
LEAST_OF_FIRM = 0.05
"""The same of one firm, whose own gain would be a quotient of two small numbers."""


class PricedMarket(TheoryMarket, Protocol):
    """A market of theory with known one-shot equilibrium and joint optimum, in which each firm sets one price."""

    def competitive_prices(self) -> Array:
        """(n): the one-shot equilibrium."""
        ...

    def joint_prices(self) -> Array:
        """(n): prices that maximise the sum of profits."""
        ...


@parameters
class Grid:
    """Prices that firms may charge: equally far apart, from below the competitive one to above the joint one.

    How far, in parts of the way between these two, and firm by firm.
    """

    n_levels: Annotated[int, Param("m, prices of a firm", "prices", 2, 200)] = 15
    below: Annotated[float, Param("xi below the competitive price", "share of the way", -0.9, 5.0)] = 0.1
    above: Annotated[float, Param("xi above the joint price", "share of the way", -0.9, 5.0)] = 0.1
    lowest: Annotated[float, Param("lowest price of all firms, instead of `below`", "currency", 0.0, 1e3)] | None = None


@parameters
class Chance:
    """What changes from period to period, besides prices."""

    outside_shocks: list[Annotated[float, Param("added to the value of the outside good", "currency", -10.0, 10.0)]]
    """Equally likely values, new every period."""
    is_seen: bool = False
    """Whether firms know the shock when they choose."""


@parameters
class Entry:
    """The last firm comes and goes; the others see in the next period whether it was there."""

    rate: Annotated[
        float, Param("chance to leave where it is in, and to come back where it is not", "1/period", 1e-7, 0.5)
    ]


@dataclass(frozen=True)
class Yardstick:
    """Profits (n) of firms at the one-shot equilibrium and at the joint optimum, under one shock."""

    competitive: Array
    joint: Array
    is_in: Array
    """bool (n): who is in the market."""

    def gain(self, profit: Array) -> float:
        """Part of the way from competition to the joint optimum, firms' means against each other; may exceed 1."""
        here, low, high = (float(x[self.is_in].mean()) for x in (profit, self.competitive, self.joint))
        return (here - low) / (high - low)

    def gain_of(self, profit: Array, firm: int) -> float:
        """Of one firm; not a number where it earns hardly more, or less, at the joint optimum than in competition."""
        low, high = float(self.competitive[firm]), float(self.joint[firm])
        return (float(profit[firm]) - low) / (high - low) if high - low > LEAST_OF_FIRM * low else float("nan")


@dataclass(frozen=True)
class PriceGame:
    """A priced market as a game of levels."""

    market: PricedMarket
    grid: Grid = field(default_factory=Grid)
    chance: Chance | None = None
    entry: Entry | None = None

    @cached_property
    def markets(self) -> list[PricedMarket]:
        """One for every shock; the last firm is out in the second of two markets with entry."""
        market = self.market
        if self.chance is not None:
            assert isinstance(market, LogitOligopoly)
            assert market.outside is not None
            return [replace(market, outside=market.outside + h) for h in self.chance.outside_shocks]
        if self.entry is not None:
            assert isinstance(market, LogitOligopoly)
            return [market, replace(market, costs=market.costs[:-1], intercepts=market.intercepts[:-1])]
        return [market]

    @cached_property
    def ends(self) -> list[tuple[Array, Array]]:
        """Of every market, prices (n) of the one-shot equilibrium and of the joint optimum."""
        return [(market.competitive_prices(), market.joint_prices()) for market in self.markets]

    @cached_property
    def charges(self) -> Array:
        """(m, n): prices by level and firm."""
        ends = self.ends[:1] if self.entry else self.ends
        low, high = np.min([one[0] for one in ends], axis=0), np.max([one[1] for one in ends], axis=0)
        bottom, top = low - self.grid.below * (high - low), high + self.grid.above * (high - low)
        if self.grid.lowest is not None:
            bottom = np.full_like(bottom, self.grid.lowest)
        bottom = np.maximum(bottom, 0.0)
        return bottom + np.linspace(0.0, 1.0, self.grid.n_levels)[:, None] * (top - bottom)

    def game(self) -> Game:
        """Who earns what from which prices."""
        charges, m = self.charges, self.grid.n_levels
        n = charges.shape[1]
        if self.entry is None:
            levels = profiles(m, n)
            prices = charges[levels, np.arange(n)]
            profit = np.stack([market.outcome(prices)[0] for market in self.markets])
            even = np.full((len(profit), len(profit)), 1.0 / len(profit))
            is_seen = self.chance is not None and self.chance.is_seen
            return Game(profit, even, np.ones((len(profit), n), bool), is_seen, m)
        whole, without = self.markets
        marks = profiles(m + 1, n)
        is_out = marks == m
        prices = charges[np.minimum(marks, m - 1), np.arange(n)]
        profit = np.where(is_out[:, -1:], 0.0, whole.outcome(prices)[0])
        fewer = np.concatenate([without.outcome(prices[:, :-1])[0], np.zeros((len(prices), 1))], axis=1)
        profit = np.where(is_out[:, -1:], fewer, profit)
        stay, rate = 1.0 - self.entry.rate, self.entry.rate
        is_in = np.array([[True] * n, [True] * (n - 1) + [False]])
        return Game(np.stack([profit, profit]), np.array([[stay, rate], [rate, stay]]), is_in, False, m)

    @cached_property
    def yardsticks(self) -> list[Yardstick]:
        """For every shock, what competition and joint pricing would earn once it is known."""
        yardsticks, n = [], len(self.market.variables)
        for market, ends in zip(self.markets, self.ends, strict=True):
            is_in = np.arange(n) < len(market.variables)
            values = []
            for prices in ends:
                profit = np.zeros(n)
                profit[is_in] = market.outcome(prices[None])[0][0]
                values.append(profit)
            yardsticks.append(Yardstick(values[0], values[1], is_in))
        return yardsticks

    @cached_property
    def yardstick(self) -> Yardstick:
        """The mean over shocks, which are equally likely; with entry, of periods in which the last firm is in."""
        marks = self.yardsticks[:1] if self.entry else self.yardsticks
        low, high = (np.mean([getattr(one, key) for one in marks], axis=0) for key in ("competitive", "joint"))
        return Yardstick(low, high, marks[0].is_in)

    def profits(self, profit: Array) -> Array:
        """(n): of profits (Z, n) by shock, those that the yardstick is held against."""
        return profit[0] if self.entry else profit.mean(axis=0)

    def conflicts(self) -> list[str]:
        """What is wrong with the parameters beyond their ranges, in words."""
        conflicts = []
        if not (np.diff(self.charges, axis=0) > 0.0).all():
            conflicts.append("the grid does not rise: its lowest price is not below its highest")
        for one in self.yardsticks:
            low, high = one.competitive[one.is_in].mean(), one.joint[one.is_in].mean()
            if not high - low > LEAST_GAIN * low:
                conflicts.append("firms would earn no more jointly than in competition: there is no gain to measure")
                break
        return conflicts

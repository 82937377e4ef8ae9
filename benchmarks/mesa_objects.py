"""The consumer step as a good Mesa user would write it: one object a consumer, plain Python, no NumPy in the step."""

from __future__ import annotations

from itertools import accumulate
from math import exp, log
from typing import Any

import mesa

from benchmarks.workload import Workload
from sim.kernels.layout import MOST_ORDERS


class Merchant(mesa.Agent):
    """Sells at a price for each platform; `n_orders` counts by platform."""

    def __init__(self, model: ObjectMarket, row: int, quality: float, price: list[float]) -> None:
        super().__init__(model)
        self.row, self.quality, self.price = row, quality, price
        self.n_orders = [0] * len(price)


class Zone:
    """What consumers of a zone find this week: value of platforms by class, shops listed and their ranking."""

    def __init__(self, value: list[list[float]], shops: list[list[Merchant]], cum_weights: list[list[float]]) -> None:
        self.value, self.shops, self.cum_weights = value, shops, cum_weights


class Consumer(mesa.Agent):
    """Orders in four steps: occasions, platform or none, candidates shown, the best of them."""

    def __init__(
        self,
        model: ObjectMarket,
        row: int,
        zone: Zone,
        income_class: int,
        rate: float,
        apps: list[int],
        habit: list[float],
        profile: list[float],
        concern: float,
    ) -> None:
        super().__init__(model)
        self.row, self.zone, self.income_class = row, zone, income_class
        self.rate, self.no_occasion = rate, exp(-rate)
        self.apps, self.habit, self.profile, self.concern = apps, habit, profile, concern
        self.occasions, self.log_sum = 0, 0.0

    def step(self) -> None:
        """One week. The log-sum is worked out only for those who have an occasion: nothing else reads it."""
        random = self.random
        u, term, rate, n = random.random(), self.no_occasion, self.rate, 0
        total = term
        while u > total and n < MOST_ORDERS - 1:
            n += 1
            term *= rate / n
            total += term
        self.occasions = n
        if n == 0:
            return
        model: Any = self.model
        options, strengths = self.platforms(model)
        strength = sum(strengths)
        inside = strength**model.nest if strength else 0.0
        self.log_sum = log(1.0 + inside)
        if not strength:
            return
        scale = inside / strength
        weights = [e * scale for e in strengths]
        weights.append(1.0)
        options.append(-1)  # buy nothing
        zone, a, k, orders = self.zone, model.sensitivity[self.income_class], model.n_candidates, model.orders
        for j in random.choices(options, weights, k=n):
            if j < 0:
                continue
            shown = random.choices(zone.shops[j], cum_weights=zone.cum_weights[j], k=k)
            chosen = random.choices(shown, [exp(shop.quality - a * shop.price[j]) for shop in shown])[0]
            chosen.n_orders[j] += 1
            orders.append((self, chosen, j))

    def platforms(self, model: ObjectMarket) -> tuple[list[int], list[float]]:
        """Platforms within reach and e^(V / (1 - sigma)) of each."""
        zone, habit, profile, concern = self.zone, self.habit, self.profile, self.concern
        value, perceived = zone.value[self.income_class], model.perceived_data
        relevance, half, habit_weight, steepness = model.relevance, model.relevance_half, model.habit, model.steepness
        options, strengths = [], []
        for j in self.apps:
            if zone.shops[j]:
                known = profile[j]
                v = value[j] + relevance * known / (known + half) + habit_weight * habit[j] - concern * perceived[j]
                options.append(j)
                strengths.append(exp(steepness * v))
        return options, strengths


class ObjectMarket(mesa.Model):
    """The market of a workload, made of objects."""

    def __init__(self, workload: Workload, seed: int = 1) -> None:
        super().__init__(rng=seed)
        columns, tables, weights = workload.columns, workload.tables, workload.weights
        self.relevance, self.relevance_half = float(weights.relevance), float(weights.relevance_half)
        self.habit, self.steepness, self.nest = float(weights.habit), float(weights.inverse_nest), float(weights.nest)
        self.perceived_data, self.sensitivity = tables.perceived_data.tolist(), tables.sensitivity.tolist()
        self.n_candidates, self.orders = workload.n_candidates, []
        self.n_platforms, self.n_slots = len(self.perceived_data), workload.n_slots
        self.ranking = tables.ranking.tolist()
        prices = zip(tables.quality.tolist(), tables.price.T.tolist(), strict=True)
        self.merchants = [Merchant(self, row, quality, price) for row, (quality, price) in enumerate(prices)]
        self.zones = [Zone(value, [], []) for value in tables.platform_value.transpose(0, 2, 1).tolist()]
        self.rank()
        apps = [[j for j in range(self.n_platforms) if bits >> j & 1] for bits in columns.apps.tolist()]
        zone = [z for z, lo, hi in spans(workload.zone_ends.tolist()) for _ in range(lo, hi)]
        people = zip(
            columns.income_class.tolist(),
            columns.occasion_rate.tolist(),
            apps,
            columns.habit.T.tolist(),
            columns.profile.T.tolist(),
            columns.privacy_concern.tolist(),
            strict=True,
        )
        for row, person in enumerate(people):
            Consumer(self, row, self.zones[zone[row]], *person)

    def rank(self) -> None:
        """Once a week: who is listed where, and running sums of ranking weights."""
        for z, zone in enumerate(self.zones):
            rows = range(z * self.n_slots, (z + 1) * self.n_slots)
            listed = [[row for row in rows if weight[row] > 0.0] for weight in self.ranking]
            zone.shops = [[self.merchants[row] for row in shops] for shops in listed]
            zone.cum_weights = [
                list(accumulate(weight[row] for row in shops))
                for weight, shops in zip(self.ranking, listed, strict=True)
            ]

    def step(self) -> None:
        self.orders = []
        self.rank()
        self.agents_by_type[Consumer].shuffle_do("step")


def spans(ends: list[int]) -> list[tuple[int, int, int]]:
    """(zone, first row, row after the last)."""
    return [(z, lo, hi) for z, (lo, hi) in enumerate(zip([0, *ends[:-1]], ends, strict=True))]

"""What the phases of a week share: populations, expectations by zone, rules, money, orders and the clock."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim import formulas
from sim.kernels.engine import Engine
from sim.kernels.layout import OrderColumns
from sim.ledger.ledger import Ledger
from sim.parameters import Sector
from sim.populations.cases import Cases
from sim.populations.consumer_rule import STANDARD, ConsumerRule
from sim.populations.consumers import Consumers, sensitivity_of_class
from sim.populations.credit import Credit, Lenders
from sim.populations.departments import Departments
from sim.populations.merchants import Merchants
from sim.populations.platforms import Platforms
from sim.populations.workers import Workers
from sim.populations.zones import Zones
from sim.rules.rulebook import Rulebook

Array = np.ndarray
MOST_TAKEN = np.float32(0.97)
"""Largest sum of commission and tax, as a share of the price: above 0.95, the largest commission."""


@dataclass
class WeeksOrders:
    """Orders of the week, one entry an order, and their counts by platform and merchant."""

    placed: OrderColumns
    is_cancelled: Array
    """bool, one an order."""
    n_carried: Array
    """int64 (J, R): orders carried of each merchant on each platform."""
    occasions: Array = field(default_factory=lambda: np.zeros(0, np.float32))
    """float32 (N): mean occasions to order that each consumer had; of this week only, and in no snapshot."""


def no_orders(n_platforms: int, n_rows: int) -> WeeksOrders:
    """The state before the first week."""
    none = OrderColumns(np.zeros(0, np.uint32), np.zeros(0, np.uint32), np.zeros(0, np.uint8), np.zeros(0, np.uint8))
    return WeeksOrders(none, np.zeros(0, bool), np.zeros((n_platforms, n_rows), np.int64))


@dataclass
class World:
    """One economy: its parameters, its populations and its present week."""

    sector: Sector
    seed: int
    engine: Engine
    consumers: Consumers
    merchants: Merchants
    workers: Workers
    platforms: Platforms
    departments: Departments
    cases: Cases
    credit: Credit
    lenders: Lenders
    zones: Zones
    rulebook: Rulebook
    ledger: Ledger
    orders: WeeksOrders
    week: int = 0
    consumer_rule: ConsumerRule = STANDARD
    ranking: Array = field(default_factory=lambda: np.zeros(0))
    """float32 (J, R): ranking weight of every merchant on offer, 0 of the others; rewritten every week."""
    home: Array = field(init=False)
    """int8 (J, R): whose listing a platform offers, -1 where it offers none; rewritten every week."""
    offer_cents: Array = field(default_factory=lambda: np.zeros(0, np.int64))
    """int64 (J, R): price at which a platform offers a merchant; rewritten every week."""
    sensitivity: Array = field(init=False)
    """float32 (C): price sensitivity of each income class."""
    zone_ends: Array = field(init=False)
    """int64 (Z): row after the last consumer of each zone."""

    def __post_init__(self) -> None:
        self.sensitivity = sensitivity_of_class(self.sector.consumers)
        own = np.arange(self.n_platforms, dtype=np.int8)[:, None]
        self.home = np.where(self.merchants.is_listed, own, np.int8(-1))
        self.zone_ends = np.cumsum(np.bincount(self.consumers.zone, minlength=self.n_zones))

    @property
    def n_platforms(self) -> int:
        """J."""
        return len(self.platforms)

    @property
    def n_zones(self) -> int:
        """Z."""
        return len(self.zones)

    @property
    def n_slots(self) -> int:
        """Merchant slots a zone, S."""
        return self.sector.merchants.n_slots

    @property
    def has_merchants(self) -> bool:
        """Whether anybody can ever sell through the platforms; else every platform sells a service of its own."""
        parameters = self.sector.merchants
        return parameters.n_per_zone > 0 or parameters.entrant_rate > 0.0

    @property
    def has_workers(self) -> bool:
        """Whether anybody can ever work for the platforms; else they buy carriage from outside."""
        return self.sector.workers.n_per_zone > 0

    def by_zone(self, values: Array) -> Array:
        """View of a (J, R) array of merchants as (J, Z, S)."""
        return values.reshape(values.shape[0], self.n_zones, self.n_slots)

    def charged(self, zone: Array, tier: Array | None = None) -> tuple[Array, Array]:
        """Commissions (J, T) and each merchant's column of them; twice as many columns where a pilot divides zones.

        zone, tier (n): of the merchants asked about; all of them if no tier is given.
        """
        platforms, tier = self.platforms, self.merchants.tier if tier is None else tier
        if self.zones.in_pilot.all():
            return platforms.commission, tier
        outside = np.where(self.zones.in_pilot[zone], 0, platforms.commission.shape[1])
        both = np.concatenate([platforms.commission, platforms.commission_outside], axis=1)
        return both, (tier + outside).astype(np.uint8)

    def commission_of_merchants(self) -> Array:
        """float32 (J, R): commission that each merchant pays or would pay on each platform."""
        commission, tier = self.charged(self.merchants.zone)
        commission = commission.astype(np.float32)
        by_merchant = np.repeat(commission[:, :1], len(tier), axis=1)
        for t in range(1, commission.shape[1]):  # a choice a tier: four times faster than one gather
            by_merchant = np.where(tier == t, commission[:, t : t + 1], by_merchant)
        return by_merchant - self.penalties_given_up() if self.platforms.multihoming_relief.any() else by_merchant

    def penalties_given_up(self) -> Array:
        """float32 (J, R): penalty in the commission of merchants listed elsewhere too, where that has ended."""
        is_listed = self.merchants.is_listed
        is_elsewhere = is_listed.sum(axis=0) - is_listed > 0
        spared = formulas.penalty_spared(self.platforms.multihoming_relief, self.platforms.commission)
        return spared[:, None].astype(np.float32) * is_elsewhere

    def charges_of_merchants(self) -> Array:
        """float32 (J, R): commission, and tax on sales beyond what fixed costs contain, of each merchant's price."""
        commission, levy = self.commission_of_merchants(), self.merchants.levy
        return np.minimum(commission + levy, MOST_TAKEN) if levy.any() else commission

"""The numbers an economy is built from: meaning, unit and range of each; values come from a sector file.

A value's source stands beside it in the sector file (`sources`), a rule's value beside it in its own file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Annotated, Literal, dataclass_transform

import annotated_types

N_INCOME_CLASSES = 20
"""Consumers' incomes are the class means of twenty equally large classes (four to a quintile)."""

CENTS = 100
"""Cents in a unit of currency."""


@dataclass(frozen=True)
class Param(annotated_types.GroupedMetadata):
    """Meaning, unit and allowed range of a number; validation reads the range, documentation the rest."""

    meaning: str
    unit: str
    low: float
    high: float
    source: str = "sector file"

    def __iter__(self) -> Iterator[annotated_types.BaseMetadata]:
        yield annotated_types.Ge(self.low)
        yield annotated_types.Le(self.high)


@dataclass_transform(frozen_default=True)
def numbers[T](cls: type[T]) -> type[T]:
    """A frozen dataclass whose validation refuses unknown names, wrong types, infinities and NaN."""
    cls.__pydantic_config__ = {"extra": "forbid", "strict": True, "allow_inf_nan": False}  # pyright: ignore
    return dataclass(frozen=True)(cls)


@numbers
class ConsumerParameters:
    """Who consumers are and what they weigh (MODEL: stage 1 and 2 of the nested choice)."""

    income_log_sd: Annotated[float, Param("spread of income between consumers", "log points", 0.0, 2.0)]
    price_sensitivity: Annotated[float, Param("mean marginal utility of money", "1/currency", 0.001, 2.0)]
    income_elasticity: Annotated[float, Param("fall of price sensitivity with income", "elasticity", 0.0, 2.0)]
    occasion_rate: Annotated[float, Param("mean occasions to order", "occasions a week", 0.0, 5.0)]
    occasion_log_sd: Annotated[float, Param("spread of occasion rates between consumers", "log points", 0.0, 3.0)]
    platform_nest: Annotated[float, Param("nest parameter among platforms", "-", 0.0, 0.95)]
    merchant_scale: Annotated[float, Param("scale of taste noise between merchants", "utility", 0.05, 0.99)]
    n_candidates: Annotated[int, Param("ranked merchants seen on an occasion", "merchants", 1, 64)]
    variety_weight: Annotated[float, Param("utility of log reachable merchants", "utility", 0.0, 3.0)]
    reference_variety: Annotated[float, Param("merchants at which variety counts zero", "merchants", 1.0, 1e6)]
    value_of_time: Annotated[
        float, Param("worth of a minute to a consumer of mean price sensitivity", "currency a minute", 0.0, 10.0)
    ]
    habit_weight: Annotated[float, Param("utility of a fully habitual platform", "utility", 0.0, 5.0)]
    habit_speed: Annotated[float, Param("share of habit renewed by one order", "share", 0.0, 1.0)]
    relevance_weight: Annotated[float, Param("utility of a fully known profile", "utility", 0.0, 5.0)]
    relevance_half: Annotated[float, Param("profile at half of full relevance", "orders", 0.01, 1e4)]
    profile_decay: Annotated[float, Param("share of a profile that ages away", "share a week", 0.0, 1.0)]
    privacy_concern: Annotated[float, Param("mean disutility of one unit of data", "utility", 0.0, 5.0)]
    privacy_log_sd: Annotated[float, Param("spread of privacy concern", "log points", 0.0, 3.0)]
    privacy_awareness: Annotated[float, Param("share of the privacy cost that is perceived", "share", 0.0, 1.0)]
    delay_learning: Annotated[float, Param("weight of last week's delay in what is expected", "share a week", 0.0, 1.0)]
    tip_share: Annotated[float, Param("tip where the app asks for one", "share of goods value", 0.0, 0.5)]


@numbers
class MerchantTier:
    """One class of merchants that platforms charge alike: how many, how good and how dear to run."""

    share: Annotated[float, Param("members among merchants", "share", 0.0, 1.0)]
    quality: Annotated[float, Param("quality above the common level", "utility", -5.0, 5.0)]
    cost_ratio: Annotated[float, Param("variable cost against the common one", "ratio", 0.1, 10.0)]
    is_independent: bool
    """Whether members are independents rather than branches of chains: rules speak of these two."""


@numbers
class MerchantParameters:
    """Who merchants are, how they price, list, enter and leave."""

    n_per_zone: Annotated[int, Param("merchants in business at the start", "merchants a zone", 0, 40_000)]
    n_slots: Annotated[int, Param("most merchants a zone can hold", "merchants a zone", 1, 65_536)]
    tiers: dict[str, MerchantTier]
    quality_sd: Annotated[float, Param("spread of quality at equal cost", "utility", 0.0, 5.0)]
    unit_cost: Annotated[float, Param("mean variable cost of an order at cost ratio 1", "currency", 0.01, 1e5)]
    unit_cost_log_sd: Annotated[
        float, Param("spread of unit cost; dearer goods are better goods", "log points", 0.0, 2.0)
    ]
    price_speed: Annotated[float, Param("share of the gap to the wanted price closed", "share a week", 0.0, 1.0)]
    sales_memory: Annotated[float, Param("weight of last week in usual orders", "share a week", 0.001, 1.0)]
    listing_review_rate: Annotated[float, Param("chance to reconsider a listing", "per week", 0.0, 1.0)]
    listing_cost: Annotated[float, Param("cost of staying listed on a platform", "currency a week", 0.0, 1e5)]
    listing_scale: Annotated[float, Param("noise in the listing choice", "currency a week", 0.01, 1e5)]
    diversion: Annotated[float, Param("platform orders that would have come anyway", "share", 0.0, 1.0)]
    offline_orders: Annotated[float, Param("mean orders off the platforms", "orders a week", 0.0, 1e6)]
    offline_log_sd: Annotated[float, Param("spread of offline orders between merchants", "log points", 0.0, 3.0)]
    offline_price_ratio: Annotated[float, Param("offline price against unit cost and usual mark-up", "ratio", 0.0, 2.0)]
    fixed_cost_share: Annotated[float, Param("weekly fixed cost against the usual offline margin", "share", 0.0, 5.0)]
    trade_persistence: Annotated[float, Param("weekly persistence of a merchant's offline luck", "share", 0.0, 0.9999)]
    trade_shock_sd: Annotated[float, Param("weekly shock to a merchant's offline luck", "log points", 0.0, 1.0)]
    cash_buffer: Annotated[float, Param("cash kept in the business; more is withdrawn", "currency", 0.0, 1e7)]
    exit_debt: Annotated[float, Param("debt at which a merchant gives up", "currency", 0.0, 1e7)]
    entrant_rate: Annotated[float, Param("mean potential entrants", "merchants a zone and week", 0.0, 4.0)]
    entry_cost: Annotated[float, Param("cost of opening, registration included", "currency", 0.0, 1e8)]
    entry_cost_log_sd: Annotated[float, Param("spread of the cost of opening", "log points", 0.0, 3.0)]
    entry_horizon: Annotated[float, Param("weeks of profit set against the cost of opening", "weeks", 1.0, 1e4)]


@numbers
class WorkerGroup:
    """One activity group of riders: how often and how long its members work."""

    share: Annotated[float, Param("members among workers", "share", 0.0, 1.0)]
    reservation_ratio: Annotated[float, Param("median reservation wage against usual earnings", "ratio", 0.01, 100.0)]
    hours: Annotated[float, Param("hours in a week that is worked", "hours a week", 0.0, 100.0)]


@numbers
class WorkerParameters:
    """Who riders are and how they choose hours and apps."""

    n_per_zone: Annotated[int, Param("workers who may work at the start", "workers a zone", 0, 50_000)]
    n_slots: Annotated[int, Param("most workers a zone can hold", "workers a zone", 0, 100_000)]
    groups: dict[str, WorkerGroup]
    supply_elasticity: Annotated[float, Param("log odds of working per log hourly earnings", "elasticity", 0.3, 20.0)]
    app_elasticity: Annotated[float, Param("substitution of hours between apps", "elasticity", 0.5, 20.0)]
    reservation_log_sd: Annotated[float, Param("spread of reservation wages within a group", "log points", 0.0, 3.0)]
    productivity_log_sd: Annotated[float, Param("spread of productivity between workers", "log points", 0.0, 2.0)]
    earnings_learning: Annotated[float, Param("weight of last week in expected earnings", "share a week", 0.0, 1.0)]
    usual_earnings: Annotated[
        float,
        Param("hourly earnings that scale reservation wages and first expectations", "currency an hour", 0.0, 1e4),
    ]
    leaving_rate: Annotated[float, Param("workers who give up for good", "share a week", 0.0, 0.2)]
    joining_elasticity: Annotated[float, Param("log odds of joining per log hourly earnings", "elasticity", 0.0, 20.0)]
    waiting_share: Annotated[float, Param("part of the time kept off line that is lost in waiting", "share", 0.0, 1.0)]
    day_hours: Annotated[float, Param("hours in a working day", "hours a day", 0.5, 24.0)]


@numbers
class CarriageParameters:
    """How orders become deliveries: capacity, delay, cancellation."""

    deliveries_per_hour: Annotated[
        float, Param("deliveries of a worker who is never idle", "orders an hour", 0.01, 1e3)
    ]
    base_delay: Annotated[float, Param("delay when workers are idle", "minutes", 0.0, 1e5)]
    congestion: Annotated[float, Param("weight of utilisation^4 / (1 - utilisation)", "minutes", 0.0, 1e5)]
    rationing_utilisation: Annotated[
        float, Param("utilisation up to which a platform rations workers", "share of capacity", 0.1, 0.98)
    ]
    cancel_share: Annotated[float, Param("orders cancelled and refunded at slack capacity", "share", 0.0, 1.0)]


@numbers
class RankingParameters:
    """Weights with which platforms show merchants: log odds of being a candidate."""

    relevance: Annotated[float, Param("weight of displayed quality", "per utility", -10.0, 10.0)]
    sales: Annotated[float, Param("weight of log(1 + usual orders)", "-", 0.0, 0.95)]
    price: Annotated[float, Param("weight against the relative price", "-", 0.0, 10.0)]


@numbers
class PlatformParameters:
    """One platform: what it charges, pays and is worth to people before prices."""

    name: Annotated[str, annotated_types.Len(1, 40)]
    appeal: Annotated[float, Param("utility of the app itself", "utility", -50.0, 50.0)]
    consumer_reach: Annotated[float, Param("consumers who have the app", "share", 0.0, 1.0)]
    worker_reach: Annotated[float, Param("workers who have the app", "share", 0.0, 1.0)]
    worker_appeal: Annotated[
        float, Param("weight of the app in workers' hours at equal earnings", "share", 0.0001, 1.0)
    ]
    commission: dict[str, Annotated[float, Param("commission of a tier", "share of goods value", 0.0, 0.95)]]
    net_fee: Annotated[float, Param("delivery and service fee less coupon", "currency an order", -1e3, 1e3)]
    piece_rate: Annotated[float, Param("pay of the worker", "currency an order", 0.0, 1e4)]
    other_cost: Annotated[float, Param("payment, support, marketing, overhead", "currency an order", 0.0, 1e4)]
    data_per_order: Annotated[float, Param("data collected on the consumer", "units an order", 0.0, 10.0)]
    tip_prompt: Annotated[float, Param("how strongly the app asks for a tip, 1 as today", "share", 0.0, 1.0)]


@numbers
class DepartmentParameters:
    """One government department: its money and what an inspection costs."""

    name: Annotated[str, annotated_types.Len(1, 40)]
    budget: Annotated[float, Param("appropriation per million consumers", "currency a week", 0.0, 1e9)]
    staff_cost: Annotated[float, Param("standing cost per million consumers", "currency a week", 0.0, 1e9)]
    inspection_cost: Annotated[
        float, Param("cost to the department of one inspection, per million consumers", "currency", 0.01, 1e7)
    ]
    compliance_cost: Annotated[
        float, Param("cost to the platform of one inspection, per million consumers", "currency", 0.0, 1e7)
    ]


Rate = Annotated[float, Param("alpha, weight of what is new", "share", 0.0, 1.0, "Calvano et al. 2020")]
Decay = Annotated[float, Param("beta, fall of the chance of trying", "1/period", 0.0, 1.0, "Calvano et al. 2020")]
Discount = Annotated[float, Param("delta, worth of the next period", "share", 0.0, 0.9999, "Calvano et al. 2020")]
Level = Annotated[int, Param("level, counted from 1, the lowest", "level", 1, 1000)]


@numbers
class LearningParameters:
    """How players learn by trial; defaults: the representative experiment of Calvano et al. (2020).

    Where a list is allowed it has a number a player.
    """

    learning_rate: Rate | list[Rate] = 0.15
    exploration_decay: Decay | list[Decay] = 4e-6
    first_exploration: Annotated[float, Param("chance of trying in the first period", "share", 0.0, 1.0)] = 1.0
    discount: Discount | list[Discount] = 0.95
    memory: Annotated[int, Param("periods that players remember", "periods", 0, 3, "Calvano et al. 2020")] = 1
    start: Literal["random_rivals", "fixed_rivals", "grim_trigger", "random", "constant"] = "random_rivals"
    """What players think to know at first: profits against rivals who charge at random; against all, oneself included,
    staying at a level; against all punishing who leaves a level; anything within bounds; or one number."""
    start_levels: list[Level] = field(default_factory=list)
    """Of fixed rivals: the level; of the grim trigger: the level kept, and that of punishment."""
    start_worth: list[Annotated[float, Param("worth, discounted", "currency", -1e6, 1e6)]] = field(default_factory=list)
    """Of anything: the bounds; of a constant: the number."""
    patience: Annotated[int, Param("periods without a change after which play has settled", "periods", 1, 10**8)] = (
        100_000
    )
    most_periods: Annotated[int, Param("periods after which a session is given up", "periods", 1, 4 * 10**9)] = (
        1_250_000_000
    )


@numbers
class CommissionLevels:
    """Among what platforms that learn by trial choose: points added to all their commissions."""

    lowest: Annotated[float, Param("least added", "share of goods value", -0.5, 0.0, "assumption C-06")] = -0.03
    highest: Annotated[float, Param("most added", "share of goods value", 0.01, 0.5, "assumption C-06")] = 0.21
    n_levels: Annotated[int, Param("levels, equally far apart", "levels", 2, 25, "assumption C-06")] = 9


@numbers
class ConductParameters:
    """How platforms choose levers."""

    strategy: str
    review_weeks: Annotated[int, Param("weeks between two reviews of levers", "weeks", 1, 52, "assumption C-03")] = 4
    value_curvature: Annotated[
        float,
        Param("fall of the shadow value of an order with orders", "elasticity", 0.0, 2.0, "assumption C-01"),
    ] = 1.0
    lever_stiffness: Annotated[
        float,
        Param(
            "cost of levers away from home by all that is sold, against sales", "ratio", 0.0, 10.0,
            "assumption C-02, to be swept from 1 to 4",
        ),
    ] = 2.0  # fmt: skip
    first_levers: Annotated[
        float, Param("levers at the start against those of the sector file", "ratio", 0.5, 1.5, "experiment")
    ] = 1.0
    sees_rules: bool = True
    """Whether platforms know of the rules when they choose; if not, rules bind them and they do not answer."""
    learning: LearningParameters = field(default_factory=LearningParameters)
    levels: CommissionLevels = field(default_factory=CommissionLevels)


@numbers
class Moment:
    """A fact about the market: what the economy must look like, and how it is used."""

    title: str
    target: float
    unit: str
    role: Literal["input", "fitted", "implied", "held_out"]
    year: str
    source: str
    note: str = ""
    tolerance: float | None = None
    """Accepted distance in the moment's own unit; by default 0.03 for a share and a tenth of the target otherwise."""


@numbers
class Source:
    """Where a value comes from: data, a derivation, the fit, or a numbered assumption with a range to sweep."""

    basis: Literal["data", "derived", "fitted", "assumption"]
    text: str
    year: str = ""
    number: str = ""
    moment: str = ""
    low: float | None = None
    high: float | None = None


@numbers
class Sector:
    """A market: every behavioural number, the facts it should reproduce, and the source of each value."""

    name: str
    title: str
    currency: str
    consumers: ConsumerParameters
    merchants: MerchantParameters
    workers: WorkerParameters
    carriage: CarriageParameters
    ranking: RankingParameters
    platforms: dict[str, PlatformParameters]
    departments: dict[str, DepartmentParameters]
    moments: dict[str, Moment]
    sources: dict[str, Source]

    def source_of(self, name: str) -> Source | None:
        """Source of a value by its dotted name: the first entry or pattern that fits."""
        return next((source for pattern, source in self.sources.items() if fnmatchcase(name, pattern)), None)

"""Parameters of populations: consumers, merchants and workers."""

from __future__ import annotations

from typing import Annotated

from sim.parameters.declared import Param, parameters


@parameters
class ConsumerParameters:
    """Who consumers are, and their tastes in the nested choice of platform and merchant."""

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
        float, Param("value of a minute to a consumer of mean price sensitivity", "currency a minute", 0.0, 10.0)
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

    @property
    def usual_mark_up(self) -> float:
        """Mark-up of a small merchant under logit demand of mean price sensitivity, currency."""
        return self.merchant_scale / self.price_sensitivity

    @property
    def disutility_of_minute(self) -> float:
        """Utility that a minute of delay costs, alike for all incomes."""
        return self.value_of_time * self.price_sensitivity


@parameters
class MerchantTier:
    """One class of merchants that platforms charge alike: their number, quality and cost."""

    share: Annotated[float, Param("members among merchants", "share", 0.0, 1.0)]
    quality: Annotated[float, Param("quality above the common level", "utility", -5.0, 5.0)]
    cost_ratio: Annotated[float, Param("variable cost against the common one", "ratio", 0.1, 10.0)]
    is_independent: bool
    """Whether members are independents rather than branches of chains: rules speak of these two."""


@parameters
class MerchantParameters:
    """Who merchants are, how they price, list, enter and leave."""

    n_per_zone: Annotated[int, Param("merchants in business at the start", "merchants a zone", 0, 40_000)]
    n_slots: Annotated[int, Param("most merchants a zone can hold", "merchants a zone", 1, 65_536)]
    tiers: dict[str, MerchantTier]
    quality_sd: Annotated[float, Param("spread of quality at equal cost", "utility", 0.0, 5.0)]
    unit_cost: Annotated[float, Param("mean variable cost of an order at cost ratio 1", "currency", 0.01, 1e5)]
    unit_cost_log_sd: Annotated[
        float, Param("spread of unit cost; expensive goods are better goods", "log points", 0.0, 2.0)
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
    trade_persistence: Annotated[float, Param("weekly persistence of shocks to offline trade", "share", 0.0, 0.9999)]
    trade_shock_sd: Annotated[float, Param("weekly shock to a merchant's offline trade", "log points", 0.0, 1.0)]
    cash_buffer: Annotated[float, Param("cash kept in the business; more is withdrawn", "currency", 0.0, 1e7)]
    exit_debt: Annotated[float, Param("debt at which a merchant closes", "currency", 0.0, 1e7)]
    entrant_rate: Annotated[float, Param("mean potential entrants", "merchants a zone and week", 0.0, 4.0)]
    entry_cost: Annotated[float, Param("cost of opening, registration included", "currency", 0.0, 1e8)]
    entry_cost_log_sd: Annotated[float, Param("spread of the cost of opening", "log points", 0.0, 3.0)]
    entry_horizon: Annotated[float, Param("weeks of profit set against the cost of opening", "weeks", 1.0, 1e4)]


@parameters
class WorkerGroup:
    """One activity group of workers: how often and how long its members work."""

    share: Annotated[float, Param("members among workers", "share", 0.0, 1.0)]
    reservation_ratio: Annotated[float, Param("median reservation wage against usual earnings", "ratio", 0.01, 100.0)]
    hours: Annotated[
        float, Param("hours in a week that is worked", "hours a week", 0.0, 100.0, label="Hours in a week worked")
    ]


@parameters
class WorkerParameters:
    """Who workers are and how they choose hours and apps."""

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
    leaving_rate: Annotated[float, Param("workers who leave for good", "share a week", 0.0, 0.2)]
    joining_elasticity: Annotated[float, Param("log odds of joining per log hourly earnings", "elasticity", 0.0, 20.0)]
    waiting_share: Annotated[float, Param("part of rationed time that is lost in waiting", "share", 0.0, 1.0)]
    day_hours: Annotated[float, Param("hours in a working day", "hours a day", 0.5, 24.0)]

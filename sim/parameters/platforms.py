"""Parameters of platforms, of the ranking of merchants and of the carriage of orders."""

from __future__ import annotations

from typing import Annotated

import annotated_types

from sim.parameters.declared import Param, parameters


@parameters
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


@parameters
class RankingParameters:
    """Weights with which platforms show merchants: log odds of being a candidate."""

    relevance: Annotated[
        float, Param("weight of displayed quality", "per utility", -10.0, 10.0, label="Relevance in the ranking")
    ]
    sales: Annotated[float, Param("weight of log(1 + usual orders)", "-", 0.0, 0.95, label="Sales in the ranking")]
    price: Annotated[float, Param("weight against the relative price", "-", 0.0, 10.0, label="Price in the ranking")]


@parameters
class PlatformParameters:
    """One platform: what it charges and pays, and its appeal before prices."""

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
    tip_prompt: Annotated[float, Param("how strongly the app asks for a tip, 1 as observed", "share", 0.0, 1.0)]

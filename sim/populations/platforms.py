"""Platforms' columns: levers as chosen, levers as charged under the rules, and money."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from sim.parameters import CENTS, PlatformParameters
from sim.populations.table import Array, Table, column


class Platforms(Table):
    """Companies between the sides; a lever has a chosen value and, where a rule may bind it, one in force."""

    appeal: Array = column("float32", "utility", "utility of the app itself")
    worker_appeal: Array = column("float32", "share", "weight of the app in riders' hours at equal earnings")
    commission_chosen: Array = column("float64", "share of goods value", "commission wished; a column a merchant tier")
    commission: Array = column("float64", "share of goods value", "commission charged; a column a merchant tier")
    net_fee_chosen: Array = column("float64", "currency an order", "net consumer fee wished")
    piece_rate_chosen: Array = column("float64", "currency an order", "pay of the rider wished")
    ranking_tilt: Array = column("float64", "-", "weight added to independents when merchants are shown")
    busy_target: Array = column("float64", "share of capacity", "utilisation up to which hours are rationed")
    net_fee_cents: Array = column("int64", "cents an order", "delivery and service fee less coupon")
    piece_rate_cents: Array = column("int64", "cents an order", "pay of the rider")
    other_cost_cents: Array = column("int64", "cents an order", "payment, support, marketing, overhead")
    data_chosen: Array = column("float64", "units an order", "data a platform wishes to collect on the consumer")
    data_per_order: Array = column("float64", "units an order", "data collected on the consumer")
    tip_prompt: Array = column("float64", "share", "how strongly the app asks for a tip, 1 as today")
    floor_online: Array = column("float64", "currency an hour", "least pay of an hour on line")
    floor_engaged: Array = column("float64", "currency an hour", "least pay of an hour on a delivery")
    rationing: Array = column("float64", "share", "part of the hours below the floor that is kept off line")
    reach: Array = column("float64", "share", "visibility of merchants listed only elsewhere")
    access_charge: Array = column("float64", "share of a rider's pay", "what a home platform owes for a delivery")
    portability: Array = column("float64", "share", "part of the gap in habit and profile that an order closes")
    consent: Array = column("float64", "share", "consumers who let their data move")
    own_share_chosen: Array = column("float64", "share", "part of a new loan that a platform wishes to hold itself")
    own_share: Array = column("float64", "share", "part of a new loan that a platform holds itself")
    capital_leverage_chosen: Array = column("float64", "ratio", "own loans over capital wished")
    capital_leverage: Array = column("float64", "ratio", "own loans over capital, at most")
    n_inspections: Array = column("int64", "inspections", "inspections endured since the start")
    visit_cost_cents: Array = column("int64", "cents a week", "cost of being inspected this week")
    revenue_cents: Array = column("int64", "cents a week", "commission, net fees and net access charges this week")
    profit_cents: Array = column("int64", "cents a week", "cash profit this week")
    balance_cents: Array = column("int64", "cents", "cash since the start")


def seed_platforms(numbers: list[PlatformParameters], tiers: Collection[str]) -> Platforms:
    """Platforms with the configured levers; commissions are (J, T), in the order of the tiers."""
    table = Platforms(len(numbers), len(numbers))
    table.commission_chosen = np.array([[p.commission[tier] for tier in tiers] for p in numbers])
    table.commission = table.commission_chosen.copy()
    for name in ("appeal", "worker_appeal", "data_per_order", "tip_prompt"):
        getattr(table, name)[:] = [getattr(p, name) for p in numbers]
    table.data_chosen[:] = table.data_per_order
    table.net_fee_chosen[:] = [p.net_fee for p in numbers]
    table.piece_rate_chosen[:] = [p.piece_rate for p in numbers]
    for name in ("net_fee", "piece_rate", "other_cost"):
        getattr(table, f"{name}_cents")[:] = [round(CENTS * getattr(p, name)) for p in numbers]
    return table

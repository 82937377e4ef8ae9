"""Platforms' columns: decision variables as desired and as in force under the rules, and money."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from sim.parameters import CENTS, PlatformParameters, Practice
from sim.populations.table import Array, Table, column


class Platforms(Table):
    """Companies between the sides; a decision variable has a desired value and, where a rule may bind, one in force."""

    appeal: Array = column("float32", "utility", "utility of the app itself")
    worker_appeal: Array = column("float32", "share", "weight of the app in workers' hours at equal earnings")
    commission_chosen: Array = column("float64", "share of goods value", "commission desired; a column a merchant tier")
    commission: Array = column("float64", "share of goods value", "commission charged; a column a merchant tier")
    commission_outside: Array = column(
        "float64", "share of goods value", "commission charged outside the zones of a pilot; a column a merchant tier"
    )
    net_fee_chosen: Array = column("float64", "currency an order", "net consumer fee desired")
    piece_rate_chosen: Array = column("float64", "currency an order", "pay of the worker desired")
    ranking_tilt: Array = column("float64", "-", "weight added to independents when merchants are shown")
    busy_target: Array = column("float64", "share of capacity", "utilisation up to which hours are rationed")
    net_fee_cents: Array = column("int64", "cents an order", "delivery and service fee less coupon")
    piece_rate_cents: Array = column("int64", "cents an order", "pay of the worker")
    other_cost_cents: Array = column("int64", "cents an order", "payment, support, marketing, overhead")
    data_chosen: Array = column("float64", "units an order", "data on the consumer that a platform desires")
    data_per_order: Array = column("float64", "units an order", "data collected on the consumer")
    tip_prompt: Array = column("float64", "share", "how strongly the app asks for a tip, 1 as observed")
    floor_online: Array = column("float64", "currency an hour", "least pay of an hour online")
    floor_engaged: Array = column("float64", "currency an hour", "least pay of an hour on a delivery")
    rationing: Array = column("float64", "share", "part of the hours that do not earn the floor which may be rationed")
    visibility: Array = column("float64", "share", "visibility of merchants listed only elsewhere")
    access_charge: Array = column("float64", "share of a worker's pay", "what a home platform owes for a delivery")
    portability: Array = column("float64", "share", "part of the gap in habit and profile that an order closes")
    consent: Array = column("float64", "share", "consumers who let their data move")
    small_lift: Array = column("float64", "log points", "ranking weight added to small merchants of good quality")
    small_below: Array = column("float64", "share", "quantile of usual orders up to which a merchant counts as small")
    quality_floor: Array = column("float64", "share", "quantile of quality from which a merchant counts as good")
    small_most: Array = column("float32", "orders a week", "orders up to which a merchant counts as small")
    quality_wanted: Array = column("float32", "utility", "quality from which a merchant counts as good")
    size_premium: Array = column("float64", "currency an order", "fee added to stay below a threshold of size")
    coverage: Array = column("float64", "share", "orders on which workers are insured against injuries")
    premium: Array = column("float64", "currency an order", "premium for an insured order")
    replacement: Array = column("float64", "share", "part of the loss from an injury that the insurer pays")
    intensity: Array = column("float64", "share", "practices, 1 where the market is observed; a column a practice")
    bound: Array = column("float64", "share", "how far rules bind the platform")
    scrutiny: Array = column("float64", "ratio", "chance that a breach is found, relative to others'")
    ranking_lift: Array = column("float64", "-", "weight of independents in force, the end of paid placement included")
    surcharge: Array = column("float64", "currency an order", "mean personal surcharge that has ended")
    surcharge_cents: Array = column("int64", "cents a week", "personal surcharges no longer charged this week")
    misperceived_value: Array = column("float64", "currency an order", "value that consumers no longer misperceive")
    harm_spared: Array = column("float64", "currency an order", "harm that consumers no longer suffer")
    expected_harm_spared: Array = column("float64", "currency an order", "the same as consumers have come to expect it")
    cost: Array = column("float64", "currency an order", "cost of compliance of an order")
    oncost: Array = column("float64", "share of the piece rate", "contributions paid on workers' pay")
    burden_cents: Array = column("int64", "cents a week", "cost of compliance this week")
    minutes: Array = column("float64", "share", "rise of the shortest delay")
    safety: Array = column("float64", "share", "fall of the risk of injury on an order")
    multihoming_relief: Array = column("float64", "share", "commission no longer charged for a listing elsewhere")
    noise_reduction: Array = column("float64", "share", "fall of the noise in merchants' listing choice")
    excluded: Array = column("float64", "share", "part of workers without a licence who are excluded")
    trailing_revenue: Array = column("float64", "cents a week", "smoothed revenue: a year's is 52 times it")
    order_share: Array = column("float64", "share", "smoothed share of all orders carried")
    n_decisions: Array = column("int64", "decisions", "decisions against the platform since the start")
    listed_until: Array = column("int64", "week", "last week on the public list of offenders")
    fine_cents: Array = column("int64", "cents a week", "fines this week, less fines paid back")
    reported: Array = column("float64", "share", "sellers whose sales are reported to the tax office")
    min_sales: Array = column("float64", "orders a year", "sales below which a seller is not reported")
    reporting_cents: Array = column("int64", "cents a week", "cost of reporting this week")
    subsidy: Array = column("float64", "share", "part of the spending on research that the state pays")
    fund: Array = column("float64", "share of revenue", "most that grants may come to")
    grant_cents: Array = column("int64", "cents a week", "grant for research this week")
    research_cents: Array = column("int64", "cents a week", "spending on research beyond what is usual")
    technology: Array = column("float32", "utility", "appeal gained by research beyond what is usual")
    is_open: Array = column("bool", "-", "whether the platform does business")
    has_failed: Array = column("bool", "-", "stopped this week")
    has_entered: Array = column("bool", "-", "founded this week in the place of one that stopped")
    weeks_closed: Array = column("int64", "weeks", "weeks since the platform stopped")
    revenue_before: Array = column("float64", "cents a week", "smoothed revenue, up to the first rule")
    profit_before: Array = column("float64", "cents a week", "smoothed profit, up to the first rule")
    reserve_cents: Array = column("int64", "cents", "cash made under rules, beyond losses that were usual")
    opening_cents: Array = column("int64", "cents a week", "cost of founding, in the week of founding")
    own_share_chosen: Array = column("float64", "share", "part of a new loan that a platform desires to hold itself")
    own_share: Array = column("float64", "share", "part of a new loan that a platform holds itself")
    capital_leverage_chosen: Array = column("float64", "ratio", "own loans over capital desired")
    capital_leverage: Array = column("float64", "ratio", "own loans over capital, at most")
    n_inspections: Array = column("int64", "inspections", "inspections since the start")
    n_visits: Array = column("int64", "inspections a week", "inspections this week")
    visit_cost_cents: Array = column("int64", "cents a week", "cost of being inspected this week")
    revenue_cents: Array = column("int64", "cents a week", "commission, net fees and net access charges this week")
    profit_cents: Array = column("int64", "cents a week", "cash profit this week")
    balance_cents: Array = column("int64", "cents", "cash since the start")


def is_reached(coverage: Sequence[float]) -> Array:
    """Whether some consumers have the app, bool (J,); who has none at first takes the most widespread one."""
    share = np.array(coverage)
    return (share > 0.0) | (np.arange(len(share)) == share.argmax())


def seed_platforms(parameters: list[PlatformParameters], tiers: Collection[str]) -> Platforms:
    """Platforms with the configured decision variables; commissions are (J, T), in the order of the tiers."""
    table = Platforms(len(parameters), len(parameters))
    table.commission_chosen = np.array([[p.commission[tier] for tier in tiers] for p in parameters])
    table.commission, table.commission_outside = table.commission_chosen.copy(), table.commission_chosen.copy()
    for name in ("appeal", "worker_appeal", "data_per_order", "tip_prompt"):
        getattr(table, name)[:] = [getattr(p, name) for p in parameters]
    table.data_chosen[:] = table.data_per_order
    table.intensity = np.ones((len(parameters), len(Practice)))
    # Who has no consumers does no business: nobody lists, works, inspects or competes there.
    table.is_open[:] = is_reached([p.consumer_reach for p in parameters])
    table.bound[:], table.scrutiny[:], table.order_share[:] = 1.0, 1.0, table.is_open / table.is_open.sum()
    table.data_chosen[:] = table.data_per_order
    table.net_fee_chosen[:] = [p.net_fee for p in parameters]
    table.piece_rate_chosen[:] = [p.piece_rate for p in parameters]
    for name in ("net_fee", "piece_rate", "other_cost"):
        getattr(table, f"{name}_cents")[:] = [round(CENTS * getattr(p, name)) for p in parameters]
    return table

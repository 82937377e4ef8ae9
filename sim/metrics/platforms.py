"""Weekly metrics of platforms."""

from __future__ import annotations

import numpy as np

from sim.ledger.accounts import Account
from sim.metrics.metric import PER_THOUSAND, Metric, fees_paid, per_thousand, ratio
from sim.metrics.ratios import PlatformTotals, mean_over_orders, platform_ratios
from sim.parameters import CENTS
from sim.world import World

METRICS = (
    Metric(
        "platform_profit",
        "Platforms' profit",
        PER_THOUSAND,
        "platforms",
        "higher",
        "commission, net fees and net access charges less cost of carriage, other costs and cost of compliance",
    ),
    Metric(
        "platform_revenue",
        "Platforms' revenue",
        PER_THOUSAND,
        "platforms",
        "neutral",
        "commission, net fees, net access charges",
    ),
    Metric(
        "platform_profit_per_order",
        "Platforms' profit per order",
        "{currency} an order",
        "platforms",
        "higher",
        "profit over orders carried",
    ),
    Metric(
        "platform_revenue_per_order",
        "Platforms' revenue per order",
        "{currency} an order",
        "platforms",
        "neutral",
        "commission, net fees, net access charges over orders carried",
    ),
    Metric(
        "platform_commission_per_order",
        "Commission per order",
        "{currency} an order",
        "platforms",
        "neutral",
        "commission over orders carried",
    ),
    Metric(
        "platform_commission_per_order_independent",
        "Commission of independents per order",
        "{currency} an order",
        "platforms",
        "neutral",
        "commission that independents pay over all orders carried",
    ),
    Metric(
        "platform_fee_per_order",
        "Net consumer fee per order",
        "{currency} an order",
        "platforms",
        "neutral",
        "delivery and service fees less coupons over orders carried",
    ),
    Metric(
        "platform_worker_cost_per_order",
        "Cost of carriage per order",
        "{currency} an order",
        "platforms",
        "neutral",
        "what platforms pay for carriage, top-ups included, over orders carried",
    ),
    Metric(
        "platform_take_rate",
        "Total take rate",
        "share of order value",
        "platforms",
        "neutral",
        "revenue over order value (goods and fees)",
    ),
    Metric(
        "platform_commission_share",
        "Commission in order value",
        "share of order value",
        "platforms",
        "neutral",
        "commission over order value",
    ),
    Metric("platform_margin", "Operating margin", "share of revenue", "platforms", "higher", "profit over revenue"),
    Metric(
        "platform_rider_cost_share",
        "Cost of carriage in order value",
        "share of order value",
        "platforms",
        "neutral",
        "what platforms pay for carriage over order value",
    ),
    Metric(
        "platform_leader_order_share",
        "Leader's share of orders",
        "share of orders",
        "market",
        "neutral",
        "largest platform by orders",
    ),
    Metric(
        "platform_leader_revenue_share",
        "Leader's share of revenue",
        "share of revenue",
        "market",
        "neutral",
        "largest platform by revenue",
    ),
    Metric(
        "platform_second_revenue_share",
        "Runner-up's share of revenue",
        "share of revenue",
        "market",
        "neutral",
        "second platform by revenue",
    ),
    Metric(
        "platform_remote_share",
        "Orders across platforms",
        "share of orders",
        "market",
        "neutral",
        "orders carried by one platform for merchants listed only on others",
    ),
    Metric(
        "platform_hhi_orders",
        "Concentration by orders",
        "HHI, 0 to 10,000",
        "market",
        "neutral",
        "Herfindahl index of order shares",
    ),
    Metric(
        "platform_hhi_revenue",
        "Concentration by revenue",
        "HHI, 0 to 10,000",
        "market",
        "neutral",
        "Herfindahl index of revenue shares",
    ),
    Metric(
        "platform_technology",
        "Technology beyond the trend",
        "utility",
        "platforms",
        "higher",
        "appeal that research beyond what is usual has added, platforms weighted by orders carried",
    ),
    Metric(
        "platform_reporting_cost",
        "Cost of reporting sellers",
        PER_THOUSAND,
        "platforms",
        "lower",
        "what platforms spend on reporting sellers to the tax office; already deducted from profit",
    ),
    Metric("platforms_open", "Platforms in business", "platforms", "market", "neutral", "platforms that are open"),
    Metric(
        "platform_failures",
        "Platforms that stop",
        "platforms a week",
        "market",
        "lower",
        "platforms whose losses under rules became too large",
    ),
    Metric(
        "platform_entries",
        "Platforms founded",
        "platforms a week",
        "market",
        "neutral",
        "platforms founded in the place of one that stopped",
    ),
    Metric(
        "platform_opening_cost",
        "Cost of founding platforms",
        PER_THOUSAND,
        "platforms",
        "lower",
        "what owners of new platforms spend to found them; not in platforms' profit, subtracted from total welfare",
    ),
)


def measure_platforms(world: World) -> dict[str, float]:
    """Numbers of METRICS for this week."""
    platforms, carried = world.platforms, world.zones.carried.sum(axis=1)
    profit, revenue = int(platforms.profit_cents.sum()), int(platforms.revenue_cents.sum())
    workers, merchants = world.workers, world.merchants
    of_independents = int((merchants.commission_cents * merchants.is_independent).sum())
    week = PlatformTotals(
        unit=CENTS,
        orders=carried,
        revenue=platforms.revenue_cents,
        profit=profit,
        commission=int(merchants.commission_cents.sum()),
        fees=int(fees_paid(world).sum()),
        goods=int(merchants.sales_cents.sum()),
        carriage=int((workers.pay_cents - workers.tip_cents).sum()) + world.ledger.flows[Account.PARCELS],
        remote=world.zones.remote.sum(),
    )
    return {
        "platform_profit": per_thousand(world, profit),
        "platform_revenue": per_thousand(world, revenue),
        **platform_ratios(week),
        "platform_commission_per_order_independent": ratio(of_independents / CENTS, carried.sum()),
        "platform_technology": mean_over_orders(platforms.technology.astype(np.float64), carried),
        "platform_reporting_cost": per_thousand(world, platforms.reporting_cents.sum()),
        "platforms_open": float(np.count_nonzero(platforms.is_open)),
        "platform_failures": float(np.count_nonzero(platforms.has_failed)),
        "platform_entries": float(np.count_nonzero(platforms.has_entered)),
        "platform_opening_cost": per_thousand(world, platforms.opening_cents.sum()),
    }

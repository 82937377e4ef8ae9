"""Weekly metrics of the state, and total welfare."""

from __future__ import annotations

from sim.ledger.accounts import Account
from sim.metrics.metric import PER_THOUSAND, Metric, per_thousand
from sim.world import World

METRICS = (
    Metric(
        "state_net",
        "State, net",
        PER_THOUSAND,
        "state",
        "higher",
        "taxes, fines and contributions, less grants, fines paid back, staff and inspections; without the tax that "
        "merchants' fixed costs contain",
    ),
    Metric(
        "state_inspections",
        "Inspections",
        "inspections a week",
        "state",
        "neutral",
        "visits of departments to platforms",
    ),
    Metric(
        "state_breaches",
        "Breaches at inspected platforms",
        "breaches a week",
        "state",
        "lower",
        "terms of inspected platforms that break a rule, proven or not",
    ),
    Metric(
        "state_tax",
        "Tax on platform sales",
        PER_THOUSAND,
        "state",
        "higher",
        "tax on platform sales, contained in merchants' fixed costs or paid on top of them",
    ),
    Metric(
        "state_tax_in_costs",
        "Tax inside fixed costs",
        PER_THOUSAND,
        "state",
        "neutral",
        "part of that tax which merchants' fixed costs contain; in neither state net nor total welfare",
    ),
    Metric(
        "state_subsidies",
        "Grants",
        PER_THOUSAND,
        "state",
        "lower",
        "what the state pays towards platforms' research",
    ),
    Metric(
        "owners_opening",
        "Opening of businesses",
        PER_THOUSAND,
        "owners",
        "higher",
        "what owners spend to open businesses and platforms, as a loss",
    ),
    Metric(
        "welfare_total",
        "Total welfare",
        PER_THOUSAND,
        "welfare",
        "higher",
        "consumer, merchant, worker and platform surplus, state net and the opening of businesses, added up",
    ),
)

INCOME = (Account.TAXES, Account.FINES, Account.CONTRIBUTIONS)
SPENDING = (Account.RESEARCH_GRANTS, Account.STAFF, Account.INSPECTIONS, Account.FINES_PAID_BACK)
"""Money that the state receives from others, and pays to them."""
PARTIES = ("consumer_surplus", "merchant_profit", "worker_surplus", "platform_profit", "state_net")


def measure_state(world: World) -> dict[str, float]:
    """Numbers of METRICS for this week but the last two, which `total` adds."""
    flows = world.ledger.flows
    in_costs = flows[Account.TAX_IN_COSTS]
    return {
        "state_net": per_thousand(world, net_cents(world)),
        "state_inspections": float(world.departments.n_inspections.sum()),
        "state_breaches": float(world.departments.n_breaches.sum()),
        "state_tax": per_thousand(world, in_costs + flows[Account.TAXES]),
        "state_tax_in_costs": per_thousand(world, in_costs),
        "state_subsidies": per_thousand(world, flows[Account.RESEARCH_GRANTS]),
    }


def net_cents(world: World) -> int:
    """Income less spending of the state in a week, without the tax that merchants' fixed costs contain."""
    flows = world.ledger.flows
    return sum(flows[account] for account in INCOME) - sum(flows[account] for account in SPENDING)


def total(world: World, measured: dict[str, float]) -> dict[str, float]:
    """What owners spend on opening, and total welfare: the sum of parties and of that (docs/welfare.md)."""
    opening = measured["merchant_opening_cost"] + measured["platform_opening_cost"]
    # 0.0 - 0.0 is 0.0, while -0.0 would be printed with its sign where nobody opens.
    return {"owners_opening": 0.0 - opening, "welfare_total": sum(measured[name] for name in PARTIES) - opening}

"""The state's week in numbers, and the sum over parties."""

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
        "fines and social contributions, less fines paid back, staff and inspections",
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
        "state_breaches", "Breaches found", "breaches a week", "state", "lower", "terms found above what a rule allows"
    ),
    Metric(
        "welfare_total",
        "All parties together",
        PER_THOUSAND,
        "welfare",
        "higher",
        "consumer, merchant, worker and platform surplus and state net, less the cost of opening businesses",
    ),
)

INCOME = (Account.FINES, Account.CONTRIBUTIONS)
SPENDING = (Account.STAFF, Account.INSPECTIONS, Account.FINES_PAID_BACK)
"""Money that the state receives from others, and pays to them."""
PARTIES = ("consumer_surplus", "merchant_profit", "worker_surplus", "platform_profit", "state_net")


def measure_state(world: World) -> dict[str, float]:
    """Numbers of METRICS for this week but welfare_total, which `total` adds."""
    flows = world.ledger.flows
    return {
        "state_net": per_thousand(world, sum(flows[a] for a in INCOME) - sum(flows[a] for a in SPENDING)),
        "state_inspections": float(world.departments.n_inspections.sum()),
        "state_breaches": float(world.departments.n_breaches.sum()),
    }


def total(measured: dict[str, float]) -> dict[str, float]:
    """Welfare of all parties together, opening costs taken off; what each contains is in docs/welfare.md."""
    return {"welfare_total": sum(measured[name] for name in PARTIES) - measured["merchant_opening_cost"]}

"""Weekly metrics of payments: every account of the ledger, so that every payment has an effect with an interval."""

from __future__ import annotations

from sim.ledger.accounts import Account, Party
from sim.metrics.metric import PER_THOUSAND, Metric, per_thousand
from sim.world import World

PREFIX = "flow_"


def metric_of(account: Account) -> str:
    """Name of the metric of an account: `flow_commission`."""
    return f"{PREFIX}{account.name.lower()}"


def account_of(metric: str) -> Account | None:
    """The account that a metric is about; None for a metric that is no flow."""
    return Account[metric.removeprefix(PREFIX).upper()] if metric.startswith(PREFIX) else None


def _named(party: Party) -> str:
    return "the world" if party is Party.WORLD else party.value


METRICS = tuple(
    Metric(
        metric_of(account),
        f"{_named(account.payer).capitalize()} to {_named(account.payee)}: {account.what}",
        PER_THOUSAND,
        "flows",
        "neutral",
        f"what {_named(account.payer)} pay {_named(account.payee)} in the week",
    )
    for account in Account
)


def measure_flows(world: World) -> dict[str, float]:
    """Numbers of METRICS for this week."""
    return {metric_of(account): per_thousand(world, cents) for account, cents in world.ledger.flows.items()}

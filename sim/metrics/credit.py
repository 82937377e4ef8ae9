"""Weekly metrics of platforms' credit business, which is apart from the marketplace and in no other metric."""

from __future__ import annotations

from sim.lending import WEEKS_A_YEAR
from sim.metrics.metric import PER_THOUSAND, Metric, per_thousand, ratio
from sim.world import World

METRICS = (
    Metric(
        "platform_credit_profit",
        "Profit of platforms' credit arms",
        PER_THOUSAND,
        "platforms",
        "higher",
        "interest and fees less own losses and costs; not part of platforms' profit",
    ),
    Metric(
        "credit_outstanding",
        "Credit outstanding",
        "{currency} per 1,000 consumers",
        "market",
        "neutral",
        "what consumers owe on loans arranged by platforms, whoever funded them",
    ),
    Metric("credit_lent", "New credit", PER_THOUSAND, "market", "neutral", "loans paid out"),
    Metric(
        "credit_own_share",
        "Platforms' part of credit",
        "share of credit",
        "market",
        "neutral",
        "part of outstanding credit that platforms hold themselves",
    ),
    Metric(
        "credit_leverage",
        "Leverage of credit",
        "ratio",
        "market",
        "lower",
        "outstanding credit over the part that platforms hold themselves",
    ),
    Metric(
        "credit_bank_risk_share",
        "Credit funded by banks",
        "share of credit",
        "market",
        "lower",
        "outstanding credit less the capital of platforms' credit arms: partners' part and refinancing",
    ),
    Metric(
        "credit_default_share",
        "Credit written off",
        "share of credit a year",
        "market",
        "lower",
        "debt written off this week over outstanding credit, times the weeks of a year",
    ),
    Metric(
        "consumer_credit_distress",
        "Borrowers behind with payments",
        "share of users",
        "consumers",
        "lower",
        "mean over platforms' users; users of two platforms count twice",
    ),
)


def measure_credit(world: World) -> dict[str, float]:
    """Numbers of METRICS for this week."""
    credit, lenders = world.credit, world.lenders
    owed, own = int(credit.outstanding_cents.sum()), int(credit.own_cents.sum())
    return {
        "platform_credit_profit": per_thousand(world, int(lenders.profit_cents.sum())),
        "credit_outstanding": per_thousand(world, owed),
        "credit_lent": per_thousand(world, int(credit.lent_cents.sum())),
        "credit_own_share": ratio(own, owed),
        "credit_leverage": ratio(owed, own),
        "credit_bank_risk_share": ratio(owed - int(lenders.capital_cents.sum()), owed),
        "credit_default_share": WEEKS_A_YEAR * ratio(int(credit.defaulted_cents.sum()), owed),
        "consumer_credit_distress": ratio((credit.missed * credit.n_users).sum(), credit.n_users.sum()),
    }

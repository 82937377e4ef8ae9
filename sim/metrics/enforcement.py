"""Weekly metrics of enforcement and compliance: breaches, cases, errors, fines, practices."""

from __future__ import annotations

import numpy as np

from sim.ledger.accounts import Account
from sim.metrics.metric import PER_THOUSAND, Metric, per_thousand
from sim.parameters import MEANING, Practice
from sim.populations.cases import works
from sim.world import World

COUNTS: tuple[tuple[str, str, str, str], ...] = (
    ("state_leads", "Leads", "leads a week", "n_leads"),
    ("state_cases_opened", "Cases opened", "cases a week", "n_opened"),
    ("state_cases_decided", "Cases decided", "cases a week", "n_decided"),
    ("state_cases_fined", "Cases that end in a fine", "cases a week", "n_fined"),
    ("state_true_positives", "Breaches proven (true positives)", "inspections a week", "n_true_positives"),
    ("state_false_positives", "Wrong suspicions (false positives)", "inspections a week", "n_false_positives"),
    ("state_false_negatives", "Breaches missed (false negatives)", "inspections a week", "n_false_negatives"),
    ("state_true_negatives", "Compliance confirmed (true negatives)", "inspections a week", "n_true_negatives"),
)
"""Metric, title, unit, and the departments' column that it adds up."""
MEANINGS = {
    "state_leads": "infringement types about which somebody complained or another department passed on a hint",
    "state_cases_opened": "cases opened after a visit or an audit",
    "state_cases_decided": "cases that were closed with a decision",
    "state_cases_fined": "decisions with a fine, wrong ones included",
    # A visit examines several infringement types: these four count types, so that they add up.
    "state_true_positives": "inspections, by infringement type, that proved a breach",
    "state_false_positives": "inspections, by infringement type, that opened a case where there was no breach",
    "state_false_negatives": "inspections, by infringement type, that did not find a breach that there was",
    "state_true_negatives": "inspections, by infringement type, that rightly found no breach",
}

METRICS = (
    *(Metric(name, title, unit, "state", "neutral", MEANINGS[name]) for name, title, unit, _ in COUNTS),
    Metric(
        "state_violations",
        "Breaches in force",
        "full breaches a platform",
        "state",
        "lower",
        "share of each rule's requirements not complied with, summed over infringement types, mean over platforms",
    ),
    Metric("state_fines", "Fines", PER_THOUSAND, "state", "neutral", "fines less fines paid back"),
    Metric("state_fines_paid_back", "Wrong fines paid back", PER_THOUSAND, "state", "lower", "fines that were wrong"),
    Metric(
        "platform_burden",
        "Cost of compliance",
        PER_THOUSAND,
        "platforms",
        "lower",
        "cost on orders, contributions on workers' pay, premiums for workers' cover, outside audits",
    ),
    *(
        Metric(
            f"practice_{practice.label}",
            f"Practice: {practice.label.replace('_', ' ')}",
            "share of the observed level",
            "market",
            "lower",
            f"{MEANING[practice]}; mean by orders",
        )
        for practice in Practice
    ),
)


def measure_enforcement(world: World) -> dict[str, float]:
    """Numbers of METRICS for this week."""
    departments, platforms, flows = world.departments, world.platforms, world.ledger.flows
    carried = world.zones.carried.sum(axis=1)
    weight = carried / carried.sum() if carried.any() else np.full(world.n_platforms, 1.0 / world.n_platforms)
    here = world.sector.practices_here
    practised = 1.0 - ((1.0 - platforms.intensity) * weight[:, None]).sum(axis=0)
    return {
        **{name: float(getattr(departments, column).sum()) for name, _, _, column in COUNTS},
        "state_violations": float(works(world.cases).sum()) / world.n_platforms,
        "state_fines": per_thousand(world, flows[Account.FINES] - flows[Account.FINES_PAID_BACK]),
        "state_fines_paid_back": per_thousand(world, flows[Account.FINES_PAID_BACK]),
        "platform_burden": per_thousand(world, int(platforms.burden_cents.sum())),
        **{f"practice_{p.label}": float(practised[int(p)]) if p in here else float("nan") for p in Practice},
    }

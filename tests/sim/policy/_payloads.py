"""What a rule may act on, by hook: how to write a payload down, and which columns of the economy follow from it."""

from dataclasses import fields
from typing import Any

import numpy as np

from sim.parameters import Practice
from sim.rules.hooks import (
    AccessTerms,
    CreditTerms,
    DataTerms,
    Hook,
    InnovationTerms,
    InsuranceTerms,
    MerchantTerms,
    PracticeTerms,
    RankingTerms,
    ScopeTerms,
    SupervisionTerms,
    TaxTerms,
    Terms,
    WorkerTerms,
)
from sim.rules.practice_effects import BESIDE_TERMS

PAYLOADS: dict[Hook, type[Terms]] = {
    Hook.MERCHANT_TERMS: MerchantTerms,
    Hook.DATA_TERMS: DataTerms,
    Hook.WORKER_TERMS: WorkerTerms,
    Hook.ACCESS_TERMS: AccessTerms,
    Hook.PRACTICES: PracticeTerms,
    Hook.RANKING_TERMS: RankingTerms,
    Hook.INSURANCE_TERMS: InsuranceTerms,
    Hook.SUPERVISION: SupervisionTerms,
    Hook.SCOPE: ScopeTerms,
    Hook.TAX_TERMS: TaxTerms,
    Hook.INNOVATION_TERMS: InnovationTerms,
    Hook.CREDIT_TERMS: CreditTerms,
}
"""The payload's class; a new hook needs a line here and in HIGHEST."""

KNOWS_NO_BREACH = (Hook.SUPERVISION, Hook.SCOPE)
"""Hooks that ask nothing of platforms: who is bound, and how departments look."""

LEVERS: dict[Hook, set[str]] = {hook: set(kind.changed()) for hook, kind in PAYLOADS.items()}
"""Fields of the payload that a rule may change; the others say whom it meets."""

COLUMNS: dict[Hook, set[str]] = {hook: {f"platforms.{lever}" for lever in levers} for hook, levers in LEVERS.items()}
"""Columns that may change in the phase in which rules act at this hook."""
COLUMNS[Hook.SUPERVISION] = set()
COLUMNS[Hook.PRACTICES] |= {
    f"platforms.{name}" for name in (*BESIDE_TERMS, "ranking_lift", "commission", "net_fee_cents", "piece_rate_cents")
}

HIGHEST = {
    "commission": 0.5,
    "data_per_order": 2.0,
    "floor_online": 50.0,
    "floor_engaged": 50.0,
    "rationing": 1.0,
    "visibility": 1.0,
    "access_charge": 1.0,
    "portability": 1.0,
    "consent": 1.0,
    "own_share": 0.6,
    "capital_leverage": 20.0,
    "reported": 1.0,
    "min_sales": 100.0,
    "subsidy": 0.5,
    "fund": 0.1,
    "coverage": 1.0,
    "premium": 0.2,
    "replacement": 1.0,
    "intensity": 1.0,
    "small_lift": 1.0,
    "small_below": 1.0,
    "quality_floor": 1.0,
    "technology": 8.0,
    "sharing": 1.0,
    "recognition": 1.0,
    "haste": 0.9,
    "audits": 4.0,
    "listing_weeks": 104.0,
    "strikes": 4.0,
    "stigma": 0.1,
    "audit_power": 1.0,
    "audit_cost": 0.002,
    "bound": 1.0,
    "scrutiny": 4.0,
}
"""Up to which value a lever is drawn in `some_payload`: values on both sides of every rule's default."""


def payload_of(hook: Hook, values: dict[str, list[Any]]) -> Terms:
    """A payload from plain lists, as a worked case writes them: practices by number or in words.

    Of a department a case need not say how it works where it works as without a rule.
    """
    kind = PAYLOADS[hook]
    numbers = {f.name for f in fields(kind)} - {"platform", "practice", "is_independent"}
    plain = {name: [_number(v) for v in entries] for name, entries in values.items()}
    if hook is Hook.SUPERVISION:
        n = len(values["platform"])
        plain = {name: [1.0 if name == "technology" else 0.0] * n for name in kind.changed()} | plain
    return kind(**{name: np.array(v, float if name in numbers else None) for name, v in plain.items()})


def _number(value: Any) -> Any:
    return int(Practice[value.upper()]) if isinstance(value, str) else value


def some_payload(hook: Hook, n: int) -> Terms:
    """A payload of n entries with something in it to act on: practices in turn, small and large platforms."""
    rng, kind = np.random.default_rng(n), PAYLOADS[hook]
    drawn = {"platform": rng.integers(0, 3, n), "is_independent": rng.random(n) < 0.5}
    drawn["practice"] = np.resize(np.arange(len(Practice)), n)
    drawn["order_share"] = rng.permutation(np.linspace(0.01, 0.9, n))
    drawn |= {lever: rng.uniform(0.0, HIGHEST[lever], n) for lever in kind.changed()}
    if hook is Hook.PRACTICES:
        drawn["intensity"][: len(Practice)] = 1.0  # as they are observed, once each
    return kind(**{field.name: drawn[field.name] for field in fields(kind)})

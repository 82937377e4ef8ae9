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
    RiderTerms,
    TaxTerms,
    Terms,
)

PAYLOADS: dict[Hook, type[Terms]] = {
    Hook.MERCHANT_TERMS: MerchantTerms,
    Hook.DATA_TERMS: DataTerms,
    Hook.RIDER_TERMS: RiderTerms,
    Hook.ACCESS_TERMS: AccessTerms,
    Hook.TAX_TERMS: TaxTerms,
    Hook.INNOVATION_TERMS: InnovationTerms,
    Hook.CREDIT_TERMS: CreditTerms,
    Hook.INSURANCE_TERMS: InsuranceTerms,
    Hook.PRACTICES: PracticeTerms,
}
"""The payload's class; a new hook needs a line here and in HIGHEST."""

LEVERS: dict[Hook, set[str]] = {hook: set(kind.changed()) for hook, kind in PAYLOADS.items()}
"""Fields of the payload that a rule may change; the others say whom it meets."""

COLUMNS: dict[Hook, set[str]] = {hook: {f"platforms.{lever}" for lever in levers} for hook, levers in LEVERS.items()}
"""Columns that may change in the phase in which rules act at this hook."""

HIGHEST = {
    "commission": 0.5, "data_per_order": 2.0, "floor_online": 50.0, "floor_engaged": 50.0, "rationing": 1.0,
    "reach": 1.0, "access_charge": 1.0, "portability": 1.0, "consent": 1.0, "own_share": 0.6, "capital_leverage": 20.0,
    "reported": 1.0, "min_sales": 100.0, "subsidy": 0.5, "fund": 0.1, "coverage": 1.0, "premium": 0.2,
    "replacement": 1.0, "intensity": 1.0,
}  # fmt: skip
"""Up to which value a lever is drawn in `some_payload`: values on both sides of every rule's default."""


def payload_of(hook: Hook, values: dict[str, list[Any]]) -> Terms:
    """A payload from plain lists, as a worked case writes them."""
    kind = PAYLOADS[hook]
    return kind(**{name: np.array(v, float if name in kind.changed() else None) for name, v in values.items()})


def some_payload(hook: Hook, n: int) -> Terms:
    """A payload of n entries with something in it to act on."""
    rng, kind = np.random.default_rng(n), PAYLOADS[hook]
    drawn = {"platform": rng.integers(0, 3, n), "is_independent": rng.random(n) < 0.5}
    drawn["practice"] = np.resize(np.arange(len(Practice)), n)
    drawn |= {lever: rng.uniform(0.0, HIGHEST[lever], n) for lever in kind.changed()}
    return kind(**{field.name: drawn[field.name] for field in fields(kind)})

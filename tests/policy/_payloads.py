"""What a rule may act on, by hook: how to write a payload down, and which columns of the economy follow from it."""

from typing import Any

import numpy as np

from sim.rules.hooks import Hook, MerchantTerms

PAYLOADS: dict[Hook, type] = {Hook.MERCHANT_TERMS: MerchantTerms}
"""The payload's class; a new hook needs a line here and in COLUMNS."""

COLUMNS: dict[Hook, set[str]] = {Hook.MERCHANT_TERMS: {"platforms.commission"}}
"""Columns that change in the phase in which rules act at this hook."""

LEVERS: dict[Hook, set[str]] = {Hook.MERCHANT_TERMS: {"commission"}}
"""Fields of the payload that a rule may change; the others say whom it meets."""


def payload_of(hook: Hook, fields: dict[str, list[Any]]) -> Any:
    """A payload from plain lists, as a worked case writes them."""
    return PAYLOADS[hook](**{name: np.array(values) for name, values in fields.items()})


def some_payload(hook: Hook, n: int) -> Any:
    """A payload of n entries with something in it to act on."""
    rng = np.random.default_rng(n)
    assert hook is Hook.MERCHANT_TERMS, "write here what a payload of the new hook looks like"
    return MerchantTerms(rng.integers(0, 3, n), rng.random(n) < 0.5, rng.uniform(0.0, 0.5, n))

"""Every instrument by name, written out by hand."""

from __future__ import annotations

from sim.policy.art08_costs.commission_cap import CommissionCap
from sim.policy.instrument import AbstractInstrument

CATALOGUE: dict[str, type[AbstractInstrument]] = {
    "commission_cap": CommissionCap,
}

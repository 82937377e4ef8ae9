"""Every instrument by name, written out by hand."""

from __future__ import annotations

from sim.policy.art05_finance.platform_credit import PlatformCredit
from sim.policy.art06_data.data_limit import DataLimit
from sim.policy.art08_costs.commission_cap import CommissionCap
from sim.policy.art09_openness.interoperability import Interoperability
from sim.policy.art10_workers.minimum_pay import MinimumPay
from sim.policy.instrument import AbstractInstrument

CATALOGUE: dict[str, type[AbstractInstrument]] = {
    "platform_credit": PlatformCredit,
    "data_limit": DataLimit,
    "commission_cap": CommissionCap,
    "interoperability": Interoperability,
    "minimum_pay": MinimumPay,
}

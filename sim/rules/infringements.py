"""Infringement types, of which a case is about one: a practice, or what rules of one hook ask of a platform."""

from __future__ import annotations

from typing import NamedTuple

from sim.parameters import Practice
from sim.rules.hooks import Hook


class InfringementType(NamedTuple):
    """One thing that a platform may break rules about."""

    hook: Hook
    practice: Practice | None
    code: int
    """Keys draws; never used again for another type."""

    @property
    def label(self) -> str:
        """As in configuration and metrics."""
        return self.practice.label if self.practice is not None else self.hook.name.lower()


HOOK_CODES: dict[Hook, int] = {
    Hook.MERCHANT_TERMS: 1000,
    Hook.DATA_TERMS: 1001,
    Hook.WORKER_TERMS: 1002,
    Hook.ACCESS_TERMS: 1003,
    Hook.RANKING_TERMS: 1004,
    Hook.TAX_TERMS: 1005,
    Hook.CREDIT_TERMS: 1006,
    Hook.INSURANCE_TERMS: 1008,
}
"""Hooks at which rules ask something of a platform besides giving up practices; append only."""

INFRINGEMENTS: tuple[InfringementType, ...] = (
    *(InfringementType(Hook.PRACTICES, practice, int(practice)) for practice in Practice),
    *(InfringementType(hook, None, code) for hook, code in HOOK_CODES.items()),
)
"""Every infringement type; its position is its column wherever types are counted."""

N_INFRINGEMENTS = len(INFRINGEMENTS)
_POSITION = {
    (infringement.hook, infringement.practice): position for position, infringement in enumerate(INFRINGEMENTS)
}


def position_of(hook: Hook) -> int:
    """Column of the infringement type of a hook that is not about practices."""
    return _POSITION[hook, None]

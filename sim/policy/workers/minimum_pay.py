"""A worker must earn at least a given amount an hour; the platform makes up the difference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

import numpy as np

from sim.parameters import Param, parameters
from sim.parameters.acts import LABOUR_CONTRACT_LAW, MINIMUM_WAGES
from sim.policy.instrument import Bound, Department, Expect
from sim.rules.hooks import Hook, WorkerTerms
from sim.rules.sanctions import Sanction


@parameters
class MinimumPay(Bound):
    """Guarantees workers a minimum pay for every hour online, or for every hour on a delivery."""

    title = "Minimum pay"
    reading = (
        "Guarantees workers a minimum pay for every hour online, or for every hour on a delivery. Article (10) asks "
        "for systems of minimum wages and guaranteed payment that reach workers in new forms of employment (A10.8, "
        "A10.9). The model reads this as a floor under a worker's week on each platform: where the piece rate earned "
        "less, the platform adds a top-up. Hours online are the worker's choice, so a platform that pays for them may "
        "ration them, that is, keep workers offline who would not earn the floor; it does so unless the rule forbids "
        "it."
    )
    left_out = (
        "moves of workers between apps and zones within a week, closed sign-ups, pay by distance, tips, and arrears of "
        "wages."
    )
    provisions = ("A10.8", "A10.9")
    department = Department.LABOUR
    hook = Hook.WORKER_TERMS
    expects = (
        Expect("worker_hourly_earnings", "+", "no hour that counts is paid less than the floor"),
        Expect("worker_top_up", "+", "the piece rate alone does not reach the floor"),
        Expect("worker_rationed_share", "+", "hours that would not earn the floor are rationed"),
        Expect("worker_utilisation", "+", "fewer workers online share the orders"),
    )

    meanings: ClassVar[Mapping[str, str]] = {
        "basis": "hours that count: online (New York) or on a delivery (California, Seattle)",
        "may_ration": "whether a platform may keep workers offline",
    }

    floor: Annotated[
        float,
        Param(
            "minimum pay of an hour",
            "currency an hour",
            0.0,
            1000.0,
            f"law: {MINIMUM_WAGES.says('Beijing 25.3 yuan in 2021')}; 26.4 in 2023, Hunan 12.5 in 2020",
        ),
    ] = 25.3
    gain_multiple: Annotated[
        float,
        Param(
            "gains taken away, and fined",
            "x what was gained",
            0.0,
            10.0,
            f"law: {LABOUR_CONTRACT_LAW.at('Art. 85', 'what is owed, and up to as much again')}",
        ),
    ] = 2.0
    basis: Literal["online", "engaged"] = "online"
    may_ration: bool = True

    def apply(self, terms: WorkerTerms) -> None:
        """Raise the guarantee to the floor; platforms that pay for hours online ration them if they may."""
        floor = terms.floor_online if self.basis == "online" else terms.floor_engaged
        np.maximum(floor, self.floor, out=floor)
        if self.basis == "online" and self.may_ration:
            terms.rationing[terms.floor_online > 0.0] = 1.0

    @property
    def sanction(self) -> Sanction:
        """What was owed, and a fine of the same size."""
        return Sanction(gain_multiple=self.gain_multiple)

"""Platforms may only give orders to workers who hold the licence of their trade."""

from __future__ import annotations

from typing import Annotated

from sim.parameters import Param, Practice, parameters
from sim.policy.instrument import Bound, Department, Expect, restrain
from sim.rules.hooks import Hook, PracticeTerms
from sim.rules.sanctions import GainsTaken, Sanction


@parameters
class LicensedSupply(Bound):
    """Keeps workers without a licence off platforms, where the sector says that work needs one."""

    title = "Licensed supply"
    reading = (
        "Keeps workers without a licence off platforms, where the sector says that work needs one. Article (4) asks "
        "for firmer action against unlawful business of mobility platforms (A4.10). The model reads this as orders "
        "that go to licensed drivers and cars alone: the others stop, or get a licence if that pays. In a market that "
        "requires no licence the rule affects nobody."
    )
    left_out = (
        "prices of licences that rise with demand, limits on their number, cars and drivers licensed apart, and trips "
        "that move off the platforms."
    )
    provisions = ("A4.10",)
    department = Department.TRANSPORT
    hook = Hook.PRACTICES
    practices = (Practice.UNLICENSED_SUPPLY,)
    expects = (
        Expect("practice_unlicensed_supply", "-", "orders go to licensed workers"),
        Expect("worker_licensed_share", "+", "those without a licence stop, or get one"),
        Expect("worker_rationed_share", "+", "workers without a licence are excluded"),
        Expect("worker_hourly_earnings", "+", "fewer workers share the orders"),
        Expect("consumer_delay", "+", "fewer workers carry the orders"),
        Expect("consumer_orders", "-", "consumers wait longer and pay more"),
    )

    unlicensed_left: Annotated[
        float,
        Param("workers without a licence who may stay", "share of them", 0.0, 1.0, "policy lever"),
    ] = 0.0
    gain_multiple: GainsTaken = 2.0

    def apply(self, terms: PracticeTerms) -> None:
        """The practice falls to what is allowed."""
        restrain(terms, Practice.UNLICENSED_SUPPLY, self.unlicensed_left)

    @property
    def sanction(self) -> Sanction:
        """The gain, and a fine of the same size."""
        return Sanction(gain_multiple=self.gain_multiple)

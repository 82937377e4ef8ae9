"""Platforms are open: consumers of one reach the merchants of another and take their history along."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.parameters import Param, parameters
from sim.parameters.acts import UNFAIR_COMPETITION_LAW
from sim.policy.instrument import Department, Expect, Structure
from sim.rules.hooks import AccessTerms, Hook
from sim.rules.sanctions import GainsTaken, Sanction


@parameters
class Interoperability(Structure):
    """Makes merchants reachable from every platform, and habits and profiles portable between platforms."""

    title = "Interoperability"
    reading = (
        "Makes merchants reachable from every platform, and habits and profiles portable between platforms. Article "
        "(9) asks platforms to be compatible and open to one another, not to shut others out or hold them down, and to "
        "speed the exchange of services and data (A9.1, A9.2, A9.4, A9.6, A9.8). The model reads this as visibility (a "
        "merchant listed only elsewhere is shown here with a share of the visibility that a listing here would give, "
        "at the price and commission of the merchant's home platform), an access charge that the home platform owes "
        "the one whose worker carries the order, and portability (with an order, a share of the gap to the platform "
        "that has most of it is closed for a consenting consumer: data are copied, a habit moves)."
    )
    left_out = (
        "delay and cost of building interfaces, platforms that choose to serve remote orders at a loss, and links to "
        "other kinds of apps."
    )
    provisions = ("A9.1", "A9.2", "A9.4", "A9.6", "A9.8")
    department = Department.MARKET
    hook = Hook.ACCESS_TERMS
    expects = (
        Expect("platform_remote_share", "+", "orders reach merchants that are listed elsewhere"),
        Expect("consumer_surplus", "+", "every app offers more merchants"),
        Expect("consumer_variety", "+", "merchants listed elsewhere are visible"),
        Expect("platform_leader_order_share", "-", "habits and profiles no longer tie consumers to the largest app"),
    )

    visibility: Annotated[
        float,
        Param("visibility of merchants listed elsewhere", "share of a listing's", 0.0, 1.0, "policy lever"),
    ] = 0.8
    access_charge: Annotated[
        float,
        Param(
            "home platform's part of the worker's pay",
            "share of the piece rate",
            0.0,
            1.0,
            "policy lever; without a rule on access a market of three platforms had no equilibrium in a prototype",
        ),
    ] = 0.5
    portability: Annotated[
        float,
        Param("part of the gap in habit and profile that an order closes", "share", 0.0, 1.0, "policy lever"),
    ] = 0.5
    consent: Annotated[
        float,
        Param(
            "consumers who agree that their data move",
            "share of consumers",
            0.0,
            1.0,
            "data: 50.4% of 5,027 Amazon users would sell their data at a price, 4.0% give them for nothing; a "
            "transfer serves the consumer herself, so the upper figure is the reading",
            label="Consumers who consent",
        ),
    ] = 0.5

    fine: Annotated[
        float,
        Param(
            "fixed part of the fine, whole country",
            "currency",
            0.0,
            1e9,
            f"law: {UNFAIR_COMPETITION_LAW.at('Art. 29', '100,000 to 1m yuan, 5m where serious')}",
        ),
    ] = 1e6
    gain_multiple: GainsTaken = 2.0

    def apply(self, terms: AccessTerms) -> None:
        """Open every platform at least as far as the mandate; the access charge is what the mandate says."""
        np.maximum(terms.visibility, self.visibility, out=terms.visibility)
        np.maximum(terms.portability, self.portability, out=terms.portability)
        terms.access_charge[terms.visibility > 0.0] = self.access_charge
        terms.consent[terms.portability > 0.0] = self.consent

    @property
    def sanction(self) -> Sanction:
        """A fixed fine, and the gain taken away."""
        return Sanction(fixed=self.fine, gain_multiple=self.gain_multiple)

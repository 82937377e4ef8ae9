"""A dominant platform that abuses its position pays a share of its yearly sales."""

from __future__ import annotations

from typing import Annotated

from sim.parameters import Param, Practice, parameters
from sim.parameters.acts import ALIBABA_DECISION, ANTI_MONOPOLY_LAW
from sim.policy.instrument import Bound, Department, Expect, restrain
from sim.rules.hooks import Hook, PracticeTerms
from sim.rules.sanctions import Sanction


@parameters
class AntitrustFine(Bound):
    """Fines dominant platforms for keeping merchants to themselves and for showing paying brands first."""

    title = "Antitrust fines"
    reading = (
        "Fines dominant platforms for keeping merchants to themselves and for showing paying brands first. Article (4) "
        "asks that monopolies and abuses of dominance be investigated and punished, article (1) that the law on them "
        "be completed (A4.2, A4.4, A1.1, A2.8). The model reads abuse as forced exclusivity and self-preference by a "
        "platform with at least a given share of orders; a decision costs a share of a year's sales, more where it is "
        "repeated or very serious, and an order to stop, compliance with which is monitored for years."
    )
    left_out = "cartels, mergers, leniency, damages."
    provisions = ("A4.2", "A4.4", "A1.1", "A2.8")
    department = Department.MARKET
    hook = Hook.PRACTICES
    practices = (Practice.EXCLUSIVITY, Practice.SELF_PREFERENCE)
    expects = (
        Expect("practice_exclusivity", "-", "a dominant platform weighs the fine against what exclusivity earns"),
        Expect("practice_self_preference", "-", "a dominant platform weighs the fine against what paid ranking earns"),
        Expect("merchant_multihoming_share", "+", "listing elsewhere costs no commission"),
    )

    smallest_share: Annotated[
        float,
        Param(
            "share of orders from which a platform is dominant",
            "share",
            0.0,
            1.0,
            f"law: {ANTI_MONOPOLY_LAW.at('Art. 24', 'dominance is presumed from one half of the market')}",
        ),
    ] = 0.5
    fine_rate: Annotated[
        float,
        Param(
            "fine",
            "share of a year's revenue",
            0.0,
            0.1,
            f"law: {ANTI_MONOPOLY_LAW.at('Art. 57', '1 to 10% of sales of the year before')}; Meituan 3% and "
            "Alibaba 4% in 2021",
        ),
    ] = 0.03
    severity: Annotated[
        float,
        Param(
            "multiplier for very serious breaches",
            "ratio",
            1.0,
            5.0,
            f"law: {ANTI_MONOPOLY_LAW.at('Art. 63', 'two to five times the fine')}",
        ),
    ] = 1.0

    report_weeks: Annotated[
        int,
        Param(
            "weeks in which compliance with an order to stop is monitored",
            "weeks",
            0,
            520,
            f"law: {ALIBABA_DECISION.says('three years of reports to the authority')}; Meituan's is alike",
        ),
    ] = 156

    def apply(self, terms: PracticeTerms) -> None:
        """Both practices must end."""
        for practice in self.practices:
            restrain(terms, practice, 0.0)

    @property
    def sanction(self) -> Sanction:
        """A share of a year's sales, within the law's tenth, and three years of reports."""
        return Sanction(revenue_share=self.fine_rate, severity=self.severity, order_weeks=self.report_weeks)

"""A market as a whole."""

from __future__ import annotations

import functools
from dataclasses import field
from fnmatch import fnmatchcase
from typing import Literal

from sim.parameters.clauses import ClauseParameters
from sim.parameters.credit import CreditParameters
from sim.parameters.declared import Source, parameters
from sim.parameters.injuries import InjuryParameters
from sim.parameters.innovation import FailureParameters, InnovationParameters
from sim.parameters.licences import LicenceParameters
from sim.parameters.people import ConsumerParameters, MerchantParameters, WorkerParameters
from sim.parameters.platforms import CarriageParameters, PlatformParameters, RankingParameters
from sim.parameters.practices import OF_MERCHANTS, OF_WORKERS, Practice, PracticeParameters
from sim.parameters.state import DepartmentParameters, EnforcementParameters
from sim.parameters.tax import TaxParameters


@parameters
class Moment:
    """A fact about the market: what the economy must look like, and how it is used."""

    title: str
    target: float
    unit: str
    role: Literal["input", "fitted", "implied", "held_out"]
    year: str
    source: str
    note: str = ""
    tolerance: float | None = None
    """Accepted distance in the moment's own unit; by default 0.03 for a share and a tenth of the target otherwise."""


@parameters
class Sector:
    """A market: every behavioural number, the facts it should reproduce, and the source of each value."""

    name: str
    title: str
    currency: str
    consumers: ConsumerParameters
    merchants: MerchantParameters
    workers: WorkerParameters
    carriage: CarriageParameters
    ranking: RankingParameters
    platforms: dict[str, PlatformParameters]
    departments: dict[str, DepartmentParameters]
    moments: dict[str, Moment]
    sources: dict[str, Source]
    practices: PracticeParameters = field(default_factory=PracticeParameters)
    enforcement: EnforcementParameters = field(default_factory=EnforcementParameters)
    injuries: InjuryParameters = field(default_factory=InjuryParameters)
    licences: LicenceParameters = field(default_factory=LicenceParameters)
    clauses: ClauseParameters = field(default_factory=ClauseParameters)

    @functools.cached_property
    def practices_here(self) -> frozenset[Practice]:
        """Practices that this market's platforms can have: with the sides and the licences that there are."""
        absent = OF_MERCHANTS if not self.merchants.n_per_zone else frozenset()
        absent |= OF_WORKERS if not self.workers.n_per_zone else frozenset()
        if self.licences.licensed_share >= 1.0:
            absent |= {Practice.UNLICENSED_SUPPLY}
        return frozenset(p for p in Practice if p.label in self.practices.effects) - absent

    @property
    def usual_order_value(self) -> float:
        """What an order costs before anybody answers a rule: goods at the usual mark-up, and the net fee."""
        # From the sector file, not from a run: shares of order value in rules are then the same currency in every run.
        fee = sum(platform.net_fee for platform in self.platforms.values()) / max(len(self.platforms), 1)
        if not self.merchants.n_per_zone:
            return fee
        ratio = sum(tier.share * tier.cost_ratio for tier in self.merchants.tiers.values())
        return self.merchants.unit_cost * ratio + self.consumers.usual_mark_up + fee

    tax: TaxParameters = field(default_factory=TaxParameters)
    innovation: InnovationParameters = field(default_factory=InnovationParameters)
    failure: FailureParameters = field(default_factory=FailureParameters)
    credit: CreditParameters = field(default_factory=CreditParameters)
    """Platforms' credit business: the same in every market unless a sector file says otherwise."""

    @property
    def usual_weekly_pay(self) -> float:
        """What a worker usually earns in a week that is worked: usual hourly earnings x mean hours."""
        hours = sum(group.share * group.hours for group in self.workers.groups.values())
        return self.workers.usual_earnings * hours

    @property
    def loss_from_injury(self) -> float:
        """What an injury costs a worker who is not insured: treatment and pay lost, currency."""
        return (self.injuries.medical_weeks + self.injuries.lost_weeks) * self.usual_weekly_pay

    def source_of(self, name: str) -> Source | None:
        """Source of a value by its dotted name: the first entry or pattern that fits."""
        pattern = self.pattern_of(name)
        return None if pattern is None else self.sources[pattern]

    def pattern_of(self, name: str) -> str | None:
        """Key of the source of a value: the first entry of `sources` that is its dotted name, or a pattern of it."""
        return next((pattern for pattern in self.sources if fnmatchcase(name, pattern)), None)

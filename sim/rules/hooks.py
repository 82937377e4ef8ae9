"""What a rule may act on: payloads are arrays of any length, of agents or of the mean-field model."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, Self

import numpy as np

Array = np.ndarray


class Hook(Enum):
    """A moment of the week at which rules may change something."""

    MERCHANT_TERMS = "what a platform charges a merchant"
    DATA_TERMS = "what a platform collects about a consumer"
    WORKER_TERMS = "what a platform owes a worker for working time"
    ACCESS_TERMS = "what a platform opens to other platforms and their users"
    PRACTICES = "what a platform does to somebody's harm, or leaves undone"
    RANKING_TERMS = "which merchants a platform must show more"
    INSURANCE_TERMS = "how far a platform insures workers against injuries"
    SUPERVISION = "how a department finds breaches, and what follows"
    SCOPE = "which platforms rules bind, and how closely they are supervised"
    TAX_TERMS = "what a platform reports to the tax office about its sellers"
    INNOVATION_TERMS = "what the state pays towards a platform's research"
    CREDIT_TERMS = "how much of its own money a platform puts into the loans it arranges"


BY_ZONE = frozenset({Hook.MERCHANT_TERMS})
"""Hooks at which a rule can be in force in some zones only; at others platforms decide for all zones at once."""


@dataclass
class Terms:
    """What platforms do, entry by entry; rules change `levers` and `conditions` in place and nothing else."""

    levers: ClassVar[tuple[str, ...]]
    """What a rule moves, part of the way while it is phased in."""
    conditions: ClassVar[tuple[str, ...]] = ()
    """What a rule specifies for its levers, in full from its first week."""

    platform: Array
    """int64 (n): row of the platform."""

    def copy(self) -> Self:
        """The same terms, to be changed without changing these."""
        return dataclasses.replace(self, **{name: getattr(self, name).copy() for name in self.changed()})

    @classmethod
    def changed(cls) -> tuple[str, ...]:
        """Everything that a rule may change."""
        return cls.levers + cls.conditions

    def lean(self, towards: Self, strength: float | Array) -> None:
        """Go part of the way, lever by lever: own + strength x (towards - own); all the way at strength 1.

        strength: one number, or one an entry (n); where it is 0 conditions stay, too.
        """
        # The phase-in is here, once, and not in every instrument: an instrument says where its rule leads, and this
        # says how far. Conditions are whole at once, for half of a definition (who counts as small) means nothing.
        is_whole = np.ndim(strength) == 0 and strength >= 1.0
        for name in self.changed():
            own, other = getattr(self, name), getattr(towards, name)
            if is_whole:
                own[...] = other
                continue
            step = np.where(np.asarray(strength) > 0.0, 1.0, 0.0) if name in self.conditions else strength
            own[...] = np.where(np.asarray(step) >= 1.0, other, own + step * (other - own))

    def fall_short(self, desired: Self, breach: Array) -> None:
        """Comply in part: levers + breach x (desired - levers); breach (n) in [0, 1]."""
        for name in self.levers:
            own = getattr(self, name)
            own[...] = np.where(breach > 0.0, own + breach * (getattr(desired, name) - own), own)

    def of(self, row: int) -> Self:
        """The entries of one platform."""
        here = self.platform == row
        return dataclasses.replace(self, **{f.name: getattr(self, f.name)[here] for f in dataclasses.fields(self)})

    def short_of(self, allowed: Self, desired: Self) -> Array:
        """Whether entries (n) fall short of a rule: (allowed - desired) (allowed - these) > 0."""
        # A breach is to move less than the rule asks, from what is desired: so no instrument needs code of its own to
        # tell a breach, be it a floor or a ceiling.
        short = np.zeros(len(self.platform), bool)
        for name in self.changed():
            limit = getattr(allowed, name)
            short |= (limit - getattr(desired, name)) * (limit - getattr(self, name)) > 0.0
        return short

    def n_short_of(self, allowed: Self, desired: Self) -> int:
        """How many entries are short of what is allowed."""
        return int(self.short_of(allowed, desired).sum())


@dataclass
class MerchantTerms(Terms):
    """Terms offered to merchants, one entry a (platform, tier of merchants)."""

    levers = ("commission",)

    is_independent: Array
    """bool (n): the tier is of independents rather than chains."""
    commission: Array
    """float64 (n): share of goods value."""


@dataclass
class DataTerms(Terms):
    """What is collected, one entry a platform."""

    levers = ("data_per_order",)

    data_per_order: Array
    """float64 (n): units of data an order; 1 is what is collected today."""


@dataclass
class WorkerTerms(Terms):
    """Pay guaranteed to workers, one entry a platform; without a rule it is zero."""

    levers = ("floor_online", "floor_engaged")
    conditions = ("rationing",)

    floor_online: Array
    """float64 (n): least pay for an hour online, currency."""
    floor_engaged: Array
    """float64 (n): least pay for an hour spent on deliveries, currency."""
    rationing: Array
    """float64 (n): share of the hours that do not earn the floor which the platform may ration."""


@dataclass
class AccessTerms(Terms):
    """What a platform opens to others, one entry a platform; without a rule it is zero."""

    levers = ("visibility", "portability")
    conditions = ("access_charge", "consent")

    visibility: Array
    """float64 (n): visibility, here, of merchants listed only elsewhere, against merchants listed here."""
    access_charge: Array
    """float64 (n): share of a worker's pay which a merchant's home platform owes this one for carrying an order."""
    portability: Array
    """float64 (n): share of the gap to the best-informed platform that a newcomer's habit and profile close here."""
    consent: Array
    """float64 (n): share of consumers who let their data move."""


@dataclass
class PracticeTerms(Terms):
    """Practices, one entry a (platform, practice); 1 is the level at which the market is observed."""

    levers = ("intensity",)

    practice: Array
    """int64 (n): `Practice`."""
    intensity: Array
    """float64 (n): extent of the practice, relative to what the platform desires."""


@dataclass
class RankingTerms(Terms):
    """Whom a platform must show more, one entry a platform; without a rule it is zero."""

    levers = ("small_lift",)
    conditions = ("small_below", "quality_floor")

    small_lift: Array
    """float64 (n): log ranking weight added to small merchants of good quality."""
    small_below: Array
    """float64 (n): quantile of usual orders up to which merchants count as small."""
    quality_floor: Array
    """float64 (n): quantile of quality from which merchants count as good."""


@dataclass
class InsuranceTerms(Terms):
    """Cover of workers' injuries, one entry a platform; without a rule it is zero."""

    levers = ("coverage",)
    conditions = ("premium", "replacement")

    coverage: Array
    """float64 (n): share of orders that are insured."""
    premium: Array
    """float64 (n): what the platform pays the insurer for an insured order, currency."""
    replacement: Array
    """float64 (n): share of the loss from an injury that the insurer pays."""


@dataclass
class SupervisionTerms(Terms):
    """How departments work, one entry a department (`platform` holds its row); without a rule as in the sector file."""

    levers = ("technology", "sharing", "recognition", "haste", "audits", "listing_weeks")
    conditions = ("strikes", "stigma", "audit_power", "audit_cost")

    technology: Array
    """float64 (n): chance that a visit finds a breach, relative to that observed."""
    sharing: Array
    """float64 (n): part of one department's information that others use."""
    recognition: Array
    """float64 (n): part of repeated visits of a week that are accepted instead of repeated."""
    haste: Array
    """float64 (n): part by which the length of a case is shortened."""
    audits: Array
    """float64 (n): outside audits of every platform, a year."""
    listing_weeks: Array
    """float64 (n): weeks for which a platform with too many decisions against it is publicly listed."""
    strikes: Array
    """float64 (n): decisions after which a platform is listed."""
    stigma: Array
    """float64 (n): fall of an order's value to consumers while the platform is listed, share of order value."""
    audit_power: Array
    """float64 (n): chance that an audit finds a full breach."""
    audit_cost: Array
    """float64 (n): cost of an audit, share of a year's revenue."""


@dataclass
class ScopeTerms(Terms):
    """Whom rules bind, one entry a platform; without a rule all, alike."""

    levers = ("bound", "scrutiny")

    order_share: Array
    """float64 (n): usual share of the market's orders."""
    bound: Array
    """float64 (n): how far other rules bind the platform, 1 fully."""
    scrutiny: Array
    """float64 (n): chance that a breach is found, relative to others'."""


@dataclass
class TaxTerms(Terms):
    """What is reported about sellers, one entry a platform; without a rule it is nothing."""

    levers = ("reported",)
    conditions = ("min_sales",)

    reported: Array
    """float64 (n): share of sellers whose platform sales are reported to the tax office."""
    min_sales: Array
    """float64 (n): orders a year below which a seller is not reported."""


@dataclass
class InnovationTerms(Terms):
    """Grants for research and development, one entry a platform; without a rule there are none."""

    levers = ("subsidy",)
    conditions = ("fund",)

    subsidy: Array
    """float64 (n): share of a platform's spending on research that the state pays."""
    fund: Array
    """float64 (n): most that grants may come to, as a share of the platform's revenue."""


@dataclass
class CreditTerms(Terms):
    """What a platform's credit arm puts into loans, one entry a platform."""

    levers = ("own_share", "capital_leverage")

    own_share: Array
    """float64 (n): part of each new loan that the platform holds itself."""
    capital_leverage: Array
    """float64 (n): loans on its own books over its capital, at most."""

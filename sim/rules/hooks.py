"""Surfaces that a rule may act on: payloads are arrays of any length, of agents or of averages."""

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
    RIDER_TERMS = "what a platform owes a rider for his time"
    ACCESS_TERMS = "what a platform opens to other platforms and their users"
    CREDIT_TERMS = "what a platform risks of its own in the loans it arranges"


@dataclass
class Terms:
    """What platforms do, entry by entry; rules change the levers in place and nothing else."""

    levers: ClassVar[tuple[str, ...]]
    """What a rule moves, part of the way while it is phased in."""
    conditions: ClassVar[tuple[str, ...]] = ()
    """What a rule lays down for its levers, whole from its first week."""

    platform: Array
    """int64 (n): row of the platform."""

    def copy(self) -> Self:
        """The same terms, to be changed without changing these."""
        return dataclasses.replace(self, **{name: getattr(self, name).copy() for name in self.changed()})

    @classmethod
    def changed(cls) -> tuple[str, ...]:
        """Everything that a rule may change."""
        return cls.levers + cls.conditions

    def lean(self, towards: Self, strength: float) -> None:
        """Go part of the way, lever by lever: own + strength x (towards - own); all the way at strength 1."""
        for name in self.changed():
            own, other = getattr(self, name), getattr(towards, name)
            is_whole = strength >= 1.0 or name in self.conditions
            own[...] = other if is_whole else own + strength * (other - own)

    def of(self, row: int) -> Self:
        """The entries of one platform."""
        here = self.platform == row
        return dataclasses.replace(self, **{f.name: getattr(self, f.name)[here] for f in dataclasses.fields(self)})

    def n_short_of(self, allowed: Self, wished: Self) -> int:
        """Entries that move less than a rule moves what was wished: (allowed - wished) (allowed - these) > 0."""
        short = np.zeros(len(self.platform), bool)
        for name in self.changed():
            limit = getattr(allowed, name)
            short |= (limit - getattr(wished, name)) * (limit - getattr(self, name)) > 0.0
        return int(short.sum())


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
class RiderTerms(Terms):
    """Pay guaranteed to riders, one entry a platform; without a rule it is zero."""

    levers = ("floor_online", "floor_engaged")
    conditions = ("rationing",)

    floor_online: Array
    """float64 (n): least pay for an hour on line, currency."""
    floor_engaged: Array
    """float64 (n): least pay for an hour spent on deliveries, currency."""
    rationing: Array
    """float64 (n): share of the hours that do not earn the floor which the platform may keep off line."""


@dataclass
class AccessTerms(Terms):
    """What a platform opens, one entry a platform; without a rule it is zero."""

    levers = ("reach", "portability")
    conditions = ("access_charge", "consent")

    reach: Array
    """float64 (n): visibility, here, of merchants listed only elsewhere, against merchants listed here."""
    access_charge: Array
    """float64 (n): share of a rider's pay which a merchant's home platform owes this one for carrying an order."""
    portability: Array
    """float64 (n): share of the gap to the best-informed platform that a newcomer's habit and profile close here."""
    consent: Array
    """float64 (n): share of consumers who let their data move."""


@dataclass
class CreditTerms(Terms):
    """What a platform's credit arm puts into loans, one entry a platform."""

    levers = ("own_share", "capital_leverage")

    own_share: Array
    """float64 (n): part of each new loan that the platform holds itself."""
    capital_leverage: Array
    """float64 (n): loans on its own books over its capital, at most."""

"""A market as a whole."""

from __future__ import annotations

from dataclasses import field
from fnmatch import fnmatchcase
from typing import Literal

from sim.parameters.credit import CreditParameters
from sim.parameters.declared import Source, numbers
from sim.parameters.people import ConsumerParameters, MerchantParameters, WorkerParameters
from sim.parameters.platforms import CarriageParameters, PlatformParameters, RankingParameters
from sim.parameters.state import DepartmentParameters


@numbers
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


@numbers
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
    credit: CreditParameters = field(default_factory=CreditParameters)
    """Platforms' credit business: the same in every market unless a sector file says otherwise."""

    def source_of(self, name: str) -> Source | None:
        """Source of a value by its dotted name: the first entry or pattern that fits."""
        return next((source for pattern, source in self.sources.items() if fnmatchcase(name, pattern)), None)

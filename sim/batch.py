"""The economy as `mesa.batch_run` wants it: built from keywords, collecting every week, stopping by itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

import numpy as np

from sim.errors import Problem, RefusedScenario
from sim.mesa_view.collector import ColumnCollector
from sim.metrics.registry import REGISTRY
from sim.model import PlatformEconomy
from sim.scenario import Scenario


class BatchEconomy(PlatformEconomy):
    """A `PlatformEconomy` that differs from a base scenario by the keywords it is given.

    Declare `base` in a subclass, in a module that can be imported: with several processes, each imports it anew.
    Keywords are dotted names of the scenario, as `**{"policy.commission_cap.ceiling": 0.08}`; `rng` is the seed, the
    base's own if None. `datacollector` holds every metric of every week; a subclass may put another in its place.
    `running` is False after the last week of the horizon.

    Rules of the base keep the week in which they start there; a `horizon.policy_week` moves only rules that the
    keywords add. Raises RefusedScenario, with every problem, for what cannot be.
    """

    base: ClassVar[Scenario]

    def __init__(self, *, rng: Any = None, **values: Any) -> None:
        super().__init__(changed(self.base, values if rng is None else {"seed": rng, **values}))
        self.datacollector: Any = ColumnCollector({name: partial(latest, name=name) for name in REGISTRY})

    def step(self) -> None:
        """One week, then what it left behind is collected."""
        super().step()
        self.datacollector.collect(self)


def latest(model: PlatformEconomy, name: str) -> float:
    """A metric of the last week."""
    return model.weekly[name][-1]


def changed(base: Scenario, values: Mapping[str, Any]) -> Scenario:
    """A scenario with other values under dotted names; raises RefusedScenario with every problem."""
    plain = base.to_dict()
    for key, value in values.items():
        *steps, last = key.split(".")
        place = plain
        for step in steps:
            place = place.setdefault(step, {})
            if not isinstance(place, dict):
                why, todo = f"{step} is a value, not a group of keys", "name a key that there is"
                raise RefusedScenario([Problem(f"{key}={value}", why, "the keys of the scenario", todo)])
        place[last] = value.item() if isinstance(value, np.generic) else value
    return Scenario.from_dict(plain)

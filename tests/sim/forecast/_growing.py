"""One zone that grows: agents and averages of the same market, people and merchants in proportion."""

import numpy as np

from sim.forecast.market import MeanField
from sim.forecast.nodes import FINE
from sim.forecast.terms import configured_terms
from sim.model import PlatformEconomy
from sim.scenario import Scenario
from tests.economies import asked
from tests.sim.forecast._markets import sector_of

LAST = 30
TOLERANCE = {"leader share": 0.02, "runner-up share": 0.04, "orders": 0.04, "price": 0.02, "hours": 0.04, "delay": 0.02}


def grown(n_consumers: int, n_weeks: int, seed: int) -> Scenario:
    k = n_consumers // 10_000
    whole = asked(n_consumers, n_weeks=n_weeks, seed=seed)
    sector = whole["sector"]
    for side in ("merchants", "workers"):
        n = k * getattr(sector_of("food_delivery"), side).n_per_zone
        sector[side]["n_per_zone"], sector[side]["n_slots"] = n, n
    sector["consumers"]["reference_variety"] *= k
    sector["merchants"] |= {"entrant_rate": 0.0, "exit_debt": 1e7}
    sector["workers"]["leaving_rate"] = 0.0
    return Scenario.from_dict(whole)


def agents_and_averages(n_consumers: int, n_weeks: int, seed: int) -> dict[str, tuple[float, float, float]]:
    """Agents' mean over the last weeks, the averages' value and the tolerance, by quantity."""
    scenario, seen = grown(n_consumers, n_weeks, seed), []
    model = PlatformEconomy(scenario, kernels="compiled")
    while not model.is_over:
        model.step()
        if model.world.week > n_weeks - LAST:
            zones, world = model.world.zones, model.world
            placed, carried = zones.placed[:, 0], zones.carried[:, 0]
            goods = (world.orders.n_carried * world.offer_cents).sum() / 100.0
            hours = zones.effective_minutes.sum() / 60.0
            seen.append(
                [
                    placed[0] / placed.sum(),
                    placed[1] / placed.sum(),
                    placed.sum(),
                    goods / carried.sum(),
                    hours,
                    zones.delay[0, 0],
                ]
            )
    out = MeanField(scenario.sector, n_consumers, FINE).solve(configured_terms(scenario.sector))[1]
    orders = out.orders[0]
    averages = [
        orders[0] / orders.sum(),
        orders[1] / orders.sum(),
        orders.sum(),
        out.goods.sum() / out.carried.sum(),
        out.hours.admitted.sum(),
        out.load.delay[0, 0],
    ]
    values = zip(TOLERANCE, np.mean(seen, axis=0), averages, strict=True)
    return {name: (float(a), float(b), TOLERANCE[name]) for name, a, b in values}

"""Every metric by name, and the week's measurement."""

from __future__ import annotations

from sim.metrics import consumers, credit, enforcement, flows, merchants, platforms, state, workers
from sim.metrics.metric import Metric
from sim.world import World

MODULES = (consumers, merchants, workers, platforms, credit, state, enforcement, flows)
REGISTRY: dict[str, Metric] = {metric.name: metric for module in MODULES for metric in module.METRICS}


def measure(world: World) -> dict[str, float]:
    """Every metric of the week, in the registry's order."""
    measured = {
        **consumers.measure_consumers(world),
        **merchants.measure_merchants(world),
        **workers.measure_workers(world),
        **platforms.measure_platforms(world),
        **credit.measure_credit(world),
        **state.measure_state(world),
        **enforcement.measure_enforcement(world),
        **flows.measure_flows(world),
    }
    measured |= state.total(world, measured)
    return {name: measured[name] for name in REGISTRY}

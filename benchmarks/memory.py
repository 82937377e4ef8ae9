"""How much room a big economy takes."""

from __future__ import annotations

from benchmarks import workload
from benchmarks.row import Row


def rows() -> list[Row]:
    """Tables of populations only; a week's orders and working arrays come on top."""
    world = workload.metropolis()[0].world
    n_consumers = len(world.consumers)
    tables = (world.consumers, world.merchants, world.workers, world.platforms, world.zones, world.departments)
    whole, consumers = (
        sum(column.nbytes for table in chosen for column in table.arrays().values()) / n_consumers
        for chosen in (tables, tables[:1])
    )
    how = f"{n_consumers:,} consumers"
    return [
        Row("memory of all tables, a consumer", whole, "bytes", how=how),
        Row("memory of the table of consumers, a consumer", consumers, "bytes", how=how),
    ]

"""Every agent's surplus or profit under the policy, added up week by week, through entry and exit."""

from __future__ import annotations

import numpy as np

from sim.populations.merchants import Merchants
from sim.populations.table import Table
from sim.world import Array, World

SIZES = ("small", "middle", "large", "new")
NEW = SIZES.index("new")
CLASSES_A_QUINTILE = 4


class Roll:
    """Who holds each row of a table, with the holder's weeks and cents; and the same of all who left.

    Rows are reused and identities are not. What a leaver was (`traits`) is kept as well, because the successor's
    columns overwrite it.
    """

    def __init__(self, n_rows: int, traits: tuple[str, ...]) -> None:
        self.is_present = np.zeros(n_rows, bool)
        self.held: dict[str, Array] = {
            "identity": np.zeros(n_rows, np.uint32),
            "n_weeks": np.zeros(n_rows, np.int32),
            "total_cents": np.zeros(n_rows, np.int64),
            **{trait: np.zeros(n_rows, np.uint8) for trait in traits},
        }
        self.left: list[dict[str, Array]] = []

    def call(self, table: Table, traits: dict[str, Array]) -> None:
        """Put aside who left and admit newcomers; a row whose holder changed within a week is both."""
        stays = self.is_present & table.is_active & (self.held["identity"] == table.identity)
        gone, came = self.is_present & ~stays, table.is_active & ~stays
        if gone.any():
            self.left.append({name: values[gone] for name, values in self.held.items()})
        for name, values in {"identity": table.identity, **traits}.items():
            self.held[name][came] = values[came]
        for name in ("n_weeks", "total_cents"):
            self.held[name][came] = 0
        self.is_present[:] = table.is_active

    def add(self, cents: Array) -> None:
        """One week's cents of those present; rows without a holder may hold what their last one left there."""
        self.held["total_cents"] += np.where(self.is_present, cents, 0)
        self.held["n_weeks"] += self.is_present

    def everybody(self) -> dict[str, Array]:
        """Columns over all who were present for at least a week, still there or gone, by identity."""
        present = {name: values[self.is_present] for name, values in self.held.items()}
        columns = {name: np.concatenate([part[name] for part in (*self.left, present)]) for name in present}
        kept = np.flatnonzero(columns["n_weeks"] > 0)
        order = kept[np.argsort(columns["identity"][kept], kind="stable")]
        return {name: values[order] for name, values in columns.items()}

    def arrays(self) -> dict[str, Array]:
        """The state as plain arrays, those who left in one array a column."""
        left = {
            f"left_{name}": np.concatenate([part[name] for part in self.left]) if self.left else values[:0].copy()
            for name, values in self.held.items()
        }
        return {"is_present": self.is_present.copy(), **{n: v.copy() for n, v in self.held.items()}, **left}

    def load(self, arrays: dict[str, Array]) -> None:
        """Take over a state that `arrays` gave."""
        self.is_present[:] = arrays["is_present"]
        for name, values in self.held.items():
            values[:] = arrays[name]
        left = {name: arrays[f"left_{name}"].copy() for name in self.held}
        self.left = [left] if len(left["identity"]) else []


class Tally:
    """Money by agent from `first_week` on: surplus of consumers and workers, merchants' profit less opening cost.

    `watch` belongs at the end of every week. Merchants are small, middle or large by thirds of usual platform orders
    at the end of the week before `first_week`, so that size is not an effect of the policy; later ones are new.
    """

    def __init__(self, world: World, first_week: int) -> None:
        self.first_week = first_week
        self.n_weeks = 0
        self.consumer_cents = np.zeros(len(world.consumers), np.int64)
        self.identity = world.consumers.identity
        self.income_class = world.consumers.income_class
        self.tiers, self.groups = tuple(world.sector.merchants.tiers), tuple(world.sector.workers.groups)
        self.merchants = Roll(len(world.merchants), ("tier", "size"))
        self.workers = Roll(len(world.workers), ("group",))
        if world.week >= first_week - 1:
            self._call(world, size_thirds(world.merchants))

    def watch(self, world: World) -> None:
        """Add the week that just ended; before `first_week` nothing but sizes is read."""
        if world.week == self.first_week - 1:
            self._call(world, size_thirds(world.merchants))
        if world.week < self.first_week:
            return
        self._call(world, np.full(len(world.merchants), NEW, np.uint8))
        self.n_weeks += 1
        self.consumer_cents += world.consumers.surplus_cents
        self.merchants.add(world.merchants.profit_cents - world.merchants.opening_cents)
        self.workers.add(world.workers.surplus_cents)

    def _call(self, world: World, size: Array) -> None:
        self.merchants.call(world.merchants, {"tier": world.merchants.tier, "size": size})
        self.workers.call(world.workers, {"group": world.workers.group})

    def frames(self) -> dict[str, dict[str, Array]]:
        """Columns of one frame a party ("consumers", "merchants", "workers"), a row an agent, by identity.

        Each holds identity (uint32), its groups, n_weeks present (int32) and total_cents (int64). Groups: `quintile`
        of income, 1 the poorest; `tier` and `size`; `group` of activity. As plain arrays, since `sim` has no frames.
        """
        order = np.argsort(self.identity, kind="stable")
        consumers = {
            "identity": self.identity[order],
            "quintile": self.income_class[order] // CLASSES_A_QUINTILE + 1,
            "n_weeks": np.full(len(order), self.n_weeks, np.int32),
            "total_cents": self.consumer_cents[order],
        }
        merchants, workers = self.merchants.everybody(), self.workers.everybody()
        for columns, trait, names in (
            (merchants, "tier", self.tiers),
            (merchants, "size", SIZES),
            (workers, "group", self.groups),
        ):
            columns[trait] = np.array(names, object)[columns[trait]]
        return {"consumers": consumers, "merchants": merchants, "workers": workers}

    def arrays(self) -> dict[str, Array]:
        """The state as plain arrays, for a snapshot."""
        rolls = {"merchants": self.merchants, "workers": self.workers}
        return {
            "n_weeks": np.array([self.n_weeks], np.int64),
            "consumers.total_cents": self.consumer_cents.copy(),
            **{f"{party}.{name}": v for party, roll in rolls.items() for name, v in roll.arrays().items()},
        }

    def load(self, arrays: dict[str, Array]) -> None:
        """Go on from a state that `arrays` gave."""
        self.n_weeks = int(arrays["n_weeks"][0])
        self.consumer_cents[:] = arrays["consumers.total_cents"]
        for party, roll in (("merchants", self.merchants), ("workers", self.workers)):
            prefix = f"{party}."
            roll.load({name.removeprefix(prefix): v for name, v in arrays.items() if name.startswith(prefix)})


def size_thirds(merchants: Merchants) -> Array:
    """uint8 (R): third of the merchants in business by usual orders on all platforms, 0 the smallest."""
    size = np.full(len(merchants), NEW, np.uint8)
    rows = np.flatnonzero(merchants.is_active)
    orders = merchants.usual_orders[:, rows].sum(axis=0, dtype=np.float64)
    size[rows[np.argsort(orders, kind="stable")]] = np.arange(len(rows)) * 3 // max(len(rows), 1)
    return size

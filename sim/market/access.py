"""Merchants of one platform reached from another."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.world import Array, World


def is_open_to_others(world: World) -> bool:
    """Whether some platform shows merchants listed only elsewhere."""
    return bool(world.platforms.visibility.any())


def find_homes(world: World) -> Array:
    """int8 (J, R): the platform whose listing of a merchant each platform shows; -1 where it shows none.

    Home is the platform itself where the merchant is listed; else, where the platform shows merchants of others, the
    cheapest on which it is listed (the first of equals).
    """
    # The cheapest, since an open app shows the best offer. The alternative, the platform where a merchant sells most,
    # would leave every order with incumbents.
    merchants, own = world.merchants, np.arange(world.n_platforms, dtype=np.int8)[:, None]
    home = np.where(merchants.is_listed, own, np.int8(-1))
    if not is_open_to_others(world):
        return home
    # In cents, as it will be paid: prices that differ by less than one are equal, and the first platform is home.
    asked = np.where(merchants.is_listed, merchants.price_cents, np.iinfo(np.int64).max)
    cheapest = asked.argmin(axis=0).astype(np.int8)
    shows_others = (world.platforms.visibility > 0.0) & world.platforms.is_open
    is_remote = ~merchants.is_listed & merchants.is_listed.any(axis=0) & shows_others[:, None]
    return np.where(is_remote, cheapest, home)


def seen_at_home(world: World, home: Array, values: Array) -> Array:
    """A (J, R) column of merchants as each platform shows it: the home's value for those reached elsewhere."""
    if not is_open_to_others(world):
        return values
    own = np.arange(world.n_platforms)[:, None]
    return np.take_along_axis(values, np.where(home < 0, own, home), axis=0)


def visibility(world: World, home: Array) -> Array:
    """float32 (J, R): 1 where a merchant is listed, the platform's visibility where only reached, 0 otherwise."""
    # A weight below 1 for all instead of hiding some of them: no draw is added, 0 is a closed platform to the bit, and
    # 1 puts all merchants on one shelf.
    listed = world.merchants.is_listed
    if not is_open_to_others(world):
        return listed.astype(np.float32)
    return np.where(listed, np.float32(1), (home >= 0) * world.platforms.visibility[:, None].astype(np.float32))


def gain_under_access(world: World, listed: Array, asked: Array, orders: Array, margin: Array) -> Array:
    """Currency a week, before listing cost, that a listing adds when platforms are open to each other.

    listed (J, n) is where merchants are now, asked their prices, orders those of a listing, margin what one of them
    brings (`formulas.gain_of_listing`). A merchant listed elsewhere too would be shown without this listing, at the
    margin of the cheapest other home.
    """
    at_home = np.take_along_axis(margin, _home_without(listed, asked), axis=0)
    alone = (listed.sum(axis=0) - listed == 0).astype(np.float32)
    return formulas.gain_of_listing(orders, margin, world.platforms.visibility.astype(np.float32), alone, at_home)


def _home_without(listed: Array, asked: Array) -> Array:
    """int64 (J, n): the cheapest listing other than that on each platform; any where there is none."""
    asked = np.where(listed, asked, np.inf)
    cheapest = asked.argmin(axis=0)
    own = np.arange(len(asked))[:, None]
    second = np.where(own == cheapest, np.inf, asked).argmin(axis=0)
    return np.where(own == cheapest, second, cheapest)


def settle_access(world: World) -> tuple[Array, Array]:
    """Cents a platform pays and receives (J each): homes owe a share of the piece rate for every remote order.

    A remote order is one carried for a merchant who is listed only elsewhere. Writes zones.remote.
    """
    # The serving platform keeps its net fee and pays the worker, the home keeps the commission: the charge is what lets
    # the one be paid for carriage by the other. No platform is asked whether it wants to serve, since at no charge
    # within the range does a remote order cover its cost at observed fees.
    platforms, own = world.platforms, np.arange(world.n_platforms)[:, None]
    if not is_open_to_others(world):
        world.zones.remote[:] = 0
        return np.zeros(world.n_platforms, np.int64), np.zeros(world.n_platforms, np.int64)
    remote = np.where(world.home == own, 0, world.orders.n_carried)
    world.zones.remote[:] = world.by_zone(remote).sum(axis=2)
    charge = np.rint(platforms.access_charge * platforms.piece_rate_cents).astype(np.int64)
    return sum_by_home(world, remote * charge[:, None]), remote.sum(axis=1) * charge


def sum_by_home(world: World, cents: Array) -> Array:
    """Whole cents (J, R) summed by the platform whose listing was used (J): exact below 2^53."""
    home = np.maximum(world.home, 0).ravel()
    return np.bincount(home, weights=cents.ravel(), minlength=world.n_platforms).astype(np.int64)

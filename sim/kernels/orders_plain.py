"""What becomes of the week's orders: the reference implementation, in plain NumPy, of the compiled loops.

J platforms, N consumers sorted by zone, n orders sorted by consumer, Z zones with R / Z merchant rows each, C income
classes, W workers sorted by zone. An order goes to a merchant of its consumer's zone.
"""

from __future__ import annotations

import numpy as np

from sim.kernels.elementary import exp
from sim.kernels.layout import OrderColumns
from sim.kernels.order_layout import Choosers, Draw, Memory, Porting, Renewal, SurplusColumns, Utility
from sim.kernels.philox import words

Array = np.ndarray
F32, F64, I64 = np.float32, np.float64, np.int64
SMALLEST_LOG_SUM = F32(1e-3)
"""Below this, L / (1 - e^-L) is 1 to the precision of cents."""
MOST_EXPECTED = 1e9
"""Cents of surplus that a consumer can expect of a week."""


def carry_orders(
    placed: OrderColumns,
    identity: Array,
    zone_ends: Array,
    n_placed: Array,
    capacity: Array,
    chance: int,
    draw: Draw,
    n_carried: Array,
) -> Array:
    """Cancelled orders (bool, n): random failures, then those with the lowest draws beyond capacity (J, Z).

    Counts the others into `n_carried` (int64 (J, R), zero before).
    """
    n_zones, n_rows = capacity.shape[1], n_carried.shape[1]
    uniform_draw = words(identity[placed.consumer], draw.week, draw.stream, placed.turn, draw.key)[0]
    is_cancelled = uniform_draw < np.uint64(chance)
    cell = placed.platform.astype(I64) * n_zones + placed.merchant.astype(I64) // (n_rows // n_zones)
    failed = np.bincount(cell[is_cancelled], minlength=capacity.size).reshape(capacity.shape)
    excess = n_placed - failed - capacity
    for j, z in np.argwhere(excess > 0):
        here = np.flatnonzero((cell == j * n_zones + z) & ~is_cancelled)
        # Stable: of equal words the earlier order goes, as in the compiled loop.
        is_cancelled[here[np.argsort(uniform_draw[here], kind="stable")[: excess[j, z]]]] = True
    kept = ~is_cancelled
    goods = placed.platform[kept].astype(I64) * n_rows + placed.merchant[kept]
    n_carried += np.bincount(goods, minlength=n_carried.size).reshape(n_carried.shape)
    return is_cancelled


def charge_consumers(
    placed: OrderColumns, is_cancelled: Array, zone_ends: Array, price: Array, fee: Array, balance: Array
) -> Array:
    """Take price (J, R) and fee (J) of every order from its consumer's balance and give cancelled ones back; cents.

    Returns goods paid, fees paid and refunds of each platform, int64 (3, J).
    """
    goods, fees = price[placed.platform, placed.merchant], fee[placed.platform]
    refund = np.where(is_cancelled, goods + fees, 0)
    balance -= _sum_by(placed.consumer, goods + fees - refund, len(balance))
    return np.stack([_sum_by(placed.platform, cents, len(fee)) for cents in (goods, fees, refund)])


def weigh_orders(
    placed: OrderColumns,
    is_cancelled: Array,
    zone_ends: Array,
    choosers: Choosers,
    utility: Utility,
    out: SurplusColumns,
) -> None:
    """Surplus, the part of it that is habit, and the privacy cost, into `out`: cents, int32 (N).

    Expected occasions x log-sum, corrected by what happened to every order; rounded order by order. What is expected is
    limited to ten million units of currency, so that a week's corrections still fit the column.
    """
    who, j, log_sum = placed.consumer, placed.platform, choosers.log_sum
    zone = np.searchsorted(zone_ends, who, side="right")
    expected = utility.cents[choosers.income_class] * choosers.occasion_rate.astype(F64) * log_sum.astype(F64)
    cents, kept = utility.cents[choosers.income_class[who]], ~is_cancelled
    concern, habit = choosers.concern[who].astype(F64), choosers.habit[j, who].astype(F64)
    error = np.where(kept, utility.late[j, zone] + utility.unseen[j] * concern, loss_of_cancelled(log_sum[who]))
    amounts = cents * error, cents * (utility.habit * habit), cents * (utility.data[j] * concern)
    # Rounded order by order, so that sums are of whole numbers and do not depend on the order of addition.
    lost, of_habit, of_privacy = (np.rint(amount) for amount in amounts)
    out.surplus[:] = np.rint(np.minimum(expected, MOST_EXPECTED)).astype(I64) - _sum_by(who, lost, len(log_sum))
    out.of_habit[:] = _sum_by(who, np.where(kept, of_habit, 0.0), len(log_sum))
    out.of_privacy[:] = _sum_by(who, np.where(kept, of_privacy, 0.0), len(log_sum))


def loss_of_cancelled(log_sum: Array) -> Array:
    """Utility lost when a chosen order fails and the outside option is left: L / (1 - e^-L), with 1 at L = 0.

    Under logit the chosen option has utility L, the log-sum, on average, and the outside option, given that something
    inside was preferred, -P0 L / (1 - P0) with P0 = e^-L.
    """
    safe = np.maximum(log_sum, SMALLEST_LOG_SUM)
    return np.where(log_sum > SMALLEST_LOG_SUM, safe.astype(F64) / (F32(1) - exp(-safe)), 1.0)


def renew_consumers(
    placed: OrderColumns,
    is_cancelled: Array,
    zone_ends: Array,
    memory: Memory,
    renewal: Renewal,
    n_classes: int,
    porting: Porting | None,
) -> Array:
    """Habit (J, N) follows carried orders one after the other; profiles (J, N) age and gain `data` (J) of each.

    Returns orders carried by zone, platform and income class of the buyer, int64 (Z, J, C).
    """
    income_class, habit, profile = memory
    kept = ~is_cancelled
    who, platform = placed.consumer[kept].astype(I64), placed.platform[kept].astype(I64)
    moves = np.zeros(len(who), F32)
    if porting is not None:
        assert isinstance(porting.draw, Draw)
        word = words(porting.identity[who], porting.draw.week, porting.draw.stream, 0, porting.draw.key)[0]
        moves = np.where(word < porting.consent[platform], porting.share[platform], F32(0))
    _pull_habits(habit, who, platform, F32(renewal.habit_speed), moves)
    profile *= F32(1.0 - renewal.profile_decay)
    # One order after the other in single precision, as the compiled loop adds; `bincount` would add in doubles.
    np.add.at(profile, (platform, who), renewal.data[platform])
    if porting is not None:
        _port_profiles(profile, who, platform, moves)
    n_platforms = len(habit)
    cell = np.searchsorted(zone_ends, who, side="right") * n_platforms + platform
    shape = (len(zone_ends), n_platforms, n_classes)
    return np.bincount(cell * n_classes + income_class[who], minlength=shape[0] * shape[1] * shape[2]).reshape(shape)


def _pull_habits(habit: Array, who: Array, platform: Array, speed: F32, moves: Array) -> None:
    """One round for all first orders, one for all second ones, and so on; a ported habit leaves where it was."""
    starts = np.flatnonzero(np.diff(who, prepend=-1))
    turn = np.arange(len(who)) - np.repeat(starts, np.diff(starts, append=len(who)))
    for t in range(int(turn.max(initial=-1)) + 1):
        now = turn == t
        rows, chosen = who[now], (platform[now], np.arange(np.count_nonzero(now)))
        pulled = habit[:, rows] * (F32(1) - speed)
        pulled[chosen] += speed
        if moves.any():
            # After the order's own pull: the gap that is ported is what this order leaves.
            strongest = pulled.argmax(axis=0), chosen[1]
            moved = moves[now] * (pulled[strongest] - pulled[chosen])
            pulled[chosen] += moved
            pulled[strongest] -= moved
        habit[:, rows] = pulled


def _port_profiles(profile: Array, who: Array, platform: Array, moves: Array) -> None:
    """Every platform that served a consumer closes its share of the gap to the fullest profile, once a week."""
    fullest = profile.max(axis=0)
    moved = np.zeros(profile.shape, F32)
    moved[platform, who] = moves
    profile += moved * (fullest - profile)


def share_deliveries(
    minutes: Array, productivity: Array, zone_ends: Array, carried: Array, effective_minutes: Array
) -> Array:
    """Each zone's carried orders (J, Z) split over its workers by effective time: int64 (J, W), without remainder."""
    effective = np.rint(minutes * productivity.astype(F64)).astype(I64)
    zone = np.searchsorted(zone_ends, np.arange(len(productivity)), side="right")
    ends = np.cumsum(effective, axis=1)
    first = np.concatenate([[0], zone_ends[:-1]])
    before = np.concatenate([np.zeros((len(minutes), 1), I64), ends], axis=1)[:, first]
    within = ends - before[:, zone]
    orders, total = carried[:, zone], np.maximum(effective_minutes[:, zone], 1)
    # Steps of one running quotient: whatever is rounded, they add up to the orders carried.
    return orders * within // total - orders * (within - effective) // total


def _sum_by(rows: Array, cents: Array, n: int) -> Array:
    """Whole cents summed by row: exact, since every sum stays below 2^53."""
    return np.bincount(rows, weights=cents, minlength=n).astype(I64)

"""Who opens a business, who closes one, and what becomes of slots and identities."""

import numpy as np
import pytest

from sim.ledger.accounts import Account, Party
from sim.market.entry import MOST_ENTRANTS, enter_and_exit
from sim.populations.merchants import FIRST_ENTRANT, trade_sd
from tests.economies import economy, economy_after

EASY = {"merchants.entrant_rate": 4.0, "merchants.entry_cost": 0.0, "merchants.entry_horizon": 200.0}
NOBODY = {"merchants.entrant_rate": 0.0}


def ruin(world, rows, cents):
    """Make merchants owe this much, by way of the ledger."""
    loss = np.zeros(len(world.merchants), np.int64)
    loss[rows] = world.merchants.balance_cents[rows] + cents
    world.ledger.transfer(Account.FIXED_COSTS, Party.MERCHANTS, loss, Party.WORLD, loss.sum())


def closed(n_weeks=4, cents=None):
    """A world in which merchants 2 and 5 of the second zone have just closed."""
    world = economy_after(n_weeks, n_zones=2, numbers=NOBODY).world
    limit = round(100 * world.sector.merchants.exit_debt)
    rows = world.n_slots + np.array([2, 5])
    ruin(world, rows, limit + 1 if cents is None else cents(limit))
    owners = int(world.ledger.balances[Party.OWNERS].sum())
    world.week += 1
    world.ledger.open_week()
    enter_and_exit(world)
    return world, rows, limit, owners


def test_debt_closes_a_business_and_its_owners_pay():
    world, rows, limit, owners = closed()
    merchants = world.merchants
    assert not merchants.is_active[rows].any()
    assert not merchants.is_listed[:, rows].any()
    assert not merchants.usual_orders[:, rows].any()
    assert not merchants.balance_cents[rows].any()
    assert world.zones.n_exits.tolist() == [0, 2]
    assert world.ledger.flows[Account.OWNERS_IN] == 2 * (limit + 1)
    assert int(world.ledger.balances[Party.OWNERS].sum()) == owners - 2 * (limit + 1)
    world.ledger.close_week(world.week)


def test_debt_up_to_the_limit_is_borne():
    world, rows, *_ = closed(cents=lambda limit: limit)
    assert world.merchants.is_active[rows].all()
    assert not world.zones.n_exits.any()


def test_the_closed_sell_nothing_and_pay_nothing_any_more():
    model = economy_after(4, n_zones=2, numbers=NOBODY)
    world = model.world
    ruin(world, [3, 4], 10**8)
    for _ in range(4):
        model.step()
        for column in ("balance_cents", "sales_cents", "commission_cents", "profit_cents"):
            assert not getattr(world.merchants, column)[[3, 4]].any(), column
        assert not world.orders.n_carried[:, [3, 4]].any()


def test_identities_are_never_used_again_and_slots_are():
    model = economy(n_zones=2, n_weeks=40, numbers=EASY)
    world, rng = model.world, np.random.default_rng(0)
    merchants = world.merchants
    lives: dict[int, tuple[int, int]] = {}
    ended, reused = set(), 0
    for week in range(1, 31):
        before = merchants.identity.copy()
        was_active = merchants.is_active.copy()
        ruin(world, rng.choice(np.flatnonzero(was_active), 3, replace=False), 10**8)
        model.step()
        present = merchants.identity[merchants.is_active].tolist()
        assert len(set(present)) == len(present)
        assert not ended.intersection(present), "an identity came back"
        born = merchants.is_active & ((merchants.identity != before) | ~was_active)
        assert merchants.identity[born].min(initial=FIRST_ENTRANT) >= FIRST_ENTRANT
        reused += int((born & was_active).sum())
        for row in np.flatnonzero(merchants.is_active):
            first = lives.setdefault(int(merchants.identity[row]), (week, row))
            assert first[1] == row, "a merchant never moves to another slot"
        ended |= set(lives) - set(present)
        assert merchants.is_active.sum() <= 2 * world.n_slots
    assert reused > 10, "slots of the closed were taken in the same week"
    assert len(ended) > 50


def test_entrants_are_set_up_like_anybody():
    model = economy_after(3, n_zones=2, numbers=EASY)
    world = model.world
    before = world.merchants.identity.copy()
    world.week += 1
    world.ledger.open_week()
    enter_and_exit(world)
    merchants, numbers = world.merchants, world.sector.merchants
    born = np.flatnonzero(merchants.identity != before)
    assert len(born) == world.zones.n_entries.sum() > 0
    assert np.array_equal(np.bincount(merchants.zone[born], minlength=2), world.zones.n_entries)
    assert np.all(merchants.balance_cents[born] == round(100 * numbers.cash_buffer))
    assert not merchants.age[born].any()
    sd = trade_sd(numbers)
    np.testing.assert_allclose(merchants.shock[born], np.exp(merchants.trade[born] - sd * sd / 2), rtol=1e-5)
    assert np.std(merchants.trade[born]) < 5 * sd
    spent = world.ledger.flows[Account.OPENING_COSTS]
    assert merchants.opening_cents.sum() == merchants.opening_cents[born].sum() == spent
    assert np.array_equal(merchants.usual_orders[:, born] > 0.0, merchants.is_listed[:, born])
    assert merchants.price_cents[:, born].min() > merchants.unit_cost_cents[born].min()
    assert np.all(merchants.offline_price_cents[born] >= merchants.unit_cost_cents[born])
    world.ledger.close_week(world.week)


def test_age_counts_weeks_in_business():
    world = economy_after(6, numbers=NOBODY).world
    assert np.all(world.merchants.age[world.merchants.is_active] == 6)


def entries_with(n_weeks=10, **numbers):
    model = economy_after(n_weeks, n_zones=2, numbers={**EASY, "merchants.n_slots": 200, **numbers})
    return sum(model.weekly["merchant_entries"])


def test_nobody_opens_where_opening_costs_too_much():
    assert entries_with(**{"merchants.entry_cost": 1e8, "merchants.entry_cost_log_sd": 0.0}) == 0
    assert entries_with(**{"merchants.entrant_rate": 0.0}) == 0


def test_fewer_open_the_dearer_it_is():
    few, many = (entries_with(**{"merchants.entry_cost": cost}) for cost in (60_000.0, 5000.0))
    assert 0 < few < many


def test_a_full_zone_takes_nobody():
    model = economy_after(6, numbers={**EASY, "merchants.n_slots": 21, "merchants.n_per_zone": 20})
    assert model.world.merchants.is_active.sum() == 21
    assert sum(model.weekly["merchant_entries"]) * 0.1 == pytest.approx(1)


def test_identities_of_entrants_leave_room_for_every_week_and_zone():
    from sim.parameters import MerchantParameters
    from sim.scenario import Horizon, Population
    from sim.strict import parameter_notes

    most_weeks = int(parameter_notes(Horizon, ["n_weeks"]).high)
    most_zones = int(parameter_notes(Population, ["n_zones"]).high)
    most_slots = int(parameter_notes(MerchantParameters, ["n_slots"]).high)
    assert FIRST_ENTRANT + (most_weeks + 1) * most_zones * MOST_ENTRANTS < 2**32
    assert most_zones * most_slots <= FIRST_ENTRANT

"""Compiled loops give the bits of their plain twins, whatever the threads and the room they are given."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.kernels import alias, cache
from sim.kernels import engine as engines
from sim.kernels.compiled.week import Lent, OrderingWeek, Shelf
from sim.kernels.engine import CompiledEngine, PlainEngine, choose_engine
from sim.kernels.layout import OrderColumns
from sim.kernels.philox import unit, words
from tests.sim.kernels._markets import random_market

PLAIN = PlainEngine()
SIZES = st.lists(st.sampled_from([1, 7, 300, 1024, 1500]), min_size=1, max_size=3)


@pytest.fixture(scope="module", params=[1, 2], ids=["one thread", "two threads"])
def compiled(request):
    return CompiledEngine(request.param)


def assert_same_week(found, wanted):
    (log_sum, orders, placed), (wanted_log_sum, wanted_orders, wanted_placed) = found, wanted
    assert log_sum.tobytes() == wanted_log_sum.tobytes()
    assert np.array_equal(placed, wanted_placed)
    for name in orders._fields:
        ours, theirs = getattr(orders, name), getattr(wanted_orders, name)
        assert ours.dtype == theirs.dtype, name
        assert ours.tobytes() == theirs.tobytes(), name


@settings(max_examples=12)
@given(
    seed=st.integers(0, 2**32),
    n_platforms=st.integers(1, 4),
    sizes=SIZES,
    keenest=st.sampled_from([0.5, 4.0, 80.0]),
    n_candidates=st.sampled_from([1, 2, 3, 7, 10]),
    n_slots=st.sampled_from([1, 8, 33, 300]),
)
@pytest.mark.parametrize("n_threads", [1, 2])
def test_orders_have_the_same_bits(n_threads, seed, n_platforms, sizes, n_candidates, n_slots, keenest):
    market = random_market(seed, n_platforms, n_slots, sizes, keenest)
    key = (seed & 0xFFFFFFFF, 5)
    found = market.place(CompiledEngine(n_threads), n_candidates, week=1 + seed % 5000, key=key)
    assert_same_week(found, market.place(PLAIN, n_candidates, week=1 + seed % 5000, key=key))


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.integers(1, 4), st.integers(1, 300))
def test_alias_tables_have_the_same_bits(seed, n_platforms, n_slots):
    from sim.kernels.compiled.alias import build_zone

    rng = np.random.default_rng(seed)
    weight = rng.lognormal(0.0, 3.0, (n_platforms, 2 * n_slots)) * (rng.random((n_platforms, 2 * n_slots)) < 0.8)
    weight = weight.astype(np.float32)
    wanted = alias.build_plain(weight, n_slots)
    found = np.full_like(wanted, 9)
    for j in range(n_platforms):
        for zone in range(2):
            here = slice(zone * n_slots, (zone + 1) * n_slots)
            build_zone(weight[j, here], alias.block_bits(n_slots), found[j, zone])
    assert found.tobytes() == wanted.tobytes()


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.integers(1, 4), st.integers(1, 70))
@pytest.mark.parametrize("n_threads", [1, 2])
def test_mean_worth_has_the_same_bits(n_threads, seed, n_platforms, n_slots):
    market = random_market(seed, n_platforms, n_slots)
    arguments = (market.tables.ranking, market.tables.quality, market.tables.price, market.tables.sensitivity, n_slots)
    assert CompiledEngine(n_threads).mean_utility(*arguments).tobytes() == PLAIN.mean_utility(*arguments).tobytes()


@pytest.mark.parametrize(("per_consumer", "per_block"), [(0.0, 10), (0.01, 10_000), (1.0, 3)])
@pytest.mark.parametrize("n_threads", [1, 2])
def test_a_share_without_room_is_done_again(n_threads, per_consumer, per_block):
    market = random_market(11, zone_sizes=(1500, 30, 5100))
    week = OrderingWeek(n_threads, ThreadPoolExecutor(n_threads) if n_threads > 1 else None)
    week.orders_per_consumer, week.orders_per_block = per_consumer, per_block
    found = market.place(week)
    assert (week.orders_per_consumer, week.orders_per_block) != (per_consumer, per_block) or per_block == 10_000
    assert_same_week(found, market.place(PLAIN))


def test_what_an_engine_returned_stays_when_it_goes_on(compiled):
    market = random_market(4, zone_sizes=(3000, 5000))
    first = market.place(compiled, week=1)
    kept = (first[0].copy(), OrderColumns(*(column.copy() for column in first[1])), first[2].copy())
    for week in range(2, 6):
        market.place(compiled, week=week)
    assert_same_week(first, kept)


def test_memory_is_written_again_only_when_no_part_of_it_is_held():
    shelf = Shelf()
    first = shelf.take(100, np.float32)
    part, where = first[90:].view(np.uint32), first.ctypes.data
    del first
    assert shelf.take(100, np.float32).ctypes.data != where
    del part
    assert where in [array.ctypes.data for array in shelf.free.values()]
    taken = [shelf.take(60, np.float32) for _ in range(2)]
    assert where in [array.ctypes.data for array in taken]
    assert shelf.take(101, np.float32).size == 101
    assert shelf.take(0, np.uint8).size == 0


def test_a_shelf_does_not_hoard():
    shelf = Shelf()
    for size in range(1, 100):
        shelf.take(size, np.uint8)
    assert len(shelf.free) <= Lent.MOST_KEPT


def test_weeks_of_an_engine_do_not_remember_each_other(compiled):
    """Working arrays are kept between weeks; another number of candidates or platforms must not upset them."""
    markets = [
        random_market(seed, n_platforms, zone_sizes=(700, 700)) for seed, n_platforms in ((1, 3), (2, 1), (3, 4))
    ]
    for n_candidates in (10, 2, 10):
        for market in markets:
            assert_same_week(market.place(compiled, n_candidates), market.place(PLAIN, n_candidates))


def test_an_engine_may_serve_populations_with_other_zones():
    engine = CompiledEngine()
    for sizes in ((700, 700), (300, 1100), (1400,)):
        market = random_market(2, zone_sizes=sizes)
        assert_same_week(market.place(engine), market.place(PLAIN))


@pytest.mark.parametrize("backend", ["plain", "compiled"])
def test_the_smallest_draw_never_picks_an_app_that_is_not_there(backend):
    """This consumer's first platform draw under key (7, 0) in week 3 is exactly 0."""
    market = random_market(2, n_platforms=2, zone_sizes=(1,))
    assert unit(words(np.array([6_294_908]), 3, 19, 0, (7, 0))[0])[0] == 0.0
    columns = market.columns._replace(
        identity=np.array([6_294_908], np.uint32), apps=np.array([0b10], np.uint16), occasion_rate=np.float32([9.0])
    )
    value = np.full_like(market.tables.platform_value, 9.0)
    tables = market.tables._replace(platform_value=value, is_reachable=np.ones((1, 2), np.uint8))
    _, orders, _ = market._replace(columns=columns, tables=tables).place(choose_engine(backend, 1, 1))
    assert orders.turn[0] == 0
    assert set(orders.platform.tolist()) == {1}


def test_auto_is_plain_for_a_small_run_until_something_is_compiled(monkeypatch, tmp_path):
    monkeypatch.setattr(cache, "cache_folder", lambda: tmp_path)
    assert isinstance(choose_engine("auto", 1, 1000), PlainEngine)
    assert isinstance(choose_engine("auto", 1, engines.SMALL_RUN), CompiledEngine)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "ordering.order_in_blocks-1.py312.1.nbc").touch()
    assert isinstance(choose_engine("auto", 1, 1000), CompiledEngine)
    assert isinstance(choose_engine("plain", 2, 10**9), PlainEngine)
    assert choose_engine("compiled", 2, 1).n_threads == 2

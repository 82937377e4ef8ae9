"""Random small markets in the kernels' own terms, and the nested logit once more, in double precision."""

from typing import NamedTuple

import numpy as np

from sim.kernels.layout import ConsumerColumns, MarketTables, Weights


class Market(NamedTuple):
    """Arguments of `place_orders`."""

    columns: ConsumerColumns
    tables: MarketTables
    weights: Weights
    zone_ends: np.ndarray
    n_slots: int

    def place(self, engine, n_candidates=5, week=3, key=(7, 0)):
        return engine.place_orders(
            self.columns, self.tables, self.weights, self.zone_ends, n_candidates, week, (18, 19), key
        )


def random_market(seed, n_platforms=3, n_slots=8, zone_sizes=(40, 25), keenest=4.0, classes=20) -> Market:
    """Everything drawn: some consumers without any app, some merchants and whole platforms unlisted."""
    rng = np.random.default_rng(seed)
    n, n_zones = sum(zone_sizes), len(zone_sizes)
    n_rows, f32 = n_zones * n_slots, np.float32
    ranking = rng.lognormal(0.0, 1.5, (n_platforms, n_rows)) * (rng.random((n_platforms, n_rows)) < 0.7)
    ranking = ranking.astype(f32)
    is_reachable = ranking.reshape(n_platforms, n_zones, n_slots).any(axis=2).T.astype(np.uint8).copy()
    columns = ConsumerColumns(
        identity=rng.permutation(10 * n)[:n].astype(np.uint32),
        income_class=rng.integers(0, classes, n).astype(np.uint8),
        occasion_rate=np.minimum(rng.exponential(keenest / 2.0, n), 40.0).astype(f32),
        apps=rng.integers(0, 2**n_platforms, n).astype(np.uint16),
        habit=rng.dirichlet(np.ones(n_platforms), n).T.astype(f32).copy(),
        profile=rng.exponential(5.0, (n_platforms, n)).astype(f32),
        privacy_concern=rng.lognormal(-3.0, 1.0, n).astype(f32),
    )
    tables = MarketTables(
        platform_value=rng.normal(0.0, 2.0, (n_zones, n_platforms, classes)).astype(f32),
        is_reachable=is_reachable,
        perceived_data=rng.random(n_platforms).astype(f32),
        sensitivity=rng.uniform(0.03, 0.2, classes).astype(f32),
        quality=rng.normal(0.0, 1.0, n_rows).astype(f32),
        price=rng.uniform(20.0, 80.0, (n_platforms, n_rows)).astype(f32),
        ranking=ranking,
    )
    nest = rng.uniform(0.0, 0.8)
    weights = Weights(f32(0.2), f32(10.0), f32(0.5), f32(1.0 / (1.0 - nest)), f32(1.0 - nest))
    return Market(columns, tables, weights, np.cumsum(zone_sizes), n_slots)


def nested_logit(market: Market, row: int, zone: int) -> tuple[np.ndarray, float]:
    """Choice shares of the platforms and the log-sum of one consumer: sigma, nests and all, float64."""
    columns, tables, weights = market.columns, market.tables, market.weights
    keep = float(weights.nest)
    value = tables.platform_value[zone, :, columns.income_class[row]].astype(np.float64)
    profile = columns.profile[:, row].astype(np.float64)
    value += float(weights.relevance) * profile / (profile + float(weights.relevance_half))
    value += float(weights.habit) * columns.habit[:, row]
    value -= float(columns.privacy_concern[row]) * tables.perceived_data
    has_app = (int(columns.apps[row]) >> np.arange(len(value))) & 1
    is_open = (has_app * tables.is_reachable[zone]).astype(bool)
    if not is_open.any():
        return np.zeros(len(value)), 0.0
    best = value[is_open].max()
    strength = np.where(is_open, np.exp((value - best) / keep), 0.0)
    nest = np.exp(best) * strength.sum() ** keep
    return strength / strength.sum() * nest / (1.0 + nest), float(np.log1p(nest))

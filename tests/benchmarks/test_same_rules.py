"""The Mesa objects of the benchmark follow the kernel's rules, and the comparison notices when they do not."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from benchmarks import same_rules
from benchmarks.mesa_objects import ObjectMarket
from benchmarks.workload import Workload, open_economy, settled
from sim.kernels.engine import PlainEngine

pytestmark = pytest.mark.long

N_WEEKS = 16


@pytest.fixture(scope="module")
def town() -> Workload:
    """3,000 consumers in a zone; what is personal is heightened, so that no rule is too small to be seen."""
    overrides = ("population=town", "population.n_consumers=3000", "population.n_zones=1")
    work = settled(open_economy(*overrides, kernels="plain"))
    columns = work.columns
    known = np.where(columns.identity % 2, 30.0, 0.0).astype(np.float32)
    columns = columns._replace(profile=columns.profile + known, privacy_concern=4 * columns.privacy_concern)
    return dataclasses.replace(work, columns=columns, weights=work.weights._replace(relevance=np.float32(0.5)))


@pytest.fixture(scope="module")
def kernel(town: Workload) -> same_rules.Outcomes:
    return same_rules.kernel_weeks(town, PlainEngine(), N_WEEKS)


def objects(work: Workload) -> same_rules.Outcomes:
    return same_rules.object_weeks(work, ObjectMarket(work, seed=5), N_WEEKS)


def test_objects_and_kernel_follow_the_same_rules(town: Workload, kernel: same_rules.Outcomes):
    verdict = same_rules.compare(kernel, objects(town))
    assert verdict.is_same, verdict
    assert len(kernel.paid) > 10_000  # enough orders for the comparison to mean something


def test_weeks_of_the_objects_differ(town: Workload):
    market = ObjectMarket(town)
    first, second = (same_rules.object_weeks(town, market, 1) for _ in range(2))
    assert (first.by_merchant != second.by_merchant).any()


def with_weights(**changed: float) -> Callable[[Workload], Workload]:
    values = {name: np.float32(value) for name, value in changed.items()}
    return lambda work: dataclasses.replace(work, weights=work.weights._replace(**values))


def with_columns(**change: Callable) -> Callable[[Workload], Workload]:
    def changed(work: Workload) -> Workload:
        values = {name: f(getattr(work.columns, name)) for name, f in change.items()}
        return dataclasses.replace(work, columns=work.columns._replace(**values))

    return changed


def with_tables(**change: Callable) -> Callable[[Workload], Workload]:
    def changed(work: Workload) -> Workload:
        values = {name: f(getattr(work.tables, name)) for name, f in change.items()}
        return dataclasses.replace(work, tables=work.tables._replace(**values))

    return changed


MISTAKES: dict[str, Callable[[Workload], Workload]] = {
    "habit ignored": with_weights(habit=0.0),
    "relevance ignored": with_weights(relevance=0.0),
    "relevance without satiation": with_weights(relevance_half=1e-3),
    "no nest": with_weights(nest=1.0, inverse_nest=1.0),
    "nest outside, not inside": with_weights(inverse_nest=1.0),
    "privacy ignored": with_tables(perceived_data=np.zeros_like),
    "everybody has every app": with_columns(apps=lambda apps: np.full_like(apps, 0b111)),
    "classes ignored in the choice of platform": with_tables(
        platform_value=lambda value: np.broadcast_to(value.mean(axis=2, keepdims=True), value.shape)
    ),
    "one occasion rate for all": with_columns(occasion_rate=lambda rate: np.full_like(rate, rate.mean() * 0.9)),
    "price ignored among candidates": with_tables(price=np.ones_like),
    "quality ignored among candidates": with_tables(quality=np.zeros_like),
    "ranking ignored": with_tables(ranking=lambda ranking: (ranking > 0).astype(np.float32)),
    "half as many candidates": lambda work: dataclasses.replace(work, n_candidates=5),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_differing_rule_is_noticed(town: Workload, kernel: same_rules.Outcomes, mistake: str):
    wrong = MISTAKES[mistake](town)
    found = objects(wrong)
    right_prices = town.tables.price  # paid at true prices: what differs is the choice
    where = np.repeat(np.arange(found.by_merchant.size), found.by_merchant.ravel())
    verdict = same_rules.compare(kernel, found._replace(paid=right_prices.ravel()[where]))
    assert not verdict.is_same, verdict

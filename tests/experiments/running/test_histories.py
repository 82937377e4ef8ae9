"""Who walks which past: groups of runs, what they cost, and when a past is walked twice."""

from __future__ import annotations

import pytest

from experiments.request import build
from experiments.running.histories import Group, share, until_done

pytestmark = pytest.mark.long


def runs_of(*words: str, n_seeds: int = 1, baseline: bool = True):
    found = []
    for seed in range(n_seeds):
        request = build.ask(["policy=commission_cap", "population=town", f"seed={seed}", *words])
        found += request.scenarios
        found += [request.scenarios[0].without_policy()] if baseline else []
    return found


def sizes(groups: list[Group]) -> list[int]:
    return sorted(len(group.runs) for group in groups)


def test_runs_of_one_market_and_seed_are_one_group():
    runs = runs_of("policy.commission_cap.ceiling=0.05,0.06,0.07", n_seeds=3)
    groups = share(runs, 1)
    assert sizes(groups) == [4, 4, 4]
    assert {run.seed for run in groups[0].runs} in ({0}, {1}, {2})


@pytest.mark.parametrize(
    "other", ["horizon.policy_week=80", "sector.consumers.habit_weight=0.4", "horizon.n_weeks=131"]
)
def test_another_market_or_horizon_is_another_group(other: str):
    assert sizes(share([*runs_of(), *runs_of(other)], 1)) == [2, 2]


def test_cost_counts_the_past_once():
    one, two = runs_of("policy.commission_cap.ceiling=0.05,0.06", baseline=False)
    baseline = one.without_policy()
    assert Group((one,)).cost == 130 * 10_000
    assert Group((baseline,)).cost == 130 * 10_000
    assert Group((one, baseline)).cost == (130 + 52) * 10_000
    assert Group((two, one)).cost == (78 + 52 + 52) * 10_000


def test_branches_leave_the_trunk_in_the_order_of_their_weeks():
    runs = runs_of("policy.commission_cap.start_week=100,79,90")
    assert [run.first_policy_week for run in Group(tuple(runs)).branches] == [79, 90, 100]
    assert Group(tuple(runs)).baseline == runs[-1]


def test_past_is_walked_again_where_workers_would_be_idle():
    runs = runs_of("policy.commission_cap.ceiling=range(0.05,0.12,0.01)")
    assert len(runs) == 8
    assert sizes(share(runs, 1)) == [8]
    assert sizes(share(runs, 2)) == [4, 4]
    assert sizes(share(runs, 8)) == [1] * 8


def test_past_is_not_walked_again_where_all_are_busy():
    assert sizes(share(runs_of(n_seeds=4), 2)) == [2, 2, 2, 2]
    assert sizes(share(runs_of(n_seeds=3), 2)) == [1, 1, 2, 2], "the third pair would leave one worker idle"


def test_no_run_is_lost_or_done_twice_and_splitting_never_delays():
    runs = runs_of("policy.commission_cap.ceiling=0.05,0.06,0.07", "policy.commission_cap.start_week=80,100", n_seeds=3)
    for n_workers in (1, 2, 3, 5, 16, 100):
        groups = share(runs, n_workers)
        assert sorted(run.digest() for group in groups for run in group.runs) == sorted(run.digest() for run in runs)
        assert until_done(groups, n_workers) <= until_done(share(runs, 1), n_workers)
        assert [group.cost for group in groups] == sorted((group.cost for group in groups), reverse=True)

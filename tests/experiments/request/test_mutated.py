"""Whatever is typed, there are two outcomes: scenarios, or a refusal that says why."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experiments.request import build, composition
from experiments.request.request import Request
from sim.errors import PlatformLabError, RefusedScenario
from sim.snapshot import RefusedSnapshot

KEYS = (
    *("policy", "population", "sector", "platforms", "horizon", "uncertainty", "design", "runner", "seed", "config"),
    *("replicates", "preview", "precision", "most_replicates", "outcomes", "agents", "name", "title", "intervals"),
    *("snapshot_week", "from_snapshot", "levers", "uncertainties", "policy.commission_cap", "policy.commission_cap."),
    *("policy.commission_cap.ceiling", "policy.commission_cap.scope", "policy.commission_cap.phase_in_weeks"),
    *("policy.commission_cap.start_week", "policy.minimum_pay.floor", "policy.none.x", "policy.size_tiers.thresholds"),
    *("sector.platforms.leader.net_fee", "sector.platforms", "sector.consumers.price_sensitivity", "sector.sources"),
    *("sector.name", "population.n_zones", "population.n_consumers", "horizon.n_weeks", "horizon.policy_week"),
    *("platforms.strategy", "platforms.learning", "design.kind", "design.n_points", "design.n_levels"),
    *("uncertainty.over", "uncertainty.assumptions", "uncertainty.seeds_per_draw", "runner.shard", "runner.n_workers"),
    *("levers.policy", "levers.seed", "seed.x", "x", "", ".", "a..b", "policy..", "hydra.run", "_target_"),
)
VALUES = (
    *("0", "1", "-1", "0.1", "0.05", "7", "1e-9", "1e400", "nan", "inf", "020", "18446744073709551615", "2026-12-01"),
    *("null", "true", "no", "''", "town", "commission_cap", "minimum_pay", "gradient", "x" * 300, "x" * 5000, "é", "*"),
    *(
        "declared",
        "[]",
        "{}",
        "[null]",
        "[[[]]]",
        "[{a:1}]",
        "{a:1}",
        "{a:{b:[1]}}",
        "{low:0.05,high:0.1,x:1}",
        "[1,2]",
    ),
    *("range(1,5)", "range(0.05,0.12,0.01)", "range(5,1)", "range(1,5,0)", "range(0,1000000000)", "range(0,1,1e-9)"),
    *("range(1,1)", "shuffle(range(1,4))", "sort(3,2,1)", "interval(0,1)", "interval(0.2,0.8)", "interval(1,0)"),
    *("glob(c*)", "choice(1,2)", "1,1", "0.1,0.05", "[commission_cap],[minimum_pay]", "commission_cap,minimum_pay"),
    *("a,b", "null,1", "{a:1},{a:2}", "[1],[2]", "[commission_cap,minimum_pay]", "1,", "(", "${seed}", "int(3)"),
    *("grid", "latin_hypercube", "sobol", "one_at_a_time", "assumptions", "strategies", "nothing"),
)
STARTS = (
    [],
    ["policy=commission_cap"],
    ["policy=[commission_cap]", "population=town", "replicates=1"],
    ["policy=commission_cap,minimum_pay", "population=town"],
    ["policy=commission_cap", "policy.commission_cap.ceiling=interval(0.05,0.1)", "design=latin_hypercube"],
)
TREES = st.recursive(
    st.sampled_from([None, True, 0, 3, 0.1, "declared", "commission_cap", "town", "", "x", [0.1, 0.05], []]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from([*KEYS[:30], "low", "high", "0"]), inner, max_size=2)
    ),
    max_leaves=5,
)


def outcome(words: list[str], extra: Path | None = None) -> Request | PlatformLabError:
    """Scenarios or a refusal, whose every problem says something; anything else is a failure."""
    found: Request | PlatformLabError
    try:
        found = build.ask(words, extra)
    except (RefusedScenario, RefusedSnapshot) as refused:
        found = refused
    if isinstance(found, RefusedScenario):
        assert found.problems
        assert all(p.asked and p.why and p.todo for p in found.problems)
    if isinstance(found, Request):
        assert found.scenarios
        assert len(found.points) == len(found.scenarios)
    return found


@settings(
    max_examples=1000,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    st.sampled_from(STARTS),
    st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(VALUES)), min_size=1, max_size=3),
)
def test_words_become_scenarios_or_a_refusal(start: list[str], pairs: list[tuple[str, str]]):
    outcome([*start, *(f"{key}={value}" for key, value in pairs)])


@settings(
    max_examples=500,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.sampled_from(["levers", "uncertainties"]), TREES, st.sampled_from(STARTS[:2]))
def test_swept_keys_of_a_file_become_scenarios_or_a_refusal(
    monkeypatch: pytest.MonkeyPatch, group: str, tree: object, start: list[str]
):
    plain = composition.compose

    def with_tree(choices: list[str], extra: Path | None = None) -> dict[str, Any]:
        return plain(choices, extra) | {group: copy.deepcopy(tree)}

    monkeypatch.setattr(composition, "compose", with_tree)
    outcome(start)
    monkeypatch.setattr(composition, "compose", plain)

"""Configuration to scenarios: what is refused, in which words, and what sweeps become."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.request import build
from sim.errors import RefusedScenario

CAP = ["policy=[commission_cap]"]


def refused(*overrides: str, extra: Path | None = None) -> str:
    with pytest.raises(RefusedScenario) as caught:
        build.ask(list(overrides), extra)
    return str(caught.value)


def test_default_is_a_city_without_policy():
    request = build.ask([])
    (scenario,) = request.scenarios
    assert (scenario.population.name, scenario.policy, scenario.horizon.policy_week) == ("city", {}, 79)


def test_value_override_reaches_the_scenario():
    (scenario,) = build.ask([*CAP, "policy.commission_cap.ceiling=0.06", "seed=9"]).scenarios
    assert (scenario.policy["commission_cap"].ceiling, scenario.seed) == (0.06, 9)  # pyright: ignore


def test_policy_without_brackets_is_the_same():
    with_brackets, without = build.ask(CAP).scenarios[0], build.ask(["policy=commission_cap"]).scenarios[0]
    assert with_brackets.digest() == without.digest()


@pytest.mark.parametrize(
    ("override", "named", "hint"),
    [
        ("sector.consumers.price_sensitivty=0.04", "sector.consumers.price_sensitivty", "price_sensitivity"),
        ("sector.consumer.price_sensitivity=0.04", "sector.consumer.price_sensitivity", "consumers"),
        ("populaton.n_consumers=5", "populaton.n_consumers", "population"),
        ("sed=5", "sed", "seed"),
        ("policy.commission_cap.celing=0.1", "policy.commission_cap.celing", "ceiling"),
        ("policy=[comission_cap]", "policy=comission_cap", "commission_cap"),
        ("sector=food_delivry", "sector=food_delivry", "food_delivery"),
        ("population=twon", "population=twon", "town"),
        ("runner.n_wrokers=2", "request.runner.n_wrokers", "n_workers"),
        ("sector.platforms.leader.net_fe=1.0", "sector.platforms.leader.net_fe", "net_fee"),
        ("sector.workers.groups.rare.hour=3.0", "sector.workers.groups.rare.hour", "hours"),
    ],
)
def test_unknown_key_is_named_with_the_nearest_right_one(override: str, named: str, hint: str):
    said = refused(*(CAP if "comission" not in override else []), override)
    assert said.startswith(named)
    assert f"write `{hint}`" in said


@pytest.mark.parametrize(
    ("override", "allowed"),
    [
        ("sector.consumers.price_sensitivity=nan", "0.001 to 2"),
        ("sector.consumers.price_sensitivity=inf", "0.001 to 2"),
        ("sector.consumers.price_sensitivity=-1", "0.001 to 2"),
        ("sector.consumers.price_sensitivity='0.05'", "0.001 to 2"),
        ("sector.consumers.n_candidates=2.5", "1 to 64"),
        ("sector.merchants.n_per_zone=true", "0 to 40000"),
        ("policy.commission_cap.ceiling=1.2", "0 to 1"),
        ("policy.commission_cap.ceiling=nan", "0 to 1"),
        ("population.n_consumers=0", "1 to 2e+07"),
        ("horizon.n_weeks=0", "1 to 5200"),
        ("replicates=0", "1 to 100000"),
        ("seed=-1", "0 to 2^64 - 1"),
    ],
)
def test_value_that_cannot_be_is_refused_with_what_can(override: str, allowed: str):
    said = refused(*CAP, override)
    assert override.split("=")[0] in said
    assert allowed in said


def test_policy_after_the_horizon_is_refused():
    assert "the horizon ends after week 40" in refused(*CAP, "horizon.n_weeks=40")


def test_value_of_an_instrument_not_chosen_says_how_to_choose_it():
    assert "add 'policy=[commission_cap]'" in refused("policy.commission_cap.ceiling=0.1")


def test_key_said_twice_is_refused():
    assert "seed is set twice" in refused("seed=1", "seed=2")


@pytest.mark.parametrize("override", ["hydra.run.dir=x", "_target_=os.system", "~sector", "no_equals_sign"])
def test_nothing_but_values_and_choices_is_taken(override: str):
    assert override.lstrip("~").split("=")[0] in refused(override)


def test_file_that_names_code_is_refused(tmp_path: Path):
    (tmp_path / "experiment").mkdir()
    text = "# @package _global_\nsector:\n  consumers:\n    _target_: os.system\n"
    (tmp_path / "experiment" / "bad.yaml").write_text(text)
    assert "never code" in refused("experiment=bad", extra=tmp_path)


def test_environment_cannot_be_read_by_a_file(tmp_path: Path):
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "nosy.yaml").write_text("# @package _global_\ntitle: ${oc.env:HOME}\n")
    assert "oc.env" in refused("experiment=nosy", extra=tmp_path)


def test_sweep_is_the_grid_of_all_values_in_order():
    request = build.ask([*CAP, "policy.commission_cap.ceiling=0.05,0.1", "sector.consumers.habit_weight=0.0,0.5,1.0"])
    found = [tuple(point.values()) for point in request.points]
    assert found == [(c, h) for c in (0.05, 0.1) for h in (0.0, 0.5, 1.0)]
    assert [s.policy["commission_cap"].ceiling for s in request.scenarios] == [c for c, _ in found]  # pyright: ignore
    assert [s.sector.consumers.habit_weight for s in request.scenarios] == [h for _, h in found]


def test_range_is_a_sweep():
    points = build.ask([*CAP, "policy.commission_cap.ceiling=range(0.05,0.08,0.01)"]).points
    assert [round(v, 6) for p in points for v in p.values()] == [0.05, 0.06, 0.07]


def test_group_can_be_swept():
    request = build.ask([*CAP, "population=town,city"])
    assert [s.population.n_consumers for s in request.scenarios] == [10_000, 100_000]


def test_command_line_wins_over_an_experiments_sweep():
    request = build.ask(["experiment=commission_cap_heights", "policy.commission_cap.ceiling=0.06"])
    assert [s.policy["commission_cap"].ceiling for s in request.scenarios] == [0.06]  # pyright: ignore


def test_enormous_sweep_is_refused_before_anything_is_built():
    said = refused(*CAP, "seed=range(0,1000)", "horizon.n_weeks=range(100,1200)")
    assert "1,100,000 scenarios" in said


def test_sweep_over_seeds_wants_one_replicate_a_seed():
    assert "set replicates=1" in refused(*CAP, "seed=1,2,3")
    assert len(build.ask([*CAP, "seed=1,2,3", "replicates=1"]).scenarios) == 3


def test_rule_may_not_start_while_the_market_is_observed():
    assert "until week 79 the market is observed" in refused(*CAP, "policy.commission_cap.start_week=78")
    later = build.ask([*CAP, "policy.commission_cap.start_week=90"]).scenarios[0]
    assert later.first_policy_week == 90

"""Which points a sweep looks at: grids, Latin hypercubes, Sobol points, one at a time, over values and ranges."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from experiments.request import build
from experiments.request.request import Request
from experiments.storage import run_store, writing
from sim.errors import RefusedScenario

CAP = ["population=town", "policy=commission_cap"]
CEILING = "policy.commission_cap.ceiling"
PRICE = "sector.consumers.price_sensitivity"
FILE = """\
# @package _global_
defaults:
  - override /population: town
  - override /policy: [commission_cap, interoperability]
  - override /design: latin_hypercube
name: asked
question: What?
levers:
  policy.commission_cap.ceiling: {low: 0.05, high: 0.11}
  policy.interoperability.visibility: [0.0, 0.5]
uncertainties:
  sector.consumers.price_sensitivity: declared
design: {n_points: 6, seed: 3}
outcomes: [platform_profit]
replicates: 2
"""


def points_of(*words: str, extra: Path | None = None) -> Request:
    return build.ask([*CAP, *words], extra)


def refused(*words: str, extra: Path | None = None) -> str:
    with pytest.raises(RefusedScenario) as caught:
        points_of(*words, extra=extra)
    return str(caught.value)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "asked.yaml").write_text(FILE)
    return tmp_path


def test_a_range_on_a_grid_becomes_levels_from_end_to_end():
    request = points_of(f"{CEILING}=interval(0.05,0.11)", "design.n_levels=4")
    assert [point[CEILING] for point in request.points] == [0.05, 0.07, 0.09, 0.11]
    assert request.levers == {CEILING: [0.05, 0.07, 0.09, 0.11]}


def test_whole_numbers_stay_whole():
    weeks = "horizon.n_weeks"
    grid = points_of(f"{weeks}=interval(130,133)", "design.n_levels=9")
    assert [point[weeks] for point in grid.points] == [130, 131, 132, 133], "no level twice"
    spread = points_of(f"{weeks}=interval(130,133)", "design=latin_hypercube", "design.n_points=40")
    found = [point[weeks] for point in spread.points]
    assert all(isinstance(value, int) for value in found)
    assert [found.count(value) for value in (130, 131, 132, 133)] == [10] * 4


def test_a_latin_hypercube_hits_every_part_of_every_range_once():
    words = [f"{CEILING}=interval(0.05,0.13)", f"{PRICE}=declared", "design=latin_hypercube", "design.n_points=16"]
    request = points_of(*words)
    low, high = (getattr(request.scenarios[0].sector.source_of(PRICE[7:]), end) for end in ("low", "high"))
    for key, (start, end) in {CEILING: (0.05, 0.13), PRICE: (low, high)}.items():
        values = np.array([point[key] for point in request.points])
        assert sorted(np.floor(16 * (values - start) / (end - start))) == list(range(16))
    assert points_of(*words).points == request.points, "a function of the design's seed"
    assert points_of(*words, "design.seed=2").points != request.points
    for scenario, point in zip(request.scenarios, request.points, strict=True):
        assert scenario.policy["commission_cap"].ceiling == point[CEILING]  # pyright: ignore
        assert scenario.sector.consumers.price_sensitivity == point[PRICE]


def test_sobol_points_fill_both_halves_of_both_ranges_equally():
    words = ["design=sobol", "design.n_points=8", f"{CEILING}=interval(0.0,1.0)", f"{PRICE}=interval(0.03,0.07)"]
    values = np.array([[point[CEILING], (point[PRICE] - 0.03) / 0.04] for point in points_of(*words).points])
    corners = {(bool(a), bool(b)) for a, b in values > 0.5}
    assert len(corners) == 4
    assert (values > 0.5).sum(axis=0).tolist() == [4, 4]


def test_one_at_a_time_moves_one_key_from_where_the_files_have_it():
    base = points_of().scenarios[0].sector.consumers.price_sensitivity
    request = points_of(f"{CEILING}=0.081,0.101", f"{PRICE}=declared", "design=one_at_a_time")
    default = request.points[0][CEILING]
    assert request.points[0] == {CEILING: default, PRICE: base}
    moved = [{key for key in point if point[key] != request.points[0][key]} for point in request.points[1:]]
    assert moved == [{CEILING}, {CEILING}, {PRICE}, {PRICE}]


def test_ranges_are_crossed_with_values():
    words = [f"{CEILING}=interval(0.05,0.11)", "seed=1,5", "replicates=1", "design=sobol", "design.n_points=4"]
    request = points_of(*words)
    assert [point["seed"] for point in request.points] == [1] * 4 + [5] * 4
    assert [p[CEILING] for p in request.points[:4]] == [p[CEILING] for p in request.points[4:]]


def test_every_point_is_what_its_own_command_would_be():
    request = points_of(f"{CEILING}=0.05,0.08", f"{PRICE}=0.04,0.06", "horizon.policy_week=80,90")
    for scenario, point in zip(request.scenarios, request.points, strict=True):
        (alone,) = points_of(*(f"{key}={value}" for key, value in point.items())).scenarios
        assert alone == scenario
        assert run_store.run_name(alone) == run_store.run_name(scenario)


def test_an_experiment_says_levers_uncertainties_design_and_outcomes(folder: Path):
    request = build.ask(["experiment=asked"], folder)
    assert len(request.points) == 12
    assert request.roles == {
        CEILING: "lever",
        "policy.interoperability.visibility": "lever",
        PRICE: "uncertainty",
    }
    assert request.asking.outcomes == ["platform_profit"]
    narrowed = build.ask(["experiment=asked", f"{CEILING}=0.08", "design=grid", "design.n_levels=2"], folder)
    assert len(narrowed.points) == 4, "the command line wins over the file"


def test_a_design_hidden_in_a_file_does_not_win_over_the_one_that_was_typed(folder: Path):
    (folder / "experiment" / "hidden.yaml").write_text(FILE.replace("design: {", "design: {kind: latin_hypercube, "))
    assert "kind: latin_hypercube" in refused("experiment=hidden", "design=grid", extra=folder)


def test_policies_can_be_levers_of_a_file(folder: Path):
    text = FILE.replace("levers:\n", "levers:\n  policy: [[commission_cap, interoperability], [interoperability]]\n")
    text = text.replace("  policy.commission_cap.ceiling: {low: 0.05, high: 0.11}\n", "").replace("6, seed", "2, seed")
    (folder / "experiment" / "policies.yaml").write_text(text)
    request = build.ask(["experiment=policies"], folder)
    assert [tuple(scenario.policy) for scenario in request.scenarios[::4]] == [
        ("commission_cap", "interoperability"),
        ("interoperability",),
    ]


def test_the_configuration_of_a_result_asks_for_the_same_runs(folder: Path, tmp_path: Path):
    request = build.ask(["experiment=asked", "policy.commission_cap.start_week=90", "runner.n_workers=1"], folder)
    writing.write_config(tmp_path / "result", request)
    path = tmp_path / "result" / "config.yaml"
    assert "runner" not in yaml.safe_load(path.read_text())
    again = build.ask([f"config={path}"])
    assert [run_store.run_name(s) for s in again.scenarios] == [run_store.run_name(s) for s in request.scenarios]
    assert again.asking.replicates == 2
    other = build.ask([f"config={path}", "population=city", "replicates=3"])
    assert other.scenarios[0].population.name == "city"
    assert other.asking.replicates == 3


def test_a_configuration_from_somebody_else_is_looked_at_first(tmp_path: Path):
    path = tmp_path / "config.yaml"
    path.write_text("sector: !!python/object/apply:os.system ['true']\n")
    with pytest.raises(RefusedScenario, match="tag"):
        build.ask([f"config={path}"])
    path.write_text("sector: {}\nrunner: {address: 'tcp://elsewhere:8786'}\n")
    with pytest.raises(RefusedScenario, match="command line"):
        build.ask([f"config={path}"])
    with pytest.raises(RefusedScenario, match="no such file"):
        build.ask(["config=nowhere.yaml"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["design=latin_hypercube", f"{CEILING}=0.05,0.06"], "spreads points over ranges"),
        (["design=sobol", "design.n_points=10", f"{CEILING}=interval(0.05,0.1)"], "set it to 8 or 16"),
        (["design.kind=star"], "latin_hypercube, sobol, one_at_a_time"),
        (["design=grid", "design.n_levels=1"], "2 to 1000"),
        ([f"{CEILING}=interval(0.1,0.05)"], "low below high"),
        ([f"{CEILING}=interval(0.5,1.5)"], "0 to 1 share of goods value"),
        (["platforms.strategy=declared"], "only a number has a range"),
        (["sector.consumers.nobody=declared"], "there is no such key"),
        (["population.n_consumers=interval(1000,2000)", "design=latin_hypercube", "design.n_points=1"], "2 to 100000"),
        (["design=grid,sobol"], "a sweep over design"),
        (["runner.address=tcp://elsewhere:8786"], "add runner=cluster"),
        (["runner.shard=4/3"], "1/3 to 3/3"),
        (["runner.shard=0/3"], "runner.shard='0/3'"),
        (["runner.n_tries=1"], "2 to 10 times"),
        (["runner=local,cluster"], "a sweep over runner"),
        (["replicates=2,4"], "only keys of a scenario can be swept"),
        (
            [f"{CEILING}=interval(0.05,0.1)", "design=latin_hypercube", "seed=range(0,60000)", "replicates=1"],
            "take too long",
        ),
        ([f"{CEILING}=interval(0,1)", f"{PRICE}=declared", "design.n_levels=400"], "take too long"),
    ],
)
def test_what_cannot_be_designed_is_refused_in_words(words: list[str], said: str):
    assert said in refused(*words)

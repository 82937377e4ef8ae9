"""Several files of a group at once, by `glob`, as in Hydra."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments import cli
from experiments.request import build, folders, grammar
from sim.errors import RefusedScenario


def choices(text: str, extra: Path | None = None) -> list[str]:
    """What one override chooses in its group."""
    chosen, values = grammar.split([text], extra)
    assert values == {}
    (found,) = chosen.values()
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("policy=glob(article_1*)", ["article_10", "article_11"]),
        ("policy=glob([commission*,data*])", ["commission_cap", "data_limit"]),
        ("policy=glob([commission*,data*],exclude=data*)", ["commission_cap"]),
        ("policy=glob(c*,exclude=[co*,x*])", ["credit_lists"]),
        ("policy=glob('*_cap')", ["commission_cap"]),
        ("population=glob(t*),city", ["town", "city"]),
        ("population=city,glob(*city)", ["city", "megacity"]),
        ("sector=glob(*)", folders.options("sector")),
    ],
)
def test_a_glob_names_the_options_that_it_matches_in_order(text: str, expected: list[str]):
    assert choices(text) == expected


def test_no_rule_is_left_out_of_many_policies_and_never_when_it_is_named():
    everything = folders.options("policy")
    assert "none" in everything
    assert choices("policy=glob(*)") == [name for name in everything if name != "none"]
    assert choices("policy=glob(non*)") == ["none"]
    assert choices("policy=none,glob(commission*)") == ["none", "commission_cap"]
    assert "none" in choices("uncertainty=glob(*)")


def test_every_policy_can_be_asked_for_at_once():
    request = build.ask(["policy=glob(*)"])
    assert len(request.scenarios) == len(folders.options("policy")) - 1
    assert all(scenario.policy for scenario in request.scenarios)


def test_options_of_a_folder_of_ones_own_are_matched_too(tmp_path: Path):
    (tmp_path / "population").mkdir()
    (tmp_path / "population" / "tiny.yaml").write_text("name: tiny\nn_consumers: 2_000\nn_zones: 1\n")
    assert choices("population=glob(t*)", tmp_path) == ["tiny", "town"]
    names = [s.population.name for s in build.ask(["population=glob(t*)"], tmp_path).scenarios]
    assert names == ["tiny", "town"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("policy=glob(zz*)", "it matches no file of policy"),
        ("policy=glob(*,exclude=*)", "it matches no file of policy"),
        ("policy=none,glob(zz*)", "it matches no file of policy"),
        ("policy=[glob(*)]", "leave the brackets out"),
        ("policy=[glob(*)],none", "leave the brackets out"),
        ("policy=interval(0,1)", "a set of files, not of numbers"),
        ("seed=glob(*)", "seed is no group"),
        ("seed=1,glob(*)", "seed is no group"),
        ("outcomes=[glob(*)]", "outcomes is no group"),
        ("precision={a: [glob(*)]}", "precision is no group"),
        ("policy.commission_cap.ceiling=glob(*)", "is no group"),
    ],
)
def test_a_glob_that_names_nothing_is_refused_with_what_there_is(text: str, said: str):
    with pytest.raises(RefusedScenario) as caught:
        grammar.split([text], None)
    (problem,) = caught.value.problems
    assert said in str(problem)
    if "no group" in said:
        assert all(group in problem.allowed for group in folders.groups())
    elif "leave" not in said:
        assert problem.allowed.split(", ") == folders.options("policy")


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("run", ["policy=glob(*)"]),
        ("compare", ["policy=glob(article_*)"]),
        ("calibrate", ["sector=glob(*)"]),
        ("sweep", ["policy=commission_cap", "runner=glob(*)"]),
        ("sweep", ["config=glob(*)"]),
        ("sweep", ["experiment=glob(*)"]),
        ("validate", ["theory", "case=glob(*)"]),
        ("validate", ["theory", "runner=glob(*)"]),
        ("list", ["instruments", "glob(*)"]),
        ("list", ["assumptions", "sector=glob(*)"]),
        ("report", ["policy=glob(*)"]),
        ("store", ["glob(*)"]),
        ("dashboard", ["policy=glob(*)"]),
    ],
)
def test_verbs_that_ask_of_one_thing_refuse_several(
    verb: str, words: list[str], outputs: Path, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as caught:
        cli.main([verb, *words])
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith(f"Cannot {verb}:")
    assert "Traceback" not in said


@pytest.mark.parametrize("written", ["glob(*)", "commission_cap", "5"])
def test_choices_in_a_file_are_a_list(written: str, tmp_path: Path):
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "mine.yaml").write_text(f"# @package _global_\nlevers:\n  policy: {written}\n")
    with pytest.raises(RefusedScenario) as caught:
        build.ask(["experiment=mine"], tmp_path)
    (problem,) = caught.value.problems
    assert problem.asked == f"levers: policy: {written}"
    assert "write a list" in problem.todo

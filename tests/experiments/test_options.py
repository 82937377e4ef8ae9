"""Options as people who know Hydra type them: done, or refused with what to use instead."""

from __future__ import annotations

import importlib.metadata
import platform
import tomllib
from pathlib import Path

import pytest
import yaml
from hydra._internal.utils import get_args_parser

from experiments import cli
from experiments.request import options

CAP = ["policy=commission_cap"]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str], Path | None]]:
    """What verbs are called with, instead of carrying it out."""
    found: list[tuple[str, list[str], Path | None]] = []
    for verb in ("run", "compare", "sweep"):
        monkeypatch.setattr(
            f"experiments.{verb}.main", lambda words, extra=None, verb=verb: found.append((verb, words, extra))
        )
    return found


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as caught:
        cli.main(list(words))
    said = capsys.readouterr()
    assert caught.value.code == 2
    assert said.out == ""
    assert "Traceback" not in said.err
    return said.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "-m", "seed=1,2"], "run --multirun is `platform-lab sweep`\n"),
        (["run", "seed=1,2", "--multirun"], "run --multirun is `platform-lab sweep`\n"),
        (["-m", "run", "seed=1,2"], "run --multirun is `platform-lab sweep`\n"),
        (["compare", "seed=1,2", "-m"], "compare --multirun is `platform-lab sweep`\n"),
        (["-m", "seed=1,2"], "--multirun is `platform-lab sweep`\n"),
        (["seed=1,2", "--multirun"], "--multirun is `platform-lab sweep`\n"),
        (["sweep", "-m", "seed=1,2"], ""),
        (["--multirun", "sweep", "seed=1,2"], ""),
    ],
)
def test_multirun_is_sweep_with_the_same_words(words, said, asked, capsys: pytest.CaptureFixture[str]):
    cli.main(words)
    assert asked == [("sweep", ["seed=1,2"], None)]
    assert capsys.readouterr().err == said


@pytest.mark.parametrize(
    ("words", "verb"),
    [(["run", "--run", "seed=2"], "run"), (["-r", "seed=2"], "run"), (["compare", "seed=2", "-r"], "compare")],
)
def test_run_asks_of_one_scenario(words, verb: str, asked):
    cli.main(words)
    assert asked == [(verb, ["seed=2"], None)]


@pytest.mark.parametrize("option", ["--config-dir", "-cd"])
@pytest.mark.parametrize("is_apart", [True, False])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_folder_may_be_named_before_and_behind_the_verb(option, is_apart, is_first, asked, tmp_path: Path):
    folder = [option, str(tmp_path)] if is_apart else [f"{option}={tmp_path}"]
    cli.main([*folder, "run", "seed=2"] if is_first else ["run", "seed=2", *folder])
    assert asked == [("run", ["seed=2"], tmp_path)]


@pytest.mark.parametrize(
    ("words", "use"),
    [
        (["calibrate", "-m"], "platform-lab sweep"),
        (["list", "--multirun"], "platform-lab sweep"),
        (["report", "-m"], "platform-lab sweep"),
        (["-m", "validate", "theory"], "platform-lab sweep"),
        (["sweep", "--run"], "platform-lab run"),
        (["run", "-r", "-m"], "leave one out"),
        (["--info"], "--cfg job"),
        (["--info", "all"], "--cfg job"),
        (["run", "-i"], "platform-lab list"),
        (["-i", "config", *CAP], "platform-lab list"),
        (["-m", "--config-path", "conf", *CAP], "--config-dir DIR"),
        (["--config-path=conf", *CAP], "--config-dir DIR"),
        (["run", "-cp", "conf"], "--config-dir DIR"),
        (["run", "--config-name", "other"], "experiment=NAME"),
        (["-cn", "other", "run"], "config=FILE"),
        (["sweep", "--experimental-rerun", "config.pickle"], "config=FILE"),
        (["--hydra-help"], "platform-lab --help"),
        (["run", "-sc", "install=bash"], "platform-lab completion bash"),
        (["run", "--cfg", "hydra"], "--cfg job"),
        (["run", "-c=all"], "--cfg job"),
        (["run", "--cfg"], "--cfg job"),
        (["report", "-c", "job"], "platform-lab run --cfg job"),
        (["run", "--resolve"], "add --cfg job"),
        (["run", "-p", "sector"], "add --cfg job"),
        (["run", "--config-dir"], "write --config-dir DIR"),
        (["run", "--cfg", "job", "--package"], "write --package KEY"),
        (["run", "--multirnu"], "there is no such option"),
        (["--config-dri", "run"], "there is no"),
        ([*CAP], "the verbs are"),
    ],
)
def test_what_means_nothing_here_is_refused_with_what_to_use(words, use, asked, capsys: pytest.CaptureFixture[str]):
    assert use in refusal(capsys, *words)
    assert asked == []


def test_every_option_of_hydra_is_known():
    """One that Hydra adds, or renames, shows here."""
    names = {name for action in get_args_parser()._actions for name in action.option_strings}
    known = {*options.REFUSED, *options.VALUED, "--multirun", "--run", "--resolve", "--help", "--version"}
    assert {options.SHORT.get(name, name) for name in names} <= known
    assert {name for name in names if not name.startswith("--")} == set(options.SHORT)


def test_the_configuration_is_shown_whole_or_in_part(asked, capsys: pytest.CaptureFixture[str]):
    cli.main(["run", *CAP, "--cfg", "job"])
    whole = capsys.readouterr().out
    plain = yaml.safe_load(whole)
    assert plain["policy"] == {"commission_cap": {}}
    for words in (["-c", "job"], ["-c=job", "--resolve"], ["--cfg=job", "--package", "_global_"]):
        cli.main([*words, *CAP])
        assert capsys.readouterr().out == whole
    cli.main(["sweep", "-c", "job", "-p", "sector.consumers"])
    assert yaml.safe_load(capsys.readouterr().out) == plain["sector"]["consumers"]
    assert "consumers" in refusal(capsys, "run", "-c", "job", "-p", "sector.consumer")
    assert "a single value" in refusal(capsys, "run", "-c", "job", "-p", "seed.more")
    assert asked == []


@pytest.mark.parametrize("words", [["--version"], ["run", "--version"]])
def test_version_names_the_laboratory_and_python(words, capsys: pytest.CaptureFixture[str]):
    cli.main(words)
    installed = importlib.metadata.version("platform-lab")
    assert capsys.readouterr().out == f"platform-lab {installed}, Python {platform.python_version()}\n"


def test_version_of_a_checkout_that_nobody_installed(monkeypatch: pytest.MonkeyPatch):
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    project = tomllib.loads((Path(options.__file__).parents[1] / "pyproject.toml").read_text())["project"]
    assert options.version().startswith(f"platform-lab {project['version']}, ")

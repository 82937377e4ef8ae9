"""What a half-typed word may become, in Python and in a real shell."""

from __future__ import annotations

import dataclasses
import importlib
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from experiments import cli, completion, store
from experiments.request import completing, folders, snapshot_options
from experiments.request.composition import ASKING_KEYS
from experiments.validation import files
from sim.errors import RefusedScenario
from sim.policy.catalogue import CATALOGUE

VERBS = list(cli.VERBS)
CAP = ["policy=commission_cap"]


def completed(*words: str) -> list[str]:
    return completing.candidates(words, VERBS)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([""], sorted(VERBS)),
        (["co"], ["compare", "completion"]),
        (["run"], ["run"]),
        (["nonsense", "x"], []),
        (["run", "sec"], ["sector="]),
        (["-m", "sec"], ["sector="]),
        (["run", "population=t"], ["population=town"]),
        (["run", "'population=t"], ["population=town"]),
        (["sweep", "population=town,"], [f"population=town,{name}" for name in ("city", "megacity", "metropolis")]),
        (["compare", "policy=[commission_cap,data"], ["policy=[commission_cap,data_limit"]),
        (["compare", "policy=[commission_cap],[commission"], []),
        (["run", "zone=t"], []),
        (["run", *CAP, "pol"], ["policy."]),
        (["run", *CAP, "policy."], ["policy.commission_cap."]),
        (["run", *CAP, "policy.commission_cap.cei"], ["policy.commission_cap.ceiling="]),
        (["run", *CAP, "policy.data_limit."], []),
        (["run", "policy=article_08", "policy."], ["policy.commission_cap.", "policy.small_merchant_traffic."]),
        (["sweep", "experiment=commission_cap_heights", "policy."], ["policy.commission_cap."]),
        (["run", "policy."], []),
        (["run", "sector.consumers.income_e"], ["sector.consumers.income_elasticity="]),
        (["run", "sector=ecommerce", "sector.cons"], ["sector.consumers."]),
        (["run", "sector.nobody."], []),
        (["run", "repl"], ["replicates="]),
        (["run", "replicates=4", "repl"], []),
        (["run", "--c"], ["--cfg", "--config-dir"]),
        (["run", "--cfg", ""], ["job"]),
        (["run", "--cfg", "job", "--p"], ["--package"]),
        (["run", "--config-dir", ""], []),
        (["report", "--e"], ["--export"]),
        (["--v"], ["--version"]),
        (["list", "inst"], ["instruments"]),
        (["list", "instruments", "commission"], ["commission_cap"]),
        (["list", "assumptions", ""], ["sector="]),
        (["list", "assumptions", "sector=e"], ["sector=ecommerce"]),
        (["store", "prune", ""], ["results"]),
        (["completion", ""], ["bash", "fish", "zsh"]),
        (["validate", "th"], ["theory"]),
        (["validate", "--quick", "th"], ["theory"]),
        (["store", "check", ""], []),
        (["--config-dir", "run", "sto"], ["store"]),
        (["run", "sector.name."], []),
    ],
)
def test_words_are_completed(words: list[str], expected: list[str]):
    assert completed(*words) == expected


def test_choices_and_suites_of_a_folder_of_ones_own_are_offered_unless_a_shell_could_misread_them(tmp_path: Path):
    for path in ("sector/mine.yaml", "sector/$(touch bad).yaml", "sector/a b.yaml", "validation/ours/case.yaml"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("name: mine\n")
    offered = [f"sector={name}" for name in sorted(["mine", *folders.options("sector")])]
    assert completed("run", "--config-dir", str(tmp_path), "sector=") == offered
    assert completed("run", f"-cd={tmp_path}", "sector=m") == ["sector=mine"]
    assert completed("validate", "--config-dir", str(tmp_path), "o") == ["ours"]
    assert completed("run", "--config-dir", "nowhere", "sector=m") == []


@pytest.mark.parametrize("name", list(CATALOGUE))
def test_keys_read_from_the_text_of_an_instrument_are_its_fields(name: str):
    assert sorted(completing.keys_of(name)) == sorted(field.name for field in dataclasses.fields(CATALOGUE[name]))


def test_what_is_written_down_for_speed_is_what_the_verbs_take():
    for verb in VERBS:
        module = importlib.import_module(f"experiments.{verb}")
        own = {*getattr(module, "FLAGS", {}), *getattr(module, "OPTIONS", {})}
        assert own == set(completing.OWN.get(verb, ())) - {"--multirun", "--shard"}, verb
    assert {word.split()[0] for word in store.WORDS if word} | {"log"} == set(completing.WORDS["store"])
    assert {*files.suites(), files.ALL, "case="} == set(completing.WORDS["validate"])
    assert set(completion.SCRIPTS) == set(completing.WORDS["completion"])
    keys = {f"{key}=" for key in (*folders.groups(), *ASKING_KEYS, *snapshot_options.KEYS, "seed")}
    assert set(completed("run", "")) == keys
    with pytest.raises(RefusedScenario) as caught:
        importlib.import_module("experiments.list").main(["nothing"])
    assert caught.value.problems[0].allowed.split(", ") == list(completing.WORDS["list"])


@pytest.mark.parametrize(
    ("line", "seen", "expected"),
    [
        ("platform-lab run policy=commission_c", "commission_c", "commission_cap\n"),
        ("platform-lab run policy=commission_c", "policy=commission_c", "policy=commission_cap\n"),
        ("platform-lab run 'policy=[commission_c", "policy=[commission_c", "policy=[commission_cap\n"),
        ('platform-lab run "policy=commission_c', "policy=commission_c", "policy=commission_cap\n"),
        ("platform-lab run policy\\=commission_c", "policy\\=commission_c", "policy=commission_cap\n"),
        ("platform-lab swe", "swe", "sweep\n"),
        ("platform-lab completion z ", "", ""),
        ("platform-lab store prune ", "", "results\n"),
    ],
)
def test_a_line_is_completed_by_what_the_shell_replaces(line, seen, expected, capsys: pytest.CaptureFixture[str]):
    cli.main(["_complete", "line", line, seen])
    assert capsys.readouterr().out == expected


@pytest.mark.parametrize(
    "asked",
    [
        [],
        ["line"],
        ["line", "", ""],
        ["line", "'", ""],
        ["line", "platform-lab run 'a \"b", ""],
        ["words"],
        ["words", "run", "sector=../../x", "sector."],
        ["words", "run", "sector=[food_delivery]", "sector.consumers."],
        ["words", "run", "sector.name."],
        ["words", "run", "--config-dir", "\0", "policy="],
        ["words", "run", "policy=[", "policy.[."],
        ["nonsense", "run"],
    ],
)
def test_completion_never_complains(asked: list[str], capsys: pytest.CaptureFixture[str]):
    cli.main(["_complete", *asked])
    assert capsys.readouterr().err == ""


def test_completion_is_quick_and_loads_nothing_of_the_economy():
    heavy = "{'mesa', 'hydra', 'pandas', 'numpy', 'pydantic'}"
    words = ["_complete", "words", "run", *CAP, "policy.commission_cap."]
    script = f"import sys; from experiments.cli import main; main({words}); assert not {heavy} & set(sys.modules)"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (done.returncode, done.stderr) == (0, "")
    assert "policy.commission_cap.ceiling=\n" in done.stdout
    # Time of the processor, which other processes on a busy machine do not lengthen.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.3


@pytest.mark.parametrize(("words", "shell"), [(["completion", "fish"], "fish"), (["-sc", "install=bash"], "bash")])
def test_scripts_are_printed(words: list[str], shell: str, capsys: pytest.CaptureFixture[str]):
    cli.main(words)
    assert capsys.readouterr().out == completion.SCRIPTS[shell]


@pytest.mark.parametrize(
    "words", [["completion"], ["completion", "tcsh"], ["completion", "bash", "zsh"], ["-sc", "uninstall=bash"], ["-sc"]]
)
def test_other_shells_are_refused_with_those_there_are(words: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as caught:
        cli.main(words)
    assert caught.value.code == 2
    assert "bash, zsh, fish" in capsys.readouterr().err


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_a_real_bash_completes(tmp_path: Path):
    command = tmp_path / "platform-lab"
    root = Path(cli.__file__).parents[1]
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{root}" exec "{sys.executable}" -m experiments.cli "$@"\n')
    command.chmod(0o755)
    script = f"""
    PATH="{tmp_path}:$PATH"
    eval "$(platform-lab completion bash)"
    complete -p platform-lab
    COMP_LINE='platform-lab run policy=data_ seed=1' COMP_POINT=29
    _platform_lab platform-lab data_ =
    printf '<%s>' "${{COMPREPLY[@]}}"
    COMP_LINE="platform-lab run 'policy=[article_1" COMP_POINT=35
    _platform_lab platform-lab 'policy=[article_1' run
    printf '<%s>' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.stderr == ""
    assert done.stdout == (
        "complete -o default -F _platform_lab platform-lab\n<data_limit><policy=[article_10><policy=[article_11>"
    )


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_scripts_are_read_without_complaint(shell: str):
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")
    done = subprocess.run([shell, "-n"], input=completion.SCRIPTS[shell], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")

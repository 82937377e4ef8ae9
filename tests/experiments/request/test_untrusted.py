"""Files from somebody else: whatever they ask for besides values and choices is refused before anything is composed."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from experiments import cli
from experiments.request import build, composition, folders, naming, untrusted
from experiments.storage import places, writing
from sim.errors import PlatformLabError, RefusedScenario

pytestmark = pytest.mark.long

SECRET = "a-secret-of-the-environment"
EXPERIMENT = "# @package _global_\n"
GROUPS = frozenset(folders.groups())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SECRET", SECRET)
    (tmp_path / "theirs").mkdir()
    return tmp_path / "theirs"


@pytest.fixture
def said(folder: Path, tmp_path: Path, outputs: Path, monkeypatch, capsys) -> Callable[..., str]:
    """Asks with their folder; returns what was said of the refusal."""

    def never(*_: object) -> None:
        raise AssertionError("something was composed")

    def ask(*words: str, may_compose: bool = False, verb: str = "sweep") -> str:
        if not may_compose:
            monkeypatch.setattr(composition, "compose", never)
        with pytest.raises(SystemExit) as caught:
            cli.main([verb, *words, "--config-dir", str(folder)])
        out, err = capsys.readouterr()
        assert caught.value.code == 2
        assert "Traceback" not in err
        assert SECRET not in out + err
        assert not outputs.exists()
        assert not (tmp_path / "marker").exists()
        assert all(c.isprintable() or c == "\n" for c in err)
        return err

    return ask


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in itertools.pairwise("abcdefghi")
)
LOGGING = "hydra:\n  job_logging:\n    handlers:\n      file: {class: logging.FileHandler, filename: MARKER}\n"
RUN_BY_TAG = 'title: !!python/object/apply:os.system ["touch MARKER"]\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (RUN_BY_TAG, ["line 2", "python/object/apply:os.system", "tags are not read"]),
        ("title: !!binary aGVsbG8=\n", ["line 2", "tags are not read"]),
        ("title: !custom x\n", ["line 2", "!custom"]),
        ("title: ! x\n", ["line 2", "tags are not read"]),
        ("title: !!python/object/apply:pathlib.Path [/etc]\n", ["line 2", "tags are not read"]),
        ("? !!str title\n: x\n", ["line 2", "tags are not read"]),
        (BOMB, ["line 2", "&a", "anchors and aliases", "line 3", "*a"]),
        ("a: *nothing\n", ["line 2", "*nothing"]),
        ("sector: {<<: {a: 1}}\n", ["line 2", "merge keys"]),
        ("seed: 1\n---\nseed: 2\n", ["line 3", "several documents"]),
        ("seed: 1\nseed: 2\n", ["line 3: seed", "set twice"]),
        ("sector:\n  a: 1\n  'a': 2\n", ["line 4: a", "set twice"]),
        ("defaults: []\ndefaults: [_self_]\n", ["defaults", "set twice"]),
        (f"title: {'x' * 1_000_000}\n", ["too long", "1000 kB"]),
        (f"title: {'[' * 30_000}\n", ["line 2", "nested too deeply", "20 levels"]),
        ("title: [\n", ["line 3", "broken YAML"]),
        ("title: a\n\tb: c: d\n", ["line 3", "broken YAML"]),
        ("title: \x07\n", ["line 2", "broken YAML"]),
        ('title: "\\e]0;x"\n', ["line 2", "control characters"]),
        ("- a\n", ["no keys and values"]),
        ("just words\n", ["no keys and values"]),
        ("title: ${oc.env:SECRET}\n", ["line 2", "${oc.env:SECRET}", "looked up"]),
        ("title: ${oc.decode:${oc.env:SECRET}}\n", ["line 2", "looked up"]),
        ("title: ${hydra:runtime.cwd}\n", ["line 2", "looked up"]),
        ("title: ${now:%Y}\n", ["line 2", "looked up"]),
        ("title: \\${oc.env:SECRET}\n", ["line 2", "looked up"]),
        ('title: "\\x24{oc.env:SECRET}"\n', ["line 2", "looked up"]),
        ("sector: {'${oc.env:SECRET}': 1}\n", ["line 2", "looked up"]),
        ("levers: {seed: ['${oc.env:SECRET}']}\n", ["line 2", "looked up"]),
        ("sector:\n  consumers:\n    _target_: os.system\n", ["line 4: _target_", "never code"]),
        ("sector: {_partial_: true, _args_: [x]}\n", ["_partial_", "_args_", "never code"]),
        ("sector: {_recursive_: true, _convert_: all, __class__: x}\n", ["_recursive_", "_convert_", "__class__"]),
        ("sector.a._target_: os.system\n", ["never code"]),
        (LOGGING, ["line 2: hydra", "set it on the command line"]),
        ("hydra/job_logging: x\n", ["line 2: hydra/job_logging", "command line"]),
        ("hydra.searchpath: [pkg://os]\n", ["hydra.searchpath", "command line"]),
        ("sector: {hydra: 1}\n", ["line 2: hydra"]),
        ("runner: {address: 'tcp://evil:1'}\n", ["line 2: runner", "set it on the command line"]),
        ("runner.address: tcp://evil:1\n", ["line 2: runner.address", "set it on the command line"]),
        ("Runner: {address: x}\n", ["line 2: Runner"]),
        ('"run\\x6eer": {address: x}\n', ["line 2: runner"]),
        ("'++runner.address': x\n", ["runner.address"]),
        ("levers: {runner.address: [a, b]}\n", ["runner.address", "set it on the command line"]),
        ("levers: {runner: [local, cluster]}\n", ["line 2: runner"]),
        ("levers:\n  hydra.searchpath: [[pkg://os]]\n", ["line 3: hydra.searchpath"]),
        ("sector@runner: x\n", ["sector@runner"]),
        ("snapshot_week: 3\nfrom_snapshot: x.npz\n", ["line 2: snapshot_week", "line 3: from_snapshot"]),
        ("? [a, b]\n: x\n", ["line 2: the key", "it is no plain word"]),
        ("5: 1\nnull: 1\n1e3: 1\n", ["line 2: the key 5", "line 3: the key null"]),
        ("levers: {5: [1]}\n", ["line 2: the key 5", "it is no plain word"]),
        ("name: ../../x\n", ["line 2: name: ../../x", "another folder"]),
        ("defaults:\n  - override /runner: cluster\n", ["line 3: override /runner", "set it on the command line"]),
        ("defaults:\n  - runner: x\n", ["line 3: runner", "set it on the command line"]),
        ("defaults:\n  - /runner@sector: x\n", ["/runner@sector", "set it on the command line"]),
        ("defaults:\n  - /sector@runner: x\n", ["/sector@runner", "set it on the command line"]),
        ("defaults:\n  - /sector@platforms: x\n", ["/sector@platforms", "no group"]),
        ("defaults:\n  - override hydra/job_logging: x\n", ["hydra/job_logging", "set it on the command line"]),
        ("defaults:\n  - override /hydra/launcher: x\n", ["hydra/launcher", "set it on the command line"]),
        ("defaults:\n  - optional /sector: x\n", ["optional /sector", "no group"]),
        ("defaults:\n  - override optional /sector: x\n", ["optional /sector", "no group"]),
        ("defaults:\n  - override /sector: ../runner/cluster\n", ["../runner/cluster", "no plain name"]),
        ("defaults:\n  - override /sector: [food_delivery, /etc/x]\n", ["/etc/x", "no plain name"]),
        ("defaults:\n  - override /sector: ${oc.env:SECRET}\n", ["no plain name"]),
        ("defaults:\n  - override /sector: {a: b}\n", ["no choice"]),
        ("defaults:\n  - /runner/cluster\n", ["/runner/cluster", "no plain name"]),
        ("defaults:\n  - ../runner/cluster@_global_\n", ["no plain name"]),
        ("defaults:\n  - pkg://hydra.conf/x\n", ["pkg://hydra.conf/x", "no plain name"]),
        ("defaults:\n  - file:///etc/x\n", ["file:///etc/x", "no plain name"]),
        ("defaults:\n  - sector/x: y\n", ["sector/x", "no group"]),
        ("defaults:\n  - validation: theory\n", ["validation", "no group"]),
        ("defaults:\n  - {override /sector: a, override /runner: b}\n", ["no choice of a group"]),
        ("defaults: {runner: x}\n", ["no list"]),
        ("defaults:\n  - bad\n", ["defaults", "without end"]),
    ],
)
def test_what_an_experiment_may_not_say_is_refused_with_its_line(
    text: str, words: list[str], folder: Path, tmp_path: Path, said: Callable[..., str]
):
    put(folder, "experiment/bad.yaml", EXPERIMENT + text.replace("MARKER", str(tmp_path / "marker")))
    found = said("experiment=bad")
    assert "experiment/bad.yaml" in found
    assert [word for word in words if word not in found] == []


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("experiment/bad.yaml", "# @package hydra"),
        ("experiment/bad.yaml", "#@package hydra.job_logging"),
        ("experiment/bad.yaml", "# @package _global_.runner"),
        ("experiment/bad.yaml", "# @package runner"),
        ("experiment/bad.yaml", "\n\n  #  @package   runner"),
        ("experiment/bad.yaml", "# @package _global_\n# @package runner"),
        ("experiment/bad.yaml", "# @package _global_\x0b# @package runner"),
        ("experiment/bad.yaml", "# @package _global_\u2028# @package runner"),
        ("experiment/bad.yaml", "# @package _global_\r# @package runner"),
        ("experiment/bad.yaml", "# @other x"),
        ("policy/bad.yaml", "# @package _global_"),
        ("policy/bad.yaml", "# @package policy.a.b"),
        ("policy/bad.yaml", "# @package runner"),
        ("sector/bad.yaml", "# @package _global_"),
        ("sector/bad.yaml", "# @package sector"),
        ("population/deep/bad.yaml", "# @package runner"),
    ],
)
def test_headers_that_put_values_elsewhere_are_refused(name: str, header: str, folder: Path, said: Callable[..., str]):
    put(folder, name, f"{header}\naddress: tcp://evil:1\n")
    found = said()
    assert f"{name}, line" in found
    assert "a header would decide where values go" in found or "broken YAML" in found


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("runner/cluster.yaml", "address: tcp://evil:1\n", ["runner in --config-dir", "set it on the command line"]),
        ("Runner/x.txt", "", ["Runner in --config-dir"]),
        ("hydra/job_logging/x.yaml", "a: 1\n", ["hydra in --config-dir"]),
        ("config.yaml", "hydra: {searchpath: [pkg://os]}\n", ["config.yaml", "never this one"]),
        ("sector", "a file", ["sector", "a folder of files"]),
        ("sector/a,b].yaml", "", ["no plain name"]),
        ("sector/.yaml", "", ["no plain name"]),
        ("sector/a\nb.yaml", "", ["a\\nb.yaml", "no plain name"]),
        ("sector/a\x1b[2J.yaml", "", ["a\\x1b[2J.yaml", "no plain name"]),
        ("sector/${oc.env:SECRET}.yaml", "", ["no plain name"]),
        (b"sector/\xff.yaml", "", ["no plain name"]),
        ("sector/bad.yml", "runner: x\n", ["sector/bad.yml, line 1: runner"]),
        ("sector/bad.YAML", "runner: x\n", ["sector/bad.YAML, line 1: runner"]),
        ("sector/bad.yaml", b"name: \xff\n", ["line 1", "no text in UTF-8"]),
        ("sector/bad.yaml", "name: x".encode("utf-16"), ["no text in UTF-8"]),
        ("sector/bad.yaml", b"\xef\xbb\xbfname: x\n", ["byte order mark"]),
        ("sector/bad.yaml", b"name: \0\n", ["broken YAML"]),
        ("sector/bad.yaml/x.yaml", "", ["no ordinary file"]),
    ],
)
def test_folders_and_files_that_are_not_what_they_should_be(
    name: str | bytes, content: str | bytes, words: list[str], folder: Path, said: Callable[..., str]
):
    put(folder, os.fsdecode(name), content)
    found = said("population=town")
    assert [word for word in words if word not in found] == []


@pytest.mark.parametrize(
    "link", ["sector", "sector/there", "sector/x.yaml", "validation/mine", "validation/mine/x.yaml"]
)
@pytest.mark.parametrize("verb", ["run", "list", "validate"])
def test_links_that_lead_out_are_refused_by_every_verb(
    link: str, verb: str, folder: Path, tmp_path: Path, said: Callable[..., str]
):
    target = put(tmp_path, "outside/x.yaml", f"question: {SECRET}\n")
    (folder / link).parent.mkdir(parents=True, exist_ok=True)
    (folder / link).symlink_to(target if link.endswith(".yaml") else target.parent)
    assert "a link to a file outside" in said(verb=verb)


def test_a_link_that_ends_nowhere_and_a_pipe_are_refused(folder: Path, said: Callable[..., str]):
    put(folder, "sector/note.txt", "")
    (folder / "sector" / "self.yaml").symlink_to("self.yaml")
    os.mkfifo(folder / "sector" / "pipe.yaml")
    found = said()
    assert "sector/pipe.yaml, line 1: the file\n  why:     it is no ordinary file" in found
    assert "sector/self.yaml, line 1: the file\n  why:     it is no ordinary file" in found


def test_files_that_bring_in_one_another_without_end_are_refused(folder: Path, said: Callable[..., str]):
    for i in range(15):
        text = f"defaults: [sector{i + 1}, other{i + 1}]\n"
        put(folder, f"sector/sector{i}.yaml", text)
        put(folder, f"sector/other{i}.yaml", text)
        put(folder, f"sector/sector{i}.yml", "")
    assert "sector/other1.yaml: defaults\n  why:     its defaults bring in files without end" in said("sector=sector0")


def test_every_problem_of_a_file_is_said_at_once_but_a_handful(folder: Path, said: Callable[..., str]):
    text = "sector: {hydra: 1, _target_: x}\ntitle: ${x:y}\n"
    put(folder, "experiment/bad.yaml", EXPERIMENT + text)
    assert said("experiment=bad").count("experiment/bad.yaml, line") == 3
    put(folder, "experiment/bad.yaml", EXPERIMENT + "".join(f"_{i}_: 1\n" for i in range(50)))
    assert said("experiment=bad").count("experiment/bad.yaml, line") == untrusted.MOST_PROBLEMS


@pytest.mark.parametrize(
    "word",
    [
        "+hydra.searchpath=[pkg://os]",
        "++hydra.job.chdir=true",
        "hydra/job_logging=x",
        "hydra@sector=x",
        "~sector",
        "runner@sector=local",
        "sector@runner=food_delivery",
        "sector.x@runner=1",
        "experiment=../../x",
        "experiment=/etc/x",
        "sector=food_delivery.yaml",
        "policy=[commission_cap,../runner/local]",
        "validation=theory",
        "sector={_target_:os.system}",
        "runner=../sector/food_delivery",
        "sector='${oc.env:SECRET}'",
        "name=../../x",
        "name=/etc/x",
        "name='a\\b'",
        "name=.hidden",
        "name='a\nb'",
        "name='a\0b'",
        "name='a\x1b[2J'",
        f"name={'x' * 101}",
        "name=''",
        "population.name=../x",
        "sector.name=a/b",
    ],
)
def test_the_command_line_names_no_paths_and_nothing_of_hydra(word: str, said: Callable[..., str]):
    policy = [] if word.startswith("policy") else ["policy=commission_cap"]
    found = said(word, *policy, may_compose=True).splitlines()
    assert found[0] == "Cannot sweep:"
    assert found[1].startswith(naming.shown(word.lstrip("+~"))[:4] if word[0] not in "+~" else word[:4])
    assert found[2] != "  why:     nothing is compared"


@pytest.mark.parametrize("key", ["population.name", "sector.name"])
def test_a_sweep_of_names_is_no_way_out_of_the_folder(key: str, folder: Path, said: Callable[..., str]):
    put(folder, "experiment/bad.yaml", EXPERIMENT + f"levers: {{{key}: [../../x, ok]}}\n")
    assert f"{key}=../../x" in said("experiment=bad", "policy=commission_cap", may_compose=True)


@pytest.mark.parametrize("name", ["../x", "/x", "a\\b", "a\0b", ".a", "", " ", "a\n", "x" * 201, "\ud800"])
def test_no_result_is_written_under_a_name_that_leads_elsewhere(name: str):
    with pytest.raises(RefusedScenario):
        places.result_folder("run", name, "0" * 20)


@pytest.mark.parametrize("name", ["town", "commission_cap-town", "My result, 2nd try", "Größe", "x" * 100])
def test_usual_names_stay(name: str):
    assert not naming.fault_of(name)
    assert places.result_folder("run", name, "0" * 20).name == f"{name}-0000000000"


CASE = """question: Is it?
how: paired
setting:
  overrides: [population=town, {word}]
  replicates: 2
  last_weeks: 4
  sides: {{capped: [policy=commission_cap, '{side}']}}
  measures: [{{quantity: x, unit: x, metric: merchant_profit, how: percent, side: capped}}]
  cut: 0.1
targets: []
"""


@pytest.mark.parametrize(
    ("word", "side", "expected"),
    [
        ("runner=cluster", "seed=2", "runner=cluster"),
        ("runner.address=tcp", "seed=2", "runner.address"),
        ("from_snapshot=x.npz", "seed=2", "from_snapshot"),
        ("+hydra.searchpath=x", "seed=2", "hydra.searchpath"),
        ("seed=1", "runner.address={ceiling}", "runner.address"),
        ("seed=1", "from_snapshot=/x/{ceiling}", "from_snapshot"),
        ("seed=1", "seed={ceiling.__class__}", "ceiling.__class__"),
        ("seed=1", "seed={ceiling:>999999999}", "numbers have no format"),
        ("seed=1", "seed={ceiling!r}", "numbers have no format"),
    ],
)
def test_a_case_says_no_more_than_a_scenario(
    word: str, side: str, expected: str, tmp_path: Path, said: Callable[..., str]
):
    path = put(tmp_path, "case.yaml", CASE.format(word=word, side=side))
    assert expected in said(f"case={path}", verb="validate", may_compose=True)


def test_a_case_with_control_characters_is_refused(tmp_path: Path, said: Callable[..., str]):
    path = put(tmp_path, "case.yaml", 'question: "\\e[2J"\n')
    assert "control characters" in said(f"case={path}", verb="validate", may_compose=True)


def test_a_case_of_an_odd_name_is_refused(tmp_path: Path, said: Callable[..., str]):
    path = put(tmp_path, "a\x1b[2J.yaml", CASE.format(word="seed=1", side="seed=2"))
    assert "control characters" in said(f"case={path}", verb="validate", may_compose=True)


@pytest.mark.parametrize("name", ["plain", "with space", "a,b]", "it's", "a,pkg:evil", "(x)=y", "back\\slash", "end\\"])
def test_the_folder_itself_may_be_called_anything(name: str, tmp_path: Path):
    folder = tmp_path / name
    put(folder, "population/hamlet.yaml", "name: hamlet\nn_consumers: 500\nn_zones: 1\n")
    assert build.ask(["population=hamlet"], folder).scenarios[0].population.n_consumers == 500


@pytest.mark.parametrize("name", ["${oc.env:SECRET}", "a\nb"])
def test_a_folder_whose_name_is_looked_up_is_refused(name: str, tmp_path: Path):
    (tmp_path / name).mkdir()
    with pytest.raises(PlatformLabError, match="rename the folder"):
        build.ask([], tmp_path / name)


def test_files_of_ones_own_go_on_working(folder: Path):
    own = folders.config_folder()
    put(folder, "sector/copy.yaml", (own / "sector" / "food_delivery.yaml").read_bytes())
    put(folder, "sector/mine.yaml", "# mine\ndefaults:\n  - copy\n  - _self_\n\nconsumers:\n  habit_weight: 0.25\n")
    put(folder, "policy/strict.yaml", "# @package policy.commission_cap\n# A comment.\nceiling: 0.05\n")
    text = (
        "#@package _global_\ndefaults:\n  - override /sector: mine\n  - override /policy: [strict, minimum_pay]\n"
        "  - override /population: town\n  - _self_\nname: My first try\ntitle: Größe & cost, 50 %\nquestion: >-\n"
        "  Is it\n  so?\nlevers:\n  policy.commission_cap.ceiling: [0.05, 1e-1]\n"
    )
    put(folder, "experiment/whole.yaml", text.replace("\n", "\r\n"))
    put(folder, "experiment/empty.yaml", "")
    put(folder, "notes/any thing.yaml", "runner: x\n")
    put(folder, "sector/README.md", "# @package runner\n")
    (folder / "population").mkdir()
    (folder / "population" / "link.yaml").symlink_to("../sector/README.md")
    (folder / "population" / "link.yaml").unlink()
    request = build.ask(["experiment=whole"], folder)
    assert [one.sector.consumers.habit_weight for one in request.scenarios] == [0.25, 0.25]
    assert list(request.scenarios[0].policy) == ["commission_cap", "minimum_pay"]
    assert request.asking.name == "My first try"


def test_experiments_of_ones_own_are_listed(folder: Path, capsys: pytest.CaptureFixture[str]):
    put(folder, "experiment/empty.yaml", "")
    put(folder, "experiment/mine.yaml", EXPERIMENT + "question: Is it so?\n")
    cli.main(["list", "choices", "--config-dir", str(folder)])
    assert "experiment=mine\n  Is it so?" in capsys.readouterr().out


def test_the_laboratorys_own_folder_may_be_named(capsys: pytest.CaptureFixture[str]):
    cli.main(["list", "choices", "--config-dir", str(folders.config_folder())])
    assert "commission_cap_heights" in capsys.readouterr().out


OWN = [
    path.relative_to(folders.config_folder()).as_posix()
    for group in sorted(GROUPS - set(untrusted.RESERVED))
    for path in sorted((folders.config_folder() / group).rglob("*.y*ml"))
]


@pytest.mark.parametrize("name", OWN)
def test_the_laboratorys_own_files_pass(name: str):
    assert untrusted.look_at(folders.config_folder() / name, name, GROUPS).problems == []


def test_the_configuration_of_a_result_can_be_asked_for_by_somebody_else(folder: Path, tmp_path: Path):
    request = build.ask(
        ["uncertainty=assumptions", "sector.consumers.price_sensitivity=0.04,0.05", "policy=commission_cap"]
    )
    writing.write_config(tmp_path / "result", request)
    written = (tmp_path / "result" / "config.yaml").read_text()
    assert "runner" not in yaml.safe_load(written)
    put(folder, "experiment/again.yaml", EXPERIMENT + written)
    untrusted.refuse_hostile(folder, folders.config_folder())

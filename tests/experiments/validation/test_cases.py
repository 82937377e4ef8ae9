"""Cases as files: what is read, what is refused and in which words, and what has to be computed again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from experiments import cli, validate
from experiments.request import build, folders
from experiments.validation import files, options, procedures
from experiments.validation.case import Case, Found, Measured, Procedure, Target, typed
from experiments.validation.paired import Paired
from sim.errors import PlatformLabError, Problem, RefusedScenario
from sim.parameters import parameters

pytestmark = pytest.mark.long

ONE = "runner.n_workers=1"
EXAMPLE = "cap_in_a_town"
EXAMPLE_FILE = folders.config_folder() / "validation" / "example" / f"{EXAMPLE}.yaml"


@parameters
class Said:
    """Setting of a procedure that says what it is told."""

    value: float
    step: int = 1


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Adds the procedure `say`; returns the settings with which it was carried out."""
    asked: list[dict[str, Any]] = []

    def say(setting, runner):
        asked.append(dict(setting))
        if setting["value"] < 0.0:
            raise ZeroDivisionError("nothing to divide by")
        return Found([Measured("share", "share", setting["value"])])

    monkeypatch.setitem(procedures.PROCEDURES, "say", Procedure(say, Said))
    return asked


def written(**more: Any) -> dict[str, Any]:
    target = {"quantity": "share", "band": [0.2, 0.4], "source": "made up"}
    return {"question": "Is it?", "how": "say", "setting": {"value": 0.3}, "targets": [target], **more}


def put(path: Path, case: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(case if isinstance(case, str) else yaml.safe_dump(case, sort_keys=False))
    return path


def refused(path: Path) -> list[Problem]:
    problems: list[Problem] = []
    assert files.read_case(path, problems) is None
    return problems


def table_of(outputs: Path, name: str) -> pd.DataFrame:
    (folder,) = (outputs / "validate").glob(f"{name}-*")
    return pd.read_csv(folder / "table.csv")


def test_a_file_is_the_case_that_it_says(told: list, tmp_path: Path):
    target = {
        "quantity": "share",
        "target": 0.3,
        "band": [None, 4e-1],
        "quick_band": [None, 1],
        "source": "made up",
        "judged": "interval",
        "note": "a note",
    }
    path = put(tmp_path / "mine.yaml", written(quick={"value": 0.5}, targets=[target]))
    problems: list[Problem] = []
    case = files.read_case(path, problems)
    expected = Target("share", None, 0.4, "made up", 0.3, "interval", "a note", (None, 1.0))
    assert problems == []
    assert case == Case("mine", "Is it?", "say", {"value": 0.3}, (expected,), {"value": 0.5})


def test_numbers_are_read_as_they_are_written_anywhere_else(told: list, tmp_path: Path):
    text = "question: Is it?\nhow: say\nsetting: {value: 3e-1}\ntargets: []\n"
    problems: list[Problem] = []
    case = files.read_case(put(tmp_path / "mine.yaml", text), problems)
    assert problems == []
    assert case is not None
    assert case.setting == {"value": 0.3}


@pytest.mark.parametrize(
    ("change", "key", "said"),
    [
        ({"qustion": "Is it?"}, "qustion", "write `question`"),
        ({"question": ""}, "question=''", "at least 1"),
        ({"how": "sya"}, "how=sya", "write `say`"),
        ({"how": "growing_zone"}, "how=growing_zone", "paired"),
        ({"how": ["say"]}, "how=", "string"),
        ({"setting": {"value": 0.3, "stp": 2}}, "setting.stp", "write `step`"),
        ({"setting": {}}, "setting.value", "missing"),
        ({"setting": {"value": "0.3"}}, "setting.value='0.3'", "number"),
        ({"setting": {"value": float("nan")}}, "setting.value", "finite"),
        ({"setting": [1]}, "setting=[1]", "object"),
        ({"quick": {"valeu": 1.0}}, "quick.valeu", "write `value`"),
        ({"quick": {"step": 0.5}}, "quick.step=0.5", "integer"),
        ({"targets": {}}, "targets={}", "array"),
        ({"targets": [{"quantity": "share", "source": "x"}]}, "targets.0.band", "missing"),
        ({"targets": [{"quantity": "share", "band": [0, 1]}]}, "targets.0.source", "missing"),
        ({"targets": [{"quantity": "a", "band": [0, 1], "source": "x", "judge": 1}]}, "targets.0.judge", "`judged`"),
        ({"targets": [{"quantity": "a", "band": [0, 1], "source": "x", "judged": "p"}]}, "targets.0.judged", "overlap"),
        ({"targets": [{"quantity": "a", "band": [1, 0], "source": "x"}]}, "targets.0.band=[1.0, 0.0]", "swap"),
        ({"targets": [{"quantity": "a", "band": [0], "source": "x"}]}, "targets.0.band.1", "missing"),
        ({"targets": [{"quantity": "a", "band": [0, float("nan")], "source": "x"}]}, "targets.0.band.1", "finite"),
        ({"targets": [{"quantity": "a", "band": [None, None], "source": "x"}]}, "targets.0.band", "everything"),
        (
            {"targets": [{"quantity": "a", "band": [0, 1], "quick_band": [0.1, 2], "source": "x"}]},
            "targets.0.quick_band=[0.1, 2.0]",
            "wider",
        ),
    ],
)
def test_what_is_wrong_is_said_with_file_and_key(change: dict, key: str, said: str, told: list, tmp_path: Path):
    path = put(tmp_path / "mine.yaml", written(**change))
    (problem,) = refused(path)
    assert problem.asked.startswith(f"{path}: {key}")
    assert said in str(problem)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x [1]\nb: *x\n", "anchors, aliases and tags are not read, line 1"),
        ("question: !!python/object/apply:os.getcwd []\n", "anchors, aliases and tags are not read, line 1"),
        ("question: Is it?\nquestion: Is it not?\n", "question is set twice, line 2"),
        ("question: [\n", "line 2"),
        ("- a\n- b\n", "no keys and values"),
        ("1: 2\n", "no keys and values"),
        ("", "no keys and values"),
        (f"question: {'x' * 100_000}\n", "too long"),
        (f"question: {'[' * 20_000}\n", "without end"),
        (f"question: {'9' * 5_000}\n", "no plain YAML"),
        ("question: \x07\n", "no plain YAML"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_in_one_sentence(text: str, said: str, tmp_path: Path):
    (problem,) = refused(put(tmp_path / "mine.yaml", text))
    assert said in problem.why
    assert "\n" not in problem.why


def test_a_folder_and_what_is_no_text_are_refused(tmp_path: Path):
    assert "directory" in refused(tmp_path)[0].why
    (tmp_path / "mine.yaml").write_bytes(b"question: \xff\n")
    assert "no plain YAML" in refused(tmp_path / "mine.yaml")[0].why


def test_every_problem_is_said_at_once_and_nothing_runs(told: list, outputs: Path, tmp_path: Path, capsys):
    bad = [{"quantity": "share", "band": [1, 0], "source": "x"}]
    path = put(tmp_path / "mine.yaml", written(setting={"valeu": 1.0}, targets=bad, quick={"steps": 2}))
    with pytest.raises(SystemExit) as caught:
        cli.main(["validate", f"case={path}", "quick=maybe"])
    said = capsys.readouterr().err
    assert caught.value.code == 2
    for key in ("quick=maybe", "setting.valeu", "setting.value", "quick.steps", "targets.0.band"):
        assert key in said
    assert said.count("there is no such key") == 2, "what is wrong in the setting is not said again of quick"
    assert told == []
    assert not outputs.exists()


def test_a_case_of_ones_own_is_judged_by_the_quick_band_where_time_is_short(
    told: list, outputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    target = {"quantity": "share", "band": [0.2, 0.4], "quick_band": [0.1, 0.6], "source": "made up"}
    path = put(tmp_path / "mine.yaml", written(quick={"value": 0.5}, targets=[target]))
    cli.main(["validate", f"case={path}", "--quick", ONE])
    row = table_of(outputs, "own-mine-quick").iloc[0]
    assert row[["low", "high", "simulated", "verdict"]].tolist() == [0.1, 0.6, 0.5, "pass"]
    put(path, written(setting={"value": 0.5}, targets=[target]))
    cli.main(["validate", f"case={path}", ONE])
    (slow,) = (path for path in (outputs / "validate").glob("own-mine-*/table.csv") if "quick" not in str(path.parent))
    row = pd.read_csv(slow).iloc[0]
    assert row[["low", "high", "simulated", "verdict"]].tolist() == [0.2, 0.4, 0.5, "miss"]
    said = capsys.readouterr()
    assert "[1/1] own: mine: 1 miss" in said.err
    assert "own: 0 of 1 pass." in said.out


def test_only_what_decides_a_result_makes_it_be_computed_again(told: list, outputs: Path, tmp_path: Path):
    path = put(tmp_path / "mine.yaml", written())
    cli.main(["validate", f"case={path}", ONE])
    other = {"quantity": "share", "band": [0.5, 0.6], "source": "somebody else"}
    put(path, written(question="Is it not?", targets=[other]))
    cli.main(["validate", f"case={path}", ONE])
    assert told == [{"value": 0.3}]
    assert table_of(outputs, "own-mine")["verdict"].tolist() == ["miss"], "targets are judged on reading"
    put(path, written(setting={"value": 0.3, "step": 2}))
    cli.main(["validate", f"case={path}", ONE])
    assert told == [{"value": 0.3}, {"value": 0.3, "step": 2}]


def test_suites_of_a_folder_of_ones_own(told: list, outputs: Path, tmp_path: Path):
    for name, value in (("b_case", 0.3), ("a_case", 0.9)):
        put(tmp_path / "mine" / "validation" / "field" / f"{name}.yaml", written(setting={"value": value}))
    put(tmp_path / "mine" / "validation" / "broken" / "c_case.yaml", "nothing")
    extra = ["--config-dir", str(tmp_path / "mine")]
    cli.main(["validate", "field", ONE, *extra])
    table = table_of(outputs, "field")
    assert table["case"].tolist() == ["a_case", "b_case"]
    assert table["verdict"].tolist() == ["miss", "pass"]
    (record,) = (outputs / "validate").glob("field-*/record.json")
    assert json.loads(record.read_text())["command"] == f"platform-lab validate field {ONE} {' '.join(extra)}"
    with pytest.raises(RefusedScenario, match=r"c_case\.yaml: the file"):
        options.ask(["all"], tmp_path / "mine")


def test_no_two_cases_of_a_wish_share_a_name(told: list, tmp_path: Path):
    put(tmp_path / "validation" / "example" / f"{EXAMPLE}.yaml", written())
    with pytest.raises(RefusedScenario, match="several cases have this name"):
        options.ask(["example"], tmp_path)


def test_without_a_suite_theory_and_evidence_are_asked_and_the_mean_field_when_named():
    assert {suite for suite, _ in options.ask([]).cases} <= {"theory", "evidence"}
    assert ("evidence", "binding_cap") in [(suite, case.name) for suite, case in options.ask([]).cases]
    assert {suite for suite, _ in options.ask(["all"]).cases} >= {"evidence", "mean_field", "example"}
    (only,) = options.ask(["case=growing_zone"]).cases
    assert only[0] == "mean_field"


def test_a_fault_of_one_case_leaves_the_others(told: list, outputs: Path, tmp_path: Path, capsys):
    for name, value in (("a_case", -1.0), ("b_case", 0.3)):
        put(tmp_path / "validation" / "field" / f"{name}.yaml", written(setting={"value": value}))
    cli.main(["validate", "field", ONE, "--config-dir", str(tmp_path)])
    assert table_of(outputs, "field")["case"].tolist() == ["b_case"]
    said = capsys.readouterr()
    assert "a_case: failed: ZeroDivisionError: nothing to divide by" in said.err
    assert "field: 1 of 1 pass, 1 case could not be carried out." in said.out
    (page,) = (outputs / "validate").glob("field-*/report.html")
    assert "nothing to divide by" in page.read_text()
    with pytest.raises(PlatformLabError, match="every case failed"):
        validate.main(["field", "case=a_case", ONE], tmp_path)


def test_every_file_of_the_laboratory_is_a_case_and_every_setting_is_of_its_procedures_type():
    problems: list[Problem] = []
    cases = [case for suite in files.suites() for case in files.cases_of(suite, None, problems)]
    assert problems == []
    assert len({case.name for case in cases}) == len(cases)
    for case in cases:
        kind = procedures.PROCEDURES[case.how].setting
        for is_quick in (False, True):
            assert kind is None or typed(kind, case.setting_of(is_quick=is_quick))


def test_cases_are_no_group_of_configurations():
    assert "validation" not in folders.groups()
    with pytest.raises(RefusedScenario, match="there is no such key"):
        build.ask(["validation=example"])


def paired_setting(**more: Any) -> dict[str, Any]:
    return {**yaml.safe_load(EXAMPLE_FILE.read_text())["setting"], **more}


@pytest.mark.parametrize(
    ("change", "key", "said"),
    [
        ({"overrides": ["population=twon"]}, "overrides: population=twon", "town"),
        ({"overrides": ["population=town,city"]}, "overrides: validate of 2 scenarios", "one value for each key"),
        ({"last_weeks": 500}, "last_weeks=500", "the run has 52 weeks"),
        ({"sides": {"capped": ["policy=commission_cup"]}}, "sides.capped: policy=commission_cup", "commission_cap"),
        ({"sides": {"capped": [], "base": []}}, "sides.base", "rename"),
        (
            {"sides": {"capped": ["policy.commission_cap.ceiling={cieling}"]}, "cut": 0.1},
            "sides.capped: {cieling}=cieling",
            "write `ceiling`",
        ),
        ({"sides": {"capped": ["a={"]}}, "sides.capped", "brackets"),
        (
            {
                "measures": [
                    {"quantity": "a", "unit": "", "metric": "merchant_profits", "how": "points", "side": "capped"}
                ]
            },
            "measures.0.metric=merchant_profits",
            "merchant_profit",
        ),
        (
            {
                "measures": [
                    {"quantity": "a", "unit": "%", "metric": "merchant_profit", "how": "percent", "side": "caped"}
                ]
            },
            "measures.0.side=caped",
            "write `capped`",
        ),
        ({"yardsticks": {"pay": ["worker_pya", 2.0]}}, "yardsticks.pay=worker_pya", "no such metric"),
        ({"beside_mean_field": {"waterbed share": "share"}}, "beside_mean_field", "cut"),
        (
            {"paths": [{"metric": "tips_per_hour", "title": "Tips", "sides": ["cap"], "months": [1]}]},
            "paths.0.sides=cap",
            "write `capped`",
        ),
    ],
)
def test_what_no_type_can_say_of_paired_runs_is_refused_before_they_run(change, key, said, tmp_path: Path):
    path = put(tmp_path / "mine.yaml", written(how="paired", setting=paired_setting(**change), targets=[]))
    (problem,) = refused(path)
    assert problem.asked == f"{path}: setting.{key}"
    assert said in str(problem)


def test_an_open_entry_whose_long_run_lies_beyond_its_end_is_refused(tmp_path: Path):
    setting = {"overrides": ["horizon=one_year"], "week": 30, "rise": 0.1, "replicates": 2, "last_weeks": 26}
    (problem,) = refused(put(tmp_path / "mine.yaml", written(how="open_entry", setting=setting, targets=[])))
    assert "52 weeks" in problem.why


FINED = [
    "population=town",
    "platforms=gradient",
    "policy=antitrust_fine",
    "sector.enforcement.detection=1.0",
    "sector.enforcement.false_alarm=0.0",
    "sector.enforcement.case_weeks=2",
    "horizon.n_weeks=60",
]


def test_a_fine_without_a_year_before_it_is_refused(tmp_path: Path):
    setting = {"overrides": [*FINED, "horizon.policy_week=52"], "replicates": 2}
    (problem,) = refused(put(tmp_path / "mine.yaml", written(how="fine_of_leader", setting=setting, targets=[])))
    assert "year before the rule" in problem.why


def test_a_decision_against_the_leader_costs_the_rate_of_a_years_sales(outputs: Path, tmp_path: Path):
    setting = {
        "overrides": [*FINED, "horizon.policy_week=54", "policy.antitrust_fine.fine_rate=0.04"],
        "replicates": 2,
    }
    cli.main(["validate", f"case={put(tmp_path / 'mine.yaml', written(how='fine_of_leader', setting=setting))}", ONE])
    found = table_of(outputs, "own-mine").set_index("quantity")["simulated"]
    assert found["runs with a decision against the leader"] == 100.0
    assert found["fine of a decision"] == pytest.approx(4.0, abs=1e-4)
    assert found["fine of a decision, sales of the 52 weeks before"] == pytest.approx(4.0, rel=0.1)
    assert found["HHI of revenue"] > 3333.0


def test_typed_fills_defaults_in_and_refuses_what_does_not_fit():
    assert typed(Paired, paired_setting()).measures[0].against == "base"
    with pytest.raises(RefusedScenario, match=r"setting\.replicates"):
        typed(Paired, paired_setting(replicates=1))


def test_the_worked_example_runs_and_is_the_one_of_the_documentation(outputs: Path):
    shown = Path(__file__).parents[3] / "docs" / "validation.md"
    assert EXAMPLE_FILE.read_text().strip() in shown.read_text()
    cli.main(["validate", f"case={EXAMPLE_FILE}", "--quick", ONE])
    table = table_of(outputs, f"own-{EXAMPLE}-quick").set_index("quantity")
    assert table["verdict"].tolist() == ["pass", "pass"]
    assert -5.0 < table.loc["commission", "simulated"] < -0.5
    assert table.loc["merchants' profit", "simulated"] > 0.0


def test_cases_are_listed_with_their_questions(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    put(
        tmp_path / "validation" / "mine" / "a_case.yaml",
        yaml.safe_dump(
            {
                "question": "Is it mine?",
                "how": "tipping",
                "targets": [],
                "setting": {"n_platforms": 2, "benefits": [[1.0]], "scales": [1.0]},
            }
        ),
    )
    cli.main(["list", "cases", "--config-dir", str(tmp_path)])
    said = capsys.readouterr().out
    assert "mine: 1 case\n  a_case (tipping; 0 targets)\n      Is it mine?" in said
    assert "waterbed_slope (equilibrium; 9 targets)" in said

"""Validation: verdicts, what is left on disk, what is not computed twice, and small cases carried out for real."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments import cli, validate
from experiments.request import build, folders
from experiments.validation import procedures, published, watching
from experiments.validation.case import COLUMNS, NAN, Case, Found, Measured, Procedure, Target, rows, verdict
from experiments.validation.growing import slopes
from experiments.validation.open_entry import half_life
from experiments.validation.waterbed import answer_to, ceiling_of_cut
from sim.errors import PlatformLabError
from sim.forecast.equilibrium import equilibrium_of
from sim.forecast.market import MeanField
from sim.forecast.terms import configured_terms

ONE = "runner.n_workers=1"


def target(low: float | None, high: float | None, **more: Any) -> Target:
    return Target("a share", low, high, "made up", **more)


def measured(value: float, low: float = NAN, high: float = NAN, **more: Any) -> Measured:
    return Measured("a share", "share", value, low, high, **more)


@pytest.mark.parametrize(
    ("found", "asked", "said"),
    [
        (measured(0.3), None, "shown"),
        (measured(0.3), target(0.2, 0.4), "pass"),
        (measured(0.5), target(0.2, 0.4), "miss"),
        (measured(0.4), target(0.2, 0.4), "pass"),
        (measured(-9.0), target(None, 0.4), "pass"),
        (measured(0.1), target(0.2, None), "miss"),
        (measured(0.3, 0.1, 0.5), target(0.2, 0.4), "pass"),
        (measured(0.3, 0.1, 0.5), target(0.2, 0.4, judged="interval"), "miss"),
        (measured(0.3, 0.25, 0.35), target(0.2, 0.4, judged="interval"), "pass"),
        (measured(0.3, 0.1, 0.5), target(0.0, None, judged="interval"), "pass"),
        (measured(0.3), target(0.0, None, judged="interval"), "miss"),
        (measured(0.5, 0.39, 0.61), target(0.2, 0.4, judged="overlap"), "pass"),
        (measured(0.5, 0.41, 0.59), target(0.2, 0.4, judged="overlap"), "miss"),
        (measured(NAN), target(None, None), "miss"),
        (measured(NAN, is_judged=False), target(0.2, 0.4), "shown"),
    ],
)
def test_verdict(found: Measured, asked: Target | None, said: str):
    assert verdict(found, asked) == said


def test_every_target_that_fits_is_a_row_and_one_that_nothing_answers_misses():
    asked = (Target("slope, *", -0.6, -0.4, "theory"), Target("slope, b", 0.0, 1.0, "else"), Target("gap", 0, 1, "x"))
    case = Case("a_case", "why?", "made_up", {}, asked)
    found = Found([Measured("slope, a", "-", -0.5), Measured("slope, b", "-", -0.7), Measured("other", "-", 1.0)])
    table = [(row["quantity"], row["source"], row["verdict"]) for row in rows(case, found)]
    assert table == [
        ("slope, a", "theory", "pass"),
        ("slope, b", "theory", "miss"),
        ("slope, b", "else", "miss"),
        ("other", "", "shown"),
        ("gap", "x", "miss"),
    ]


@pytest.mark.parametrize("power", [-0.5, -0.3])
def test_slope_of_the_spread_is_the_power_of_size_and_its_error_is_about_right(power: float):
    sizes, n = np.array([1e4, 1e5, 1e6]), 40
    draws = np.random.default_rng(3).normal(size=(3, n, 5))
    same = draws[:1] * sizes[:, None, None] ** power
    exact = slopes(sizes, 7.0 + same, list("abcde"))
    assert [m.quantity for m in exact] == ["slope of spread, all quantities", *(f"slope, {x}" for x in "abcde")]
    assert np.allclose([m.simulated for m in exact], power, atol=1e-9)
    scattered = slopes(sizes, 7.0 + draws * sizes[:, None, None] ** power, list("abcde"))
    # Of ln s at each size 1 / (2 (n - 1)); on a design of three sizes a decade apart.
    expected = np.sqrt(1.0 / (2 * (n - 1)) / (2 * np.log(10.0) ** 2))
    errors = [(m.ci_high - m.simulated) / 1.96 for m in scattered]
    assert np.allclose(errors[1:], expected, rtol=0.4)
    assert errors[0] < 0.7 * expected
    assert all(abs(m.simulated - power) < 4 * e for m, e in zip(scattered, errors, strict=True))


def test_half_life_of_a_path_that_halves_every_three_weeks():
    weeks = np.arange(200)
    path = 0.01 + 0.06 * 0.5 ** (weeks / 3)
    assert half_life(np.stack([path] * 4), 20) == (pytest.approx(3.0), pytest.approx(0.0, abs=1e-9))
    lasting = np.full((4, 200), 0.05)
    lasting[:, -20:] = 0.0
    assert np.isnan(half_life(lasting, 20)[0])


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """A suite of two cases of a made-up procedure; returns the settings with which it was carried out."""
    asked: list[dict[str, Any]] = []

    def tell(setting, runner):
        asked.append(dict(setting))
        if setting.get("is_broken"):
            raise PlatformLabError("it broke")
        line = {"name": "all", "x": [1, 2], "y": [0.1, None], "low": [0.0, 0.1], "high": [0.2, 0.3]}
        panel = {"title": "A <line>", "kind": "lines", "x_title": "x", "y_title": "y", "lines": [line]}
        found = [Measured("a share", "share", setting["value"], 0.1, 0.5), Measured("b", "-", NAN)]
        return Found(found, [panel], {"bias.json": {setting["name"]: {"orders": 0.9}}})

    cases = tuple(
        Case(name, "is it?", "made_up", {"name": name, "value": 0.3, "n": 9}, (target(0.2, 0.4),), {"value": 0.7})
        for name in ("one", "two")
    )
    monkeypatch.setitem(procedures.PROCEDURES, "made_up", Procedure(tell))
    monkeypatch.setitem(procedures.SUITES, "made_up", cases)
    return asked


def result(outputs: Path, name: str) -> Path:
    (folder,) = (outputs / "validate").glob(f"{name}-*")
    return folder


def test_table_page_and_record_of_a_suite(outputs: Path, made_up: list, capsys: pytest.CaptureFixture[str]):
    cli.main(["validate", "suite=made_up", ONE])
    folder = result(outputs, "made_up")
    table = pd.read_csv(folder / "table.csv")
    assert list(table.columns) == list(COLUMNS)
    assert table["case"].tolist() == ["one", "one", "two", "two"]
    assert table["verdict"].tolist() == ["pass", "shown", "pass", "shown"]
    assert table.loc[0, ["low", "high", "simulated", "ci_low", "ci_high"]].tolist() == [0.2, 0.4, 0.3, 0.1, 0.5]
    assert json.loads((folder / "bias.json").read_text()) == {"one": {"orders": 0.9}, "two": {"orders": 0.9}}
    record = json.loads((folder / "record.json").read_text())
    assert record["cases"] == ["one", "two"]
    assert record["command"] == f"platform-lab validate suite=made_up {ONE}"
    page = (folder / "report.html").read_text()
    assert "A &lt;line&gt;" in page
    assert page.count('<div class="plot"') == 3
    assert "made_up: 2 of 2 pass." in page
    assert "://" not in page.split("<script>")[0]
    assert "| a share | share |" in (folder / "page.md").read_text()
    assert "pass" in capsys.readouterr().out


def test_a_case_is_not_computed_twice_and_a_quick_one_is_another(outputs: Path, made_up: list):
    cli.main(["validate", "suite=made_up", "case=one", ONE])
    assert [one["name"] for one in made_up] == ["one"]
    cli.main(["validate", "made_up", ONE])
    assert [one["name"] for one in made_up] == ["one", "two"]
    cli.main(["validate", "made_up", ONE])
    assert len(made_up) == 2
    cli.main(["validate", "--quick", "made_up", ONE])
    assert [one["value"] for one in made_up] == [0.3, 0.3, 0.7, 0.7]
    quick = pd.read_csv(result(outputs, "made_up-quick") / "table.csv")
    assert quick["verdict"].tolist() == ["miss", "shown", "miss", "shown"]


def test_a_case_that_fails_is_recorded_and_the_others_go_on(outputs: Path, made_up: list, monkeypatch):
    one, two = procedures.SUITES["made_up"]
    broken = Case("one", "is it?", "made_up", {**one.setting, "is_broken": True})
    monkeypatch.setitem(procedures.SUITES, "made_up", (broken, two))
    cli.main(["validate", "made_up", ONE])
    record = json.loads((result(outputs, "made_up") / "record.json").read_text())
    assert record["failed"] == {"one": {"suite": "made_up", "why": "it broke"}}
    assert set(pd.read_csv(result(outputs, "made_up") / "table.csv")["case"]) == {"two"}


@pytest.mark.long
@pytest.mark.parametrize(
    "words",
    [
        ("suite=twn",),
        ("quick=maybe",),
        ("case=waterbed",),
        ("replicates=3",),
        ("suite=mean_field", "suite=all"),
        ("suite=mean_field", "case=binding_cap"),
        ("runner.n_workers=0",),
        ("--quik",),
        ("--quick", "quick=true"),
        ("mean_field", "evidence"),
        ("theory", "case=binding_cap"),
        ("case=nowhere.yaml",),
    ],
)
def test_refusal_exits_with_2_and_writes_nothing(words: tuple[str, ...], outputs: Path, capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(["validate", *words])
    assert caught.value.code == 2
    assert "do:" in capsys.readouterr().err
    assert not outputs.exists()


def test_every_case_has_a_procedure_and_a_name_of_its_own():
    cases = [case for suite in procedures.SUITES.values() for case in suite]
    assert len({case.name for case in cases}) == len(cases)
    assert all(case.how in procedures.PROCEDURES and case.question.endswith("?") for case in cases)
    assert all(target.source for case in cases for target in case.targets)
    assert all(json.loads(json.dumps(case.plain(is_quick=quick))) for case in cases for quick in (True, False))


def tell_seed(scenario, *, n_threads, kernels, past) -> dict[str, Any]:
    """A watcher that can be told to fail, and counts how often it is called."""
    log = Path(past)
    log.write_text(log.read_text() + f"{scenario.seed} ")
    if scenario.seed == 3 and "fixed" not in log.read_text():
        raise ValueError("no luck")
    return {"seed": scenario.seed}


def economy(words: list[str]) -> list[str]:
    """What a case may say: not what runs where."""
    return [word for word in words if not word.startswith("runner.")]


def test_runs_that_were_watched_are_kept_when_another_fails(outputs: Path, tmp_path: Path, tiny: list[str]):
    log = tmp_path / "log"
    log.write_text("")
    runner = build.ask([ONE]).asking.runner
    runs = [watching.scenario_of([*economy(tiny), f"seed={seed}"]) for seed in (1, 3, 5)]
    watches = [watching.Watch(run, tell_seed, (("past", str(log)),)) for run in runs]
    with pytest.raises(PlatformLabError, match=r"1 of 3 runs failed.*\n.*no luck"):
        watching.watch_all(watches, runner, "trying")
    assert log.read_text() == "1 3 5 "
    log.write_text("fixed ")
    assert watching.watch_all(watches, runner, "trying") == [{"seed": 1}, {"seed": 3}, {"seed": 5}]
    assert log.read_text() == "fixed 3 "


def test_ceiling_lowers_the_mean_commission_by_the_cut_and_some_of_it_comes_back():
    sector = watching.scenario_of(["population=city"]).sector
    ceiling = ceiling_of_cut(sector, 1e4, 0.1)
    mean_field, terms = MeanField(sector, 1e4), configured_terms(sector)
    supply = mean_field.solve(terms)[1].supply
    assert supply is not None
    assert mean_field.merchants is not None
    goods, rate = supply.sold_at[0] * supply.price[0], terms.commission[0][:, mean_field.merchants.tier]
    assert (goods * np.minimum(rate, ceiling)).sum() / (goods * rate).sum() == pytest.approx(0.9, abs=1e-3)
    found = answer_to(equilibrium_of(sector, 1e4, 2.0, 1.0), ceiling)
    assert found.has_converged
    assert 0.0 < found.waterbed_share < 1.0


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str, dict[str, Any]], None]:
    def add(name: str, how: str, setting: dict[str, Any]) -> None:
        monkeypatch.setitem(procedures.SUITES, "small", (Case(name, "small?", how, setting),))

    return add


def test_a_tiny_pair_for_real(outputs: Path, small, tiny: list[str]):
    floor = published.change("floor", "%", "worker_hourly_earnings", "percent", "ruled")
    hours = published.change("hours", "%", "hours_online", "percent", "ruled")
    setting = {
        "overrides": [word.replace("n_weeks=10", "n_weeks=14") for word in economy(tiny)],
        "replicates": 2,
        "last_weeks": 8,
        "yardsticks": {"pay": ["worker_hourly_earnings", 2.0]},
        "sides": {
            "ruled": ["policy=minimum_pay", "policy.minimum_pay.floor={pay}", "policy.minimum_pay.may_ration=false"]
        },
        "measures": [floor, hours],
        "paths": [{"metric": "worker_hourly_earnings", "title": "Pay", "sides": ["ruled"], "months": [1, 2, 6]}],
    }
    small("pay", "paired", setting)
    validate.main(["suite=small", ONE])
    table = pd.read_csv(result(outputs, "small") / "table.csv").set_index("quantity")
    assert table.index.tolist() == [
        "pay",
        "floor",
        "hours",
        *(f"ruled, month {m}: worker_hourly_earnings" for m in (1, 2)),
    ]
    assert table.loc["floor", "simulated"] > 40.0
    assert table.loc["pay", "simulated"] > 0.0


@pytest.mark.long
def test_a_tiny_growing_zone_for_real(outputs: Path, small):
    words = [
        "platforms=fixed",
        "horizon.n_weeks=12",
        "horizon.policy_week=12",
        "sector.merchants.entrant_rate=0.0",
        "sector.merchants.exit_debt=1e7",
        "sector.workers.leaving_rate=0.0",
    ]
    small("growing", "growing_zone", {"overrides": words, "sizes": [5_000, 20_000], "seeds": 3, "last_weeks": 4})
    validate.main(["suite=small", ONE])
    table = pd.read_csv(result(outputs, "small") / "table.csv").set_index("quantity")
    shares = [table.loc[f"gap, order_share.{name}", "note"] for name in ("leader", "runner_up", "fringe")]
    agents, mean_field = (
        [float(note.split(who)[1].split(",")[0].split(":")[0]) for note in shares]
        for who in ("agents ", "mean-field model ")
    )
    assert sum(agents) == pytest.approx(1.0, abs=1e-4)
    assert sum(mean_field) == pytest.approx(1.0, abs=1e-4)
    assert np.allclose(agents, mean_field, atol=0.08)


KNOWN_MISSES = {("q_learning_memory_2", "profit gain"), ("q_learning_entry_rare", "profit gain, last firm out")}
"""Why they differ from what was published is in their notes and in docs/theory.md."""


def misses_of(suite: str, outputs: Path, extra: Path | None = None) -> set[tuple[str, str]]:
    """Cases and quantities that miss; every case of the suite is judged and none has failed."""
    validate.main([suite, "quick=true"], extra)
    table = pd.read_csv(result(outputs, f"{suite}-quick") / "table.csv")
    record = json.loads((result(outputs, f"{suite}-quick") / "record.json").read_text())
    assert record["failed"] == {}
    judged = table[table["verdict"] != "shown"]
    assert set(judged["case"]) == set(record["cases"]), "every case is judged"
    missed = judged[judged["verdict"] == "miss"]
    return set(zip(missed["case"], missed["quantity"], strict=True))


@pytest.mark.long
def test_theory_agrees(outputs: Path, tmp_path: Path):
    """Of algorithms that learn, which take most of the time, the plainest only; `make test-slow` has them all."""
    chosen = tmp_path / "validation" / "quickly"
    chosen.mkdir(parents=True)
    for file in (folders.config_folder() / "validation" / "theory").glob("*.yaml"):
        if not file.name.startswith("q_learning_") or file.stem in ("q_learning_2", "q_learning_memoryless"):
            shutil.copy(file, chosen)
    assert misses_of("quickly", outputs, tmp_path) == set()


@pytest.mark.slow
def test_all_of_theory_agrees_but_for_what_is_known(outputs: Path):
    assert misses_of("theory", outputs) == KNOWN_MISSES


@pytest.mark.slow
@pytest.mark.parametrize("suite", ["mean_field", "evidence"])
def test_the_quick_suites(suite: str, outputs: Path):
    validate.main([f"suite={suite}", "quick=true"])
    table = pd.read_csv(result(outputs, f"{suite}-quick") / "table.csv")
    verdicts = table[table["verdict"] != "shown"].set_index(["case", "quantity"])["verdict"]
    assert json.loads((result(outputs, f"{suite}-quick") / "record.json").read_text())["failed"] == {}
    if suite == "mean_field":
        slopes = table.set_index(["case", "quantity"])["simulated"]
        assert slopes["growing_zone", "slope of spread, all quantities"] < -0.4, "small zones calm down even faster"
        assert verdicts["growing_zone", "slope, hours.leader"] == "pass"
        assert (result(outputs, "mean_field-quick") / "bias.json").exists()
    else:
        assert verdicts["waterbed_curve", "waterbed share, psi 1, adjustment cost 2"] == "pass"
        assert verdicts["binding_cap", "rise of the net fee"] == "pass"

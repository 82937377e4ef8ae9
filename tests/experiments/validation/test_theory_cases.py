"""Procedures of theory: what a file may ask of them, and what is refused before anything runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from experiments import cli
from experiments.validation import files
from experiments.validation.case import Case
from sim.errors import Problem

DUOPOLY = {"kind": "logit_oligopoly", "costs": [1.0, 1.0], "intercepts": [2.0, 2.0], "mu": 0.25, "outside": 0.0}
ONE = "runner.n_workers=1"


def put(path: Path, how: str, setting: dict[str, Any], targets: list[dict[str, Any]] | None = None) -> Path:
    plain = {"question": "Is it?", "how": how, "setting": setting, "targets": targets or []}
    path.write_text(yaml.safe_dump(plain))
    return path


def problems_of(path: Path) -> list[Problem]:
    problems: list[Problem] = []
    case = files.read_case(path, problems)
    assert (case is None) == bool(problems)
    return problems


def table_of(outputs: Path) -> pd.DataFrame:
    (path,) = (outputs / "validate").glob("own-*/table.csv")
    return pd.read_csv(path).set_index("quantity")


def test_an_equilibrium_with_variants_and_a_pass_through(outputs: Path, tmp_path: Path):
    setting = {
        "market": DUOPOLY,
        "variants": {
            "dearer": {"market": {"costs": [1.1, 1.1]}},
            "capped": {"ceilings": {"price": 1.2}},
            "kept": {"market": {"costs": [1.1, 1.1]}, "strategy": "rule_of_thumb"},
        },
        "differences": [
            {"quantity": "pass-through", "unit": "ratio", "of": "price", "side": "dearer", "per": 0.1},
            {"quantity": "by rule of thumb", "unit": "ratio", "of": "price", "side": "kept", "per": 0.1},
            {"quantity": "of what is not there", "unit": "ratio", "of": "prices", "side": "kept"},
        ],
    }
    target = {"quantity": "pass-through", "target": 0.912, "band": [0.89, 0.93], "source": "theory"}
    cli.main(["validate", f"case={put(tmp_path / 'mine.yaml', 'equilibrium', setting, [target])}", ONE])
    table = table_of(outputs)
    assert table.loc["price", "simulated"] == pytest.approx(1.472927, abs=1e-3)
    assert table.loc["price, player 2", "simulated"] == pytest.approx(1.472927, abs=1e-3)
    assert table.loc["capped: price", "simulated"] == 1.2
    assert table.loc["by rule of thumb", "simulated"] == pytest.approx(1.0, abs=1e-4)
    assert table.loc["pass-through", "verdict"] == "pass"
    assert "it has price" in str(table.loc["of what is not there", "note"])
    assert (table.filter(like="deviation", axis=0)["simulated"] < 1e-4).all()


def test_learners_from_a_file_tell_gains_and_what_keeps_them_up(outputs: Path, tmp_path: Path):
    setting = {
        "market": {**DUOPOLY, "costs": [1.0, 0.75]},
        "sessions": 6,
        "grid": {"n_levels": 5},
        "learning": {"exploration_decay": 1e-4, "patience": 2_000, "learning_rate": [0.15, 0.3]},
    }
    cli.main(["validate", f"case={put(tmp_path / 'mine.yaml', 'q_learning', setting)}", ONE])
    table = table_of(outputs)
    assert -0.5 < table.loc["profit gain", "simulated"] < 1.05
    assert table.loc["profit gain", "ci_low"] < table.loc["profit gain", "simulated"]
    assert "6 sessions" in str(table.loc["profit gain", "note"])
    assert 0.0 <= table.loc["deviations that do not pay", "simulated"] <= 1.0
    lengths = table.filter(regex="^sessions with", axis=0)["simulated"]
    assert lengths.sum() == pytest.approx(1.0)


def test_learners_under_entry_tell_periods_apart(outputs: Path, tmp_path: Path):
    market = {**DUOPOLY, "costs": [1.0] * 3, "intercepts": [2.0] * 3}
    setting = {
        "market": market,
        "sessions": 3,
        "grid": {"n_levels": 4},
        "entry": {"rate": 0.01},
        "learning": {"exploration_decay": 1e-3, "patience": 5_000, "most_periods": 20_000},
    }
    cli.main(["validate", f"case={put(tmp_path / 'mine.yaml', 'q_learning', setting)}", ONE])
    table = table_of(outputs)
    assert {"profit gain", "profit gain, last firm out"} <= set(table.index)
    assert "response to a deviation" not in table.index, "chance decides who plays: no path to leave"
    assert 1.3 < table.loc["price", "simulated"] < 2.1, "whoever is out charges nothing, and does not count"


@pytest.mark.parametrize(
    ("how", "setting", "key", "said"),
    [
        ("equilibrium", {"market": {"kind": "hotelings"}}, "market.kind=hotelings", "hotelling"),
        ("equilibrium", {"market": {**DUOPOLY, "mue": 0.3}}, "market.mue", "mu"),
        ("equilibrium", {"market": DUOPOLY, "ceilings": {"prices": 1.0}}, "ceilings=prices", "write `price`"),
        ("equilibrium", {"market": DUOPOLY, "variants": {"base": {}}}, "variants.base", "rename"),
        (
            "equilibrium",
            {"market": DUOPOLY, "variants": {"a": {"market": {"costs": [1.0]}}}},
            "variants.a.market",
            "one of each",
        ),
        (
            "equilibrium",
            {"market": DUOPOLY, "differences": [{"quantity": "x", "unit": "", "of": "price", "side": "b"}]},
            "differences.0.side=b",
            "base",
        ),
        ("q_learning", {"market": {"kind": "hotelling"}, "sessions": 9}, "market.kind=hotelling", "logit_oligopoly"),
        ("q_learning", {"market": {**DUOPOLY, "outside": None}, "sessions": 9}, "market", "outside good"),
        (
            "q_learning",
            {"market": DUOPOLY, "sessions": 9, "grid": {"n_levels": 200}, "learning": {"memory": 2}},
            "grid.n_levels and learning.memory",
            "GiB",
        ),
        (
            "q_learning",
            {"market": DUOPOLY, "sessions": 9, "chance": {"outside_shocks": []}},
            "chance.outside_shocks",
            "give some",
        ),
        (
            "q_learning",
            {"market": {"kind": "linear_duopoly", "similarity": 0.5}, "sessions": 9, "entry": {"rate": 0.1}},
            "entry",
            "outside good",
        ),
        (
            "q_learning",
            {"market": DUOPOLY, "sessions": 9, "entry": {"rate": 0.1}, "chance": {"outside_shocks": [0.0]}},
            "chance and entry",
            "leave one out",
        ),
        (
            "q_learning",
            {"market": DUOPOLY, "sessions": 9, "learning": {"start": "grim_trigger"}},
            "learning.start_levels=[]",
            "2 levels",
        ),
        ("q_learning", {"market": DUOPOLY, "sessions": 1}, "sessions=1", "2 to"),
        ("tipping", {"n_platforms": 3, "benefits": [[1.0]], "scales": [1.0, 1.0]}, "setting", "a row of benefits"),
        (
            "gig_market",
            {
                "market": {
                    "n_drivers": 5000,
                    "demand_elasticity": 0.4,
                    "supply_elasticity": 3.0,
                    "learning": 0.1,
                    "rise": 0.1,
                },
                "replicates": 3,
                "last_weeks": 900,
            },
            "last_weeks=900",
            "1 to 80",
        ),
        ("free_entry", {"market": "circle", "differentiation": 1.0}, "fixed_cost", "missing"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_runs(how: str, setting: dict, key: str, said: str, tmp_path: Path):
    problems = problems_of(put(tmp_path / "mine.yaml", how, setting))
    assert problems
    assert any(key in problem.asked and said in str(problem) for problem in problems), problems


def test_numbers_of_firms_that_are_never_found_are_a_failed_case_in_words(outputs: Path, tmp_path: Path, capsys):
    setting = {"market": "circle", "differentiation": 1.0, "fixed_cost": 0.9}
    with pytest.raises(SystemExit):
        cli.main(["validate", f"case={put(tmp_path / 'mine.yaml', 'free_entry', setting)}", ONE])
    assert "two firms earn less than the fixed cost" in capsys.readouterr().err


def test_theory_has_every_vector_that_is_asked_for():
    """Prices of every market with a closed form, thresholds, slopes, pass-through, and the published learners."""
    cases: list[Case] = files.cases_of("theory", None, [])
    hows = {case.how for case in cases}
    assert hows == {"equilibrium", "q_learning", "tipping", "free_entry", "gig_market"}
    kinds = {case.setting["market"]["kind"] for case in cases if case.how == "equilibrium"}
    assert kinds >= {"two_sided_logit", "hotelling", "bottleneck", "logit_oligopoly", "interconnection"}
    for case in cases:
        if case.how == "q_learning":
            assert case.setting["sessions"] >= 200, "intervals as narrow as the published ones ask for"
            assert "outside" in case.setting["market"] or case.setting["market"]["kind"] == "linear_duopoly"

"""Platforms that answer: three runs a replicate, what the files hold, and the policy under several strategies."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments import cli
from experiments.request import build, strategies
from experiments.results import answering, caveats, estimating
from experiments.running import execution, plan
from experiments.running.execution import Outcome
from experiments.storage import run_store
from experiments.storage.runs import Runs
from experiments.terminal.tables import WIDTH
from sim.agents.strategies import STRATEGIES
from sim.errors import RefusedScenario
from sim.metrics.registry import REGISTRY
from sim.scenario import Scenario
from tests.experiments.conftest import RUNS

pytestmark = pytest.mark.long

CAP = "policy=commission_cap"
SHARE = {"fixed": 0.0, "rule_of_thumb": 0.25, "gradient": 0.6}
"""Of the 2 yuan an order that the made-up rule takes, what platforms of each strategy win back by the consumer fee."""


def made_up(run: Scenario) -> pd.DataFrame:
    """Weeks of a run: levels of 10 and the replicate's luck, and from the policy on what rule and answer make of it."""
    weeks = np.arange(1, run.horizon.n_weeks + 1)
    luck = np.random.default_rng(run.seed).normal(0.0, 0.2)
    frame = pd.DataFrame({"week": weeks} | {name: np.full(len(weeks), 10.0 + luck) for name in REGISTRY})
    if not run.policy:
        return frame
    under, conduct = frame["week"] >= run.first_policy_week, run.platforms
    share = SHARE[conduct.strategy] if conduct.sees_rules else 0.0
    wobble = 0.01 * np.random.default_rng(run.seed + 1000).normal()
    for name, taken in (("platform_revenue_per_order", 2.0), ("platform_commission_per_order", 2.0)):
        frame.loc[under, name] -= taken
    for name in ("platform_revenue_per_order", "platform_fee_per_order"):
        frame.loc[under, name] += share * 2.0 + wobble * (share > 0)
    frame.loc[under, "platform_commission_per_order_independent"] -= 2.0
    frame.loc[under, "consumer_surplus"] += 1.0 - 3.0 * share + wobble
    frame.loc[under, "platform_profit"] -= 5.0 * (1.0 - share) + wobble
    return frame


@pytest.fixture
def pretended(monkeypatch: pytest.MonkeyPatch) -> list[Scenario]:
    """Instead of runs, made-up weeks; returns the runs that were asked for."""
    asked: list[Scenario] = []

    def carry_out(scenarios, runner, what, with_agents):
        asked.extend(scenarios)
        return Outcome(len(scenarios), 0, {}, 0.0)

    def read(kept, name):
        (run,) = (run for run in asked if run_store.run_name(run) == name)
        return made_up(run), {"moments": {name: moment.target for name, moment in run.sector.moments.items()}}

    monkeypatch.setattr(execution, "carry_out", carry_out)
    monkeypatch.setattr(Runs, "read", read)
    monkeypatch.setattr(estimating, "_agents", lambda point, kept: iter(()))
    return asked


def answered(*words: str, verb: str = "compare") -> tuple[answering.Answer, dict]:
    request = build.ask([CAP, "population=town", "replicates=6", *words])
    found = answering.answer(verb, request, answering.now())
    return found, json.loads((found.folder / "record.json").read_text())


def test_fixed_platforms_are_run_twice_and_leave_what_they_left_before(outputs: Path, pretended: list[Scenario]):
    found, record = answered("platforms.strategy=fixed")
    assert len(pretended) == 12
    assert found.decomposition is found.waterbed is found.strategies is None
    names = {path.stem for path in found.folder.glob("*.parquet")}
    assert names == {"effects", "trajectories", "distribution", "enforcement", "moments", "runs"}
    assert record["uncertainty"]["over"] == "nothing"
    assert record["caveats"][0].startswith("Platforms keep their fees")


def test_platforms_that_answer_are_run_three_times_with_the_same_luck(outputs: Path, pretended: list[Scenario]):
    found, _ = answered("platforms.strategy=gradient")
    assert len(pretended) == 18
    for seed in range(1, 7):
        baseline, with_policy, conduct_fixed = (run for run in pretended if run.seed == seed)
        assert not baseline.policy
        assert with_policy.policy == conduct_fixed.policy
        assert (with_policy.platforms.sees_rules, conduct_fixed.platforms.sees_rules) == (True, False)
        assert with_policy.without_policy() == conduct_fixed.without_policy() == baseline
    parts = found.decomposition.pivot(index="metric", columns="part", values="effect")
    assert np.allclose(parts["direct"] + parts["behavioural"], parts["total"], rtol=0, atol=1e-9)
    effects = found.effects.set_index("metric")["effect"]
    assert np.allclose(parts["total"].loc[effects.index], effects, rtol=0, atol=1e-12)
    assert parts.loc["platform_revenue_per_order", "direct"] == pytest.approx(-2.0)
    assert parts.loc["platform_revenue_per_order", "behavioural"] == pytest.approx(1.2, abs=0.02)


def test_the_share_won_back_is_the_made_up_one_and_is_said(
    outputs: Path, pretended: list[Scenario], capsys: pytest.CaptureFixture[str]
):
    cli.main(["compare", CAP, "population=town", "replicates=6", "platforms.strategy=gradient"])
    said = " ".join(capsys.readouterr().out.split())
    assert "of the revenue per order that the rule takes, mostly through the consumer fee." in said
    assert "Platforms win back 60% [" in said
    assert "behavioural response" in said
    (folder,) = (outputs / "compare").iterdir()
    rows = pd.read_parquet(folder / "waterbed.parquet").set_index(["measure", "part"])
    whole, fee = rows.loc[("waterbed", "whole")], rows.loc[("waterbed", "consumer fee")]
    assert whole["share"] == pytest.approx(0.6, abs=0.01)
    assert whole["share_low"] < whole["share"] < whole["share_high"]
    assert fee["share"] == pytest.approx(whole["share"])
    assert "on profit per order is not distinguishable" in rows.loc[("recovered", "whole"), "why"]
    assert "Platforms win back 60%" in (folder / "report.html").read_text("utf-8").replace("\u00a0", " ")


@pytest.mark.slow
def test_real_platforms_keep_to_their_path_until_they_see_the_rule(outputs: Path):
    words = ["population=town", "horizon.n_weeks=14", "horizon.policy_week=6", "replicates=2", "runner.n_workers=1"]
    words += ["platforms=gradient", "platforms.review_weeks=1", "uncertainty=strategies"]
    found = answering.answer("compare", build.ask([CAP, *words]), answering.now())
    assert len(list((outputs / "runs").glob(RUNS))) == 2 * (3 + 2 + 3)
    parts = found.decomposition.pivot(index="metric", columns="part", values="effect").dropna()
    assert np.allclose(parts["direct"] + parts["behavioural"], parts["total"], rtol=1e-9, atol=1e-9)
    assert parts.loc["merchant_take_rate_independent", "direct"] < 0.0
    assert parts.loc["platform_fee_per_order", "direct"] == pytest.approx(0.0, abs=0.02), "only the mix moves it"
    assert parts.loc["platform_fee_per_order", "behavioural"] > 0.05
    assert set(found.strategies["strategy"]) == set(STRATEGIES) - set(strategies.LEARNERS)
    takings = found.waterbed[(found.waterbed["part"] == "whole") & (found.waterbed["measure"] == "waterbed")]
    assert (takings["taken"] > 0.0).all()


def test_platforms_that_do_not_see_rules_have_no_answer_to_tell_apart(outputs: Path, pretended: list[Scenario]):
    found, record = answered("platforms.strategy=gradient", "platforms.sees_rules=false")
    assert len(pretended) == 12
    assert found.decomposition is None
    assert record["caveats"][0] == caveats.BLIND


def test_the_policy_under_every_strategy(outputs: Path, pretended: list[Scenario], capsys: pytest.CaptureFixture[str]):
    words = ["platforms.strategy=gradient", "uncertainty=strategies"]
    cli.main(["compare", CAP, "population=town", "replicates=6", *words])
    said = capsys.readouterr().out
    assert "signs differ" in said
    lines = [line for line in said.split("Result:")[0].splitlines() if str(outputs) not in line]
    assert max(map(len, lines)) <= WIDTH
    assert len(pretended) == 6 * (3 + 2 + 3)
    (folder,) = (outputs / "compare").iterdir()
    tried, effects = (pd.read_parquet(folder / f"{name}.parquet") for name in ("strategies", "effects"))
    assert list(tried["strategy"].unique()) == ["gradient", "fixed", "rule_of_thumb"], "its own first"
    assert len(tried) == 3 * len(effects) == 3 * len(REGISTRY)
    table = tried.pivot(index="metric", columns="strategy", values="effect")
    headline = effects.set_index("metric")["effect"]
    assert np.allclose(table["gradient"].loc[headline.index], headline, rtol=0, atol=1e-12)
    verdicts = tried.drop_duplicates("metric").set_index("metric")["agreement"]
    assert verdicts["consumer_surplus"] == "differ"
    assert verdicts["platform_profit"] == "firm"
    assert verdicts["merchant_profit"] == "none"
    shares = pd.read_parquet(folder / "waterbed.parquet")
    whole = shares[(shares["part"] == "whole") & (shares["measure"] == "waterbed")].set_index("strategy")
    assert list(whole.index) == ["gradient", "rule_of_thumb"]
    assert whole.loc["rule_of_thumb", "share"] == pytest.approx(0.25, abs=0.01)
    assert list(whole["is_main"]) == [True, False]
    record = json.loads((folder / "record.json").read_text())
    assert record["strategy"] == "gradient"
    assert record["uncertainty"]["strategies"] == ["gradient", "fixed", "rule_of_thumb"]
    assert any(caveat.startswith("Fixed: Platforms keep their fees") for caveat in record["caveats"])
    report = (folder / "report.html").read_text("utf-8")
    assert "Other strategies of platforms" in report


def test_a_sweep_shows_what_is_won_back_point_by_point(
    outputs: Path, pretended: list[Scenario], capsys: pytest.CaptureFixture[str]
):
    words = ["platforms.strategy=gradient,rule_of_thumb,fixed", "replicates=6"]
    cli.main(["sweep", CAP, "population=town", *words])
    said = capsys.readouterr().out
    assert "By their response platforms win back" in said
    (folder,) = (outputs / "sweep").iterdir()
    shares = pd.read_parquet(folder / "waterbed.parquet")
    assert set(shares["scenario"]) == {0, 1}, "fixed platforms win nothing back"
    assert set(pd.read_parquet(folder / "effects.parquet")["scenario"]) == {0, 1, 2}


@pytest.mark.parametrize(
    ("own", "headline", "other"),
    [("fixed", "rule_of_thumb", "gradient"), ("gradient", "gradient", "rule_of_thumb")],
)
def test_some_strategies_may_be_named_and_the_first_is_the_headline(own: str, headline: str, other: str):
    """Unless platforms' own is among them, which comes first."""
    named = ["uncertainty=strategies", "uncertainty.strategies=[rule_of_thumb,gradient]"]
    request = build.ask([CAP, f"platforms={own}", *named, "replicates=1"])
    points = plan.of_request(request)
    assert [(point.strategy, point.is_main) for point in points] == [(headline, True), (other, False)]
    assert strategies.chosen(request) == ["rule_of_thumb", "gradient"]


def test_platforms_answer_unless_something_else_is_asked_for():
    request = build.ask([CAP, "replicates=2"])
    (point,) = plan.of_request(request)
    assert point.strategy == "gradient"
    assert [len(pair.runs) for pair in point.pairs] == [3, 3]
    (point,) = plan.of_request(build.ask([CAP, "platforms=fixed", "replicates=2"]))
    assert [len(pair.runs) for pair in point.pairs] == [2, 2]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["uncertainty=strategies", "uncertainty.strategies=[nonsense]"], "there is no such strategy"),
        (["uncertainty=strategies", "uncertainty.strategies=[rule_of_thumb,rule_of_thumb]"], "it is named twice"),
        (
            ["uncertainty=strategies", "uncertainty.strategies=[rule_of_thumb]"],
            "there is nothing to compare one strategy with",
        ),
        (["uncertainty.strategies=[rule_of_thumb,gradient]"], "add uncertainty=strategies"),
        (["uncertainty.assumptions=[price_sensitivity]"], "no assumptions are drawn"),
        (["uncertainty=strategies", "platforms.sees_rules=false"], "cannot respond to them"),
    ],
)
def test_what_cannot_be_tried_is_refused_in_words(
    words: list[str], why: str, outputs: Path, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as caught:
        cli.main(["compare", CAP, "population=town", *words])
    assert caught.value.code == 2
    assert why in " ".join(capsys.readouterr().err.split())
    assert not outputs.exists()


def test_a_sweep_over_strategies_is_not_taken_under_several_strategies():
    request = build.ask([CAP, "uncertainty=strategies", "platforms.strategy=gradient,rule_of_thumb"])
    with pytest.raises(RefusedScenario, match="one of the two"):
        strategies.refuse_conflicts(request)


@pytest.mark.parametrize("verb", ["run", "calibrate"])
def test_verbs_that_look_at_one_market_refuse_strategies(verb: str, outputs: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as caught:
        cli.main([verb, "uncertainty=strategies", "population=town"])
    assert caught.value.code == 2
    assert "one market" in capsys.readouterr().err

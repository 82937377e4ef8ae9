"""`preview=true`: signs, nothing where a rule changes nothing, refusals, and agents against the mean-field model."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import sim.model
from analysis.statistics import estimates as est
from experiments import cli
from experiments.request import build, folders
from experiments.results import forecast, forecast_answer, forecast_gaps
from sim.errors import BrokenMarket
from sim.forecast import long_run
from sim.metrics.registry import REGISTRY
from sim.scenario import Scenario

pytestmark = pytest.mark.long

CAP = ("policy=commission_cap", "policy.commission_cap.ceiling=0.10")
FIXED = "platforms=fixed"
SECTORS = {
    "food_delivery": CAP,
    "us_food_delivery": CAP,
    "ecommerce": ("policy=commission_cap", "policy.commission_cap.ceiling=0.02"),
    "ride_hailing": ("policy=minimum_pay", "policy.minimum_pay.floor=45.0"),
}
NEUTRAL = {
    "commission_cap": ["policy.commission_cap.ceiling=1.0"],
    "data_limit": ["policy.data_limit.ceiling=1.0"],
    "minimum_pay": ["policy.minimum_pay.floor=0.0"],
    "interoperability": ["policy.interoperability.visibility=0.0", "policy.interoperability.portability=0.0"],
}
SLOW = pytest.mark.slow
SLOW_LAST = ["fixed", "gradient", pytest.param("rule_of_thumb", marks=SLOW)]


def scenario(*words: str) -> Scenario:
    """Platforms that stay as they are, unless the words say otherwise."""
    named = any(word.startswith("platforms=") for word in words)
    return build.ask([*words, *(() if named else (FIXED,))]).scenarios[0]


@functools.cache
def under_the_cap() -> long_run.Forecast:
    """With platforms that stay as they are; several tests hold theirs against it."""
    return long_run.forecast(scenario(*CAP))


@pytest.fixture
def no_agents(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given, **named):
        raise AssertionError("a preview starts no agents")

    monkeypatch.setattr(sim.model.PlatformEconomy, "__init__", refuse)


@pytest.mark.parametrize("strategy", ["gradient", pytest.param("rule_of_thumb", marks=SLOW)])
def test_platforms_pass_a_cap_on_to_consumers(strategy: str):
    found = long_run.forecast(scenario(*CAP, f"platforms={strategy}"))
    alone, added, whole = (found.effects[part] for part in ("direct", "behavioural", "total"))
    assert found.is_answered
    assert found.has_converged
    assert alone["merchant_profit"] > 0.0 > alone["platform_profit"]
    assert alone["platform_fee_per_order"] == pytest.approx(0.0, abs=1e-9)
    assert added["platform_fee_per_order"] > 0.5
    assert alone["platform_profit"] < whole["platform_profit"] < 0.0
    assert whole["merchant_take_rate_independent"] == pytest.approx(-0.0393, abs=0.002)
    for name in whole:
        assert whole[name] == pytest.approx(alone[name] + added[name], rel=1e-9, abs=1e-9), name


def test_platforms_that_do_not_see_a_rule_do_not_answer_it():
    blind = long_run.forecast(scenario(*CAP, "platforms=gradient", "platforms.sees_rules=false"))
    fixed = under_the_cap()
    assert not blind.is_answered
    assert set(blind.effects["behavioural"].values()) == {0.0}
    assert blind.effects["total"] == fixed.effects["total"]


@pytest.mark.parametrize("rule", NEUTRAL)
@pytest.mark.parametrize("strategy", SLOW_LAST)
def test_a_rule_that_changes_nothing_has_no_effect_at_all(rule: str, strategy: str):
    found = long_run.forecast(scenario(f"policy={rule}", *NEUTRAL[rule], f"platforms={strategy}"))
    for part, effects in found.effects.items():
        assert {name: value for name, value in effects.items() if value != 0.0} == {}, part


def test_a_rule_that_is_switched_off_is_none_and_weeks_do_not_matter():
    off = long_run.forecast(scenario(*CAP, "policy.commission_cap.is_on=false"))
    assert set(off.effects["total"].values()) == {0.0}
    late = [*CAP, "policy.commission_cap.start_week=100", "policy.commission_cap.phase_in_weeks=20"]
    assert long_run.forecast(scenario(*late)).effects == under_the_cap().effects


def test_signs_of_minimum_pay():
    pay = long_run.forecast(scenario("policy=minimum_pay")).effects["total"]
    assert pay["worker_hourly_earnings"] > 0.0 > pay["platform_profit"]
    assert pay["worker_top_up"] > 0.0


def test_signs_of_a_data_limit():
    data = long_run.forecast(scenario("policy=data_limit")).effects["total"]
    assert data["consumer_data_collected"] < 0.0
    assert data["consumer_privacy_cost"] < 0.0


def test_signs_of_interoperability():
    access = long_run.forecast(scenario("policy=interoperability")).effects["total"]
    assert access["platform_remote_share"] > 0.0 > access["platform_leader_order_share"]
    assert access["consumer_variety"] > 0.0


@pytest.mark.parametrize("sector", [pytest.param(s, marks=[SLOW] * (s == "us_food_delivery")) for s in SECTORS])
def test_every_sector_is_previewed_without_agents(sector: str, outputs: Path, no_agents, capsys):
    assert set(SECTORS) == set(folders.options("sector")), "a new sector needs a question"
    cli.main(["compare", "preview=true", f"sector={sector}", *SECTORS[sector]])
    said = capsys.readouterr().out
    assert "Next: platform-lab compare sector=" in said
    assert "preview=true" not in said.split("Next:")[1]
    assert forecast_answer.UNKNOWN in said
    (folder,) = outputs.glob("preview/*")
    frame = pd.read_parquet(folder / "preview.parquet").set_index("metric")
    assert frame.loc["platform_profit", "effect"] < 0.0
    assert set(frame.index) <= set(REGISTRY)
    numbers = frame[["baseline", "policy", "effect", "direct", "behavioural"]]
    assert not numbers.isna().to_numpy().any()
    money = frame.loc[[est.MONEY[party] for party in (*est.PARTIES, "welfare")]]
    for column in ("baseline", "policy", "effect", "direct", "behavioural"):
        assert money[column].iloc[:-1].sum() == pytest.approx(money[column].iloc[-1], abs=1e-6)
    record = json.loads((folder / "record.json").read_text())
    assert record["seconds_by_part"]["no policy"] > 0.0
    assert record["caveats"] == list(forecast_answer.CAVEATS)


REFUSED = {
    ("compare", "preview=maybe", *CAP): "preview='maybe'",
    ("sweep", "preview=true", *CAP): "sweep with preview=true",
    ("run", "preview=true"): "run with preview=true",
    ("calibrate", "preview=true"): "calibrate with preview=true",
    ("compare", "preview=true"): "a preview without a policy",
    ("compare", "preview=true", "uncertainty=assumptions", *CAP): "preview=true with uncertainty=assumptions",
    ("compare", "preview=true,false", *CAP): "a sweep over preview",
}


@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_what_cannot_be_previewed_is_refused_in_words(words: tuple[str, ...], outputs: Path, no_agents, capsys):
    with pytest.raises(SystemExit) as left:
        cli.main(list(words))
    assert left.value.code == 2
    assert REFUSED[words] in capsys.readouterr().err
    assert not outputs.exists()


def kept(outputs: Path, name: str, **changed) -> None:
    row = {"metric": "consumer_orders", "title": "Orders", "unit": "orders", "mean_field": 2.0}
    row |= {"agents": 2.2, "low": 2.0, "high": 2.4, "gap": 0.2}
    made_up = {
        "sector": "food_delivery",
        "policy": ["commission_cap"],
        "strategy": "fixed",
        "command": name,
        "finished": "2026-01-01",
        "problem": "",
        "rows": [row],
    }
    folder = outputs / "compare" / name
    folder.mkdir(parents=True)
    (folder / forecast_gaps.NAME).write_text(json.dumps({**made_up, **changed}))


def test_the_latest_comparison_of_the_same_rules_and_sector_is_found(outputs: Path):
    request = build.ask([*CAP, FIXED])
    assert forecast_gaps.last(request) is None
    kept(outputs, "old")
    kept(outputs, "new", finished="2026-02-01")
    kept(outputs, "other-strategy", finished="2026-03-01", strategy="gradient")
    kept(outputs, "other-sector", finished="2026-04-01", sector="ecommerce")
    kept(outputs, "other-rules", finished="2026-04-01", policy=["commission_cap", "data_limit"])
    kept(outputs, "without-averages", finished="2026-04-01", rows=[])
    (outputs / "compare" / "broken").mkdir()
    (outputs / "compare" / "broken" / forecast_gaps.NAME).write_text("not a record")
    found = forecast_gaps.last(request)
    assert found is not None
    assert found.command == "new"
    assert forecast_gaps.last(build.ask([*CAP, "platforms=gradient"])).command == "other-strategy"
    assert forecast_gaps.last(build.ask([*CAP, "platforms=rule_of_thumb"])).command == "other-strategy", (
        "the latest of all"
    )


def test_agents_are_set_against_averages_metric_by_metric():
    effects = pd.DataFrame(
        [
            ("consumer_orders", "Orders", "orders", 2.2, 2.0, 2.4),
            ("merchant_exits", "Exits", "exits", 1.0, 0.5, 1.5),
            ("consumer_delay", "Delay", "minutes", 0.1, -0.2, 0.4),
        ],
        columns=["metric", "title", "unit", "effect", "low", "high"],
    )
    orders, delay = forecast_gaps.gaps_of(effects, {"consumer_orders": 2.0, "consumer_delay": -0.1})
    assert (orders["agents"], orders["mean_field"], orders["low"], orders["high"]) == (2.2, 2.0, 2.0, 2.4)
    assert orders["gap"] == pytest.approx(0.2)
    assert forecast_gaps.verdict(orders) == "x 1.10"
    assert forecast_gaps.verdict(delay) == "+0.2000", "no ratio where agents' effect may be nothing"


def test_a_comparison_by_agents_keeps_what_the_mean_field_model_expects(outputs: Path, tiny: list[str], capsys):
    cli.main(["compare", *CAP, *tiny])
    assert "Agents against the long run of the mean-field model" in capsys.readouterr().out
    (path,) = outputs.glob(f"compare/*/{forecast_gaps.NAME}")
    stored = json.loads(path.read_text())
    effects = pd.read_parquet(path.parent / "effects.parquet").set_index("metric")["effect"]
    rows = {row["metric"]: row for row in stored["rows"]}
    assert {"consumer_surplus", "merchant_profit", "platform_profit"} <= set(rows)
    assert rows["platform_profit"]["agents"] == effects["platform_profit"]
    assert rows["platform_profit"]["mean_field"] < 0.0
    capsys.readouterr()
    cli.main(["compare", "preview=true", FIXED, "policy=commission_cap", "policy.commission_cap.ceiling=0.08"])
    said = " ".join(capsys.readouterr().out.split())
    assert f"From: {stored['command']}" in said, "other parameters, the same rules"


def test_effects_are_corrected_by_a_known_bias_of_levels(
    outputs: Path, monkeypatch: pytest.MonkeyPatch, tmp_path, capsys
):
    path = tmp_path / "bias.json"
    path.write_text(json.dumps({"food_delivery": {"merchant_profit": 1.5}}))
    monkeypatch.setattr(forecast_gaps, "BIAS", path)
    assert forecast_gaps.level_bias("ecommerce") == {}
    cli.main(["compare", "preview=true", FIXED, *CAP])
    assert "corrected" in capsys.readouterr().out
    (folder,) = outputs.glob("preview/*")
    frame = pd.read_parquet(folder / "preview.parquet").set_index("metric")
    assert frame.loc["merchant_profit", "corrected"] == pytest.approx(1.5 * frame.loc["merchant_profit", "effect"])
    assert frame.loc["platform_profit", "corrected"] == frame.loc["platform_profit", "effect"]


def test_a_comparison_is_whole_where_there_is_no_forecast(outputs: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(asked: Scenario):
        raise BrokenMarket("no equilibrium")

    monkeypatch.setattr(long_run, "forecast", fail)
    found = forecast_gaps.keep(outputs, pd.DataFrame(), build.ask([*CAP]))
    assert found.problem == "no equilibrium"
    assert found.rows == []
    assert json.loads((outputs / forecast_gaps.NAME).read_text())["problem"] == "no equilibrium"


def test_only_compiled_functions_that_are_wanted_are_loaded(monkeypatch: pytest.MonkeyPatch):
    loaded: list[int] = []
    monkeypatch.setattr(forecast.installation, "install", lambda: loaded.append(1))
    monkeypatch.setattr(forecast.cache, "is_warm", lambda: True)
    answering, fixed = scenario(*CAP, "platforms=gradient"), scenario(*CAP)
    for kernels, asked, n in (
        ("plain", answering, 0),
        ("auto", fixed, 0),
        ("auto", answering, 1),
        ("compiled", fixed, 2),
    ):
        forecast.choose_kernels(SimpleNamespace(kernels=kernels), asked)
        assert len(loaded) == n

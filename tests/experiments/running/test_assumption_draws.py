"""Assumptions drawn from their ranges: what is drawn, that it can be, and what becomes of the effects."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments import cli
from experiments.catalogue import assumptions
from experiments.request import build, folders, strategies
from experiments.request.request import Request
from experiments.results import answering, draw_effects
from experiments.running import assumption_draws, plan
from experiments.running.assumption_draws import Draw
from experiments.storage import run_store
from sim.errors import PlatformLabError, RefusedScenario

pytestmark = pytest.mark.long

DRAWN = ["policy=commission_cap", "uncertainty=assumptions"]


def asked(*words: str) -> Request:
    return build.ask([*DRAWN, "population=town", *words])


def draws_of(*words: str) -> list[Draw]:
    request = asked(*words)
    return assumption_draws.draw(request.scenarios[0], request)


def answered(tiny: list[str], *words: str) -> answering.Answer:
    request = build.ask([*DRAWN, *tiny, *words])
    return answering.answer("compare", request, answering.now())


def test_replicates_are_more_where_assumptions_are_drawn():
    assert build.ask(["policy=commission_cap"]).asking.replicates == 8
    assert asked().asking.replicates == 32
    assert asked("replicates=3").asking.replicates == 3
    assert asked().config["replicates"] == 32


def test_every_assumption_is_drawn_inside_its_range():
    request, draws = asked(), draws_of()
    sector = request.scenarios[0].sector
    assert {row["assumption"] for row in assumptions.assumptions(sector)} == set(draws[0].values)
    sources = {assumptions.name_of(pattern): source for pattern, source in sector.sources.items()}
    for one in draws:
        assert one.scenario is not None, one.problem
        drawn = dict(assumptions.leaves(dataclasses.asdict(one.scenario.sector)))
        for assumption, members in one.values.items():
            for name, value in members.items():
                assert drawn[name] == value
                assert value <= sources[assumption].high
                assert value >= sources[assumption].low or name.endswith("staff_cost")


def test_the_order_of_the_sectors_file_decides_what_is_drawn():
    """Another order would give every assumption another column of the hypercube, and every result another draw."""
    sector, (first, *_) = asked().scenarios[0].sector, draws_of("replicates=4")
    names = [row["assumption"] for row in assumptions.assumptions(sector)]
    assert list(first.values) == [*(name for name in names if name != "staff_cost"), "staff_cost"]
    assert first.values["income_log_sd"] == {"consumers.income_log_sd": 0.7300965452563165}
    assert first.values["rationing_utilisation"] == {"carriage.rationing_utilisation": 0.8349121965918541}
    assert first.values["staff_cost"]["departments.finance.staff_cost"] == 57440.424360797886


def test_numbers_of_old_are_refused_with_what_to_write_instead():
    with pytest.raises(RefusedScenario, match=r"write uncertainty\.assumptions=\[price_speed") as refused:
        draws_of("uncertainty.numbers=[A-02]")
    assert "number meant another one" in str(refused.value)
    with pytest.raises(RefusedScenario, match="leave `number` out"):
        build.ask(["sector.sources={consumers.habit_weight: {basis: assumption, number: A-10, text: x}}"])


def test_an_assumption_has_the_same_name_in_every_market():
    named = {
        "merchants.price_speed": "price_speed",
        "platforms.*.consumer_reach": "consumer_reach",
        "platforms.fringe.commission.independent": "fringe.commission.independent",
        "platforms.*.commission.chain": "commission.chain",
        "merchants.tiers.chain.share": "tiers.chain.share",
        "workers.groups.*.share": "groups.share",
        "workers.n_slots": "workers.n_slots",
        "merchants.n_slots": "merchants.n_slots",
        "ranking.price": "ranking.price",
        "departments.*": "departments",
    }
    assert {pattern: assumptions.name_of(pattern) for pattern in named} == named
    found: dict[str, set[str]] = {}
    for name in folders.options("sector"):
        for row in assumptions.assumptions(build.ask([f"sector={name}"]).scenarios[0].sector):
            found.setdefault(row["assumption"], set()).add(row["parameter"].split(".")[-1])
    assert all(len(fields) == 1 for fields in found.values()), "one name, one field"


def test_only_assumptions_are_drawn():
    sector = asked().scenarios[0].sector
    before = dict(assumptions.leaves(dataclasses.asdict(sector)))
    for one in draws_of("replicates=2"):
        assert one.scenario is not None
        after = dict(assumptions.leaves(dataclasses.asdict(one.scenario.sector)))
        moved = {name for name in before if before[name] != after[name]}
        rest = {"merchants.tiers.independent.share"}
        assert moved <= rest | {name for members in one.values.values() for name in members}
        assert sum(tier.share for tier in one.scenario.sector.merchants.tiers.values()) == pytest.approx(1.0)
        assert "consumers.price_sensitivity" in moved


def test_draws_are_a_latin_hypercube_and_a_function_of_the_seed():
    def first(draws):
        return np.array([one.values["price_sensitivity"]["consumers.price_sensitivity"] for one in draws])

    once, again, other = draws_of("seed=5"), draws_of("seed=5"), draws_of("seed=6")
    assert [one.values for one in once] == [one.values for one in again]
    assert not np.array_equal(first(once), first(other))
    strata = np.floor(32 * (first(once) - 0.03) / (0.08 - 0.03)).astype(int)
    assert sorted(strata) == list(range(32)), "one draw in each of 32 equal parts of the range"


def test_members_of_one_assumption_keep_their_order_and_ratios():
    for one in draws_of():
        hours = one.values["groups.hours"]
        assert hours["workers.groups.regular.hours"] / hours["workers.groups.rare.hours"] == pytest.approx(55 / 8)
        visibility = one.values["consumer_reach"]
        assert visibility["platforms.leader.consumer_reach"] > visibility["platforms.fringe.consumer_reach"]


def test_a_cost_is_drawn_below_the_budget_that_pays_it():
    for one in draws_of("replicates=64"):
        assert one.scenario is not None
        for department in one.scenario.sector.departments.values():
            assert department.staff_cost <= department.budget


def test_whole_numbers_are_drawn_whole_and_over_the_whole_range():
    found = [one.values["n_candidates"]["consumers.n_candidates"] for one in draws_of("replicates=200")]
    assert all(isinstance(value, int) for value in found)
    assert (min(found), max(found)) == (5, 20)


def test_what_the_request_names_is_not_drawn():
    named = draws_of("sector.consumers.price_sensitivity=0.06", "replicates=2")
    assert "price_sensitivity" not in named[0].values
    assert named[0].scenario.sector.consumers.price_sensitivity == 0.06  # pyright: ignore
    member = draws_of("sector.platforms.fringe.consumer_reach=0.4", "replicates=2")
    assert "consumer_reach" not in member[0].values


def test_some_assumptions_may_be_drawn_alone():
    some = {"price_sensitivity", "habit_weight"}
    for words in ("price_sensitivity,habit_weight", "A.habit_weight,price_sensitivity"):
        drawn = draws_of(f"uncertainty.assumptions=[{words}]", "replicates=2")
        assert [set(one.values) for one in drawn] == 2 * [some]
        assert list(drawn[0].values) == ["price_sensitivity", "habit_weight"], "the sector's order, not the one typed"
    with pytest.raises(RefusedScenario, match="the sector has no such assumption"):
        draws_of("uncertainty.assumptions=[reach]")


@pytest.mark.parametrize("verb", ["run", "calibrate"])
def test_verbs_that_look_at_one_market_refuse_draws(verb: str, outputs: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as caught:
        cli.main([verb, "uncertainty=assumptions", "population=town"])
    assert caught.value.code == 2
    assert "one market" in capsys.readouterr().err
    assert not outputs.exists()


def test_both_runs_of_a_pair_have_the_same_draw_and_pairs_have_different_ones():
    (point,) = plan.of_request(asked("replicates=3"))
    for pair in point.pairs:
        assert pair.baseline.sector == pair.with_policy.sector
        assert pair.baseline.seed == pair.with_policy.seed == 1 + pair.replicate
        assert not pair.baseline.policy
    assert len(point.pairs) == 3 * 2
    assert len({pair.baseline.sector.consumers.price_sensitivity for pair in point.pairs}) == 3


def test_effects_over_draws_are_those_of_the_pairs(outputs: Path, tiny: list[str], capsys: pytest.CaptureFixture[str]):
    words = [word for word in tiny if not word.startswith("replicates")]
    named = "uncertainty.assumptions=[price_sensitivity,habit_weight,diversion]"
    cli.main(["compare", *DRAWN, *words, "replicates=6", named])
    said = capsys.readouterr().out
    assert "95% of draws" in said
    assert "6 draws of the assumptions; 0 failed" in said
    (folder,) = (outputs / "compare").iterdir()
    draws, effects = (pd.read_parquet(folder / f"{name}.parquet") for name in ("draws", "effects"))
    assert {"draw", "assumption", "parameter", "value"} <= set(draws.columns)
    assert len(draws) == 6 * 3
    row = effects.set_index("metric").loc["merchant_take_rate_independent"]
    assert row.draw_low <= row.effect <= row.draw_high < 0
    assert row.sign_share == 1.0
    assert row.draw_low < row.low < row.high < row.draw_high, "the mean is known better than a single draw"
    sensitivity = pd.read_parquet(folder / "sensitivity_of_effects.parquet")
    assert set(sensitivity["assumption"]) <= {"price_sensitivity", "habit_weight", "diversion"}
    assert sensitivity["correlation"].abs().max() <= 1.0
    record = json.loads((folder / "record.json").read_text())
    assert record["uncertainty"]["over"] == "assumptions"
    assert record["uncertainty"]["assumptions"]["price_sensitivity"] == "consumers.price_sensitivity"
    assert any("without fitting" in caveat for caveat in record["caveats"])
    assert (folder / "report.html").exists()


def test_seeds_differ_between_draws_and_are_the_same_at_every_point_of_a_sweep():
    ceilings = "policy.commission_cap.ceiling=0.06,0.1"
    points = plan.of_request(asked(ceilings, "replicates=3", "uncertainty.seeds_per_draw=4", "seed=7"))
    for point in points:
        assert [pair.baseline.seed for pair in point.pairs] == list(range(7, 19))
        assert [pair.draw for pair in point.pairs] == [0] * 4 + [1] * 4 + [2] * 4
        for pair in point.pairs:
            assert pair.baseline.sector == pair.with_policy.sector == point.draws[pair.draw].scenario.sector  # pyright: ignore
    first, second = points
    assert [pair.baseline for pair in first.pairs] == [pair.baseline for pair in second.pairs]


def test_a_sweep_over_seeds_refuses_draws_with_several():
    with pytest.raises(RefusedScenario, match="2 replicates, whose seeds overlap"):
        asked("replicates=1", "seed=1,2")


def test_seeds_of_a_draw_need_draws():
    with pytest.raises(RefusedScenario, match="no assumptions are drawn"):
        strategies.refuse_conflicts(build.ask(["policy=commission_cap", "+uncertainty.seeds_per_draw=2"]))


def numbers_of(frames: list[pd.DataFrame], metric: str) -> np.ndarray:
    return np.array([frame.loc[frame["week"] >= 6, metric].mean() for frame in frames])


def test_effects_are_over_means_of_draws_and_chance_is_told_from_assumptions(outputs: Path, tiny: list[str]):
    words = [word for word in tiny if not word.startswith("replicates")]
    request = build.ask([*DRAWN, *words, "replicates=5", "uncertainty.assumptions=[price_sensitivity]"])
    found = answering.answer("compare", request, answering.now())
    (point,) = plan.of_request(request)
    plan.read(point, run_store.all_runs(), {})
    gains = numbers_of(point.sides_of_pairs[1], "merchant_profit") - numbers_of(
        point.sides_of_pairs[0], "merchant_profit"
    )
    means = gains.reshape(5, 2).mean(axis=1)
    row = found.effects.set_index("metric").loc["merchant_profit"]
    assert (row.n_replicates, found.n_draws) == (5, 5)
    assert row.effect == pytest.approx(means.mean())
    assert row.paired_sd == pytest.approx(means.std(ddof=1))
    assert row.draw_low == pytest.approx(np.quantile(means, 0.025))
    assert row.seed_sd**2 == pytest.approx(gains.reshape(5, 2).var(axis=1, ddof=1).mean())
    assert 0.0 <= row.assumption_share_low <= row.assumption_share <= row.assumption_share_high <= 1.0
    record = json.loads((found.folder / "record.json").read_text())
    assert record["uncertainty"]["seeds_per_draw"] == 2
    assert record["seeds"] == list(range(1, 11))
    assert len(pd.read_parquet(found.folder / "draws.parquet")) == 5
    assert pd.read_parquet(found.folder / "sensitivity_of_effects.parquet")["n_draws"].max() == 5
    assert pd.read_parquet(found.folder / "distribution.parquet")["n_replicates"].max() == 5
    last = pd.read_parquet(found.folder / "trajectories.parquet").query("metric == 'merchant_profit'")
    assert last[last["week"] >= 6]["effect"].mean() == pytest.approx(row.effect)


def test_one_seed_of_every_draw_splits_nothing(outputs: Path, tiny: list[str]):
    words = [word for word in tiny if not word.startswith("replicates")]
    one = "uncertainty.assumptions=[price_sensitivity]"
    found = answered(words, "replicates=3", one, "uncertainty.seeds_per_draw=1")
    assert "draw_low" in found.effects.columns
    assert "assumption_share" not in found.effects.columns
    assert json.loads((found.folder / "record.json").read_text())["seeds"] == [1, 2, 3]


def test_a_draw_of_which_one_run_failed_counts_with_the_other(outputs: Path, tiny: list[str], monkeypatch):
    real = run_store.keep

    def fails_once(run, *how, **more):
        if run.seed == 4:
            raise ValueError("a fault of ours")
        real(run, *how, **more)

    monkeypatch.setattr(run_store, "keep", fails_once)
    words = [word for word in tiny if not word.startswith("replicates")]
    found = answered(words, "replicates=3", "uncertainty.assumptions=[price_sensitivity]")
    assert (found.n_draws, found.n_failed_draws) == (3, 0)
    record = json.loads((found.folder / "record.json").read_text())["uncertainty"]
    assert (record["n_incomplete_draws"], record["failed_draws"]) == (1, [])
    row = found.effects.set_index("metric").loc["merchant_profit"]
    assert row.n_replicates == 3
    assert np.isfinite(row.assumption_share)


def test_plain_comparison_says_that_its_intervals_are_chance(outputs: Path, tiny: list[str]):
    cli.main(["compare", "policy=commission_cap", *tiny])
    (folder,) = (outputs / "compare").iterdir()
    assert json.loads((folder / "record.json").read_text())["uncertainty"]["over"] == "nothing"
    assert "draw_low" not in pd.read_parquet(folder / "effects.parquet").columns
    assert len(pd.read_parquet(folder / "distribution.parquet"))


def spoiled(monkeypatch: pytest.MonkeyPatch, value: float, below: float) -> None:
    """Let a quantile below `below` be a value with which the market does not work."""
    real = assumption_draws._values

    def values(one, u, sector):
        found = real(one, u, sector)
        return dict.fromkeys(found, value) if u < below else found

    monkeypatch.setattr(assumption_draws, "_values", values)


@pytest.mark.parametrize(("value", "why"), [(0.0, plan.NOBODY), (-1.0, "consumers.occasion_rate=-1")])
def test_draws_without_a_market_are_counted_and_left_out(value, why, outputs: Path, tiny: list[str], monkeypatch):
    spoiled(monkeypatch, value, below=0.5)
    words = [word for word in tiny if not word.startswith("replicates")]
    found = answered(words, "replicates=4", "uncertainty.assumptions=[occasion_rate]")
    assert (found.n_draws, found.n_failed_draws) == (4, 2)
    record = json.loads((found.folder / "record.json").read_text())
    failed = record["uncertainty"]["failed_draws"]
    assert len(failed) == 2
    assert all(why in one["why"] for one in failed)
    whole = found.effects.set_index("metric").loc["welfare_total"]
    assert whole.n_replicates == 2
    assert np.isfinite(whole.effect)


def test_nothing_but_failed_draws_is_an_error_that_says_why(outputs: Path, tiny: list[str], monkeypatch):
    spoiled(monkeypatch, 0.0, below=1.1)
    with pytest.raises(PlatformLabError, match="nobody ordered"):
        answered(tiny, "uncertainty.assumptions=[occasion_rate]")


def weeks(values: dict[str, float]) -> pd.DataFrame:
    return pd.DataFrame({"week": [1, 2], **{name: [np.nan, value] for name, value in values.items()}})


def test_spread_of_draws_by_hand():
    baseline = [weeks({"gain": 0.0, "price": 1.0}) for _ in range(5)]
    with_policy = [weeks({"gain": g, "price": p}) for g, p in zip((1, 2, 3, 4, -2), (np.nan, 2, 2, 3, 3), strict=True)]
    found = draw_effects.effects_over_draws(baseline, with_policy, 2).set_index("metric")
    assert found.loc["gain", ["effect", "sign_share", "n_replicates"]].tolist() == [1.6, 0.8, 5]
    assert found.loc["gain", "draw_low"] == pytest.approx(-2 + 0.1 * 3)
    assert found.loc["gain", "draw_high"] == pytest.approx(4 - 0.1 * 1)
    assert found.loc["price", ["effect", "n_replicates"]].tolist() == [1.5, 4], "a draw without a price is left out"


def test_rank_correlations_by_hand():
    values = [1.0, 2.0, 3.0, 4.0, 5.0]
    draws = [Draw({"first": {"a.x.c": v, "a.y.c": 2 * v}, "second": {"b": 1.0}}, None) for v in values]
    baseline = [weeks({"gain": 0.0, "same": 0.0}) for _ in values]
    with_policy = [weeks({"gain": g, "same": 1.0}) for g in (1, 8, 27, 125, 64)]
    found = draw_effects.sensitivity(draws, baseline, with_policy, 2)
    columns = ["assumption", "parameter", "metric", "n_draws"]
    assert found[columns].to_numpy().tolist() == [["first", "a.*.c", "gain", 5]]
    assert found["correlation"].item() == pytest.approx(0.9)
    assert found["p_value"].item() == pytest.approx(10 / 120)  # of the 120 orders of five points

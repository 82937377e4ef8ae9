"""Sentences say what the numbers say: right party, right sign, right size, and nothing where zero is covered."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.result import Result
from analysis.statistics.estimates import MONEY, estimates, focus, headline_metrics
from analysis.wording.findings import Finding, findings, headline, reading_note
from experiments.storage.results import load_result
from tests.analysis._results import compare_doses, effects_frame, leave, sweep_doses


def spoken(found: Finding) -> str:
    text = " ".join([found.lead, *found.details])
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("−", "-")


def result_of(folder: Path, verb: str = "compare", n_replicates: int = 20, **changed) -> Result:
    doses = compare_doses() if verb == "compare" else sweep_doses()
    return load_result(leave(folder, verb, effects=effects_frame(doses, n_replicates=n_replicates, **changed)))


def test_winners_and_losers_of_a_comparison(tmp_path: Path):
    result = result_of(tmp_path)
    assert headline(result) == (
        "Merchants gain, platforms and the state lose; no effect on consumers or workers is distinguishable from zero."
    )
    money, total, besides = findings(result)
    assert spoken(money) == (
        "Merchants gain 412 [380, 444], platforms lose 390 [360, 420] and the state loses 12 [8, 17] "
        "yuan per 1 000 consumers a week. "
        "No effect on consumers (-48 [-109, 13]) or workers (+9 [-12, 30]) is distinguishable from zero."
    )
    assert spoken(total).startswith(
        "The effect on total welfare is not distinguishable from zero. The estimate is -29 ["
    )
    assert besides.lead == "Price paid per order up, take rate of bound merchants down."
    assert "Take rate of bound merchants: 18.10% to 12.90% (-5.20 [-5.31, -5.09] percentage points)." in spoken(besides)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_same_numbers_with_the_other_sign_are_the_other_story(tmp_path: Path, sign: int):
    result = result_of(tmp_path, state_net=(sign * 50.0, 10.0), welfare_total=(sign * 40.0, 9.0))
    words = "the state loses 50 [40, 60]" if sign < 0 else "the state gains 50 [40, 60]"
    money, total, _ = findings(result)
    assert words in spoken(money)
    assert spoken(total).startswith(f"Total welfare {'rises' if sign > 0 else 'falls'} by 40 [31, 49] yuan")


@pytest.mark.parametrize("half", [48.0, 61.0])
@pytest.mark.parametrize("effect", [-48.0, 48.0])
def test_an_interval_that_touches_or_covers_zero_is_no_effect(tmp_path: Path, effect: float, half: float):
    result = result_of(tmp_path, consumer_surplus=(effect, half))
    assert "no effect on consumers" in headline(result)
    for text in (headline(result), spoken(findings(result)[0])):
        assert "onsumers lose" not in text
        assert "onsumers gain" not in text


def test_when_nothing_can_be_told_nothing_is_claimed(tmp_path: Path):
    nothing = {metric: (1.0, 5.0) for metric in MONEY.values()}
    result = result_of(tmp_path, **nothing)
    assert headline(result) == "No effect on any party is distinguishable from zero."
    text = " ".join(spoken(found) for found in findings(result)[:2])
    for claim in (" gain", " lose", " rise", " fall"):
        assert claim not in text


@pytest.mark.parametrize("verb", ["compare", "sweep"])
def test_one_replicate_gives_no_interval_and_so_no_finding(tmp_path: Path, verb: str):
    result = result_of(tmp_path, verb, n_replicates=1)
    assert headline(result).startswith("With one replicate there is no interval")
    text = " ".join(spoken(found) for found in findings(result))
    for claim in (" gain", " lose", " rise", " fall", "nan", " up", " down"):
        assert claim not in text
    assert reading_note(result).startswith("Means of 1 paired replicate;")


def test_a_sweep_says_where_on_the_lever_who_gains(tmp_path: Path):
    result = result_of(tmp_path, "sweep")
    assert headline(result) == (
        "Merchants gain from 8% to 15%; platforms and the state lose from 8% to 15%; no effect on consumers or workers "
        "is distinguishable from zero anywhere; no effect on total welfare is distinguishable from zero anywhere."
    )
    money, total, besides = findings(result)
    assert money.lead.replace("\u00a0", " ") == (
        "Merchants gain from 8% to 15% (largest estimate 700 [668, 732] at 8%); none distinguishable from zero at 18%."
    )
    assert "No effect on consumers is distinguishable from zero anywhere." in spoken(money)
    assert total.lead == "No effect on total welfare is distinguishable from zero anywhere."
    assert besides.topic == "Other outcomes, ceiling 8%"


def test_a_party_that_gains_here_and_loses_there_is_said_to_do_both(tmp_path: Path):
    effects = effects_frame(sweep_doses())
    chosen = (effects["metric"] == "worker_surplus") & (effects["scenario"] == 4)
    effects.loc[chosen, ["effect", "low", "high"]] = [-30.0, -40.0, -20.0]
    chosen = (effects["metric"] == "worker_surplus") & (effects["scenario"] == 0)
    effects.loc[chosen, ["effect", "low", "high"]] = [25.0, 20.0, 30.0]
    text = spoken(findings(load_result(leave(tmp_path, "sweep", effects=effects)))[0])
    assert "Workers gain at 8% (25 [20, 30]) and lose at 18% (30 [20, 40])" in text


def test_scenarios_follow_the_lever_and_not_their_numbers(tmp_path: Path):
    effects = effects_frame(list(reversed(sweep_doses())))
    result = load_result(leave(tmp_path, "sweep", effects=effects))
    assert headline(result).startswith("Merchants gain from 8% to 15%;")


def test_combinations_of_two_levers_are_counted(tmp_path: Path):
    result = load_result(leave(tmp_path, "grid"))
    assert headline(result) == (
        "Merchants gain in 13 of 20 combinations and lose in 4; platforms gain in 4 and lose in 13; the state gains in "
        "1 and loses in 7; no effect on consumers or workers is distinguishable from zero anywhere."
    )
    text = spoken(findings(result)[0])
    assert "Merchants gain in 13 of 20 combinations (largest estimate 634 [602, 666] with ceiling 8%" in text
    assert " and lose in 4 (" in text
    assert "none distinguishable from zero in 3." in text


def test_the_state_is_one_and_the_others_are_many(tmp_path: Path):
    result = result_of(tmp_path, "sweep", state_net=(500.0, 1.0))
    assert "the state gains at every value tried" in headline(result)
    text = spoken(findings(result)[0])
    assert text.startswith("The state gains at every value tried")
    assert "state gain " not in text


def test_the_main_scenario_counts_only_what_can_be_told():
    effects = effects_frame(sweep_doses())
    assert focus(effects) == 0
    loud = effects["scenario"] == 0
    effects.loc[loud, "low"] = effects.loc[loud, "effect"] - 1e6
    effects.loc[loud, "high"] = effects.loc[loud, "effect"] + 1e6
    assert focus(effects) == 1


def test_missing_effects_are_left_out_and_do_not_shift_the_others(tmp_path: Path):
    effects = effects_frame(sweep_doses())
    effects.loc[(effects["metric"] == "merchant_profit") & (effects["scenario"] == 0), "effect"] = None
    result = load_result(leave(tmp_path, "sweep", effects=effects))
    assert "Merchants gain at 10%, 12% and 15% (largest estimate 556 [524, 588] at 10%)" in spoken(findings(result)[0])
    assert len(estimates(effects)) == len(effects) - 1


def test_headline_measures_are_chosen_beforehand_and_only_filled_up():
    assert headline_metrics(["b", "worker_hourly_earnings", "consumer_price", "a", "state_net"]) == [
        *("consumer_price", "worker_hourly_earnings", "b", "a"),
    ]
    both = ["merchant_take_rate", "merchant_take_rate_independent"]
    assert headline_metrics(both) == ["merchant_take_rate_independent"]


def test_names_with_braces_are_words_and_not_formats(tmp_path: Path):
    effects = pd.DataFrame(effects_frame(sweep_doses()))
    effects["title"] = effects["title"] + " {0} {s} %{x}"
    result = load_result(leave(tmp_path, "sweep", effects=effects))
    assert len(findings(result)) == 3

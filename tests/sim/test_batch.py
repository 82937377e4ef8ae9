"""`mesa.batch_run` over scenarios: the numbers of single runs, one process or two, and refusals in the user's words."""

import dataclasses
from functools import partial
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest

from sim.batch import changed
from sim.errors import RefusedScenario
from sim.mesa_view.collector import ForeignCollector
from sim.mesa_view.views import Merchant
from sim.metrics.registry import REGISTRY
from sim.model import PlatformEconomy
from tests.economies import CAP, scenario_of

BASE = scenario_of(400, n_weeks=6, policy=CAP)
CEILING = "policy.commission_cap.ceiling"
CEILINGS, SEEDS = [0.12, 0.04], [3, 4]
WORDS = {"scenario": BASE, CEILING: CEILINGS}


class CappedAndSeen(PlatformEconomy):
    """With parameters and a collector of its own, collecting in its step as Mesa's models do."""

    def __init__(self, ceiling: float | None = None, rng: int | None = None) -> None:
        super().__init__(BASE, rng=rng, policy={} if ceiling is None else {"commission_cap": {"ceiling": ceiling}})
        self.datacollector = mesa.DataCollector(
            {"week": lambda m: m.world.week}, agenttype_reporters={Merchant: {"balance": "balance_cents"}}
        )

    def step(self) -> None:
        super().step()
        self.datacollector.collect(self)


def batch(parameters: dict[str, Any], kind: Any = PlatformEconomy, **kwargs: Any) -> pd.DataFrame:
    found = mesa.batch_run(kind, parameters, **({"rng": SEEDS, "display_progress": False} | kwargs))
    return pd.DataFrame(found).sort_values("RunId", kind="stable", ignore_index=True)


def by_hand(ceiling: float, seed: int) -> dict[str, list[float]]:
    rule = dataclasses.replace(BASE.policy["commission_cap"], ceiling=ceiling)  # type: ignore[call-arg]
    model = PlatformEconomy(dataclasses.replace(BASE, seed=seed, policy={"commission_cap": rule}))
    model.run_all()
    return model.weekly


@pytest.mark.long
def test_a_batch_gives_the_numbers_of_single_runs():
    frame = batch(WORDS, data_collection_period=1)
    assert len(frame) == 4 * BASE.horizon.n_weeks
    for (ceiling, seed), run in frame.groupby([CEILING, "rng"]):
        weekly = by_hand(ceiling, seed)
        assert repr(run[list(REGISTRY)].to_dict("list")) == repr({name: weekly[name] for name in REGISTRY})
    takes = frame.groupby(CEILING)["merchant_take_rate_independent"].min()
    assert takes[0.04] < takes[0.12]


def test_whole_scenarios_are_a_parameter_by_which_runs_are_grouped():
    scenarios = [BASE.without_policy(), BASE]
    frame = batch({"scenario": scenarios, "seed": SEEDS}, rng=None)
    assert frame["rng"].isna().all()
    assert frame["seed"].tolist() == [*SEEDS, *SEEDS]
    profits = frame.groupby("scenario", sort=False)["merchant_profit"].apply(list)
    for scenario in scenarios:
        single = [PlatformEconomy(dataclasses.replace(scenario, seed=seed)) for seed in SEEDS]
        for model in single:
            model.run_all()
        assert profits[scenario] == [model.weekly["merchant_profit"][-1] for model in single]
    assert profits[scenarios[0]] != profits[scenarios[1]]


def test_a_run_stops_at_the_end_of_its_horizon():
    model = PlatformEconomy(BASE)
    weeks = []
    while model.running:
        model.step()
        weeks.append(model.world.week)
    assert weeks == [1, 2, 3, 4, 5, 6]
    lengths = {"scenario": BASE, "horizon.n_weeks": [5, 6]}
    assert batch(lengths, rng=None)["Step"].tolist() == [5.0, 6.0]
    assert batch({"scenario": BASE}, rng=None, max_steps=2)["Step"].tolist() == [2.0]
    assert batch({"scenario": BASE}, rng=None, data_collection_period=2)["Step"].tolist() == [1.0, 3.0, 5.0]


def test_the_seed_is_mesas_rng_or_a_word_else_the_scenarios():
    assert [PlatformEconomy(BASE, rng=rng).built_from.seed for rng in (None, 5, np.int64(6))] == [1, 5, 6]
    assert PlatformEconomy(BASE, seed=7).built_from == dataclasses.replace(BASE, seed=7)
    assert PlatformEconomy(BASE, rng=7, seed=7).built_from.seed == 7
    assert PlatformEconomy(BASE, rng=5, **{CEILING: 0.03}).built_from == changed(BASE, {"seed": 5, CEILING: 0.03})
    assert PlatformEconomy(BASE).built_from is BASE
    assert scenario_of(400, n_weeks=6, policy=CAP) == BASE


def test_a_class_may_have_parameters_and_a_collector_of_its_own():
    frame = batch({"ceiling": [None, 0.04]}, CappedAndSeen, rng=[3])
    rules = frame.groupby("RunId")["balance"].sum()
    assert rules[0] != rules[1]
    assert set(frame["week"]) == {6}
    model = CappedAndSeen(None, 3)
    model.run_model()
    assert model.datacollector.get_model_vars_dataframe()["week"].tolist() == [1, 2, 3, 4, 5, 6], "each week once"
    assert frame.loc[frame["RunId"] == 0, "balance"].tolist() == model.agents_by_type[Merchant].get("balance_cents")


def test_a_collector_is_made_for_every_run_or_refused():
    one = mesa.DataCollector({"week": "steps"})
    with pytest.raises(ForeignCollector, match=r"functools\.partial"):
        batch({"scenario": BASE, "datacollector": one})
    each = partial(mesa.DataCollector, {"week": "steps"})
    frame = batch({"scenario": BASE, "datacollector": each}, data_collection_period=1)
    assert frame["week"].tolist() == [1, 2, 3, 4, 5, 6] * 2


def test_rules_are_asked_for_by_name():
    none, cap = (PlatformEconomy(BASE, policy=name).built_from for name in ("none", "commission_cap"))
    assert none == changed(BASE, {"policy": {}})
    assert list(cap.policy) == ["commission_cap"]
    assert cap == changed(BASE, {"policy": {"commission_cap": {}}}) != BASE
    assert list(changed(BASE, {"policy": ["data_limit", "minimum_pay"]}).policy) == ["data_limit", "minimum_pay"]
    words = {CEILING: 0.07, "policy": "commission_cap"}
    assert changed(BASE, words).policy["commission_cap"].ceiling == 0.07  # type: ignore[attr-defined]


def test_values_of_numpy_and_whole_groups_are_taken():
    asked = {
        CEILING: np.float64(0.25),
        "population.n_consumers": np.int64(500),
        "policy.commission_cap.independents_only": np.False_,
        "sector.platforms.leader.appeal": 1.5,
        "horizon": {"n_weeks": 9, "policy_week": 3},
    }
    scenario = changed(BASE, asked)
    assert scenario.policy["commission_cap"] == dataclasses.replace(
        BASE.policy["commission_cap"],
        ceiling=0.25,
        independents_only=False,  # type: ignore[call-arg]
    )
    assert (scenario.population.n_consumers, scenario.horizon.policy_week) == (500, 3)
    assert scenario.sector.platforms["leader"].appeal == 1.5
    assert changed(BASE.without_policy(), {CEILING: 0.05}) == BASE  # a rule that a keyword adds starts as rules do
    assert changed(BASE, {}) == BASE


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("policy.commission_cap.cieling", 0.1, "ceiling"),
        ("policy.comission_cap.ceiling", 0.1, "commission_cap"),
        ("policy", "comission_cap", "commission_cap"),
        ("populaton.n_consumers", 5, "population"),
        ("population", "town", "compose the scenario with population=town"),
        ("platforms", "gradient", "files of configuration"),
        ("seed.n", 5, "seed is a value"),
        ("horizon.n_weeks.n", 5, "n_weeks is a value"),
        (CEILING, 1.5, "0 to 1"),
        ("ceiling", 0.1, "no such key"),
        ("n_thread", 2, "no such key"),
        ("rng", -1, "a seed is a whole number"),
        ("rng", np.random.default_rng(1), "a seed is a whole number"),
        ("scenario", "town", "compose one first"),
        ("scenario", {"policy": {}}, "compose one first"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_runs(key: str, value: Any, said: str):
    with pytest.raises(RefusedScenario, match=said):
        PlatformEconomy(**{"scenario": BASE, key: value})


def test_two_seeds_are_refused():
    with pytest.raises(RefusedScenario, match="both are the seed"):
        PlatformEconomy(BASE, rng=1, seed=2)


@pytest.mark.slow
def test_two_processes_give_the_records_of_one():
    one, two = (batch(WORDS, number_processes=n) for n in (1, 2))
    pd.testing.assert_frame_equal(one, two)

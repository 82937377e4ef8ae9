"""`mesa.batch_run` over scenarios: the numbers of single runs, one process or two, and refusals in the user's words."""

import dataclasses
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest

from sim.batch import BatchEconomy, changed
from sim.errors import RefusedScenario
from sim.mesa_view.views import Merchant
from sim.metrics.registry import REGISTRY
from sim.model import PlatformEconomy
from tests.economies import CAP, scenario_of

BASE = scenario_of(400, n_weeks=6, policy=CAP)
CEILING = "policy.commission_cap.ceiling"
CEILINGS, SEEDS = [0.12, 0.04], [3, 4]


class Capped(BatchEconomy):
    base = BASE


class CappedAndSeen(Capped):
    """With parameters and a collector of its own."""

    def __init__(self, ceiling: float | None = None, rng: int | None = None) -> None:
        rules = {} if ceiling is None else {"commission_cap": {"ceiling": ceiling}}
        super().__init__(rng=rng, policy=rules)
        self.datacollector = mesa.DataCollector(
            {"week": lambda m: m.world.week}, agenttype_reporters={Merchant: {"balance": "balance_cents"}}
        )


def batch(kind: Any, parameters: dict[str, Any], **kwargs: Any) -> pd.DataFrame:
    found = mesa.batch_run(kind, parameters, **({"rng": SEEDS, "display_progress": False} | kwargs))
    return pd.DataFrame(found).sort_values("RunId", kind="stable", ignore_index=True)


def by_hand(ceiling: float, seed: int) -> dict[str, list[float]]:
    rule = dataclasses.replace(BASE.policy["commission_cap"], ceiling=ceiling)  # type: ignore[call-arg]
    model = PlatformEconomy(dataclasses.replace(BASE, seed=seed, policy={"commission_cap": rule}))
    model.run_all()
    return model.weekly


@pytest.mark.long
def test_a_batch_gives_the_numbers_of_single_runs():
    frame = batch(Capped, {CEILING: CEILINGS}, data_collection_period=1)
    assert len(frame) == 4 * BASE.horizon.n_weeks
    for (ceiling, seed), run in frame.groupby([CEILING, "rng"]):
        weekly = by_hand(ceiling, seed)
        assert repr(run[list(REGISTRY)].to_dict("list")) == repr({name: weekly[name] for name in REGISTRY})
    takes = frame.groupby(CEILING)["merchant_take_rate_independent"].min()
    assert takes[0.04] < takes[0.12]


def test_a_run_stops_at_the_end_of_its_horizon():
    model = Capped()
    weeks = []
    while model.running:
        model.step()
        weeks.append(model.world.week)
    assert weeks == [1, 2, 3, 4, 5, 6]
    assert batch(Capped, {"horizon.n_weeks": [5, 6]}, rng=None)["Step"].tolist() == [5.0, 6.0]
    assert batch(Capped, {}, rng=None, max_steps=2)["Step"].tolist() == [2.0]


def test_the_seed_is_mesas_rng_else_the_bases():
    assert [Capped(rng=rng).built_from.seed for rng in (None, 5, np.int64(6))] == [1, 5, 6]
    assert Capped(rng=5, **{CEILING: 0.03}).built_from == changed(BASE, {"seed": 5, CEILING: 0.03})
    assert Capped.base == BASE == scenario_of(400, n_weeks=6, policy=CAP)


def test_a_class_may_have_parameters_and_a_collector_of_its_own():
    frame = batch(CappedAndSeen, {"ceiling": [None, 0.04]}, rng=[3])
    rules = frame.groupby("RunId")["balance"].sum()
    assert rules[0] != rules[1]
    assert set(frame["week"]) == {6}
    model = CappedAndSeen(None, 3)
    model.run_model()
    assert frame.loc[frame["RunId"] == 0, "balance"].tolist() == model.agents_by_type[Merchant].get("balance_cents")


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
        BASE.policy["commission_cap"], ceiling=0.25, independents_only=False  # type: ignore[call-arg]
    )  # fmt: skip
    assert (scenario.population.n_consumers, scenario.horizon.policy_week) == (500, 3)
    assert scenario.sector.platforms["leader"].appeal == 1.5
    assert changed(BASE.without_policy(), {CEILING: 0.05}) == BASE  # a rule that a keyword adds starts as rules do
    assert changed(BASE, {}) == BASE


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("policy.commission_cap.cieling", 0.1, "ceiling"),
        ("policy.comission_cap.ceiling", 0.1, "commission_cap"),
        ("populaton.n_consumers", 5, "population"),
        ("seed.n", 5, "seed is a value"),
        ("horizon.n_weeks.n", 5, "n_weeks is a value"),
        (CEILING, 1.5, "0 to 1"),
        ("ceiling", 0.1, "no such key"),
        ("rng", -1, "a seed is a whole number"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_runs(key: str, value: Any, said: str):
    with pytest.raises(RefusedScenario, match=said):
        Capped(**{key: value})


@pytest.mark.slow
def test_two_processes_give_the_records_of_one():
    one, two = (batch(Capped, {CEILING: CEILINGS}, number_processes=n) for n in (1, 2))
    pd.testing.assert_frame_equal(one, two)

"""Models from words: `lab.model`, and `lab.Model` in Mesa's batches."""

from __future__ import annotations

from typing import Any

import mesa
import pytest

import platform_lab as lab
from experiments.request import build
from sim.model import PlatformEconomy
from tests.experiments.conftest import TINY as TYPED
from tests.platform_lab.conftest import ONE_RUN

CAP = {"commission_cap": {"ceiling": 0.07}}


def test_a_model_is_that_of_the_scenario_that_the_words_mean():
    model = lab.model(CAP, **ONE_RUN, seed=3, kernels="plain")
    assert isinstance(model, mesa.Model)
    typed = [word for word in TYPED if not word.startswith(("replicates", "runner"))]
    said = ["policy=[commission_cap]", "policy.commission_cap.ceiling=0.07", "seed=3", *typed]
    other = PlatformEconomy(build.ask(said).scenarios[0], kernels="plain")
    for economy in (model, other):
        economy.step()
    assert repr(model.weekly) == repr(other.weekly)


def test_a_batch_takes_words_and_seeds():
    words: dict[str, Any] = {**ONE_RUN, "horizon": None, "sector": None, "kernels": "plain"}
    words |= {"horizon.n_weeks": 10, "horizon.policy_week": 6, "policy": ["none", "commission_cap"]}
    words |= {"sector.merchants.n_per_zone": 25, "sector.merchants.n_slots": 40, "sector.workers.n_per_zone": 12}
    words = {key: [value] if value is None else value for key, value in words.items()}
    rows = mesa.batch_run(lab.Model, words, rng=[1, 2], max_steps=2, display_progress=False)
    assert [(row["policy"], row["rng"]) for row in rows] == [
        ("none", 1),
        ("commission_cap", 1),
        ("none", 2),
        ("commission_cap", 2),
    ]
    assert rows[0]["consumer_orders"] == rows[1]["consumer_orders"], "one seed, one market before the rule"
    assert rows[0]["consumer_orders"] != rows[2]["consumer_orders"]


def test_a_model_goes_on_from_a_snapshot(tmp_path):
    model = lab.model(**ONE_RUN, kernels="plain")
    model.run_for(3)
    model.save_snapshot(tmp_path / "week.npz")
    on = lab.model(CAP, from_snapshot=tmp_path / "week.npz", kernels="plain")
    assert isinstance(on, lab.Model)
    assert on.steps == 3
    assert "commission_cap" in on.built_from.policy
    model.step()
    on.step()
    assert repr(on.weekly) == repr(model.weekly), "the rule starts later"


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ({"population": ["town", "city"]}, "model of 2 scenarios"),
        ({"snapshot_week": 3}, "save_snapshot"),
        ({"policy": "comission_cap"}, "commission_cap"),
    ],
)
def test_what_is_no_single_model_is_refused(words: dict[str, Any], part: str):
    with pytest.raises(lab.RefusedScenario, match=part):
        lab.model(**words)


def test_a_batch_does_not_begin_in_the_middle(tmp_path):
    with pytest.raises(lab.RefusedScenario, match=r"lab\.model"):
        lab.Model(from_snapshot=tmp_path / "week.npz")

"""Several markets in one sweep: units and moments belong to rows, and money of two currencies is not mixed."""

from __future__ import annotations

import pandas as pd
import pytest

from experiments.request import build
from experiments.results import answering, estimating
from sim.errors import RefusedScenario


def test_money_of_two_currencies_is_refused_before_anything_runs(tiny: list[str], outputs):
    request = build.ask(["sector=food_delivery,us_food_delivery", "policy=minimum_pay", *tiny])
    with pytest.raises(RefusedScenario, match="money of two currencies"):
        answering.answer("sweep", request, answering.now(), lambda _: None)


def test_moments_and_titles_are_those_of_every_market(tiny: list[str], outputs):
    few = [word for word in tiny if not word.startswith(("replicates", "horizon"))]
    words = ["horizon.n_weeks=34", "horizon.policy_week=32", "replicates=1"]
    request = build.ask(["sector=food_delivery,ride_hailing", "policy=minimum_pay", *few, *words])
    answer = answering.answer("sweep", request, answering.now(), lambda _: None)
    titles = [scenario.sector.title for scenario in request.scenarios]
    assert all(title in answer.record["sector_title"] for title in titles)
    found = answer.moments["title"]
    assert all(found.str.startswith(title).any() for title in titles)
    assert sum(found.str.startswith(title).sum() for title in titles) == len(found)


def test_a_unit_is_that_of_its_row():
    frame = pd.DataFrame({"metric": ["consumer_surplus", "consumer_surplus"]})
    units = list(estimating.titled(frame, ["yuan", "dollar"])["unit"])
    assert units[0].startswith("yuan")
    assert units[1].startswith("dollar")

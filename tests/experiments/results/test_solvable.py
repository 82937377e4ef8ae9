"""What platforms cannot reason about is refused before anything runs, with a size that works."""

from __future__ import annotations

import pytest

from experiments.request import build
from experiments.results import answering, solvable
from experiments.running import execution
from sim.errors import RefusedScenario

SMALL = ["sector=us_food_delivery", "population=town", "population.n_consumers=1000", "policy=minimum_pay"]


def test_a_market_too_small_to_reason_in_is_refused_before_the_runs(outputs, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(execution, "carry_out", lambda *_, **__: pytest.fail("it ran"))
    with pytest.raises(RefusedScenario) as caught:
        answering.answer("compare", build.ask([*SMALL, "replicates=1"]), answering.now(), lambda _: None)
    (problem,) = caught.value.problems
    assert "with 1,000 consumers a zone" in problem.why
    n = int(problem.todo.split("=")[1].split(" ")[0])
    solvable.refuse_unsolvable(build.ask([*SMALL[:2], f"population.n_consumers={n}", "policy=minimum_pay"]))


def test_platforms_that_stay_put_need_not_reason():
    solvable.refuse_unsolvable(build.ask([*SMALL, "platforms=fixed"]))

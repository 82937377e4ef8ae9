"""Calibration: appeals from the orders asked for, and what is refused; the fit itself takes hours."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest

from experiments import cli
from experiments.request import build
from experiments.results import fitting
from experiments.results.fitting import APPEAL, Fit
from sim.errors import RefusedScenario
from sim.forecast.inversion import orders_of
from sim.parameters import Sector


def sector_with(fit: Fit, values: list[float]) -> Sector:
    return fitting._scenario(fit.base, fit.names, values, fit.seeds[0]).sector


@pytest.fixture(scope="module")
def food() -> Fit:
    return Fit(build.ask(["population=town", "sector=food_delivery"]))


def appeals(fit: Fit) -> list[int]:
    return [i for i, name in enumerate(fit.names) if name.endswith(APPEAL)]


def test_every_fitted_parameter_stays_where_it_is_if_nothing_is_moved(food: Fit):
    assert appeals(food), "no appeal is fitted"
    assert len(food.names) == len(food.moment_names) == len(food.moments)
    assert food.values(np.zeros(len(food.names))) == pytest.approx(food.start.tolist(), rel=1e-3, abs=1e-3)


def test_appeals_are_those_at_which_averages_have_the_orders_asked_for(food: Fit):
    x = np.zeros(len(food.names))
    x[appeals(food)] = [4.0 * (-1) ** i for i in range(len(appeals(food)))]
    values = food.values(x)
    found = orders_of(sector_with(food, values), food.zone_size)
    for i in appeals(food):
        name = food.names[i].split(".")[1]
        asked = food.seen[name] * math.exp(x[i] * food.steps[i])
        assert abs(math.log(asked / food.seen[name])) > 0.15, "asked for as many as there were"
        assert found[name] == pytest.approx(asked, rel=2e-3), f"{name}: appeals are written with four digits"
    others = [i for i in range(len(x)) if i not in appeals(food)]
    assert [values[i] for i in others] == pytest.approx(food.start[others].tolist(), rel=1e-3, abs=5e-3)


def test_another_parameter_moves_without_moving_orders(food: Fit):
    """Appeals make up for it."""
    moved = next(i for i, name in enumerate(food.names) if not name.endswith(APPEAL))
    values = food.values(2.0 * np.eye(len(food.names))[moved])
    assert values[moved] == pytest.approx(food.start[moved] + 2.0 * food.steps[moved], rel=1e-3, abs=5e-3)
    found = orders_of(sector_with(food, values), food.zone_size)
    for i in appeals(food):
        name = food.names[i].split(".")[1]
        assert found[name] == pytest.approx(food.seen[name], rel=2e-3), name


def test_values_are_rounded_as_they_are_written(food: Fit):
    for name, value in zip(food.names, food.values(np.full(len(food.names), 0.123)), strict=True):
        digits = round(value, 2) if name.endswith(fitting.IN_CENTS) else float(f"{value:.4g}")
        assert value == digits, name


DEAR = "platforms.leader.commission.independent"


@pytest.mark.parametrize(
    ("commission", "words", "is_refused"),
    [
        (None, [], False),
        (0.6, [], True),
        (None, ["platforms.adjustment_cost=0.0"], True),
        (0.6, ["platforms=fixed"], False),
    ],
)
def test_fitted_values_at_which_platforms_would_not_stay_are_refused(
    commission: float | None, words: list[str], is_refused: bool, food: Fit
):
    """The values, not those of the sector file; and by the conduct that is asked for, gradient if none is."""
    values = food.start.tolist()
    values[food.names.index(DEAR)] = commission or values[food.names.index(DEAR)]
    scenario = build.ask(["population=town", *words]).scenarios[0]
    if is_refused:
        with pytest.raises(RefusedScenario, match="platform leader as a maximiser") as caught:
            fitting.refuse_restless(food, values, scenario)
        assert "second-order condition fails" in str(caught.value)
    else:
        assert fitting.refuse_restless(food, values, scenario) is None


def test_a_sector_in_which_nothing_is_fitted_is_refused():
    request = build.ask(["population=town"])
    scenario = request.scenarios[0]
    plain = {name: one for name, one in scenario.sector.sources.items() if one.basis != "fitted"}
    bare = dataclasses.replace(scenario, sector=dataclasses.replace(scenario.sector, sources=plain))
    with pytest.raises(RefusedScenario, match="the sector file calls no parameter fitted"):
        Fit(dataclasses.replace(request, scenarios=[bare]))


def test_a_horizon_that_does_not_hold_the_moments_is_refused(outputs: Path, tiny: list[str], capsys):
    with pytest.raises(SystemExit) as left:
        cli.main(["calibrate", *tiny])
    assert left.value.code == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "measuring them takes a year before the policy week" in said
    assert "choose horizon=standard" in said
    assert not (outputs / "calibrate").exists()

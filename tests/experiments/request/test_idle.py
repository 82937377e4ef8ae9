"""A rule with nothing to act on, and a pilot that binds nobody, are told before anything runs."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.request import build, idle
from experiments.running import execution
from sim.errors import RefusedScenario
from sim.policy.catalogue import CATALOGUE

SECTORS = ("food_delivery", "ride_hailing", "ecommerce", "us_food_delivery")
SMALL = [
    "platforms=fixed",
    "population=town",
    "population.n_consumers=400",
    "horizon.n_weeks=9",
    "horizon.policy_week=4",
]
SIDES = {"merchants": ["sector.merchants.n_per_zone=20", "sector.merchants.n_slots=30"]}
SIDES |= {"workers": ["sector.workers.n_per_zone=10"]}
ABSENT = {"ride_hailing": "merchants", "ecommerce": "workers"}
MONEY = ("consumer_surplus", "merchant_profit", "worker_surplus", "platform_profit")
NOT_BINDING = {("ecommerce", "commission_cap")}
"""Rules that have something to act on and ask for no more than is done: commissions are below the ceiling."""


def refused(*words: str) -> str:
    with pytest.raises(RefusedScenario) as caught:
        build.ask(list(words))
    return str(caught.value)


@pytest.mark.parametrize(
    ("rule", "sector", "why"),
    [
        ("commission_cap", "ride_hailing", "no merchants sell"),
        ("minimum_pay", "ecommerce", "no workers are paid"),
        ("work_rules", "ecommerce", "no platform here does what it forbids"),
        ("licensed_supply", "food_delivery", "no platform here does what it forbids"),
        ("digital_monitoring", "food_delivery", "there is no other rule"),
        ("[size_tiers,coordination]", "food_delivery", "there is no other rule"),
    ],
)
def test_a_rule_with_nothing_to_act_on_is_refused(rule: str, sector: str, why: str):
    assert why in refused(f"policy={rule}", f"sector={sector}", "population=town")


def test_beside_others_it_is_said():
    request = build.ask(["policy=[data_limit,commission_cap]", "sector=ride_hailing", "population=town"])
    (note,) = request.notes
    assert "nothing to act on for commission cap" in note
    assert build.ask(["policy=[commission_cap,digital_monitoring]", "population=town"]).notes == ()
    (note,) = build.ask(["experiment=opinions_by_article"]).notes
    assert "coordination of departments" in note, "articles that only change enforcement have no other rule"


def test_a_sweep_with_one_rule_that_acts_is_asked():
    assert build.ask(["policy=licensed_supply,commission_cap", "population=town"]).notes


@pytest.mark.parametrize("share", [0.0, 0.4, 0.5])
def test_a_pilot_without_a_zone_is_refused(share: float):
    said = refused("policy=commission_cap", f"policy.commission_cap.zones_share={share}", "population=town")
    assert "it binds nobody" in said
    assert "1 (all zones)" in said


@pytest.mark.parametrize(("share", "covered"), [(0.24, 0.2), (0.5, 0.5), (1.0, 1.0), (0.06, 0.1)])
def test_platforms_reckon_with_the_zones_that_a_pilot_covers(share: float, covered: float):
    request = build.ask(["policy=commission_cap", f"policy.commission_cap.zones_share={share}", "population=city"])
    assert request.scenarios[0].policy["commission_cap"].zones_share == pytest.approx(covered)
    assert bool(request.notes) == (share != covered)


@pytest.mark.long
@pytest.mark.parametrize(
    "sector", [name if name in ABSENT else pytest.param(name, marks=pytest.mark.slow) for name in SECTORS]
)
def test_what_is_not_said_to_be_idle_changes_somebodys_money(sector: str):
    """Every rule against the market without it; those that only change enforcement have tests of their own."""
    sides = [word for side, words in SIDES.items() if side != ABSENT.get(sector) for word in words]
    words = [*SMALL, *sides, f"sector={sector}"]
    plain = execution.run(build.ask(words).scenarios[0], 1, "plain")[0]
    for name, kind in CATALOGUE.items():
        if kind.hook in idle.OF_RULES:
            continue
        try:
            scenario = build.ask([*words, f"policy={name}"]).scenarios[0]
        except RefusedScenario:
            continue
        weekly = execution.run(scenario, 1, "plain")[0]
        moved = [m for m in MONEY if not np.array_equal(plain[m].to_numpy(), weekly[m].to_numpy())]
        assert bool(moved) != ((sector, name) in NOT_BINDING), name

"""What the record says of platforms' conduct."""

import dataclasses

import pytest

from analysis.report.tables import provenance
from experiments.request import build
from experiments.results import conduct_record


def scenario(*words):
    return build.ask(["population=town", *words]).scenarios[0]


def test_fixed_platforms_want_nothing_that_could_be_recorded():
    assert conduct_record.of_conduct(scenario("platforms=fixed", "policy=commission_cap")) is None


def test_shadow_values_stability_and_second_order_conditions_are_recorded_and_shown():
    found = conduct_record.of_conduct(scenario("platforms=gradient", "policy=commission_cap"))
    assert found is not None
    assert list(found["shadow_value_of_an_order"]) == ["leader", "runner_up", "fringe"]
    assert all(5.0 < value < 40.0 for value in found["shadow_value_of_an_order"].values())
    assert 0.0 < found["spectral_radius"] < 1.0
    assert set(found["is_maximum_under_policy"].values()) <= {True, False}
    rows = dict(provenance({"conduct": found, "currency": "yuan"}))
    assert rows["Shadow value of an order"].startswith("leader ")
    assert "yuan" in rows["Shadow value of an order"]


def test_a_sector_without_a_rest_leaves_no_record():
    asked = scenario("platforms=gradient", "policy=commission_cap")
    restless = dataclasses.replace(asked.platforms, adjustment_cost=0.0, value_curvature=0.0)
    assert conduct_record.of_conduct(dataclasses.replace(asked, platforms=restless)) is None


@pytest.mark.parametrize(
    ("maximum", "said"),
    [
        ({"leader": True, "runner_up": True}, ""),
        ({"leader": False, "runner_up": True}, "second-order condition of leader fails"),
        ({"leader": False, "runner_up": False}, "leader and runner up"),
        ("no rest: gap 1", "could not be checked"),
    ],
)
def test_a_condition_that_fails_is_a_caveat(maximum, said):
    caveats = conduct_record.caveats({"is_maximum_under_policy": maximum})
    assert (said in caveats[0]) if said else caveats == []

"""Markets of averages for tests: sector files as they are, solved once."""

import functools

import numpy as np
import yaml

from sim.forecast.decision_variables import Surroundings, variables_of
from sim.forecast.market import MeanField
from sim.forecast.terms import configured_terms
from sim.parameters import Sector
from sim.strict import build
from tests.economies import ROOT

SECTORS = ("food_delivery", "us_food_delivery", "ecommerce", "ride_hailing")


@functools.cache
def sector_of(name: str) -> Sector:
    problems = []
    found = build(
        Sector, yaml.safe_load((ROOT / "configs" / "sector" / f"{name}.yaml").read_text("utf-8")), "sector", problems
    )
    assert not problems
    return found


@functools.cache
def solved(name: str):
    """Twin, terms, state and outcome of a sector file's market."""
    mean_field = MeanField(sector_of(name), 10_000.0)
    terms = configured_terms(mean_field.sector)
    return mean_field, terms, *mean_field.solve(terms)


@functools.cache
def around(name: str) -> Surroundings:
    mean_field, terms, state, outcome = solved(name)
    value = float((outcome.goods + outcome.fees).sum() / outcome.carried.sum())
    return Surroundings(mean_field, variables_of(mean_field, terms, value), terms, state)


def relative(one, other):
    return np.abs(np.asarray(one) / np.asarray(other) - 1.0).max()

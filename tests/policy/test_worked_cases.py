"""Worked cases of every instrument: anyone in a ministry can check the arithmetic."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from sim.policy.catalogue import CATALOGUE
from tests.policy._payloads import payload_of

FOLDER = Path(__file__).parent / "cases"
KEYS = {"sentence", "parameters", "before", "after", "breaches", "arithmetic"}


CASES = [
    pytest.param(path.stem, case, id=f"{path.stem}-{number}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for number, case in enumerate(yaml.safe_load(path.read_text("utf-8")), 1)
]


@pytest.mark.parametrize(("name", "case"), CASES)
def test_the_rule_does_what_the_case_says(name, case):
    rule = CATALOGUE[name](**case["parameters"])
    payload = payload_of(rule.hook, case["before"])
    assert rule.n_breaches(payload) == case["breaches"]
    rule.apply(payload)
    for field, before in case["before"].items():
        wanted = np.array(case["after"].get(field, before))
        assert np.array_equal(getattr(payload, field), wanted), f"{field}: {getattr(payload, field)}, not {wanted}"
    assert rule.n_breaches(payload) == 0, "who keeps to the rule does not break it"


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_case_is_complete(name, case):
    assert set(case) == KEYS
    assert case["sentence"].endswith(".")
    assert any(sign.isdigit() for sign in case["arithmetic"])
    assert case["after"].keys() <= case["before"].keys()
    assert name in CATALOGUE


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_instrument_has_cases_that_bind_and_cases_that_do_not(name):
    found = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    assert len(found) >= 3
    assert any(case["breaches"] for case in found)
    assert not all(case["breaches"] for case in found)

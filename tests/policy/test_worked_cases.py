"""Worked cases of every instrument: anyone in a ministry can check the arithmetic."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from sim.policy.catalogue import CATALOGUE
from sim.rules.rulebook import allowed_by
from tests.policy._payloads import payload_of

FOLDER = Path(__file__).parent / "cases"
KEYS = {"sentence", "parameters", "before", "after", "breaches", "arithmetic"}
"""`before` is what platforms wish, `breaches` how many of its entries would break the rule if they did as they wish."""
OPTIONAL = {"strength"}
"""How far the rule is phased in; 1 unless a case says so."""

CASES = [
    pytest.param(path.stem, case, id=f"{path.stem}-{number}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for number, case in enumerate(yaml.safe_load(path.read_text("utf-8")), 1)
]


@pytest.mark.parametrize(("name", "case"), CASES)
def test_the_rule_does_what_the_case_says(name, case):
    rule = CATALOGUE[name](**case["parameters"])
    wished, found = payload_of(rule.hook, case["before"]), payload_of(rule.hook, case["before"])
    found.lean(allowed_by(rule, wished), case.get("strength", 1.0))
    for field, before in case["before"].items():
        wanted = np.array(case["after"].get(field, before))
        np.testing.assert_allclose(getattr(found, field), wanted, rtol=1e-12, err_msg=field)
    assert wished.n_short_of(found, wished) == case["breaches"]
    assert found.n_short_of(found, wished) == 0, "who keeps to the rule does not break it"


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_case_is_complete(name, case):
    assert KEYS <= set(case) <= KEYS | OPTIONAL
    assert case["sentence"].endswith(".")
    assert any(sign.isdigit() for sign in case["arithmetic"])
    assert case["after"].keys() <= case["before"].keys()
    assert name in CATALOGUE


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_instrument_has_cases_that_bind_and_cases_that_do_not(name):
    found = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    assert len(found) >= 5
    assert any(case["breaches"] for case in found)
    assert not all(case["breaches"] for case in found)

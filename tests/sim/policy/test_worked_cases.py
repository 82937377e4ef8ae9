"""Worked cases of every instrument: anyone in a ministry can check the arithmetic."""

from dataclasses import fields

import numpy as np
import pytest

from sim.parameters import Practice
from sim.policy.catalogue import CATALOGUE
from sim.rules.hooks import Hook
from sim.rules.rulebook import allowed_by
from tests.sim.policy._cases import FOLDER, cases_of
from tests.sim.policy._payloads import KNOWS_NO_BREACH, payload_of

KEYS = {"sentence", "parameters", "before", "after", "breaches", "arithmetic"}
"""`before` is what platforms wish, `breaches` how many of its entries would break the rule if they did as they wish."""
OPTIONAL = {"strength"}
"""How far the rule is phased in; 1 unless a case says so."""

CASES = [
    pytest.param(name, case, id=f"{name}-{number}")
    for name in sorted(path.stem for path in FOLDER.glob("*.yaml"))
    for number, case in enumerate(cases_of(name), 1)
]


@pytest.mark.parametrize(("name", "case"), CASES)
def test_the_rule_does_what_the_case_says(name, case):
    rule = CATALOGUE[name](**case["parameters"])
    desired, found = payload_of(rule.hook, case["before"]), payload_of(rule.hook, case["before"])
    found.lean(allowed_by(rule, desired), case.get("strength", 1.0))
    wanted = payload_of(rule.hook, {**case["before"], **case["after"]})
    for field in fields(wanted):
        np.testing.assert_allclose(
            getattr(found, field.name), getattr(wanted, field.name), rtol=1e-12, err_msg=field.name
        )
    assert found.n_short_of(found, desired) == 0, "who keeps to the rule does not break it"
    if rule.hook in KNOWS_NO_BREACH:
        assert case["breaches"] == 0
    else:
        assert desired.n_short_of(found, desired) == case["breaches"]


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_case_is_complete(name, case):
    assert KEYS <= set(case) <= KEYS | OPTIONAL
    assert case["sentence"].endswith(".")
    assert any(sign.isdigit() for sign in case["arithmetic"])
    assert CATALOGUE[name].hook in KNOWS_NO_BREACH or case["after"].keys() <= case["before"].keys()
    assert name in CATALOGUE


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_instrument_has_cases_that_bind_and_cases_that_do_not(name):
    found = cases_of(name)
    assert len(found) >= 5
    binds = [binds_in(name, case) for case in found]
    assert any(binds)
    assert not all(binds)


def binds_in(name, case):
    """Whether anybody would break the rule; where nobody can, whether it changes what it is written for."""
    if CATALOGUE[name].hook not in KNOWS_NO_BREACH:
        return case["breaches"] > 0
    return any(case["before"].get(field) != values for field, values in case["after"].items())


def test_practices_are_written_in_words():
    terms = payload_of(Hook.PRACTICES, {"platform": [0, 0], "practice": ["surcharge", 3], "intensity": [1, 0]})
    assert terms.practice.tolist() == [Practice.SURCHARGE, Practice.PREDATION]
    assert terms.practice.dtype.kind == "i"
    assert terms.intensity.dtype == float

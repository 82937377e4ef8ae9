"""Pinned numbers of a small run: no change of the economy goes unnoticed.

If numbers are meant to move, renew them with `python -m tests.sim.model.renew_baseline`, and add a line to CHANGELOG.md
that says which moved and why: a renewal without that line is a defect.
"""

import json

import pytest

from tests.sim.model.renew_baseline import FILE, PINNED, measure_baseline

BASELINE = json.loads(FILE.read_text("utf-8"))


@pytest.fixture(scope="module")
def now():
    return measure_baseline()


@pytest.mark.parametrize("name", PINNED)
def test_metric_is_the_pinned_one(now, name):
    assert now["metrics"][name] == BASELINE["metrics"][name]


def test_every_bit_is_the_pinned_one(now):
    assert now["fingerprint"] == BASELINE["fingerprint"]


def test_baseline_pins_what_it_lists():
    assert list(BASELINE["metrics"]) == list(PINNED)

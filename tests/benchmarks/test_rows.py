"""A row knows whether its target is met, and two kinds of work take turns."""

from __future__ import annotations

import itertools

import pytest

from benchmarks.row import Row
from benchmarks.timing import in_turns, median_ratio


@pytest.mark.parametrize(
    ("row", "is_met"),
    [
        (Row("speed", 101.0, "times", 100), True),
        (Row("speed", 99.0, "times", 100), False),
        (Row("wait", 0.4, "s", 0.5, "at most"), True),
        (Row("wait", 0.6, "s", 0.5, "at most"), False),
        (Row("size", 73.0, "bytes"), None),
    ],
)
def test_a_target_is_met_on_its_own_side(row: Row, is_met: bool | None):
    assert row.is_met is is_met
    assert row.as_json()["met"] is is_met


def test_works_take_turns_and_the_first_round_is_not_measured():
    done = []
    ticks = itertools.count()
    pairs = in_turns(lambda: done.append("a"), lambda: done.append("b"), 3, lambda: float(next(ticks)))
    assert "".join(done) == "abababab"
    assert pairs == [(1.0, 1.0)] * 3


def test_the_ratio_is_taken_round_by_round():
    # The machine halves its speed in the last round: the ratio stays.
    assert median_ratio([(4.0, 1.0), (4.0, 1.0), (8.0, 2.0)]) == 4.0

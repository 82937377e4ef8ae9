"""The breach that pays best: monotone in everything that it weighs, and right in worked numbers (Becker 1968)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.agents.compliance import best_breach
from sim.populations.cases import believed_chance, seed_cases
from sim.rules.sanctions import Sanction

GAINS = st.floats(1.0, 1e9)
CHANCES = st.floats(1e-6, 1.0)
FINES = st.floats(0.0, 1e12)
MULTIPLES = st.floats(0.0, 10.0)
MEMORY = 104


def best(gain: float, chance: float, fine: float = 0.0, multiple: float = 0.0, memory: int = MEMORY) -> float:
    found = best_breach(
        np.array([gain]), np.array([chance]), np.array([fine]), Sanction(gain_multiple=multiple), memory
    )
    return float(found[0])


@pytest.mark.parametrize(
    ("gain", "chance", "fine", "multiple", "expected"),
    [
        (100.0, 0.01, 10_000.0, 0.0, 0.5),  # 1 - 0.01 x 10,000 / 200
        (100.0, 0.01, 4_000.0, 0.0, 0.8),
        (100.0, 0.01, 0.0, 1.0, 0.5),  # gains of 1 / 0.01 = 100 weeks: 1 - 0.01 x 100 x 100 / 200
        (100.0, 0.001, 0.0, 1.0, 0.948),  # the state looks back 104 weeks: 1 - 0.001 x 104 / 2
        (100.0, 0.01, 0.0, 2.0, 0.0),
        (100.0, 0.01, 5_000.0, 0.5, 0.5),
        (100.0, 0.01, 1e9, 10.0, 0.0),
        (100.0, 0.0, 1e9, 10.0, 1.0),
    ],
)
def test_worked_numbers(gain, chance, fine, multiple, expected):
    assert best(gain, chance, fine, multiple) == pytest.approx(expected, abs=1e-12)


@given(GAINS, CHANCES, FINES, MULTIPLES)
def test_a_breach_is_a_part(gain, chance, fine, multiple):
    assert 0.0 <= best(gain, chance, fine, multiple) <= 1.0


@given(GAINS, CHANCES, FINES, FINES, MULTIPLES)
def test_it_falls_with_the_fine(gain, chance, one, other, multiple):
    low, high = sorted((one, other))
    assert best(gain, chance, low, multiple) >= best(gain, chance, high, multiple)


@given(GAINS, CHANCES, CHANCES, FINES, MULTIPLES)
def test_it_falls_with_the_chance_of_being_found(gain, one, other, fine, multiple):
    low, high = sorted((one, other))
    assert best(gain, low, fine, multiple) >= best(gain, high, fine, multiple) - 1e-9


@given(GAINS, CHANCES, FINES, MULTIPLES, MULTIPLES)
def test_it_falls_with_the_part_of_gains_that_is_taken_away(gain, chance, fine, one, other):
    low, high = sorted((one, other))
    assert best(gain, chance, fine, low) >= best(gain, chance, fine, high)


@given(GAINS, GAINS, CHANCES, FINES, MULTIPLES)
def test_it_rises_with_what_it_earns(one, other, chance, fine, multiple):
    low, high = sorted((one, other))
    assert best(low, chance, fine, multiple) <= best(high, chance, fine, multiple) + 1e-9


@given(GAINS, CHANCES, FINES, MULTIPLES, st.integers(1, 520), st.integers(1, 520))
def test_it_falls_with_how_far_the_state_looks_back(gain, chance, fine, multiple, one, other):
    low, high = sorted((one, other))
    assert best(gain, chance, fine, multiple, low) >= best(gain, chance, fine, multiple, high)


@given(GAINS, CHANCES, st.floats(0.0, 1e6), st.floats(0.0, 1.0))
def test_nothing_else_pays_better(gain, chance, fine, other):
    """Gain G (2b - b^2) less b q S: no other breach earns more."""
    sanction = chance * fine

    def payoff(b: float) -> float:
        return gain * (2.0 * b - b * b) - sanction * b

    assert payoff(best(gain, chance, fine)) >= payoff(other) - 1e-6 * (gain + sanction)


def test_beliefs_begin_where_they_are_told_and_follow_what_is_seen():
    cases = seed_cases(2, 3, 0.02, 50.0)
    assert believed_chance(cases) == pytest.approx(np.full(6, 0.02))
    cases.sanctions_seen[0] += 1.0
    cases.weeks_seen[1] += 50.0
    assert believed_chance(cases)[:3] == pytest.approx([0.04, 0.01, 0.02])
    cases.sanctions_seen[2] = 1e6
    assert believed_chance(cases)[2] == 1.0, "no chance is above one"

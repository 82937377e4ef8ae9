"""What moving a decision variable does to the steady state of the market."""

import numpy as np
import pytest

from sim.forecast.decision_variables import set_variables, values_of, variables_of
from tests.sim.forecast._markets import SECTORS, around, solved


def test_levers_are_set_and_read_back():
    near = around("food_delivery")
    moved = near.values * 1.1 + 0.01
    terms = set_variables(near.variables, near.terms, moved[None])
    assert np.allclose(values_of(near.variables, terms)[0], moved)
    assert np.array_equal(terms.data_per_order, near.terms.data_per_order)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("food_delivery", {"commission", "net_fee", "piece_rate", "ranking_tilt"}),
        ("ecommerce", {"commission", "net_fee", "ranking_tilt"}),
        ("ride_hailing", {"net_fee", "piece_rate"}),
    ],
)
def test_a_market_has_the_levers_that_move_something_in_it(name, expected):
    mean_field, terms, _, _ = solved(name)
    assert {variable.name for variable in variables_of(mean_field, terms, 50.0)} == expected


@pytest.mark.parametrize("name", SECTORS)
def test_the_response_is_the_difference_between_two_rests(name):
    near = around(name)
    found = near.response()
    for i in range(0, len(near.variables), 3):
        ends = []
        for sign in (1.0, -1.0):
            values = near.values.copy()
            values[i] += sign * 0.05 * near.scale[i]
            terms = set_variables(near.variables, near.terms, values[None])
            ends.append(near.mean_field.solve(terms, near.state)[1])
        for slope, read in ((found.profit_slope, "profit"), (found.orders_slope, "carried")):
            wanted = (getattr(ends[0], read) - getattr(ends[1], read))[0] / 0.1
            np.testing.assert_allclose(slope[:, i], wanted, rtol=2e-3, atol=1e-3 * np.abs(wanted).max())


def test_second_derivatives_are_symmetric_and_those_of_the_first():
    near = around("ride_hailing")
    bend, first = near.curvature(), []
    np.testing.assert_allclose(bend.profit, bend.profit.transpose(0, 2, 1), atol=1e-9)
    for sign in (1.0, -1.0):
        moves = np.zeros((2, len(near.variables)))
        moves[:, 0] = sign * 0.5
        moves[0, 0] += 0.05
        moves[1, 0] -= 0.05
        profit, _ = near.at(moves)
        first.append((profit[0] - profit[1]) / 0.1)
    np.testing.assert_allclose(bend.profit[:, 0, 0], first[0] - first[1], rtol=0.02, atol=0.05)

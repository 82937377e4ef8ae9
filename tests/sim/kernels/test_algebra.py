"""Small linear algebra against NumPy's."""

import numpy as np
import pytest

from sim.kernels import algebra


def some_matrix(n, seed=0):
    return np.random.default_rng(seed).normal(size=(n, n))


@pytest.mark.parametrize("n", [1, 2, 7, 20])
def test_solve_finds_what_numpy_finds(n):
    matrix, right = some_matrix(n), some_matrix(n, 1)[:, : max(1, n // 2)]
    np.testing.assert_allclose(algebra.solve(matrix, right), np.linalg.solve(matrix, right), rtol=1e-9)
    np.testing.assert_allclose(algebra.times(matrix, algebra.inverse(matrix)), np.eye(n), atol=1e-9)


def test_a_zero_on_the_diagonal_is_no_obstacle_and_a_singular_matrix_is():
    swap = np.array([[0.0, 1.0], [1.0, 0.0]])
    assert algebra.solve(swap, np.array([[2.0], [3.0]])).tolist() == [[3.0], [2.0]]
    with pytest.raises(ZeroDivisionError, match="singular"):
        algebra.solve(np.zeros((2, 2)), np.eye(2))


@pytest.mark.parametrize("seed", range(20))
def test_negative_definite_says_what_eigenvalues_say(seed):
    matrix = some_matrix(4, seed) - (seed % 5) * np.eye(4)
    wanted = bool(np.linalg.eigvalsh(0.5 * (matrix + matrix.T)).max() < 0.0)
    assert algebra.is_negative_definite(matrix) == wanted


@pytest.mark.parametrize("seed", range(10))
def test_spectral_radius_is_the_largest_modulus(seed):
    matrix = some_matrix(6, seed)
    wanted = np.abs(np.linalg.eigvals(matrix)).max()
    assert np.isclose(algebra.spectral_radius(matrix), wanted, rtol=1e-9)


def test_spectral_radius_of_what_vanishes_is_zero():
    assert algebra.spectral_radius(np.array([[0.0, 1.0], [0.0, 0.0]])) == 0.0

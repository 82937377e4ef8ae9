"""Small linear algebra by sums and products alone: no library whose last bits follow the processor or its threads."""

from __future__ import annotations

import numpy as np

from sim.kernels import precise

Array = np.ndarray
SQUARINGS = 40


def times(left: Array, right: Array) -> Array:
    """Matrix product (n, k) x (k, m)."""
    return (left[:, :, None] * right[None, :, :]).sum(axis=1)


def solve(matrix: Array, right: Array) -> Array:
    """Solution x of matrix x = right, for (n, n) and (n, k): Gauss and Jordan with partial pivoting.

    Raises ZeroDivisionError if the matrix is singular.
    """
    n = len(matrix)
    work = np.concatenate([matrix, right], axis=1)
    for k in range(n):
        # Partial pivoting bounds growth of errors; by argmax, the first of equals, the same on every machine.
        pivot = k + int(np.argmax(np.abs(work[k:, k])))
        if work[pivot, k] == 0.0:
            raise ZeroDivisionError("a singular matrix has no inverse")
        if pivot != k:
            work[[k, pivot]] = work[[pivot, k]]
        work[k] /= work[k, k]
        factor = work[:, k].copy()
        factor[k] = 0.0
        work -= factor[:, None] * work[k]
    return work[:, n:]


def inverse(matrix: Array) -> Array:
    """The inverse of (n, n)."""
    return solve(matrix, np.eye(len(matrix)))


def is_negative_definite(matrix: Array) -> bool:
    """Whether every direction leads down: the symmetric part's negative has a Cholesky root."""
    # x'Mx sees the symmetric part alone.
    work = -0.5 * (matrix + matrix.T)
    for k in range(len(work)):
        if not work[k, k] > 0.0:
            return False
        column = work[k + 1 :, k] / work[k, k]
        work[k + 1 :, k + 1 :] -= column[:, None] * work[k, k + 1 :]
    return True


def spectral_radius(matrix: Array) -> float:
    """Largest modulus of an eigenvalue: the limit of |M^k|^(1/k), by repeated squaring."""
    power, log_size, n = matrix.copy(), 0.0, 1.0
    for _ in range(SQUARINGS):
        size = float(np.sqrt((power * power).sum()))
        if size == 0.0:
            return 0.0
        # Norms are kept apart, as logs: powers up to 2^40 leave the range of doubles at any radius but 1.
        power, log_size = power / size, log_size + float(precise.log(size))
        power, log_size, n = times(power, power), 2.0 * log_size, 2.0 * n
    size = float(np.sqrt((power * power).sum()))
    return float(precise.exp((log_size + float(precise.log(max(size, 1e-300)))) / n))

"""Mean worth of what a platform offers, against the sum written out."""

import numpy as np

from sim.kernels.inclusive import mean_utility_plain


def test_mean_worth_is_weighted_by_rank():
    rng = np.random.default_rng(4)
    weight = (rng.random((2, 6)) * (rng.random((2, 6)) < 0.8)).astype(np.float32)
    quality, price = rng.normal(0, 1, 6).astype(np.float32), rng.uniform(20, 60, (2, 6)).astype(np.float32)
    sensitivity = np.array([0.05, 0.1], np.float32)
    found = mean_utility_plain(weight, quality, price, sensitivity, 3)
    for j in range(2):
        for zone in range(2):
            here = slice(3 * zone, 3 * zone + 3)
            for c in range(2):
                utility = np.exp(quality[here].astype(float) - sensitivity[c].astype(float) * price[j, here])
                wanted = (weight[j, here] * utility).sum() / weight[j, here].sum()
                np.testing.assert_allclose(found[j, zone, c], wanted, rtol=1e-5)


def test_mean_worth_is_one_where_nothing_is_listed():
    zero, any_ = np.zeros((1, 3), np.float32), np.ones(3, np.float32)
    assert mean_utility_plain(zero, any_, zero + 5, any_[:1], 3).tolist() == [[[1.0]]]


def test_mean_worth_does_not_grow_with_the_number_of_equals():
    def of(n):
        ones = np.ones((1, n), np.float32)
        return mean_utility_plain(ones, ones[0], 30 * ones, np.array([0.05], np.float32), n)[0, 0, 0]

    assert of(1) == of(64), "variety is priced once, and not here"

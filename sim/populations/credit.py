"""Columns of consumer credit: what each income class owes through each platform, and platforms' credit arms."""

from __future__ import annotations

import functools

import numpy as np

from sim.parameters import CENTS, N_INCOME_CLASSES, CreditParameters
from sim.populations.consumers import Consumers, app_flags, income_of_class
from sim.populations.table import Array, Table, column


class Credit(Table):
    """Debt of a platform's users of one income class (row = platform x 20 + class); a claim, not a balance of money."""

    platform: Array = column("int32", "-", "platform that arranges the loans")
    income_class: Array = column("uint8", "0..19", "twentieth of the income distribution")
    n_users: Array = column("int64", "consumers", "consumers of the class who have the app")
    income_cents: Array = column("int64", "cents a week", "sum of their incomes")
    outstanding_cents: Array = column("int64", "cents", "debt, whoever funded it")
    own_cents: Array = column("int64", "cents", "part of the debt that is owed to the platform itself")
    lent_cents: Array = column("int64", "cents a week", "new loans")
    repaid_cents: Array = column("int64", "cents a week", "debt repaid")
    defaulted_cents: Array = column("int64", "cents a week", "debt written off")
    missed: Array = column("float64", "share", "borrowers behind with payments")
    risk: Array = column("float64", "ratio", "odds of default of those who owe, against all who apply")
    marketing: Array = column("float64", "ratio", "intensity with which credit is offered, 1 as observed")
    cutoff: Array = column("float64", "share", "applicants who get a loan, best first, 1 as observed")
    risk_taken: Array = column("float64", "ratio", "odds of default of those accepted, against all who apply")
    marketing_cents: Array = column("int64", "cents a week", "cost of marketing at this intensity")


class Lenders(Table):
    """Platforms' credit arms, apart from the marketplace: a row a platform."""

    capital_cents: Array = column("int64", "cents", "owners' money in the arm, less losses")
    refinanced_cents: Array = column("int64", "cents", "money borrowed from banks for loans on own books")
    funded: Array = column("float64", "share", "part of the loans asked for that capital allowed")
    raised_cents: Array = column("int64", "cents a week", "capital put in less capital withdrawn")
    profit_cents: Array = column("int64", "cents a week", "interest, fees and recoveries less costs and own losses")
    balance_cents: Array = column("int64", "cents", "cash")


@functools.lru_cache(maxsize=16)
def class_incomes(income_log_sd: float) -> tuple[float, ...]:
    """Income of each class relative to the mean, as plain numbers."""
    return tuple(income_of_class(income_log_sd).astype(np.float64).tolist())


def seed_credit(
    parameters: CreditParameters, incomes: tuple[float, ...], consumers: Consumers, n_platforms: int
) -> Credit:
    """Users by platform and class, with their income and no debt yet."""
    table = Credit(n_platforms * N_INCOME_CLASSES, n_platforms)
    table.platform[:] = np.repeat(np.arange(n_platforms), N_INCOME_CLASSES)
    table.income_class[:] = np.tile(np.arange(N_INCOME_CLASSES), n_platforms)
    has_app = app_flags(consumers.apps, n_platforms)
    table.n_users[:] = np.concatenate(
        [np.bincount(consumers.income_class[has], minlength=N_INCOME_CLASSES) for has in has_app]
    )
    income = CENTS * parameters.mean_weekly_income * np.array(incomes)
    table.income_cents[:] = np.rint(np.tile(income, n_platforms) * table.n_users)
    table.risk[:], table.risk_taken[:], table.marketing[:], table.cutoff[:] = 1.0, 1.0, 1.0, 1.0
    return table

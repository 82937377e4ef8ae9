"""Departments' columns: the state's means of enforcement."""

from __future__ import annotations

from sim.parameters import CENTS, DepartmentParameters
from sim.populations.table import Array, Table, column

MILLION = 1_000_000


class Departments(Table):
    """Government departments with their own budgets."""

    budget_cents: Array = column("int64", "cents a week", "appropriation")
    staff_cost_cents: Array = column("int64", "cents a week", "standing cost")
    inspection_cost_cents: Array = column("int64", "cents", "cost of one inspection to the department")
    compliance_cost_cents: Array = column("int64", "cents", "cost of one inspection to the platform")
    n_watched: Array = column("int64", "platforms", "platforms that a rule holds back this week")
    n_inspections: Array = column("int64", "inspections a week", "inspections this week")
    n_breaches: Array = column("int64", "breaches a week", "breaches found this week")
    n_leads: Array = column("int64", "leads a week", "complaints and hints this week")
    n_opened: Array = column("int64", "cases a week", "cases opened this week")
    n_decided: Array = column("int64", "cases a week", "cases decided this week")
    n_fined: Array = column("int64", "cases a week", "cases that ended in a fine this week")
    n_true_positives: Array = column("int64", "inspections a week", "breaches proven, by infringement type")
    n_false_positives: Array = column("int64", "inspections a week", "cases opened without a breach")
    n_false_negatives: Array = column("int64", "inspections a week", "breaches inspected and not found")
    n_true_negatives: Array = column("int64", "inspections a week", "compliance rightly confirmed")
    balance_cents: Array = column("int64", "cents", "cash")


def seed_departments(parameters: list[DepartmentParameters], n_consumers: int) -> Departments:
    """Departments with budgets and costs in proportion to the population."""
    table = Departments(len(parameters), 1)
    size = n_consumers / MILLION
    table.budget_cents[:] = [round(CENTS * size * d.budget) for d in parameters]
    table.staff_cost_cents[:] = [
        min(round(CENTS * size * d.staff_cost), round(CENTS * size * d.budget)) for d in parameters
    ]
    table.inspection_cost_cents[:] = [max(1, round(CENTS * size * d.inspection_cost)) for d in parameters]
    table.compliance_cost_cents[:] = [round(CENTS * size * d.compliance_cost) for d in parameters]
    return table

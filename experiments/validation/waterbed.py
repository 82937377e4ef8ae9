"""How much of a cap platforms win back in the mean-field model, over the unknowns of their conduct."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from experiments.request.request import Runner
from experiments.validation.case import NAN, Found, Measured
from experiments.validation.watching import scenario_of
from sim.errors import RefusedScenario
from sim.forecast.conduct import DecisionModel
from sim.forecast.decision_variables import values_of, variables_of
from sim.forecast.equilibrium import Equilibrium, equilibrium_of
from sim.forecast.market import MeanField, Outcome
from sim.forecast.terms import configured_terms
from sim.kernels import cache, installation
from sim.parameters import Sector
from sim.policy.fees.commission_cap import CommissionCap
from sim.rules.rulebook import Rulebook

MOST_REVIEWS = 400
STILL = 1e-12
BAND = (2.0, 8.0)


class Answer(NamedTuple):
    """A cap in the mean-field model: three steady states."""

    base: Outcome
    direct: Outcome
    adapted: Outcome
    n_reviews: int
    has_converged: bool

    @property
    def waterbed_share(self) -> float:
        """(adapted - direct) / (base - direct), of revenue per order."""
        base, direct, adapted = (per_order(found.revenue, found) for found in self[:3])
        return (adapted - direct) / (base - direct)


def per_order(money: Any, found: Outcome) -> float:
    """Currency per order carried, over all platforms."""
    return float(money.sum() / found.carried.sum())


def price_of_order(found: Outcome) -> float:
    """All that consumers pay for an order: goods and net fee."""
    return per_order(found.goods + found.fees, found)


def ceiling_of_cut(sector: Sector, zone_size: float, cut: float) -> float:
    """The ceiling that lowers the mean commission by this share, at the goods sold without it.

    min(t, ceiling), weighted by goods, by bisection to 1e-6.
    """
    terms = configured_terms(sector)
    mean_field = MeanField(sector, zone_size)
    _, found = mean_field.solve(terms)
    assert found.supply is not None
    assert mean_field.merchants is not None
    sold = found.supply.sold_at[0] * found.supply.price[0]
    rate = terms.commission[0][:, mean_field.merchants.tier]
    wanted = (1.0 - cut) * (sold * rate).sum()
    low, high = 0.0, float(rate.max())
    while high - low > 1e-6:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if (sold * np.minimum(rate, middle)).sum() < wanted else (low, middle)
    return round(0.5 * (low + high), 5)


def answer_to(equilibrium: Equilibrium, ceiling: float) -> Answer:
    """The market after reviews have converged."""
    cap = CommissionCap(ceiling=ceiling, independents_only=False, start_week=1)
    decision_model, baseline = DecisionModel(equilibrium, Rulebook((cap,))), DecisionModel(equilibrium, Rulebook(()))  # pyright: ignore[reportArgumentType]
    desired, n = equilibrium.terms, 0
    variables = variables_of(equilibrium.mean_field, equilibrium.terms, equilibrium.sizes.value_of_order)
    has_converged = False
    while not has_converged and n < MOST_REVIEWS:
        after, n = decision_model.review(desired, 1), n + 1
        has_converged = bool(np.abs(values_of(variables, after) - values_of(variables, desired)).max() < STILL)
        desired = after
    return Answer(
        baseline.expected(equilibrium.terms, 1),
        decision_model.expected(equilibrium.terms, 1),
        decision_model.expected(desired, 1),
        n,
        has_converged,
    )


def waterbed_curve(setting: Mapping[str, Any], runner: Runner) -> Found:
    """The share won back, and the rise of consumers' prices by either denominator, at every psi and adjustment cost."""
    scenario = scenario_of(list(setting["overrides"]))
    if cache.is_warm():
        installation.install()
    size = scenario.population.n_consumers / scenario.population.n_zones
    ceiling = ceiling_of_cut(scenario.sector, size, float(setting["cut"]))
    measured: list[Measured] = [Measured("ceiling", "share of goods value", ceiling)]
    curves: dict[str, list[dict[str, Any]]] = {}
    for adjustment_cost in setting["adjustment_costs"]:
        for psi in setting["curvatures"]:
            found = _at(scenario.sector, size, ceiling, adjustment_cost, psi)
            measured += found
            for m in found:
                name = m.quantity.split(", psi")[0]
                lines = curves.setdefault(name, [])
                if not lines or lines[-1]["name"] != f"adjustment cost {adjustment_cost:g}":
                    lines.append({"name": f"adjustment cost {adjustment_cost:g}", "x": [], "y": []})
                lines[-1]["x"].append(psi)
                lines[-1]["y"].append(None if m.simulated != m.simulated else m.simulated)
    measured += [_in_band(measured, name) for name in ("rise of the net fee", "rise of the price of an order")]
    titles = {
        "waterbed share": ("Share of a commission cut that platforms win back", "share of the revenue of an order"),
        "rise of the net fee": ("Other side's price, read as the net fee", "%"),
        "rise of the price of an order": ("Other side's price, read as all that an order costs consumers", "%"),
    }
    panels = [
        {
            "title": title,
            "kind": "lines",
            "x_title": "psi: elasticity of the value of an order to orders (fall)",
            "y_title": unit,
            "lines": curves[name],
            "band": None if name == "waterbed share" else BAND,
            "note": "Mean-field model. Refused combinations are left out. Band: evidence on termination rates.",
        }
        for name, (title, unit) in titles.items()
    ]
    return Found(measured, panels)


def _at(sector: Sector, size: float, ceiling: float, adjustment_cost: float, psi: float) -> list[Measured]:
    at = f"psi {psi:g}, adjustment cost {adjustment_cost:g}"
    try:
        equilibrium = equilibrium_of(sector, size, adjustment_cost, psi)
    except RefusedScenario as refused:
        why = "refused: " + " / ".join(dict.fromkeys(problem.why for problem in refused.problems))
        return [
            Measured(f"{name}, {at}", "", NAN, note=why, is_judged=False)
            for name in ("waterbed share", "rise of the net fee", "rise of the price of an order")
        ]
    found = answer_to(equilibrium, ceiling)
    base, direct = found[:2]
    fee = [per_order(week.fees, week) for week in found[:3]]
    price = [price_of_order(week) for week in found[:3]]
    cut = per_order(base.revenue, base) - per_order(direct.revenue, direct)
    in_units = 100.0 * (fee[2] - fee[0]) / cut
    text = f"{found.n_reviews} reviews, radius {equilibrium.radius:.2f}" + (
        "" if found.has_converged else ", not converged"
    )
    risen, alone = 100.0 * (price[2] / price[0] - 1.0), 100.0 * (price[2] / price[1] - 1.0)
    by_fee = 100.0 * (fee[2] / fee[0] - 1.0)
    note = f"{fee[0]:.3f} to {fee[2]:.3f}; {in_units:.1f}% of the revenue taken from an order; {_place(by_fee)}"
    return [
        Measured(f"waterbed share, {at}", "share", found.waterbed_share, note=text),
        Measured(f"rise of the net fee, {at}", "%", by_fee, note=note),
        Measured(
            f"rise of the price of an order, {at}",
            "%",
            risen,
            note=f"{price[0]:.3f} to {price[2]:.3f}; response alone {alone:+.3f}%; {_place(risen)}",
        ),
    ]


def _in_band(measured: list[Measured], name: str) -> Measured:
    """How many combinations the evidence on the other side's price allows, by this denominator."""
    tried = [m for m in measured if m.quantity.startswith(f"{name}, psi") and m.simulated == m.simulated]
    low, high = BAND
    inside = [m.quantity.removeprefix(f"{name}, ") for m in tried if low <= m.simulated <= high]
    note = f"of {len(tried)} that are not refused{': ' if inside else ''}{' / '.join(inside)}"
    return Measured(f"combinations in the band: {name}", "combinations", float(len(inside)), note=note)


def _place(value: float) -> str:
    low, high = BAND
    return "below the band" if value < low else "above the band" if value > high else "in the band"

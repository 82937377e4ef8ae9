"""What the mean-field model says of a week, by the names, units and definitions of the registry of metrics.

Left out is what that model does not contain: merchants who open and close, concentration among agents, infringements
found. Merchants are as many as at the start, so that profits contain no cost of opening and nobody's exit.
"""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.forecast import labour
from sim.forecast.market import MeanField, Outcome
from sim.forecast.nodes import MerchantNodes, Resolution, WorkerNodes
from sim.forecast.supply import Supply
from sim.forecast.terms import WATCHED, MarketTerms, payload
from sim.kernels import precise
from sim.metrics.metric import ratio
from sim.metrics.ratios import (
    ConsumerTotals,
    MerchantTotals,
    PlatformTotals,
    WorkerTotals,
    consumer_ratios,
    injury_ratios,
    mean_over_orders,
    mean_posted_price,
    merchant_ratios,
    platform_ratios,
    worker_ratios,
)
from sim.metrics.registry import REGISTRY
from sim.metrics.state import PARTIES
from sim.parameters import Sector
from sim.populations.merchants import trade_sd
from sim.rules.hooks import Terms
from sim.rules.rulebook import Rule, Rulebook, allowed_by

Array = np.ndarray
READING = Resolution(n_classes=4, n_rates=5, n_privacy=3, n_quality=5, n_cost=3, n_workers=3)
"""Types in a forecast: effects within a few per cent of those of the finest resolution, at a tenth of the time."""
A_THOUSAND, TINY = 1000.0, 1e-300
SHOCKS, WIDEST = 64, 4.0
"""Points of the integral over offline trade, out to four standard deviations."""


def measures(mean_field: MeanField, terms: MarketTerms, outcome: Outcome) -> dict[str, float]:
    """Metrics of a steady week in one market (B = 1), in the registry's order; the state's are `with_state`'s."""
    metrics = _consumers(mean_field, terms, outcome) | _platforms(mean_field, outcome)
    if outcome.supply is not None and mean_field.merchants is not None:
        metrics |= _merchants(mean_field, mean_field.merchants, terms, outcome, outcome.supply)
    else:
        metrics["merchant_profit"] = metrics["state_tax"] = metrics["state_tax_in_costs"] = 0.0
    if outcome.hours is not None and mean_field.workforce is not None:
        metrics |= _workers(mean_field, mean_field.workforce, terms, outcome, outcome.hours)
    else:
        metrics["worker_surplus"] = metrics["worker_pay"] = 0.0
    return _in_order(metrics)


def with_state(measured: dict[str, float], sector: Sector, visits: dict[str, float]) -> dict[str, float]:
    """The same with what departments and their visits a week cost; a visit costs platforms, too.

    Adds the sum over parties, from which the cost of opening businesses is missing. Departments' money is stated per
    million consumers, metrics are per thousand.
    """
    offices, metrics = sector.departments, dict(measured)
    state = sum(office.staff_cost + visits[name] * office.inspection_cost for name, office in offices.items())
    burden = sum(visits[name] * office.compliance_cost for name, office in offices.items())
    profit = metrics["platform_profit"] - burden / A_THOUSAND
    metrics |= {
        "platform_profit": profit,
        "platform_profit_per_order": ratio(profit, A_THOUSAND * metrics["consumer_orders"]),
        "platform_margin": ratio(profit, metrics["platform_revenue"]),
        "state_net": metrics["state_tax"] - metrics["state_tax_in_costs"] - state / A_THOUSAND,
        "state_inspections": sum(visits.values()),
    }
    # Tax inside fixed costs is no income of the state here: those costs do not follow sales, so that whatever moves
    # sales would seem to create revenue that nobody pays (docs/welfare.md).
    metrics["welfare_total"] = sum(metrics[party] for party in PARTIES)
    return _in_order(metrics)


def expected_visits(desired: MarketTerms, sector: Sector, rulebook: Rulebook, week: int) -> dict[str, float]:
    """Inspections a week by department: of every platform that would breach a rule, as far as the budget allows."""
    visits, n_platforms = {}, desired.net_fee.shape[1]
    for name, office in sector.departments.items():
        rules = [rule for rule in rulebook.in_force(week, department=name) if rule.hook in WATCHED]
        tempted = np.zeros(n_platforms, bool)
        for rule in rules:
            tempted |= [_is_tempted(payload(desired, sector, rule.hook).of(j), rule) for j in range(n_platforms)]
        visits[name] = min(float(tempted.sum()), max(office.budget - office.staff_cost, 0.0) / office.inspection_cost)
    return visits


def _is_tempted(desired: Terms, rule: Rule) -> bool:
    return desired.n_short_of(allowed_by(rule, desired), desired) > 0


def _in_order(metrics: dict[str, float]) -> dict[str, float]:
    return {name: float(metrics[name]) for name in REGISTRY if name in metrics}


def _consumers(mean_field: MeanField, terms: MarketTerms, outcome: Outcome) -> dict[str, float]:
    """Surplus is what docs/welfare.md says, with expectations for draws; a delay is as expected."""
    week = ConsumerTotals(
        unit=1.0,
        n_consumers=mean_field.n_consumers,
        paid=(outcome.goods + outcome.fees + outcome.tips).sum(),
        tips=outcome.tips.sum(),
        placed=outcome.orders[0],
        carried=outcome.carried[0],
        delay=outcome.load.delay[0],
        data=(outcome.carried[0] * terms.data_per_order[0]).sum(),
    )
    ratios = consumer_ratios(week)
    if outcome.supply is not None:
        ratios["consumer_variety"] = mean_over_orders(outcome.supply.variety[0], outcome.orders[0])
    return ratios | _surplus(mean_field, terms, outcome)


def _surplus(mean_field: MeanField, terms: MarketTerms, outcome: Outcome) -> dict[str, float]:
    """Expected occasions x log-sum / a, less the privacy cost not perceived and the utility that cancellations cost."""
    nodes, tastes, chosen = mean_field.consumers, mean_field.sector.consumers, outcome.demand
    money = A_THOUSAND / mean_field.n_consumers / nodes.sensitivity[nodes.income_class]
    occasions, log_sum = mean_field.occasions * nodes.weight, chosen.log_sum[0]
    placed = occasions * chosen.chance[0] * chosen.share[0]
    carried = placed * (outcome.carried[0] / np.maximum(outcome.orders[0], TINY))[:, None]
    mean = (nodes.weight * nodes.concern).sum() / nodes.weight.sum()
    concern = nodes.concern * (tastes.privacy_concern / max(float(mean), TINY))  # few nodes miss the mean
    given_up = (carried * concern * terms.data_per_order[0][:, None]).sum(axis=0)
    # Agents' (`kernels.orders_plain.loss_of_cancelled`) is cut where a single precision log-sum is as good as 0.
    lost = log_sum / np.maximum(1.0 - precise.exp(-log_sum), TINY)
    unseen = (1.0 - tastes.privacy_awareness) * given_up
    # Expected harm has arrived at awareness x harm, from which agents' expectations may still be away.
    better = (1.0 - mean_field.sector.practices.awareness) * terms.harm_spared[0] + terms.misperceived_value[0]
    unexpected = tastes.price_sensitivity * (carried * better[:, None]).sum(axis=0)
    utility = occasions * log_sum + unexpected - unseen - (placed - carried).sum(axis=0) * lost
    habit = tastes.habit_weight * (carried * chosen.habit[0]).sum(axis=0)
    return {
        "consumer_surplus": (money * utility).sum(),
        "consumer_surplus_without_habit": (money * (utility - habit)).sum(),
        "consumer_privacy_cost": (money * given_up).sum(),
    }


def _platforms(mean_field: MeanField, outcome: Outcome) -> dict[str, float]:
    revenue, profit = float(outcome.revenue.sum()), float(outcome.profit.sum())
    each = A_THOUSAND / mean_field.n_consumers
    week = PlatformTotals(
        unit=1.0,
        orders=outcome.carried[0],
        revenue=outcome.revenue[0],
        profit=profit,
        commission=float(outcome.commission.sum()),
        fees=float(outcome.fees.sum()),
        goods=float(outcome.goods.sum()),
        carriage=float(outcome.pay.sum()),
        remote=float(outcome.supply.remote.sum()) if outcome.supply is not None else 0.0,
    )
    return {"platform_profit": profit * each, "platform_revenue": revenue * each, **platform_ratios(week)}


def _merchants(
    mean_field: MeanField, nodes: MerchantNodes, terms: MarketTerms, outcome: Outcome, sold: Supply
) -> dict[str, float]:
    price, at_home, listed = sold.price[0], sold.sold_at[0], sold.listed[0]
    goods = at_home * price
    owed = goods * terms.commission[0][:, nodes.tier]
    own, of_own = goods * nodes.is_independent, owed * nodes.is_independent
    anywhere, several = _listed_on(listed)
    n_listed = float((nodes.count * anywhere).sum())
    profit, size = _profit(mean_field, nodes, goods - owed, at_home, listed), mean_field.n_consumers / 10_000.0
    tax = _declared(mean_field, nodes, goods.sum(axis=0)) * A_THOUSAND / mean_field.n_consumers
    week = MerchantTotals(
        unit=1.0,
        profit=profit,
        n_merchants=nodes.count.sum(),
        all=(goods.sum(), owed.sum()),
        independents=(own.sum(), of_own.sum()),
        chains=((goods - own).sum(), (owed - of_own).sum()),
        orders=at_home.sum(),
        orders_of_independents=(at_home * nodes.is_independent).sum(),
        n_listed=n_listed,
        n_multihoming=(nodes.count * several).sum(),
    )
    return {
        "state_tax": tax,
        "state_tax_in_costs": tax,
        "merchant_profit": profit * A_THOUSAND / mean_field.n_consumers,
        **merchant_ratios(week),
        "platform_commission_per_order_independent": ratio(of_own.sum(), at_home.sum()),
        "merchant_price_independent": _posted_price(nodes, price, listed, outcome.carried[0]),
        "merchant_listed": n_listed / size,
    }


def _declared(mean_field: MeanField, nodes: MerchantNodes, goods: Array) -> float:
    """Tax on platform sales (m) that merchants pay of their own accord, currency a week.

    Agents' sales scatter and each has a belief (`market.tax`); here merchants of a kind sell alike, and the share who
    declare is taken off their tax.
    """
    parameters = mean_field.sector.tax
    exempt = parameters.exempt_orders * mean_field.sector.merchants.unit_cost
    return parameters.levy_rate * (1.0 - parameters.evasion_base) * float(goods[goods > exempt * nodes.count].sum())


def _listed_on(listed: Array) -> tuple[Array, Array]:
    """Chances (m) of being listed at all, and on two platforms or more; listings (J, m) are independent."""
    # Independent given the type: reviews of a listing are drawn platform by platform, for agents too.
    nowhere, once = np.ones(listed.shape[1]), np.zeros(listed.shape[1])
    for chance in listed:
        nowhere, once = nowhere * (1.0 - chance), once * (1.0 - chance) + nowhere * chance
    return 1.0 - nowhere, 1.0 - nowhere - once


def _posted_price(nodes: MerchantNodes, price: Array, listed: Array, carried: Array) -> float:
    """Mean price of listed independents, each platform weighted by its orders."""
    posted = listed * nodes.count * nodes.is_independent
    return mean_posted_price((posted * price).sum(axis=1), posted.sum(axis=1), carried, 1.0)


def _profit(mean_field: MeanField, nodes: MerchantNodes, kept: Array, sold: Array, listed: Array) -> float:
    """All merchants' profit, currency a week, as in the ledger: on platforms and off them, less fixed costs.

    Off the platforms a merchant sells max(usual x shock - diversion x orders, 0), usual and shock lognormal.
    """
    # The maximum is why this is an integral: small merchants who sell much on platforms cannot lose more trade than
    # they have, and at mean trade their loss would be overstated.
    parameters, count = mean_field.sector.merchants, nodes.count
    orders = sold.sum(axis=0)
    margin = nodes.offline_price - nodes.unit_cost
    shock = trade_sd(parameters)
    sd = float(np.sqrt(parameters.offline_log_sd * parameters.offline_log_sd + shock * shock))
    z = (np.arange(SHOCKS) + 0.5) * (2.0 * WIDEST / SHOCKS) - WIDEST
    weight = precise.exp(-0.5 * z * z)
    usual = parameters.offline_orders * precise.exp(sd * z - 0.5 * sd * sd)
    diverted = parameters.diversion * orders / np.maximum(count, TINY)
    offline = (np.maximum(usual - diverted[:, None], 0.0) * (weight / weight.sum())).sum(axis=1)
    rent = parameters.fixed_cost_share * parameters.offline_orders * np.maximum(margin, 0.0)
    standing = count * (rent + parameters.listing_cost * listed.sum(axis=0))
    return float((kept.sum(axis=0) - orders * nodes.unit_cost + count * offline * margin - standing).sum())


def _workers(
    mean_field: MeanField, nodes: WorkerNodes, terms: MarketTerms, outcome: Outcome, hours: labour.Hours
) -> dict[str, float]:
    """Pay is what is paid; surplus takes off the reservation wages of the time worked or waited.

    Licences that are bought as workers join and leave are left out.
    """
    each, size, parameters = (
        A_THOUSAND / mean_field.n_consumers,
        mean_field.n_consumers / 10_000.0,
        mean_field.sector.workers,
    )
    online, rationed_hours = float(hours.online.sum()), float(hours.rationed_hours.sum())
    excluded_hours = float(hours.excluded_hours.sum())
    tips = float(outcome.tips.sum())
    pay, workforce = float(outcome.pay.sum()) + tips, float(hours.workforce[0])
    active, reckoned = _at_work(mean_field, nodes, hours)
    wanted_hours = online + rationed_hours + excluded_hours
    given = formulas.time_given(online, rationed_hours, parameters.waiting_share) / max(wanted_hours, TINY)
    # Pay expected less surplus is the reservation wages of the weeks worked; they count for the time given, not paid.
    wanted = given * (reckoned - float(labour.surplus(nodes, mean_field.sector, hours)[0]))
    week = WorkerTotals(pay, online, active, not_admitted=rationed_hours + excluded_hours, wanted=wanted_hours)
    capacity = hours.admitted[0] * mean_field.sector.carriage.deliveries_per_hour
    return {
        "worker_surplus": (pay - wanted + _loss_relieved(mean_field, terms, outcome)) * each,
        "worker_pay": pay * each,
        "worker_top_up": float(hours.top_up.sum()) * each,
        "worker_tips": tips * each,
        **worker_ratios(week),
        "worker_active": active / size,
        "worker_pool": workforce / size,
        # A steady state: as many join as leave.
        "worker_joining": parameters.leaving_rate * workforce / size,
        "worker_leaving": parameters.leaving_rate * workforce / size,
        "worker_utilisation": ratio((outcome.load.utilisation[0] * capacity).sum(), capacity.sum()),
        **_injuries(mean_field, terms, outcome),
        "worker_licensed_share": _licensed(mean_field, terms, hours),
    }


def _injuries(mean_field: MeanField, terms: MarketTerms, outcome: Outcome) -> dict[str, float]:
    carried = outcome.carried[0]
    risk = carried * (1.0 - terms.safety[0])  # agents' injuries are counted; these are expected
    return {
        "worker_injuries": mean_field.sector.injuries.hazard * ratio(risk.sum(), carried.sum()),
        **injury_ratios(carried, terms.safety[0], terms.coverage[0], terms.replacement[0]),
    }


def _loss_relieved(mean_field: MeanField, terms: MarketTerms, outcome: Outcome) -> float:
    """Expected loss from injuries that safety and cover spare workers, currency a week."""
    hazard, loss = mean_field.sector.injuries.hazard, mean_field.sector.loss_from_injury
    part = formulas.loss_relieved(terms.safety[0], terms.coverage[0], terms.replacement[0])
    return float((outcome.carried[0] * part).sum()) * hazard / 1e6 * loss


def _licensed(mean_field: MeanField, terms: MarketTerms, hours: labour.Hours) -> float:
    """Part of the hours online that workers with a licence supply.

    Of the part u of hours offered without one, platforms exclude b; k = b u of all hours are missing, and the licensed
    part of what remains is (1 - u) / (1 - b u).
    """
    online, excluded_hours, excluded = hours.online[0], hours.excluded_hours[0], terms.excluded[0]
    before = online + hours.rationed_hours[0] + excluded_hours
    without = np.where(
        excluded > 0.0,
        excluded_hours / np.maximum(excluded * before, TINY),
        1.0 - mean_field.sector.licences.licensed_share,
    )
    licensed = (1.0 - without) / np.maximum(1.0 - excluded * without, TINY)
    return ratio((online * licensed).sum(), online.sum())


def _at_work(mean_field: MeanField, nodes: WorkerNodes, hours: labour.Hours) -> tuple[float, float]:
    """Workers online in a week, and the pay that all expect for the hours they offer, currency a week."""
    works = labour.chance_to_work(nodes, mean_field.sector, hours.mix[0])
    is_in = hours.online[0] / np.maximum(hours.online[0] + hours.rationed_hours[0], TINY)
    offered = hours.online[0].sum() + hours.rationed_hours[0].sum() + hours.excluded_hours[0].sum()
    # Heads are taken to fall as hours do, although whoever one app excludes may still work for another.
    is_let_in = 1.0 - hours.excluded_hours[0].sum() / max(offered, TINY)
    # Every platform draws whom it admits by itself, so that chances of admission multiply.
    left_out = np.prod(1.0 - is_in[:, None] * nodes.has_app, axis=0)
    active = (nodes.weight * (1.0 - left_out) * (works * nodes.share).sum(axis=1)).sum()
    expected = (nodes.weight * hours.mix[0] * (works * nodes.share * nodes.hours).sum(axis=1)).sum()
    return float(hours.workforce[0] * active * is_let_in), float(hours.workforce[0] * expected)

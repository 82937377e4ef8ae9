"""Workers in expectation: how many there are, what hours they offer to which app, and whom platforms admit."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import formulas
from sim.forecast.nodes import WorkerNodes
from sim.forecast.terms import MarketTerms
from sim.kernels import precise
from sim.parameters import Sector

Array = np.ndarray
SLICES = 16
"""Points of the integral over wages by which surplus is counted."""
SHARPNESS = 32.0
"""Power of the smooth bound on utilisation: a hard one has a kink, at which derivatives and Newton's method fail."""
WIDEST_SPREAD = 0.2
"""Variance that scatter comes near and never exceeds: a pool of two or three workers is not lognormal."""
LOAD_NODES, WIDEST = 96, 4.0
"""Points of the integral over loads, out to four standard deviations. Five were too few: delay rises so steeply near
full load that a coarse sum has kinks, which made false maxima in platforms' objectives."""
SMOOTHING = 0.02
"""Scatter of hours offered besides that of who works, as a part of them: where it is none, rationing has no slope."""


class Week(NamedTuple):
    """What workers meet on each platform: arrays (B, J)."""

    utilisation: Array
    """Geometric mean, since expectations of earnings are formed in logs."""
    admission: Array
    """Part of the time offered that is spent online."""
    orders: Array
    """Orders placed a week."""
    tip: Array
    """Tip on an order, currency."""


class Hours(NamedTuple):
    """What workers do in B markets."""

    offered: Array
    """(B, J): effective hours a week that workers want to work."""
    admitted: Array
    """(B, J): effective hours online."""
    online: Array
    """(B, J): clock hours online."""
    rationed_hours: Array
    """(B, J): clock hours rationed: those of workers whom the weekly random draw did not admit."""
    excluded_hours: Array
    """(B, J): clock hours of workers excluded for want of a licence."""
    top_up: Array
    """(B, J): what floors add to pieces, currency a week."""
    workforce: Array
    """(B): workers who may work."""
    spread: Array
    """(B, J): variance of log effective hours over zones and weeks: who the workers are, and who of them works.

    n (E[h^2] - E[h]^2) / H^2 for n workers of whom each works h hours or none, H = n E[h]; less where platforms ration.
    """
    mix: Array
    """(B, n): pay that a type expects for an hour offered."""
    earnings: Array
    """(B, J): piece pay and tips of an effective hour, currency."""


def give_hours(nodes: WorkerNodes, sector: Sector, terms: MarketTerms, week: Week) -> Hours:
    """Supply of hours at these earnings, and what platforms admit of it."""
    carriage, parameters = sector.carriage, sector.workers
    per_hour = carriage.deliveries_per_hour * week.utilisation
    pieces, tips = per_hour * terms.piece_rate, per_hour * week.tip
    hour = expected_hours(nodes.productivity, terms, week, pieces, tips)
    weight = np.array([p.worker_appeal for p in sector.platforms.values()])
    share, mix = formulas.app_shares(hour, weight, nodes.has_app, parameters.app_elasticity)
    works = chance_to_work(nodes, sector, mix)
    hours = (works * (nodes.share * nodes.hours)).sum(axis=2) * nodes.weight
    workforce = parameters.n_per_zone * pool(sector, terms, week, pieces, tips, weight)
    clock = workforce[:, None, None] * share * hours[:, None, :]
    is_open, excluded_hours = np.ones((1, 1, 1)), np.zeros_like(pieces)
    if terms.excluded.any():
        is_open = open_to(nodes, sector, terms.excluded, (works, share, mix))
        excluded_hours = (clock * (1.0 - is_open)).sum(axis=2)
        clock = clock * is_open
    offered = (clock * nodes.productivity).sum(axis=2)
    # A zone of ten thousand consumers has some thirty workers online, and delay is convex in load. At mean hours the
    # model's delay would be minutes short and the value of pay wrong by more than half, so hours carry their variance.
    once = share * nodes.productivity
    square = (works * (nodes.share * nodes.hours * nodes.hours)).sum(axis=2) * nodes.weight
    mean_square = workforce[:, None] * (once * once * square[:, None, :] * is_open).sum(axis=2)
    spread = np.maximum(mean_square / np.maximum(offered * offered, 1e-12) - 1.0 / workforce[:, None], 0.0)
    # The price of the bound: delays of the smallest platform come out a third too short.
    spread = spread / np.sqrt(1.0 + spread * spread / (WIDEST_SPREAD * WIDEST_SPREAD))
    online, admitted = clock.sum(axis=2), offered
    if terms.rationing.any():
        admitted, spread = admit(sector, terms, week, offered, spread, mean_square)
    is_in = admitted / np.maximum(offered, 1e-12)
    floor = np.maximum(terms.floor_online, terms.floor_engaged * week.utilisation)[:, :, None]
    owed = np.maximum(floor - pieces[:, :, None] * nodes.productivity, 0.0)
    # Who is admitted is drawn at random, so that those online are owed the same an hour as those who offered.
    top_up = (clock * owed).sum(axis=2) * is_in
    rationed_hours = online * (1.0 - is_in)
    return Hours(
        offered,
        admitted,
        online * is_in,
        rationed_hours,
        excluded_hours,
        top_up,
        workforce,
        spread,
        mix,
        pieces + tips,
    )


def chance_to_work(nodes: WorkerNodes, sector: Sector, pay: Array) -> Array:
    """(..., g): P(R < pay) for every reservation wage, R log-logistic around it; pay (...), currency an hour.

    Agents draw R (`formulas.reservation_this_week`) and compare.
    """
    odds = precise.log(pay[..., None]) - precise.log(nodes.reservation)
    return precise.logistic(sector.workers.supply_elasticity * odds)


def open_to(nodes: WorkerNodes, sector: Sector, excluded: Array, given: tuple[Array, Array, Array]) -> Array:
    """(B, J, n): part of the hours offered by workers of each type that platforms admit where a licence is asked for.

    given: chance to work (B, n, g), hours' shares (B, J, n), pay of an hour (B, n). Agents compare a drawn cost with
    what they themselves would earn without some apps (`market.licences`); here the cost is integrated out, and a week
    loses the closed apps' share of hours at unchanged pay. Of those who would, as many have one as have considered
    it since they joined. Nobody moves to platforms that exclude fewer.
    """
    parameters, (works, share, mix) = sector.licences, given
    off = (share * excluded[:, :, None]).sum(axis=1)
    saved = parameters.horizon_weeks * works * nodes.hours * (mix * off)[:, :, None]
    cost = parameters.cost_weeks * max(sector.usual_weekly_pay, 0.01)
    gets = precise.logistic(parameters.cost_spread * precise.log(np.maximum(saved, 1e-12) / cost))
    gets = gets * (parameters.review_rate / max(parameters.review_rate + sector.workers.leaving_rate, 1e-12))
    weight = works * (nodes.share * nodes.hours)
    without = (weight * (1.0 - gets)).sum(axis=2) / np.maximum(weight.sum(axis=2), 1e-300)
    return 1.0 - excluded[:, :, None] * ((1.0 - parameters.licensed_share) * without)[:, None, :]


def surplus(nodes: WorkerNodes, sector: Sector, hours: Hours) -> Array:
    """(B): pay expected above the reservation wages of the weeks worked, currency a week.

    E[(e - R)+] is the integral of P(R < r) over r from 0 to e, by the midpoint rule.
    """
    # By quadrature: the log-logistic distribution of R has no closed form for it at every elasticity.
    # Recruits have incumbents' reservation wages and join at no cost: where the pool grows their whole surplus is
    # counted, which is more than the area under the pool's own supply curve.
    total = np.zeros(len(hours.mix))
    for k in range(SLICES):
        r = hours.mix * ((k + 0.5) / SLICES)
        works = chance_to_work(nodes, sector, r) * (nodes.share * nodes.hours)
        total += (works.sum(axis=2) * hours.mix * nodes.weight).sum(axis=1) / SLICES
    return hours.workforce * total


def expected_hours(pace: Array, terms: MarketTerms, week: Week, pieces: Array, tips: Array) -> Array:
    """(B, J, n): pay expected for an hour offered by workers of these productivities."""
    # Own pieces or the floor, not a mean wage: with one wage for all, slow workers stayed away from a floor that is
    # worth most to them.
    columns = (terms.floor_online, terms.floor_engaged, week.utilisation, week.admission)
    floors = (column[:, :, None] for column in columns)
    return formulas.expected_hour(pieces[:, :, None] * pace, tips[:, :, None] * pace, *floors)


def pool(sector: Sector, terms: MarketTerms, week: Week, pieces: Array, tips: Array, weight: Array) -> Array:
    """(B): workers relative to those at the start: where as many join as leave, 2 e^k / (e^k + usual^k)."""
    parameters = sector.workers
    if parameters.leaving_rate == 0.0:
        return np.ones(len(pieces))
    # As agents' recruits (`market.turnover`): of mean productivity and with every app, before they know their own.
    hour = expected_hours(np.ones(1), terms, week, pieces, tips)
    _, mix = formulas.app_shares(hour, weight, np.ones((hour.shape[1], 1)), parameters.app_elasticity)
    return 2.0 * formulas.joining_chance(mix[:, 0], parameters.usual_earnings, parameters.joining_elasticity)


def admit(
    sector: Sector, terms: MarketTerms, week: Week, offered: Array, spread: Array, mean_square: Array
) -> tuple[Array, Array]:
    """(B, J) twice: effective hours that platforms admit, and the variance of their log.

    Agents draw who comes in (`market.labour.ration`); here that is integrated out. The hours needed are one formula.
    Workers are admitted in random order until the hours needed are full. The last one brings too many,
    E[h^2] / (2 E[h]) hours on average, evenly spread if workers are alike (renewal theory: Cox 1962). Hours offered S
    are taken as normal; online are min(S, room), so that the scatter left is the less, the more often room is short.
    mean_square (B, J): n E[h^2].
    """
    # Before the last worker's hours and the smaller scatter were counted, the smallest platform, which admits a handful
    # of workers, had long delays under rationing that it does not have among agents.
    needed = formulas.hours_needed(
        week.orders, terms.piece_rate, terms.floor_online, sector.carriage.deliveries_per_hour, terms.busy_target
    )
    too_many = 0.5 * mean_square / np.maximum(offered, 1e-12)
    sd = np.maximum(offered, 1e-12) * np.sqrt(spread + SMOOTHING * SMOOTHING)
    z = (needed + too_many - offered) / sd
    is_short = precise.normal_below(-z)
    beyond = precise.normal_density(z) - z * is_short
    admitted = offered - terms.rationing * sd * beyond
    # Var min(Z, z) = Phi(z) - b (z + b) with b = E max(Z - z, 0): the scatter of hours that room does not cut off.
    left = np.maximum(1.0 - is_short - beyond * (z + beyond), 0.0)
    some = np.maximum(admitted, 1e-12)
    of_all, of_last = offered / some, too_many / some
    # The last worker's excess is uniform between 0 and twice its mean, whence the variance mean^2 / 3.
    rationed = spread * left * of_all * of_all + is_short * of_last * of_last / 3.0
    return admitted, spread + terms.rationing * (rationed - spread)


class Load(NamedTuple):
    """How busy workers are over the weeks of one zone, (B, J) each."""

    utilisation: Array
    """Orders carried over capacity, mean."""
    busy: Array
    """The same, geometric mean: what expectations in logs follow."""
    delay: Array
    """Minutes, mean."""
    served: Array
    """Part of the orders for which there is capacity."""


def load(sector: Sector, ratio: Array, spread: Array, base: Array) -> Load:
    """What a load r = orders over capacity means when both scatter: log r normal with this variance.

    The mean of 1 / hours exceeds 1 / mean hours. Utilisation r / (1 + (r / f)^p)^(1 / p), p = 32, is a smooth form of
    the bound min(r, f), with f the highest utilisation at which delay is evaluated. As zones grow the variance vanishes
    and utilisation is that of the load itself. base (B, J): minutes when workers are idle.
    """
    z = (np.arange(LOAD_NODES) + 0.5) * (2.0 * WIDEST / LOAD_NODES) - WIDEST
    density = precise.exp(-0.5 * z * z)
    # Even steps, not Gauss and Hermite's few nodes: delay bends sharply near full load. Rescaled for the 6e-5 beyond.
    weight = density / density.sum()
    r = ratio[:, :, None] * precise.exp(np.sqrt(spread)[:, :, None] * z)
    u = r / precise.power(1.0 + precise.power(r / formulas.FULLEST, SHARPNESS), 1.0 / SHARPNESS)
    delay = formulas.delay(u, base[:, :, None], sector.carriage.congestion)
    mean, in_logs, minutes, served = ((values * weight).sum(axis=2) for values in (u, precise.log(u), delay, u / r))
    return Load(mean, precise.exp(in_logs), minutes, served)

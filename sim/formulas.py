"""The economy's equations as functions of arrays: one definition each, whoever uses it.

Agents bring single precision, the mean-field model double; what comes in decides in which a formula is evaluated.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import precise
from sim.kernels.elementary import normal_quantile, power
from sim.kernels.layout import Weights
from sim.kernels.precision import functions_for
from sim.parameters import ConsumerParameters, RankingParameters

Array = np.ndarray
F32 = np.float32
LARGEST_SHARE = 0.9
"""Own share at which the mark-up formula is read for a near monopolist of a zone."""
CHEAPEST = 0.01
"""Least mean price that prices are compared with, currency."""
LEAST_UTILITY = {"float32": 1e-30, "float64": 1e-300}
"""Keeps the logarithm of a menu's utility defined where nothing is on offer, by precision."""
FULLEST = 0.98
"""Utilisation at which delay and earnings are read when there is less capacity than demand."""

RANKING_STEPS = 6
"""Steps of the fixed point between a newcomer's orders and ranking: enough for 0.1% where past sales weigh 0.2."""


def ranking_weight(
    quality: Array,
    usual_orders: Array,
    relative_price: Array,
    lift: Array | float,
    relevance: float,
    sales: float,
    price: float,
) -> Array:
    """Weight with which a merchant is shown: exp(relevance q + sales ln(1 + orders) - price relative price + lift)."""
    of = functions_for(quality)
    known = F32(sales) * of.log(F32(1) + usual_orders)
    return of.exp(F32(relevance) * quality + known - F32(price) * relative_price + lift)


def renown(usual_orders: Array, sales: float) -> Array:
    """Part of the ranking weight that past sales bring: (1 + orders)^sales."""
    of = functions_for(usual_orders)
    return of.power(F32(1) + usual_orders, sales)


def attraction(quality: Array, price: Array, sensitivity: Array | float, scale: float) -> Array:
    """exp(v / scale) of a merchant with v = quality - sensitivity x price."""
    return functions_for(quality).exp((quality - sensitivity * price) / F32(scale))


def ranking_lift(tilt: Array, is_independent: Array, small_lift: Array, is_favoured: Array | None) -> Array:
    """(..., J, n): log weight added to independents, and to those of them who are small and good, if anybody is lifted.

    tilt, small_lift (..., J); is_favoured flags independents, small and good (None where no platform lifts any).
    """
    lift = tilt[..., None] * is_independent
    return lift if is_favoured is None else lift + small_lift[..., None] * is_favoured


def value_unsold(
    quality: Array,
    price: Array,
    mean_price: Array,
    lift: Array,
    sensitivity: Array,
    ranking: RankingParameters,
    scale: float,
) -> Array:
    """Ranking weight before any sale times attraction: what a newcomer's offer weighs among others."""
    relative = price / np.maximum(mean_price, mean_price.dtype.type(CHEAPEST))
    nothing = np.zeros_like(relative)
    weight = ranking_weight(quality, nothing, relative, lift, ranking.relevance, ranking.sales, ranking.price)
    return weight * attraction(quality, price, sensitivity, scale)


def newcomers_orders(unsold: Array, rivals: Array, orders_in_play: Array, sales: float) -> Array:
    """Orders a week that an offer which is not made yet would win; `unsold`: its weight x attraction before any sale.

    Orders in play are shared in proportion to weight x attraction. Orders raise the ranking weight that brings them:
    the share is found by a few steps of that fixed point.
    """
    # Without the renown that its own sales would bring, a newcomer would expect too few orders and list too seldom.
    orders = np.zeros_like(unsold)
    for _ in range(RANKING_STEPS):
        own = unsold * renown(orders, sales)
        orders = orders_in_play * own / np.maximum(rivals + own, F32(1e-20))
    return orders


def wanted_price(unit_cost: Array, commission: Array, sensitivity: Array, own_share: Array, scale: float) -> Array:
    """Price that maximises profit under logit demand: c / (1 - t) + scale / (a (1 - own share)), currency."""
    return unit_cost / (F32(1) - commission) + F32(scale) / (sensitivity * (F32(1) - own_share))


def own_share(orders: Array, total: Array) -> Array:
    """(..., n): share of a platform's orders that is a merchant's own, at most 0.9; orders (..., n), total (...)."""
    kind = orders.dtype.type
    return np.minimum(orders / np.maximum(total, kind(1))[..., None], kind(LARGEST_SHARE))


def pull(orders: Array, commission: Array, mark_up: Array) -> Array:
    """Weight of an outlet's wanted price in a common one: orders (1 - t) / mark-up.

    Logit demand loses orders / mark-up per currency of price, and a currency keeps 1 - t: the price p that maximises
    sum_j s_j(p) ((1 - t_j) p - c) is the mean by this weight of the prices wanted one by one.
    """
    return orders * (F32(1) - commission) / mark_up


def common_price(wanted: Array, weight: Array) -> Array:
    """Profit-maximising price where all outlets (first axis) must be equal; what is wanted where no weight is."""
    total = weight.sum(axis=0)
    mean = (weight * wanted).sum(axis=0) / np.where(total > 0.0, total, F32(1))
    return np.where(total > 0.0, mean, wanted)


def direct_price(wanted: Array, weight: Array, direct: Array, direct_weight: Array) -> Array:
    """Price of direct sales, above which no outlet's (J, n) may lie: it yields to the most expensive outlets in turn.

    Maximises profit to second order: the weighted mean of what is wanted directly and of every wanted price above it.
    With direct buyers of weight 0 the direct price rises to that of the most expensive outlet.
    """
    # In descending order, because which outlets are bound depends on the price and the price on who is bound: an outlet
    # whose wanted price lies below the mean so far is not bound, and neither is any that follows.
    order = np.argsort(-wanted, axis=0, kind="stable")
    price, total = direct, direct_weight
    for row in order:
        highest, more = np.take_along_axis(wanted, row[None], 0)[0], np.take_along_axis(weight, row[None], 0)[0]
        rises = (highest > price) & (more > 0.0)
        both = total + more
        mean = (total * price + more * highest) / np.where(both > 0.0, both, F32(1))
        price, total = np.where(rises, mean, price), np.where(rises, both, total)
    return price


def margin_of_order(price: Array, unit_cost: Array, offline_price: Array, commission: Array, diversion: float) -> Array:
    """Currency that one more order on a platform brings: margin less the offline margin that it diverts."""
    return (1.0 - commission) * price - unit_cost - diversion * (offline_price - unit_cost)


def penalty_spared(relief: Array, commission: Array) -> Array:
    """(..., J): commission that a second listing no longer costs, at most the lowest of commission (..., J, T)."""
    return np.minimum(relief, commission.min(axis=-1))


def gain_of_listing(orders: Array, margin: Array, visibility: Array, alone: Array, at_home: Array) -> Array:
    """(..., J, n): currency a week, before listing cost, that a listing adds when platforms are open to each other.

    Who is listed elsewhere too would be reached without this listing, with the platform's visibility (..., J), at the
    margin `at_home` of another home; who is not wins the orders of every other platform that reaches him here:
    gain_j = o_j m_j - (1 - alone_j) v_j o_j m_home + alone_j sum over l of v_l o_l m_j.
    alone is the chance to be listed nowhere else; to agents, who know, it is 0 or 1.
    """
    reached = visibility[..., None] * orders
    through_here = (reached.sum(axis=-2, keepdims=True) - reached) * margin
    return orders * margin - (alone.dtype.type(1) - alone) * reached * at_home + alone * through_here


def listing_chance(gain: Array, scale: float, noise_reduction: Array) -> Array:
    """(..., J, n): logit chance to list at this gain, currency a week; clear terms (..., J) take off noise."""
    noise = (scale * (1.0 - noise_reduction)).astype(gain.dtype)
    return functions_for(gain).logistic(gain / noise[..., None])


def shortest_delay(base: float, more: Array) -> Array:
    """Minutes from order to door when workers are idle, a part `more` longer where deadlines are safe."""
    return base * (1.0 + more)


def delay(utilisation: Array, base: Array | float, congestion: float) -> Array:
    """Minutes from order to door: base + congestion u^4 / (1 - u), u cut at 0.98."""
    u = np.minimum(utilisation, F32(FULLEST))
    return F32(base) + F32(congestion) * (u * u * u * u) / (F32(1) - u)


def variety_value(variety: Array, weight: float, reference: float) -> Array:
    """Utility of being able to choose: nu ln(N / N_ref), for one merchant at least."""
    log = functions_for(variety).log
    return F32(weight) * log(np.maximum(variety, F32(1)) / F32(reference))


def market_value(appeal: Array, of_variety: Array, delay_expected: Array, minute: float) -> Array:
    """Utility of a platform before what is personal and what is paid: appeal + variety - b x delay."""
    return appeal + of_variety - F32(minute) * delay_expected


def inclusive_value(mean_utility: Array, scale: float) -> Array:
    """Utility of a menu from the ranking-weighted mean of exp(v / scale): an average, since variety counts apart."""
    kind = mean_utility.dtype
    utility = np.maximum(mean_utility, kind.type(LEAST_UTILITY[kind.name]))
    return kind.type(scale) * functions_for(mean_utility).log(utility)


def believed_value(sensitivity: float, expected_harm_spared: Array, misperceived: Array) -> Array:
    """Utility of what consumers believe of an order: harm they expect to be spared, less what no longer deceives."""
    return sensitivity * (expected_harm_spared - misperceived)


def platform_utility(common: Array, believed: Array, menu: Array, sensitivity: Array, fee: Array) -> Array:
    """(..., C): utility of a platform before what is personal, by income class: common + believed + menu - a fee.

    common, believed (...): `market_value` and `believed_value`; menu and fee (currency) (..., C) or broadcast to it.
    """
    return (common + believed)[..., None] + menu - sensitivity * fee


def choice_weights(parameters: ConsumerParameters, kind: type[np.floating]) -> Weights:
    """Numbers of the nested choice in this precision."""
    nest = 1.0 - parameters.platform_nest
    own = parameters.relevance_weight, parameters.relevance_half, parameters.habit_weight, 1.0 / nest, nest
    return Weights(*(kind(weight) for weight in own))


def time_given[T: (float, Array)](online: T, rationed: T, waiting_share: float) -> T:
    """Time that work takes: online, and the part of the rationed time that is lost in waiting."""
    return online + waiting_share * rationed


def app_shares(earnings: Array, appeal: Array, has_app: Array, elasticity: float) -> tuple[Array, Array]:
    """Split of hours over apps and the hourly earnings of that mix (CES).

    earnings and has_app (..., J, n), appeal (J): share_j = k_j e_j^s / sum, mix = (sum k_j e_j^s / sum k_j)^(1/s),
    computed relative to the best app, so that no power overflows.
    """
    of = functions_for(earnings)
    earnings = np.maximum(earnings, F32(1e-3))
    weight = appeal[:, None].astype(earnings.dtype) * has_app
    best = (earnings * has_app).max(axis=-2)
    strength = weight * of.power(earnings / best[..., None, :], elasticity)
    total = strength.sum(axis=-2)
    mix = best * of.power(total / weight.sum(axis=-2), 1.0 / elasticity)
    return strength / total[..., None, :], mix


def expected_hour(
    pieces: Array, tips: Array, floor_online: Array, floor_engaged: Array, busy: Array, admission: Array
) -> Array:
    """Pay expected for an hour offered: pieces or the floor where that is more, and tips, times the part online.

    A floor for hours on deliveries counts for the part of an hour online that is spent busy.
    """
    return (np.maximum(pieces, np.maximum(floor_online, floor_engaged * busy)) + tips) * admission


def reservation_this_week(median: Array, u: Array, elasticity: float) -> Array:
    """Reservation wage of the week: log-logistic around its median, so that P(work) = e^eta / (e^eta + R^eta)."""
    # A draw of the wage instead of a coin with that probability: the same chance to work, but whoever works at some pay
    # works at any higher pay too, so that paired runs differ only by those whom a rule moves.
    odds = (u / (1.0 - u)).astype(F32)
    return median * power(odds, 1.0 / elasticity)


def joining_chance(earnings: Array, usual: float, elasticity: float) -> Array:
    """Chance that somebody who thinks of working for platforms does: e^k / (e^k + usual^k), e currency an hour."""
    of, kind = functions_for(earnings), earnings.dtype.type
    return of.logistic(kind(elasticity) * of.log(earnings / kind(max(usual, 0.01))))


def loss_relieved(safety: Array, coverage: Array, replacement: Array) -> Array:
    """Part of the loss from injuries that workers are spared: 1 - (1 - safety) (1 - coverage x replacement)."""
    return 1.0 - (1.0 - safety) * (1.0 - coverage * replacement)


def hours_needed(orders: Array, piece_rate: Array, floor: Array, deliveries_per_hour: float, busiest: Array) -> Array:
    """Effective hours needed by a platform that pays for every hour online.

    No more than earn the floor, O w / f, and no fewer than carry the orders with a margin for chance,
    (O + 2 sqrt O) / (deliveries an hour x utilisation).
    """
    earning = orders * piece_rate / np.maximum(floor, 0.01)
    carrying = (orders + 2.0 * np.sqrt(orders)) / (deliveries_per_hour * busiest)
    return np.maximum(earning, carrying)


def belief_by_rank(rank: Array, base: float, log_sd: float, penalty: float) -> Array:
    """Believed chance of detection at a rank of merchants, at most 1, from the share of merchants who evade.

    exp(sd (z(rank) - z(base))) / (1 + penalty): at rank `base` the expected penalty is the tax, p (1 + penalty) = 1.
    """
    inner = np.clip(rank.astype(np.float64), 1e-9, 1.0 - 1e-9)
    distance = normal_quantile(inner) - normal_quantile(np.clip(np.full(1, base), 1e-9, 1.0 - 1e-9))
    return np.minimum(precise.exp(log_sd * distance) / (1.0 + penalty), 1.0)


def research_ratio(subsidy: Array, elasticity: float) -> Array:
    """Spending on research against the usual when the state pays a share s of it: (1 - s)^-elasticity."""
    return precise.exp(-elasticity * precise.log(1.0 - subsidy))


def technology_kept_up(
    subsidy: Array, elasticity: float, productivity: float, spillover: float, is_open: Array
) -> Array:
    """Utility (J) that subsidies s (J) lead to if they last for good.

    productivity x (g_j + spillover x mean of g over open rivals); g = ln(spending / usual) = -elasticity ln(1 - s).
    """
    own = -elasticity * precise.log(1.0 - subsidy) * is_open
    n_rivals = np.maximum(is_open.sum() - is_open, 1)
    return productivity * (own + spillover * (own.sum() - own) / n_rivals)

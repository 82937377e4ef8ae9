"""Merchants in expectation: prices, listings, who is shown and who is chosen."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import formulas
from sim.forecast.nodes import MerchantNodes, normal_nodes
from sim.forecast.terms import MarketTerms
from sim.kernels import precise
from sim.parameters import Sector

Array = np.ndarray

LAGUERRE = {
    4: (
        (0.32254768961939234, 1.7457611011583465, 4.536620296921128, 9.395070912301133),
        (0.6031541043416335, 0.3574186924377998, 0.03888790851500538, 0.0005392947055613272),
    ),
    8: (
        (
            0.17027963230510107,
            0.903701776799379,
            2.251086629866131,
            4.266700170287658,
            7.045905402393465,
            10.758516010180996,
            15.740678641278004,
            22.863131736889265,
        ),
        (
            0.3691885893416387,
            0.41878678081434295,
            0.17579498663717152,
            0.033343492261215586,
            0.0027945362352256764,
            9.076508773358275e-05,
            8.485746716272502e-07,
            1.0480011748715103e-09,
        ),
    ),
}
"""Nodes and weights of an integral over e^-x (Gauss and Laguerre), by their number."""
BUYERS_LOOK = 0.25
"""Price difference between two homes of a merchant, currency, at which the cheaper is shown with odds of e to 1.

Agents take the cheaper for certain. A certain choice between types with equal prices would be a step in what platforms'
prices do, and their objectives would have no slopes."""


class Buyers(NamedTuple):
    """Who buys on which platform in B markets."""

    orders: Array
    """(B, J, C): orders placed a week, by income class."""
    carried: Array
    """(B, J): part of them that is carried."""
    sensitivity: Array
    """(J, C): marginal utility of a price asked, with the tips that go with it."""


class Supply(NamedTuple):
    """What merchants do in B markets; Q offers are types of merchants, or types times homes where access is open.

    A home is the platform whose listing is used when another platform shows a merchant.
    """

    usual: Array
    """(B, J, Q): orders a week of one merchant with this offer."""
    listed: Array
    """(B, J, m): chance to be listed."""
    price: Array
    """(B, J, m)."""
    value: Array
    """(B, J, C): utility of the menu, inclusive value and variety."""
    goods: Array
    """(B, J): goods value of the orders placed, currency a week."""
    commission: Array
    """(B, J): commission received, as the home of the merchant, currency a week."""
    sold_at: Array
    """(B, J, m): orders carried a week, by home."""
    remote: Array
    """(B, J, J): orders carried by one platform for merchants listed only elsewhere, by their home."""
    variety: Array
    """(B, J): merchants visible."""


def first_guess(nodes: MerchantNodes, n_markets: int, n_platforms: int, is_open: bool) -> tuple[Array, Array]:
    """Usual orders and listings from which the search starts: alike for all."""
    n = len(nodes.quality)
    n_offers = n * (n_platforms if is_open else 1)
    return np.full((n_markets, n_platforms, n_offers), 10.0), np.full((n_markets, n_platforms, n), 0.7)


def sell(
    nodes: MerchantNodes,
    sector: Sector,
    terms: MarketTerms,
    buyers: Buyers,
    start: tuple[Array, Array],
    n_steps: int,
    n_nodes: int,
) -> Supply:
    """Merchants' side of the market for given orders: the fixed point of sales, ranking, prices and listings."""
    supply = once(nodes, sector, terms, buyers, *start, n_nodes)
    for _ in range(n_steps - 1):
        supply = once(nodes, sector, terms, buyers, supply.usual, supply.listed, n_nodes)
    return supply


def once(
    nodes: MerchantNodes, sector: Sector, terms: MarketTerms, buyers: Buyers, usual: Array, listed: Array, n_nodes: int
) -> Supply:
    """One round: given what merchants sell and where they are listed, what they ask, sell and where they list."""
    n_markets, n_platforms, n = listed.shape
    is_open = usual.shape[2] > n
    total = buyers.orders.sum(axis=2)
    taste = (buyers.orders * buyers.sensitivity).sum(axis=2) / np.maximum(total, 1e-12)
    carried = total * buyers.carried
    own = usual.reshape(n_markets, n_platforms, -1, n)
    own = np.diagonal(own, axis1=1, axis2=2).transpose(0, 2, 1) if is_open else own[:, :, 0]
    # The mark-up is that of plain logit demand, as for agents: merchants ignore that dear offers are ranked lower and
    # that some platform orders replace offline ones.
    own_share = formulas.own_share(own, carried)
    rate = rate_of(nodes, terms, listed)
    price = formulas.wanted_price(nodes.unit_cost, rate, taste[:, :, None], own_share, sector.consumers.merchant_scale)
    mass, home_weight = offers(nodes, terms, listed, price, is_open)
    asked = np.broadcast_to(price[:, None], (n_markets, n_platforms, n_platforms, n)) if is_open else price[:, :, None]
    seen = mass * visibility(terms, is_open)
    shown = show(nodes, sector, terms, seen, asked, usual)
    utility = attractions(nodes, sector, buyers, asked)
    chosen = choose(shown, utility, sector.consumers.n_candidates, n_nodes)
    bought = (buyers.orders[:, :, :, None] * chosen).sum(axis=2)
    sold = bought * buyers.carried[:, :, None]
    flat = mass.reshape(n_markets, n_platforms, -1)
    # A large seller's mark-up rises with its sales, which lowers them again: whole steps would overshoot.
    room = (1.0 - own_share) * (1.0 - own_share)
    step = np.tile(room / (room + own_share), asked.shape[2] if is_open else 1)
    new_usual = usual + step * (sold / np.maximum(flat, 1e-12) - usual)
    variety = seen.sum(axis=(2, 3))
    of_variety = formulas.variety_value(variety, sector.consumers.variety_weight, sector.consumers.reference_variety)
    mean_utility = (shown[:, :, None, :] * utility).sum(axis=3)
    value = formulas.inclusive_value(mean_utility, sector.consumers.merchant_scale)
    by_home = sold.reshape(n_markets, n_platforms, -1, n)
    at_home = by_home.sum(axis=1) if is_open else by_home[:, :, 0]
    away = 1.0 - np.eye(n_platforms)
    return Supply(
        usual=new_usual,
        listed=list_up(nodes, sector, terms, buyers, price, new_usual, listed, home_weight, is_open),
        price=price,
        value=value + of_variety[:, :, None],
        goods=(bought * asked.reshape(n_markets, n_platforms, -1)).sum(axis=2),
        commission=(at_home * rate * price).sum(axis=2),
        sold_at=at_home,
        remote=by_home.sum(axis=3) * away if is_open else np.zeros((n_markets, n_platforms, n_platforms)),
        variety=variety,
    )


def visibility(terms: MarketTerms, is_open: bool) -> Array:
    """(B, J, H, 1): 1 for merchants listed here, the platform's visibility of those listed elsewhere only."""
    if not is_open:
        return np.ones((*terms.visibility.shape, 1, 1))
    same = np.eye(terms.visibility.shape[1])
    return (same + (1.0 - same) * terms.visibility[:, :, None])[:, :, :, None]


def offers(nodes: MerchantNodes, terms: MarketTerms, listed: Array, price: Array, is_open: bool) -> tuple[Array, Array]:
    """Merchants (B, J, H, m) that a platform has on offer through home h, and the chance (B, J, H, m) of that home.

    Listings are independent across platforms given the type. A merchant not listed here is reached through the cheapest
    home: through h where no cheaper platform lists the merchant.
    """
    if not is_open:
        return (listed * nodes.count)[:, :, None, :], np.zeros_like(listed)[:, :, None, :]
    n_platforms = listed.shape[1]
    cheaper = precise.logistic((price[:, :, None] - price[:, None]) / BUYERS_LOOK)  # (B, h, l, m): l below h
    here = np.eye(n_platforms, dtype=bool)
    chance = np.empty((len(listed), n_platforms, n_platforms, listed.shape[2]))
    for j in range(n_platforms):
        for h in range(n_platforms):
            others = [
                1.0 - listed[:, other] * cheaper[:, h, other] for other in range(n_platforms) if other not in (j, h)
            ]
            rest = np.prod(others, axis=0) if others else np.ones_like(listed[:, 0])
            chance[:, j, h] = listed[:, h] * rest
    elsewhere = (1.0 - listed)[:, :, None] * chance
    share = np.where(here[None, :, :, None], listed[:, :, None] * np.ones_like(chance), elsewhere)
    return share * nodes.count, np.where(here[None, :, :, None], 0.0, chance)


def show(nodes: MerchantNodes, sector: Sector, terms: MarketTerms, seen: Array, asked: Array, usual: Array) -> Array:
    """(B, J, Q): chance that a place among the candidates shown goes to an offer."""
    ranking = sector.ranking
    n_seen = np.maximum(seen.sum(axis=(2, 3)), 1e-12)
    mean_price = (seen * asked).sum(axis=(2, 3)) / n_seen
    relative = asked / np.maximum(mean_price, 0.01)[:, :, None, None]
    lift = lift_of(nodes, terms)[:, :, None, :]
    weight = formulas.ranking_weight(
        nodes.quality, usual.reshape(relative.shape), relative, lift, ranking.relevance, ranking.sales, ranking.price
    )
    flat = (seen * weight).reshape(usual.shape)
    return flat / np.maximum(flat.sum(axis=2, keepdims=True), 1e-300)


def lift_of(nodes: MerchantNodes, terms: MarketTerms) -> Array:
    """(B, J, m): log weight added to independents, and to those of them who are small and good."""
    is_favoured = None
    if terms.small_lift.any():
        # A rank given once, where agents' follows sales: merchants whom a lift makes large stay small here.
        is_small = nodes.size_rank <= terms.small_below[:, :, None]
        is_good = nodes.quality_rank >= terms.quality_floor[:, :, None]
        is_favoured = (is_small & is_good) * nodes.is_independent
    return formulas.ranking_lift(terms.ranking_tilt, nodes.is_independent, terms.small_lift, is_favoured)


def attractions(nodes: MerchantNodes, sector: Sector, buyers: Buyers, asked: Array) -> Array:
    """(B, J, C, Q): exp(v / scale) of every offer to every class of income."""
    flat = asked.reshape(*asked.shape[:2], 1, -1)
    quality = np.tile(nodes.quality, asked.shape[2])
    return formulas.attraction(quality, flat, buyers.sensitivity[:, :, None], sector.consumers.merchant_scale)


def choose(shown: Array, utility: Array, n_candidates: int, n_nodes: int) -> Array:
    """(B, J, C, Q): chance that an order goes to an offer, when K offers are drawn by ranking and one taken by logit.

    K rho e E[1 / (e + the sum of K - 1 others)] = K rho e times the integral over t of e^(-t e) phi(t)^(K - 1), where
    phi(t) is the mean of e^(-t e) over what is shown. With x = K t mean(e) the integrand is e^-x times something
    smooth, which Gauss and Laguerre's rule integrates with few nodes.
    """
    # The limit of many candidates, plain logit over all merchants, is simpler and would overstate by a seventh how much
    # cheap and good merchants gain: they cannot be chosen where they are not among the few that are shown.
    if n_candidates == 1:
        return np.broadcast_to(shown[:, :, None], utility.shape)
    points, weights = (np.array(values) for values in LAGUERRE[n_nodes])
    mean = (shown[:, :, None] * utility).sum(axis=3, keepdims=True)
    relative = utility / np.maximum(mean, 1e-300)
    total = np.zeros_like(relative)
    # Gauss and Laguerre's weights take an e^-x for granted that the integrand here contains: e^x takes it out again.
    for x, weight in zip(points, weights * precise.exp(points), strict=True):
        one = precise.exp(-(x / n_candidates) * relative)
        mean_one = (shown[:, :, None] * one).sum(axis=3, keepdims=True)
        total += weight * one * precise.exp((n_candidates - 1) * precise.log(np.maximum(mean_one, 1e-300)))
    # These add up to 1 but for the rule's error; rescaled, so that all orders placed are bought somewhere.
    chance = shown[:, :, None] * relative * total
    return chance / np.maximum(chance.sum(axis=3, keepdims=True), 1e-300)


def list_up(
    nodes: MerchantNodes,
    sector: Sector,
    terms: MarketTerms,
    buyers: Buyers,
    price: Array,
    usual: Array,
    listed: Array,
    home_weight: Array,
    is_open: bool,
) -> Array:
    """(B, J, m): where listing and delisting balance, L_new / (1 - L_old + L_new).

    Merchants who are listed judge by their own smoothed orders, which scatter around their mean; merchants who are not,
    by what they would win from present offers.
    """
    # The chance to stay is averaged over that scatter, since it is not linear in orders: a run of weak weeks makes
    # merchants leave whom mean orders would keep.
    parameters, (n_markets, n_platforms, n) = sector.merchants, listed.shape
    rate = rate_of(nodes, terms, listed)
    margin = formulas.margin_of_order(price, nodes.unit_cost, nodes.offline_price, rate, parameters.diversion)
    mine = usual.reshape(n_markets, n_platforms, -1, n)
    mine = np.diagonal(mine, axis1=1, axis2=2).transpose(0, 2, 1) if is_open else mine[:, :, 0]
    new = prospects(nodes, sector, terms, buyers, price, usual, listed, home_weight, is_open)
    stay, come = np.zeros_like(listed), np.zeros_like(listed)
    # Smoothing with weight m keeps m / (2 - m) of the variance of a Poisson number of orders.
    spread = np.sqrt(parameters.sales_memory / (2.0 - parameters.sales_memory) * np.maximum(mine, 0.0))
    points, weights = normal_nodes(3)
    freed, scale = freed_elsewhere(terms, listed, mine * price), parameters.listing_scale
    for point, weight in zip(points, weights, strict=True):
        gain = gain_of_listing(terms, listed, np.maximum(mine + point * spread, 0.0), margin, home_weight, is_open)
        gain = gain + freed - parameters.listing_cost
        stay += weight * formulas.listing_chance(gain, scale, terms.noise_reduction)
    gain = gain_of_listing(terms, listed, new, margin, home_weight, is_open)
    come = formulas.listing_chance(gain + freed - parameters.listing_cost, scale, terms.noise_reduction)
    balance = come / (1.0 - stay + come)
    # Between open platforms one listing replaces another: whole steps oscillate without end.
    return 0.5 * (listed + balance) if is_open else balance


def rate_of(nodes: MerchantNodes, terms: MarketTerms, listed: Array) -> Array:
    """(B, J, m): commission, less the penalty for multi-homing where that has ended."""
    rate = terms.commission[:, :, nodes.tier]
    if not terms.multihoming_relief.any():
        return rate
    spared = formulas.penalty_spared(terms.multihoming_relief, terms.commission)
    return rate - spared[:, :, None] * (1.0 - nowhere_else(listed))


def nowhere_else(listed: Array) -> Array:
    """(B, J, m): chance that a merchant is listed on no other platform."""
    away = 1.0 - listed
    return np.stack([np.prod(np.delete(away, j, axis=1), axis=1) for j in range(listed.shape[1])], axis=1)


def freed_elsewhere(terms: MarketTerms, listed: Array, sales: Array) -> Array:
    """(B, J, m): penalties on another platform that a second listing no longer costs, currency a week.

    What agents know of their own listings (`market.listing.freed_elsewhere`) is a chance here: the expectation runs
    over which one other platform lists the merchant.
    """
    freed = np.zeros_like(listed)
    if not terms.multihoming_relief.any():
        return freed
    at_stake, n_platforms = terms.multihoming_relief[:, :, None] * listed * sales, listed.shape[1]
    for j in range(n_platforms):
        for other in range(n_platforms):
            if other != j:
                # Only where `other` is the merchant's sole other listing does this one end its penalty there.
                rest = [1.0 - listed[:, k] for k in range(n_platforms) if k not in (j, other)]
                freed[:, j] += at_stake[:, other] * (np.prod(rest, axis=0) if rest else 1.0)
    return freed


def gain_of_listing(
    terms: MarketTerms, listed: Array, orders: Array, margin: Array, home_weight: Array, is_open: bool
) -> Array:
    """Currency a week that a listing adds, in expectation over where else a merchant is."""
    if not is_open:
        return orders * margin
    alone = nowhere_else(listed)
    total = np.maximum(home_weight.sum(axis=2), 1e-12)
    at_home = (home_weight * margin[:, None]).sum(axis=2) / total
    return formulas.gain_of_listing(orders, margin, terms.visibility, alone, at_home)


def prospects(
    nodes: MerchantNodes,
    sector: Sector,
    terms: MarketTerms,
    buyers: Buyers,
    price: Array,
    usual: Array,
    listed: Array,
    home_weight: Array,
    is_open: bool,
) -> Array:
    """(B, J, m): orders a week that merchants expect where they are not listed, computed as agents do."""
    ranking, scale, (n_markets, n_platforms, n) = sector.ranking, sector.consumers.merchant_scale, listed.shape
    total = np.maximum(buyers.orders.sum(axis=2), 1e-12)
    taste = ((buyers.orders * buyers.sensitivity).sum(axis=2) / total)[:, :, None]
    mass = listed * nodes.count
    mean_price = ((mass * price).sum(axis=2) / np.maximum(mass.sum(axis=2), 1e-12))[:, :, None]
    lift = lift_of(nodes, terms)

    def unsold(quality: Array, asked: Array) -> Array:
        return formulas.value_unsold(quality, asked, mean_price, lift, taste, ranking, scale)

    mine = unsold(nodes.quality, price)
    sold = usual.reshape(n_markets, n_platforms, -1, n)
    known = formulas.renown(sold, ranking.sales)
    seen = offers(nodes, terms, listed, price, is_open)[0] * visibility(terms, is_open)
    if is_open:
        utility = np.stack([unsold(nodes.quality, price[:, h : h + 1]) for h in range(n_platforms)], axis=2)
    else:
        utility = mine[:, :, None]
    rivals = (seen * known * utility).sum(axis=(2, 3))[:, :, None]
    in_play = (buyers.orders.sum(axis=2) * buyers.carried)[:, :, None]
    return formulas.newcomers_orders(mine, rivals, in_play, ranking.sales)

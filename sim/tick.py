"""One week of the economy, in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sim.agents.compliance import Compliance
from sim.agents.platform import Platform
from sim.agents.regulator import Regulator, enforce, open_offices
from sim.agents.terms import bind_terms, do_rules_bind
from sim.market.choice import let_consumers_order
from sim.market.credit import lend_and_collect
from sim.market.dispatch import carry_orders
from sim.market.entry import enter_and_exit
from sim.market.failure import review_platforms
from sim.market.innovation import develop_technology
from sim.market.labour import let_workers_choose_hours
from sim.market.listing import review_listings
from sim.market.memory import renew_memories
from sim.market.pricing import price_goods
from sim.market.prospects import survey_offers
from sim.market.ranking import rank_merchants
from sim.market.settlement import settle_money
from sim.market.surplus import weigh_surplus
from sim.market.tax import collect_taxes
from sim.market.turnover import turn_over_workers
from sim.world import World


class Cast(NamedTuple):
    """Who acts in a week besides the populations: platforms and departments."""

    world: World
    platforms: list[Platform]
    compliance: Compliance
    regulators: list[Regulator]


class Phase(NamedTuple):
    """One line of the week: what happens and why it stands where it stands."""

    act: Callable[[Cast], None]
    why_here: str


def open_books(cast: Cast) -> None:
    """Forget last week's flows of money.

    Reads: nothing. Writes: ledger.flows.
    """
    cast.world.ledger.open_week()


def let_platforms_fail(cast: Cast) -> None:
    """Platforms whose losses under rules are too large stop; somebody may take the place of one that did.

    Reads: rulebook, platforms, zones, merchants.is_active.
    Writes: platforms (revenue_before, profit_before, reserve_cents, is_open, has_failed, has_entered,
    weeks_closed, opening_cents, technology, identity), merchants (is_listed, usual_orders), consumers (habit, profile),
    zones (expected_earnings, expected_delay, expected_admission), ledger.
    """
    review_platforms(cast.world, do_rules_bind(cast.world))


def let_platforms_decide(cast: Cast) -> None:
    """Every platform's strategy sets desired terms; rules in force bind them, as far as platforms comply.

    Reads: decision variables, rules, cases (sanctions_seen, weeks_seen, ordered_until, n_priors), platforms
    (trailing_revenue, order_share, listed_until, own_share_chosen, capital_leverage_chosen), zones (pilot_turn,
    in_pilot).
    Writes: platforms (commission_chosen, net_fee_chosen, piece_rate_chosen, data_chosen, ranking_tilt, busy_target,
    commission, commission_outside, net_fee_cents, piece_rate_cents, data_per_order, floor_online, floor_engaged,
    rationing, visibility, access_charge, portability, consent, own_share, capital_leverage, reported, min_sales,
    subsidy, fund, coverage, premium, replacement, small_lift, small_below, quality_floor, intensity, bound,
    scrutiny, size_premium, ranking_lift, surcharge, misperceived_value, harm_spared, cost, oncost, minutes, safety,
    multihoming_relief, noise_reduction, excluded), cases (breach, effect, visibility, gained_cents, weeks_seen).
    """
    for platform in cast.platforms:
        platform.decide()
    cast.compliance.review(cast.world)
    bind_terms(cast.world)


def let_regulators_act(cast: Cast) -> None:
    """Every department draws its budget, follows leads, inspects and pays; cases that are due are decided.

    Reads: rulebook, zones.carried, platforms.
    Writes: departments, cases, platforms (n_inspections, n_visits, visit_cost_cents, fine_cents, burden_cents,
    profit_cents, n_decisions, listed_until, trailing_revenue, order_share), ledger, every balance.
    """
    open_offices(cast.world)
    enforce(cast.world, cast.regulators)


def close_books(cast: Cast) -> None:
    """Check that the money of all parties sums to zero.

    Reads: every balance. Writes: nothing.
    """
    cast.world.ledger.close_week(cast.world.week)


def of_world(phase: Callable[[World], None]) -> Callable[[Cast], None]:
    """A phase of the market as a phase of the week."""

    def act(cast: Cast) -> None:
        phase(cast.world)

    act.__name__, act.__doc__ = phase.__name__, phase.__doc__
    return act


TICK: tuple[Phase, ...] = (
    Phase(open_books, "flows are those of one week"),
    Phase(let_platforms_fail, "last week's profits decide who is still in business"),
    Phase(let_platforms_decide, "terms must be known before merchants decide"),
    Phase(of_world(price_goods), "prices follow the terms in force"),
    Phase(of_world(survey_offers), "entry and listing are judged by what is on offer at these prices"),
    Phase(of_world(enter_and_exit), "only merchants in business can list"),
    Phase(of_world(review_listings), "a listing is judged at the prices asked"),
    Phase(of_world(rank_merchants), "platforms show those who are listed"),
    Phase(of_world(turn_over_workers), "only who has joined can work"),
    Phase(of_world(let_workers_choose_hours), "hours are chosen before orders are known"),
    Phase(of_world(let_consumers_order), "consumers meet this week's prices, menus and expected delays"),
    Phase(of_world(carry_orders), "capacity is known only when all orders are placed"),
    Phase(of_world(settle_money), "only what was carried is paid for"),
    Phase(of_world(collect_taxes), "what was sold is known once it is paid for"),
    Phase(of_world(develop_technology), "grants depend on this week's revenue; apps are better from next week on"),
    Phase(of_world(weigh_surplus), "surplus is valued with the habits that the choices were made with"),
    Phase(of_world(renew_memories), "expectations and habits are updated by the week's outcomes"),
    Phase(of_world(lend_and_collect), "credit is taken and repaid once the week's money is known"),
    Phase(let_regulators_act, "departments inspect what was charged this week"),
    Phase(close_books, "no money may have appeared or vanished"),
)
"""The week. What the model leaves out is listed in docs/model.md."""

"""Whether platforms keep to rules: what a breach earns against what it risks, openly or covertly (Becker 1968)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.agents.size import keep_under
from sim.agents.terms import desired_terms
from sim.enforcement.decisions import OTHERS, fine_of
from sim.enforcement.oversight import infringements_in_force, is_sanctioned, supervision_of
from sim.forecast.conduct import DecisionModel
from sim.market import credit, tax
from sim.parameters import CENTS, ConductParameters, EvasionParameters, Practice
from sim.populations.cases import believed_chance
from sim.rules.hooks import Hook, PracticeTerms, ScopeTerms, SupervisionTerms
from sim.rules.infringements import INFRINGEMENTS, N_INFRINGEMENTS, InfringementType
from sim.rules.rulebook import Coverage, Rule, allowed_by
from sim.rules.sanctions import Sanction, heaviest
from sim.world import Array, World

EIGHTHS = 8.0
"""Breaches come in eighths, so that replicates share their platforms' reasoning."""
SMALLEST_GAIN = 2e-4
"""Part of its revenue that a breach earns a platform at least: a practice that is observed has some value (C-13)."""
GAINS: dict[Hook, Callable[[World], Array]] = {
    Hook.TAX_TERMS: tax.gain_of_breach,
    Hook.CREDIT_TERMS: credit.gain_of_breach,
}
"""Gains of a full breach, cents a week (J), at hooks that the mean-field model does not contain."""


class Compliance:
    """All platforms' choices of how far to break the rules; without a decision model, or set to obey, they comply.

    A full breach earns G a week (objective with it less objective without, in the mean-field model); a partial one
    G (2b - b^2), most at b = 1: without sanctions a practice stays where it is observed. It is sanctioned with the
    believed chance q b a week. So b = 1 - q S / (2 G), between 0 and 1, with S = fine + gain_multiple x G x weeks of
    gain that a decision finds. A covert breach is found less often and does less; platforms choose the better way.
    """

    # The quadratic is there for the two things it gives: its maximum at b = 1 leaves an unregulated market, to the bit,
    # where it is observed, and a marginal gain that falls makes deterrence a matter of degree. With a linear gain
    # platforms would breach fully or not at all.

    def __init__(self, decision_model: DecisionModel | None, conduct: ConductParameters) -> None:
        self.decision_model, self.conduct = decision_model, conduct

    def review(self, world: World) -> None:
        """Every review period, and in the first week of a rule, move part of the way to the breach that pays best.

        Writes: cases (breach, effect, visibility, gained_cents, weeks_seen), platforms.size_premium.
        """
        infringements = infringements_in_force(world)
        cases = world.cases
        if not infringements or self.decision_model is None or self.conduct.obeys or not self.conduct.sees_rules:
            cases.breach[:], world.platforms.size_premium[:] = 0.0, 0.0
            return
        is_new = any(rule.strength(world.week - 1) == 0.0 for rules in infringements.values() for rule in rules)
        gain = self.gains(world, infringements)
        # Breaches are reviewed when prices are; a new rule cannot wait for the next review, or it would be kept, or
        # broken, for some weeks by nobody's choice.
        if is_new or (world.week - 1) % self.conduct.review_weeks == 0:
            self._choose(world, infringements, gain)
            if self.conduct.evasion.size_kept_under:
                keep_under(world, infringements, gain)
        cases.breach[cases.ordered_until >= world.week] = 0.0
        self._remember(world, gain, [p for p, rules in infringements.items() if is_sanctioned(rules, world.week)])

    def gains(self, world: World, infringements: dict[int, list[Rule]]) -> Array:
        """float64 (J, M): what a full breach earns a week, cents."""
        assert self.decision_model is not None
        gains = self.decision_model.gains(world.week, list(infringements), world.platforms.order_share) * (
            CENTS * world.n_zones
        )
        for position in infringements:
            if (reckon := GAINS.get(INFRINGEMENTS[position].hook)) is not None:
                gains[:, position] = reckon(world)
        return np.maximum(gains, SMALLEST_GAIN * world.platforms.trailing_revenue[:, None])

    def _choose(self, world: World, infringements: dict[int, list[Rule]], gain: Array) -> None:
        cases, evasion = world.cases, self.conduct.evasion
        chance = believed_chance(cases).reshape(gain.shape)
        listing = cost_of_a_listing(world, supervision_of(world))
        breach, effect, visibility = (
            values.reshape(gain.shape) for values in (cases.breach, cases.effect, cases.visibility)
        )
        for position, rules in infringements.items():
            sanction = heaviest([rule.sanction for rule in rules])
            fine = standard_fine(world, sanction)[:, position] + listing
            q, earns = chance[:, position], gain[:, position]
            is_asked, ways = who_is_asked(world, rules, INFRINGEMENTS[position]), [(1.0, 1.0)]
            if may_hide(INFRINGEMENTS[position], evasion):
                ways.append((evasion.effect, evasion.visibility))
            wanted, payoff = np.zeros(len(q)), np.full(len(q), -1.0)
            # Open breach first: of two ways that pay alike platforms take the open one.
            for does, seen in ways:
                best = best_breach(does * earns, seen * q, fine, sanction, world.sector.enforcement.limitation_weeks)
                pays = does * earns * best * best
                is_better = is_asked & (pays > payoff)
                wanted, payoff = np.where(is_better, best, wanted), np.where(is_better, pays, payoff)
                effect[is_better, position], visibility[is_better, position] = does, seen
            # Whoever has time to adapt need not comply yet: the breach is at least the part of that time to come.
            time_left = min(rule.time_left(world.week) for rule in rules)
            wanted = np.maximum(wanted, time_left)
            started = all(rule.strength(world.week - 1) == 0.0 for rule in rules)
            # In a rule's first week all the way (C-09): the zero that stands there before is nobody's choice.
            speed = 1.0 if started else self.conduct.compliance_speed
            moved = breach[:, position] + speed * (wanted - breach[:, position])
            breach[:, position] = np.where(is_asked, np.rint(EIGHTHS * moved) / EIGHTHS, 0.0)
        others = [position for position in range(N_INFRINGEMENTS) if position not in infringements]
        breach[:, others] = 0.0

    def _remember(self, world: World, gain: Array, sanctioned: list[int]) -> None:
        """Gains of breaches accumulate until they are sanctioned; weeks of breach inform beliefs about sanctions.

        Weeks in which no breach is sanctioned inform nobody, and gains made in them cannot be taken away.
        """
        cases, is_counted = world.cases, np.zeros(gain.shape)
        is_counted[:, sanctioned] = 1.0
        broken = cases.breach.reshape(gain.shape) * is_counted
        earned = gain.ravel() * (broken.ravel() * cases.effect) * (2.0 - broken.ravel())
        most = gain.ravel() * world.sector.enforcement.limitation_weeks
        cases.gained_cents[:] = np.rint(np.minimum(cases.gained_cents + earned, most))
        others = broken.sum(axis=0) - broken
        cases.weeks_seen += (broken + OTHERS * others).ravel()


def who_is_asked(world: World, rules: list[Rule], infringement: InfringementType) -> Array:
    """Platforms (bool, J) of which rules on this infringement type ask something; nobody else can break them."""
    # Asked is more than bound: a ceiling above what a platform charges asks nothing of it. Were such a platform to
    # choose a breach, it would be inspected, and could be fined, for conduct that the rule allows.
    share, asked = world.platforms.order_share, np.zeros(world.n_platforms, bool)
    scope = desired_terms(world, Hook.SCOPE)
    assert isinstance(scope, ScopeTerms)
    world.rulebook.bind(Hook.SCOPE, scope, world.week, coverage=Coverage(share, None, None))
    for rule in rules:
        desired, coverage = desired_terms(world, infringement.hook), Coverage(share, scope.bound, None)
        owed, row = allowed_by(rule, desired), desired.platform
        moves = np.zeros(len(row), bool)
        for name in desired.changed():
            moves |= getattr(owed, name) != getattr(desired, name)
        if isinstance(desired, PracticeTerms):
            moves &= desired.practice == infringement.practice
        asked |= (np.bincount(row, moves, world.n_platforms) > 0.0) & (np.asarray(coverage.of(rule)) > 0.0)
    return asked


def best_breach(gain: Array, chance: Array, fine: Array, sanction: Sanction, memory: int) -> Array:
    """The breach 1 - q S / (2 G), in [0, 1], with S = fine + gain_multiple x G x min(1 / q, memory).

    Gains that a decision finds have lasted as long as breaches go unfound, but no longer than the state looks back.
    """
    weeks = np.minimum(1.0 / np.maximum(chance, 1e-12), memory)
    expected = chance * (fine + sanction.gain_multiple * gain * weeks)
    return np.minimum(np.maximum(1.0 - expected / (2.0 * np.maximum(gain, 1e-9)), 0.0), 1.0)


def cost_of_a_listing(world: World, supervision: SupervisionTerms) -> Array:
    """Revenue that each platform (J) expects to lose while it is publicly listed, cents; 0 before the last strike.

    weeks x a x stigma x revenue: a fall of an order's value by s lowers the log of orders by about a s.
    """
    platforms, weeks = world.platforms, float(supervision.listing_weeks.max(initial=0.0))
    lost = world.sector.consumers.price_sensitivity * float(supervision.stigma.max(initial=0.0))
    lost = min(lost * world.sector.usual_order_value, 1.0)
    is_last = platforms.n_decisions + 1 >= supervision.strikes.max(initial=0.0)
    return np.where(is_last, weeks * lost * platforms.trailing_revenue, 0.0)


def standard_fine(world: World, sanction: Sanction) -> Array:
    """Part of the fine of a decision (J, M) that does not depend on gains, cents."""
    plain = Sanction(sanction.revenue_share, sanction.severity, sanction.revenue_cap, sanction.fixed)
    return fine_of(world, plain).reshape(world.n_platforms, N_INFRINGEMENTS).astype(np.float64)


def may_hide(infringement: InfringementType, evasion: EvasionParameters) -> bool:
    """Whether there is a covert way to commit this infringement."""
    if infringement.hook is Hook.MERCHANT_TERMS:
        return evasion.relabelled_fee
    if infringement.practice is Practice.EXCLUSIVITY:
        return evasion.covert_exclusivity
    return evasion.reclassified_workers and infringement.practice is Practice.BOGUS_SELF_EMPLOYMENT

"""Parameters of platforms' conduct: how they choose their decision variables, and how they learn by trial."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated, Literal

from sim.parameters.declared import Param, parameters

Rate = Annotated[float, Param("alpha, weight of what is new", "share", 0.0, 1.0, "Calvano et al. 2020")]
Decay = Annotated[float, Param("beta, fall of the chance of trying", "1/period", 0.0, 1.0, "Calvano et al. 2020")]
Discount = Annotated[float, Param("delta, discount factor of a period", "share", 0.0, 0.9999, "Calvano et al. 2020")]
Level = Annotated[int, Param("level, counted from 1, the lowest", "level", 1, 1000)]


@parameters
class LearningParameters:
    """How players learn by trial; defaults: the representative experiment of Calvano et al. (2020).

    Where a list is allowed it has one number for each player.
    """

    learning_rate: Rate | list[Rate] = 0.15
    exploration_decay: Decay | list[Decay] = 4e-6
    first_exploration: Annotated[float, Param("chance of trying in the first period", "share", 0.0, 1.0)] = 1.0
    discount: Discount | list[Discount] = 0.95
    memory: Annotated[int, Param("periods that players remember", "periods", 0, 3, "Calvano et al. 2020")] = 1
    start: Literal["random_rivals", "fixed_rivals", "grim_trigger", "random", "constant"] = "random_rivals"
    """First values: profits against rivals who charge at random; if all, oneself included, stay at a level; if all
    punish who leaves a level; random numbers within bounds; or one number."""
    start_levels: list[Level] = field(default_factory=list)
    """For fixed rivals: the level; for the grim trigger: the level kept, and that of punishment."""
    start_value: list[Annotated[float, Param("discounted value", "currency", -1e6, 1e6)]] = field(default_factory=list)
    """For random values: the bounds; for a constant: the number."""
    patience: Annotated[int, Param("periods without a change after which play has settled", "periods", 1, 10**8)] = (
        100_000
    )
    most_periods: Annotated[int, Param("periods after which a session is given up", "periods", 1, 4 * 10**9)] = (
        1_250_000_000
    )


@parameters
class CommissionLevels:
    """What platforms that learn by trial choose among: points added to all their commissions."""

    lowest: Annotated[float, Param("least added", "share of goods value", -0.5, 0.0, "assumption C-06")] = -0.03
    highest: Annotated[float, Param("most added", "share of goods value", 0.01, 0.5, "assumption C-06")] = 0.21
    n_levels: Annotated[int, Param("levels, equally far apart", "levels", 2, 25, "assumption C-06")] = 9


@parameters
class EvasionParameters:
    """Ways to evade a rule, each of which can be switched off; a covert breach is found less often and earns less."""

    relabelled_fee: bool = True
    """A capped commission comes back under another name."""
    covert_exclusivity: bool = True
    """Merchants are kept to one platform by hints instead of clauses."""
    reclassified_workers: bool = True
    """Workers whom a rule protects are moved to subcontractors whom it does not."""
    size_kept_under: bool = True
    """A platform near a size threshold grows no further."""
    visibility: Annotated[
        float, Param("chance that a covert breach is found, over an open one's", "share", 0.0, 1.0, "assumption C-10")
    ] = 0.3
    effect: Annotated[
        float, Param("effect of a covert breach, over an open one's", "share", 0.0, 1.0, "assumption C-11")
    ] = 0.7


NEVER_ANSWERS = "fixed"
"""The strategy that keeps all decision variables fixed."""


@parameters
class ConductParameters:
    """How platforms choose their decision variables."""

    strategy: str
    review_weeks: Annotated[int, Param("weeks between two reviews", "weeks", 1, 52, "assumption C-03")] = 4
    value_curvature: Annotated[
        float,
        Param("fall of the shadow value of an order with orders", "elasticity", 0.0, 2.0, "assumption C-01"),
    ] = 1.0
    adjustment_cost: Annotated[
        float,
        Param(
            "adjustment cost of leaving home by all that is sold, over sales",
            "ratio",
            0.0,
            10.0,
            "assumption C-02, to be swept from 1 to 4",
        ),
    ] = 2.0
    starting_ratio: Annotated[
        float, Param("prices at the start over those of the sector file", "ratio", 0.5, 1.5, "experiment")
    ] = 1.0
    sees_rules: bool = True
    """Whether platforms take rules into account when they choose; if not, rules bind them and they do not answer."""
    obeys: bool = False
    """Whether platforms comply with every rule whatever it costs; if not, they weigh a breach's gain against its risk.
    Platforms with fixed decision variables, or that do not take rules into account, comply."""
    first_belief: Annotated[
        float,
        Param(
            "chance a week of being sanctioned for a full breach, before any is seen",
            "per week",
            0.0,
            1.0,
            "assumption C-07, to be swept from 0.002 to 0.1",
        ),
    ] = 0.01
    belief_weeks: Annotated[
        float,
        Param(
            "weeks of a full breach that weigh as much as the first belief",
            "weeks",
            1.0,
            520.0,
            "assumption C-08, to be swept from 8 to 104",
        ),
    ] = 26.0
    compliance_speed: Annotated[
        float,
        Param("part of the way to the desired breach in one review", "share", 0.05, 1.0, "assumption C-09"),
    ] = 0.5
    evasion: EvasionParameters = field(default_factory=EvasionParameters)
    learning: LearningParameters = field(default_factory=LearningParameters)
    levels: CommissionLevels = field(default_factory=CommissionLevels)

    @property
    def may_answer(self) -> bool:
        """Whether the strategy ever changes decision variables."""
        return self.strategy != NEVER_ANSWERS

    @property
    def answers_rules(self) -> bool:
        """Whether platforms do anything about the rules."""
        return self.may_answer and self.sees_rules

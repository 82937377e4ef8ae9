"""Numbers of platforms' conduct: how they choose levers, and how they learn by trial."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated, Literal

from sim.parameters.declared import Param, numbers

Rate = Annotated[float, Param("alpha, weight of what is new", "share", 0.0, 1.0, "Calvano et al. 2020")]
Decay = Annotated[float, Param("beta, fall of the chance of trying", "1/period", 0.0, 1.0, "Calvano et al. 2020")]
Discount = Annotated[float, Param("delta, worth of the next period", "share", 0.0, 0.9999, "Calvano et al. 2020")]
Level = Annotated[int, Param("level, counted from 1, the lowest", "level", 1, 1000)]


@numbers
class LearningParameters:
    """How players learn by trial; defaults: the representative experiment of Calvano et al. (2020).

    Where a list is allowed it has a number a player.
    """

    learning_rate: Rate | list[Rate] = 0.15
    exploration_decay: Decay | list[Decay] = 4e-6
    first_exploration: Annotated[float, Param("chance of trying in the first period", "share", 0.0, 1.0)] = 1.0
    discount: Discount | list[Discount] = 0.95
    memory: Annotated[int, Param("periods that players remember", "periods", 0, 3, "Calvano et al. 2020")] = 1
    start: Literal["random_rivals", "fixed_rivals", "grim_trigger", "random", "constant"] = "random_rivals"
    """What players think to know at first: profits against rivals who charge at random; against all, oneself included,
    staying at a level; against all punishing who leaves a level; anything within bounds; or one number."""
    start_levels: list[Level] = field(default_factory=list)
    """Of fixed rivals: the level; of the grim trigger: the level kept, and that of punishment."""
    start_worth: list[Annotated[float, Param("worth, discounted", "currency", -1e6, 1e6)]] = field(default_factory=list)
    """Of anything: the bounds; of a constant: the number."""
    patience: Annotated[int, Param("periods without a change after which play has settled", "periods", 1, 10**8)] = (
        100_000
    )
    most_periods: Annotated[int, Param("periods after which a session is given up", "periods", 1, 4 * 10**9)] = (
        1_250_000_000
    )


@numbers
class CommissionLevels:
    """Among what platforms that learn by trial choose: points added to all their commissions."""

    lowest: Annotated[float, Param("least added", "share of goods value", -0.5, 0.0, "assumption C-06")] = -0.03
    highest: Annotated[float, Param("most added", "share of goods value", 0.01, 0.5, "assumption C-06")] = 0.21
    n_levels: Annotated[int, Param("levels, equally far apart", "levels", 2, 25, "assumption C-06")] = 9


@numbers
class ConductParameters:
    """How platforms choose levers."""

    strategy: str
    review_weeks: Annotated[int, Param("weeks between two reviews of levers", "weeks", 1, 52, "assumption C-03")] = 4
    value_curvature: Annotated[
        float,
        Param("fall of the shadow value of an order with orders", "elasticity", 0.0, 2.0, "assumption C-01"),
    ] = 1.0
    lever_stiffness: Annotated[
        float,
        Param(
            "cost of levers away from home by all that is sold, against sales", "ratio", 0.0, 10.0,
            "assumption C-02, to be swept from 1 to 4",
        ),
    ] = 2.0  # fmt: skip
    first_levers: Annotated[
        float, Param("levers at the start against those of the sector file", "ratio", 0.5, 1.5, "experiment")
    ] = 1.0
    sees_rules: bool = True
    """Whether platforms know of the rules when they choose; if not, rules bind them and they do not answer."""
    learning: LearningParameters = field(default_factory=LearningParameters)
    levels: CommissionLevels = field(default_factory=CommissionLevels)

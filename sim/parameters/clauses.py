"""Numbers of what platforms' contracts ask of merchants' prices."""

from __future__ import annotations

from typing import Annotated, Literal

from sim.parameters.declared import Param, parameters


@parameters
class ClauseParameters:
    """Price-parity clauses in every merchant's contract with every platform; none where nothing else is said.

    A parameter of the market, not a rule: a market with clauses is compared with the same market without. The
    mean-field model does not contain them, so that clauses go with `platforms=fixed`.
    """

    parity: Literal["none", "narrow", "wide"] = "none"
    """wide: no lower price anywhere else, on platforms or directly; narrow: no lower price in direct sales."""
    direct_weight: Annotated[
        float,
        Param(
            "weight of a direct sale against one on a platform where a clause ties the two prices",
            "ratio",
            0.0,
            1.0,
            "assumption I-130, to be swept from 0 to 1: at 0 direct buyers do not respond to it, as in this model",
        ),
    ] = 0.0

"""What a verb refuses to be asked."""

from __future__ import annotations

from experiments.request.request import Request
from experiments.request.snapshot_options import KEYS
from sim.errors import Problem, RefusedScenario

COMPARE = "platform-lab compare"


def refuse_sweep(request: Request, verb: str) -> None:
    """A verb for one scenario refuses several values."""
    if len(request.scenarios) > 1:
        axes = ", ".join(f"{key} has {len(values)} values" for key, values in request.levers.items())
        raise RefusedScenario(
            [
                Problem(
                    f"{verb} of {len(request.scenarios)} scenarios",
                    axes,
                    "one value for each key",
                    "use platform-lab sweep, or name one value",
                )
            ]
        )


def refuse_replicates(request: Request, verb: str) -> None:
    """A verb that runs a scenario once refuses a number of replicates."""
    if "replicates" in request.held and request.asking.replicates != 1:
        asked, why = f"{verb} replicates={request.asking.replicates}", "it runs one scenario once, with one seed"
        todo = f"leave it out, choose another seed, or use {COMPARE} policy=... for paired replicates"
        raise RefusedScenario([Problem(asked, why, "one run", todo)])


def refuse_rules(request: Request, verb: str) -> None:
    """A verb about the observed market, in which none of the rules was in force, refuses them."""
    if found := [name for scenario in request.scenarios for name in scenario.policy]:
        why = "the moments were observed in a market without these rules"
        problem = Problem(f"{verb} with policy={','.join(found)}", why, "no rule", "leave policy= out")
        raise RefusedScenario([problem])


def refuse_preview(request: Request, verb: str) -> None:
    """Only a comparison has a preview."""
    if request.asking.preview or "preview" in request.levers:
        why = "the mean-field model forecasts the effects of one policy at a time"
        todo = f"leave it out, or use {COMPARE}"
        raise RefusedScenario([Problem(f"{verb} with preview=true", why, COMPARE, todo)])


def refuse_snapshots(request: Request, verb: str) -> None:
    """Snapshots are for single runs."""
    if request.snapshots:
        asked, why = f"{verb} with {' and '.join(KEYS)}", f"{verb} shares the past of its runs automatically"
        raise RefusedScenario([Problem(asked, why, "platform-lab run", "leave them out, or use platform-lab run")])

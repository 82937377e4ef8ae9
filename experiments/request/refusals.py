"""What a verb refuses to be asked."""

from __future__ import annotations

from experiments.request.request import Request
from experiments.request.snapshot_options import KEYS
from sim.errors import Problem, RefusedScenario

COMPARE = "platform-lab compare"


def refuse_sweep(request: Request, verb: str) -> None:
    """A verb that looks at one scenario refuses several values."""
    if len(request.scenarios) > 1:
        axes = ", ".join(f"{key} has {len(values)} values" for key, values in request.levers.items())
        raise RefusedScenario(
            [
                Problem(
                    f"{verb} of {len(request.scenarios)} scenarios",
                    axes,
                    "one value a key",
                    "use platform-lab sweep, or name one value",
                )
            ]
        )


def refuse_preview(request: Request, verb: str) -> None:
    """Only a comparison has a preview."""
    if request.asking.preview or "preview" in request.levers:
        why, todo = "averages answer what a policy does, one policy at a time", f"leave it out, or use {COMPARE}"
        raise RefusedScenario([Problem(f"{verb} with preview=true", why, COMPARE, todo)])


def refuse_snapshots(request: Request, verb: str) -> None:
    """Snapshots are a matter of single runs."""
    if request.snapshots:
        asked, why = f"{verb} with {' and '.join(KEYS)}", f"{verb} keeps and shares the pasts of its runs by itself"
        raise RefusedScenario([Problem(asked, why, "platform-lab run", "leave them out, or use platform-lab run")])

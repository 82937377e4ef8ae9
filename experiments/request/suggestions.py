"""Commands to go on with, made from the request: the same market, folder and values, so that they ask what they say."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from experiments.request.parameters import parameter
from experiments.request.request import Request
from sim.policy.instrument import PENALTIES, TIMING

PROGRAM = "platform-lab"
NOT_CARRIED = ("preview", "precision", "most_replicates", "snapshot_week", "from_snapshot", "name", "title", "question")
"""What belongs to one question and not to the next."""
AROUND = (1.25, 1.0, 0.75)
"""Values to try, as multiples of the one that was asked."""


def program() -> str:
    """How the laboratory is called here: by name where the shell finds it, else by its path."""
    here = Path(sys.argv[0])
    if shutil.which(PROGRAM) or here.name != PROGRAM:
        return PROGRAM
    return str(here.relative_to(Path.cwd())) if here.is_relative_to(Path.cwd()) else str(here)


def command(verb: str, request: Request, *more: str, without: Iterable[str] = ()) -> str:
    """A command line that a shell takes: the request's own words, but for the keys left out, and some more."""
    out = {*NOT_CARRIED, *without, *(word.split("=", 1)[0] for word in more)}
    kept = [word for word in request.words if word.split("=", 1)[0] not in out]
    return shlex.join([program(), verb, *kept, *more])


def with_a_policy(request: Request) -> str:
    """After a run without a rule: the same market with one, compared."""
    rule = next(iter(request.scenarios[0].policy), "commission_cap")
    return command("compare", request, *([] if request.scenarios[0].policy else [f"policy={rule}"]), without=["seed"])


def other_values(request: Request) -> str:
    """After a comparison: a sweep over the first number of its first rule that may vary."""
    for name, rule in request.scenarios[0].policy.items():
        for key in rule.parameters():
            about = parameter(f"policy.{name}.{key}")
            if about.is_number and key not in (*PENALTIES, *TIMING) and (values := _around(getattr(rule, key), about)):
                return command("sweep", request, f"{about.key}={','.join(values)}")
    return command("sweep", request, f"seed={','.join(str(request.scenarios[0].seed + i) for i in range(3))}")


def one_point(request: Request) -> str:
    """After a sweep: its first point, compared in full."""
    point = {key: value for key, value in request.points[0].items() if key != "seed"}
    return command("compare", request, *(f"{key}={_word(value)}" for key, value in point.items()), without=["design"])


def _around(value: Any, about: Any) -> list[str]:
    """A few values around one, inside the range that is allowed; none where they would be the same."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not value:
        return []
    found = [min(max(value * share, about.low), about.high) for share in AROUND]
    return list(dict.fromkeys(f"{round(v) if isinstance(value, int) else float(f'{v:.2g}'):g}" for v in found))[:3]


def _word(value: Any) -> str:
    return f"[{','.join(map(_word, value))}]" if isinstance(value, list) else "null" if value is None else str(value)

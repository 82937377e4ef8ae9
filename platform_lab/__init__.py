"""An agent-based laboratory for platform-economy policy, from Python.

    import platform_lab as lab

    answer = lab.compare(policy={"commission_cap": {"ceiling": 0.10}}, population="town", replicates=8)
    answer.effects                  # a row a measure: without, with, difference, 95% interval
    answer.findings                 # what it comes to, in sentences
    answer.figure("who_gains")      # a plotly figure
    answer.report()                 # one HTML page that opens offline

Functions are called as the verbs of the command line are, and take the same words: `population="town"` is
`population=town`, `policy={"commission_cap": {"ceiling": 0.1}}` is `policy=[commission_cap]
policy.commission_cap.ceiling=0.1`, and any other key may stand in `overrides=["key=value"]` as it would be typed.
Results lie in the same folders (`outputs/`, or `PLATFORM_LAB_OUTPUTS`), and the same question is never computed twice.

What cannot be is refused before anything runs: `RefusedScenario`, with every problem, what is allowed and what to do.
Nothing is printed on standard output; progress goes to standard error, unless `quiet=True`.

Importing this package loads nothing heavy; pandas, Mesa and the economy are loaded by the first call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from platform_lab.lists import list_of as list
from platform_lab.questions import calibrate, compare, run, sweep, validate
from platform_lab.results import load, query, report
from sim.errors import PlatformLabError, Problem, RefusedScenario

if TYPE_CHECKING:
    from platform_lab.models import Model, model

    __version__: str

__all__ = [
    "Model",
    "PlatformLabError",
    "Problem",
    "RefusedScenario",
    "__version__",
    "calibrate",
    "compare",
    "list",
    "load",
    "model",
    "query",
    "report",
    "run",
    "sweep",
    "validate",
]


def __getattr__(name: str) -> object:
    """What takes long to load, or to look up: on the first use."""
    if name in ("Model", "model"):
        from platform_lab import models

        return getattr(models, name)
    if name == "__version__":
        from experiments.request import options

        return options.version()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> object:
    return __all__

"""A question as plain values: scenarios, how often and how they are run, and what is varied."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import pydantic

from experiments.request import snapshot_options
from experiments.request.designs import Design, Point, Range
from sim.parameters import Param, parameters
from sim.scenario import Scenario

AXES = {"levers": "lever", "uncertainties": "uncertainty"}
"""Groups of swept keys in a file, and what a key in them is."""
SEEDS_PER_DRAW = 2
"""Smallest number with which chance can be separated from assumptions."""


@parameters
class Runner:
    """How a request is carried out; never part of a result."""

    n_workers: Annotated[int, Param("processes", "processes", 1, 1024)] | None = None
    n_threads: Annotated[int, Param("threads of one process", "threads", 1, 256)] = 1
    kernels: Literal["auto", "compiled", "plain"] = "auto"
    kind: Literal["local", "cluster"] = "local"
    address: str | None = None
    """Of a Dask scheduler, whose workers see the same output folder; without one, a cluster of processes here."""
    n_tries: Annotated[int, Param("attempts before a run that kills its process is given up", "times", 2, 10)] = 2
    shard: Annotated[str, pydantic.Field(pattern=r"^[1-9]\d*/[1-9]\d*$")] | None = None
    """Which part of the runs is done here, such as 3/8; the others are done by other calls."""


@parameters
class Uncertainty:
    """What varies besides chance: assumptions, drawn by every replicate, or platforms' strategies, each in turn."""

    over: Literal["nothing", "assumptions", "strategies"]
    assumptions: list[str] | None = None
    """Names of those that are drawn, `price_speed`; all of the sector where none is named."""
    strategies: list[str] | None = None
    seeds_per_draw: Annotated[int, Param("runs of every draw, each with its own seed", "seeds", 1, 1000)] | None = None

    @property
    def seeds(self) -> int:
        """Seeds with which every draw of the assumptions is run; one where none is drawn."""
        return (self.seeds_per_draw or SEEDS_PER_DRAW) if self.over == "assumptions" else 1


@parameters
class Asking:
    """What a request says besides its scenario."""

    replicates: Annotated[int, Param("paired replicates", "runs", 1, 100_000)]
    runner: Runner
    uncertainty: Uncertainty
    design: Design
    name: str | None = None
    title: str | None = None
    question: str | None = None
    outcomes: list[str] | None = None
    agents: bool | None = None
    preview: bool = False
    intervals: Literal["t", "bootstrap"] = "t"
    precision: Any = None
    """What `experiments.results.stopping` reads: half-widths by metric, or one share."""
    most_replicates: Annotated[int, Param("paired replicates at most, with precision", "runs", 1, 100_000)] = 256

    @property
    def n_pairs(self) -> int:
        """Pairs of runs of one scenario: one a replicate, or several with the seeds of every draw."""
        return self.replicates * self.uncertainty.seeds


@dataclass(frozen=True)
class Request:
    """One question: scenarios to simulate, how often and how."""

    asking: Asking
    scenarios: list[Scenario]
    levers: dict[str, list[Any]]
    """Swept keys and the values that they take, in the order asked."""
    points: list[Point]
    """Value of every swept key, one entry a scenario."""
    axes: dict[str, list[Any] | Range] = field(default_factory=dict)
    """Swept keys as asked: values, or a range that the design fills."""
    roles: dict[str, str] = field(default_factory=dict)
    """Whether a swept key is a lever, which a policy maker sets, or an uncertainty."""
    config: dict[str, Any] = field(default_factory=dict)
    """The configuration as resolved."""
    words: list[str] = field(default_factory=list)
    """What was typed after the verb."""
    held: tuple[str, ...] = ()
    """Values that the request sets or sweeps itself."""
    snapshots: snapshot_options.SnapshotOptions = field(default_factory=snapshot_options.SnapshotOptions)
    policy: str = ""
    """What was chosen of the policy group where it is not swept, as typed."""

    notes: tuple[str, ...] = ()
    """What the user must know of how the request was read, a sentence each."""

    @property
    def plain(self) -> dict[str, Any]:
        """The configuration from which the same can be asked for again; how it is carried out is not part of it."""
        axes = {key: axis.plain() if isinstance(axis, Range) else axis for key, axis in self.axes.items()}
        named = {group: {k: axes[k] for k in axes if self.roles[k] == role} for group, role in AXES.items()}
        return {key: value for key, value in self.config.items() if key != "runner"} | named

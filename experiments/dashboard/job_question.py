"""What a background job is asked: words that are looked at once more, and a comparison no larger than allowed."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from experiments.dashboard.questions import ask
from experiments.request import labels, naming, strategies
from experiments.request.composition import SCENARIO_KEYS
from experiments.request.request import Request
from experiments.results import planning, stopping
from experiments.running import plan
from experiments.running.plan import Point
from experiments.storage import run_store
from sim.errors import Problem, RefusedScenario

KEYS = (*SCENARIO_KEYS, "replicates", "intervals", "outcomes", "uncertainty")
"""What a question of the dashboard says; who runs it where, and what is read, is not for a page to say."""
WORD = re.compile(rf"(?:{'|'.join(KEYS)})(?:\.[A-Za-z0-9_]+)*=.+")
MOST_WORDS, LONGEST = 200, 4_000
"""Words of a question, and characters of one."""
ON_THE_COMMAND_LINE = "ask it on the command line: platform-lab compare"


@dataclass(frozen=True)
class Limits:
    """How much may be asked: of one question, of one owner, and of all."""

    running: int = 1
    """Jobs at once."""
    waiting: int = 12
    """Jobs that wait, of all owners."""
    waiting_of_owner: int = 3
    replicates: int = 64
    consumer_weeks: int = 1_000_000_000
    """Consumers times weeks times runs of one question: most of an hour on two cores."""
    kept: int = 6
    """Finished jobs that are remembered of one owner."""
    kept_of_all: int = 200
    runner: tuple[str, ...] = ()
    """How jobs are carried out, said by whoever starts the dashboard: overrides such as `runner.n_workers=1`."""
    grace: float = 15.0
    """Seconds that a job that is stopped has to end by itself."""


@dataclass(frozen=True)
class Question:
    """A comparison that may be run, and where its answer will lie."""

    words: list[str]
    request: Request
    point: Point

    @functools.cached_property
    def pairs(self) -> list[tuple[str, ...]]:
        """Names of the runs of every pair, in the order of replicates; as `_points.SIDES`."""
        return [tuple(run_store.run_name(run) for run in pair.runs) for pair in self.point.pairs]

    @functools.cached_property
    def runs(self) -> frozenset[str]:
        """Names of all runs."""
        return frozenset(name for pair in self.pairs for name in pair)

    @property
    def title(self) -> str:
        """What it is called."""
        return self.request.asking.title or labels.default_title(self.request)

    @property
    def label(self) -> str:
        """Its rules with their values."""
        return self.point.label

    @property
    def has_agents(self) -> bool:
        """Whether agents' outcomes are kept, so that a run without them is no finished one."""
        return planning.keeps_agents(self.request, len(self.runs))

    @functools.cached_property
    def folder(self) -> Path:
        """Where its answer lies when it is done."""
        digest = planning.digest_of(self.runs, stopping.asked_besides(self.request))
        return planning.folder_of("compare", self.request, digest)


def question_of(words: list[str], limits: Limits) -> Question:
    """The question that validated overrides ask; raises `RefusedScenario` for what is none, or too much."""
    _refuse_strange(words)
    request = ask(words)
    _refuse_other_questions(request)
    planning.refuse_conflicts("compare", request)
    _refuse_more_than_allowed(request, limits)
    (point,) = plan.of_request(request)
    return Question(list(words), request, point)


def _refuse_strange(words: list[str]) -> None:
    """Whoever passes words on has looked at them; an option or a command among them would be a fault of ours."""
    allowed = ", ".join(f"{key}=..." for key in KEYS)
    problems = [
        Problem(naming.shown(word), "a page may not say this", allowed, "leave it out")
        for word in words
        if len(word) > LONGEST or not WORD.fullmatch(word) or naming.has_controls(word) or "${" in word
    ]
    if len(words) > MOST_WORDS:
        asked, todo = f"a question of {len(words)} words", "say less"
        problems.append(Problem(asked, "it is too long", f"at most {MOST_WORDS} words", todo))
    if problems:
        raise RefusedScenario(problems[:5])


def _refuse_other_questions(request: Request) -> None:
    found = []
    if request.axes or len(request.scenarios) > 1:
        asked = f"several values of {', '.join(request.axes)}"
        todo = "choose one value, or use the command line: platform-lab sweep"
        found.append(Problem(asked, "agents are asked one question at a time here", "one value of every key", todo))
    over = request.asking.uncertainty.over
    if over != "nothing":
        why = "it takes many times the runs"
        found.append(Problem(f"uncertainty={over}", why, "uncertainty=nothing", ON_THE_COMMAND_LINE))
    learners = {s.platforms.strategy for s in request.scenarios} & set(strategies.LEARNERS)
    if learners:
        asked, why = f"platforms={', '.join(sorted(learners))}", "platforms that learn have to be taught first"
        found.append(Problem(asked, why, "platforms that need no teaching", ON_THE_COMMAND_LINE))
    if found:
        raise RefusedScenario(found)


def _refuse_more_than_allowed(request: Request, limits: Limits) -> None:
    scenario, n = request.scenarios[0], request.asking.replicates
    found = []
    if n > limits.replicates:
        allowed, todo = f"at most {limits.replicates} replicates", f"set replicates={limits.replicates} or fewer"
        found.append(Problem(f"replicates={n}", "it would keep others waiting", allowed, todo))
    n_runs = n * len(plan.pair(scenario, scenario.seed, 0).runs)
    n_consumers, n_weeks = scenario.population.n_consumers, scenario.horizon.n_weeks
    weeks = n_runs * n_consumers * n_weeks
    if weeks > limits.consumer_weeks:
        asked = f"{n_runs:,} runs of {n_consumers:,} consumers and {n_weeks} weeks"
        why = f"these are {weeks:,} weeks of consumers, and would keep others waiting"
        todo = f"ask for fewer replicates or a smaller market, or {ON_THE_COMMAND_LINE}"
        found.append(Problem(asked, why, f"at most {limits.consumer_weeks:,} weeks of consumers", todo))
    if found:
        raise RefusedScenario(found)

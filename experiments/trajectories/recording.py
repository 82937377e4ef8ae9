"""Every agent's weeks in one pair of runs, without the policy and with it: run again, recorded, and kept in one file.

    python -m experiments.trajectories.recording outputs/compare/commission_cap-town-0123456789 0
    python -m experiments.trajectories.recording outputs/sweep/commission_cap_heights-0123456789 3 2

The last number is the point of a sweep. Runs keep weekly sums only; but they are reproducible to the bit, so the weeks
of each agent are recorded by running a pair again. Lines `12/182 weeks` show the progress, the last one the path of the
file. The file is named after the two runs and found when it is needed again. `analysis.statistics.agents` reads it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.statistics.agents import SIDES, UnreadableAgentWeeks
from experiments.request import build
from experiments.running import plan
from experiments.storage import places, run_store, writing
from experiments.storage.agent_weeks import FORMAT, AgentWeeksFile
from experiments.storage.results import load_result
from experiments.trajectories.watching import Watch, table_of
from sim.errors import PlatformLabError, Problem
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

BYTES_A_WEEK = 180
"""Of memory, for one agent's week in one world, while a file is put together; measured on a town."""
MOST_BYTES = 1_000_000_000
"""A town of two and a half years takes half of it."""


class RefusedAgentWeeks(PlatformLabError):
    """A pair whose agents cannot be recorded."""

    def __init__(self, asked: str, why: str, allowed: str, todo: str) -> None:
        super().__init__(str(Problem(asked, why, allowed, todo)))


def path_of(baseline: str, with_policy: str) -> Path:
    """File of the agents of two runs, by the runs' names."""
    name = hashlib.sha256(f"people {FORMAT} {baseline} {with_policy}".encode()).hexdigest()[:24]
    return places.output_folder() / "people" / f"{name}.parquet"


def kept(folder: str | Path, replicate: int, point: int = 0) -> Path | None:
    """The file of a pair of a result, if it has been made; raises `RefusedAgentWeeks` where there is no such pair."""
    names = _names_of(Path(folder), replicate, point)
    path = path_of(names["without"], names["with"])
    return path if _is_whole(path) else None


def bytes_needed(scenario: Scenario) -> int:
    """Memory that recording a pair takes, about."""
    sector, population = scenario.sector, scenario.population
    around = sector.merchants.n_per_zone + sector.workers.n_per_zone
    people = population.n_consumers + population.n_zones * around
    return len(SIDES) * people * scenario.horizon.n_weeks * BYTES_A_WEEK


def record(
    folder: str | Path, replicate: int, point: int = 0, say: Callable[[int, int], None] = lambda done, n: None
) -> Path:
    """Run a pair of a result again and keep every agent's weeks; `say` is called with the weeks done and all weeks.

    Raises `RefusedAgentWeeks` for a pair that the result does not have, that other code has made, or that is too large.
    """
    folder = Path(folder)
    names = _names_of(folder, replicate, point)
    path = path_of(names["without"], names["with"])
    if _is_whole(path):
        return path
    pair = _pair(folder, replicate, point, names)
    _refuse_large(pair.with_policy)
    writing.write_whole(path, _watched(pair, names, say))
    return path


def _is_whole(path: Path) -> bool:
    """Whether the file is there and can be read; a damaged one is made again."""
    if not path.is_file():
        return False
    try:
        return AgentWeeksFile(path).about["format"] == FORMAT
    except UnreadableAgentWeeks:
        return False


def _names_of(folder: Path, replicate: int, point: int) -> dict[str, str]:
    """Names of the runs of one replicate by side, under the strategy of the headline."""
    load_result(folder)  # says what is wrong with a folder that holds no result
    listed = _runs_of(folder)
    here = listed[listed["scenario"] == point]
    here = here[(here["strategy"] == here["strategy"].iloc[0])] if len(here) else here
    mine = here[here["replicate"] == replicate]
    if mine.empty:
        n, points = here["replicate"].nunique(), listed["scenario"].nunique()
        has = f"points 0 to {points - 1}" + (f" and {n} replicates, counted from 0" if n else "")
        raise RefusedAgentWeeks(
            f"replicate {replicate} of point {point} of {folder}", "there is none", has, "name another"
        )
    return {side: str(mine[mine["side"] == side]["run"].iloc[0]) for side in SIDES}


def _runs_of(folder: Path) -> pd.DataFrame:
    import pandas as pd

    path = folder / "runs.parquet"
    if not path.is_file():
        why, todo = "it does not list the runs it was made of", "make the result again"
        raise RefusedAgentWeeks(f"the agents of {folder}", why, "a folder with runs.parquet", todo)
    return pd.read_parquet(path)


def _pair(folder: Path, replicate: int, point: int, names: dict[str, str]) -> plan.Pair:
    """The pair as the result's own configuration has it; refused unless it has the names of the runs that were made."""
    request = build.ask([f"config='{folder / 'config.yaml'}'"])
    n = max(request.asking.replicates, replicate // request.asking.uncertainty.seeds + 1)
    if request.asking.precision is not None:  # a comparison that went on until it was precise has more than it began
        request = dataclasses.replace(request, asking=dataclasses.replace(request.asking, replicates=n))
    made = next(p for p in plan.of_request(request) if p.place == point and p.is_main)
    pair = next((pair for pair in made.pairs if pair.replicate == replicate), None)
    if pair is None or (run_store.run_name(pair.baseline), run_store.run_name(pair.with_policy)) != (
        names["without"],
        names["with"],
    ):
        raise RefusedAgentWeeks(
            f"the agents of replicate {replicate} of {folder}",
            "the result was made by another version of the code, whose runs this version would not reproduce",
            "results of this version of the code",
            f"make it again: platform-lab {folder.parent.name} config={folder / 'config.yaml'}",
        )
    return pair


def _refuse_large(scenario: Scenario) -> None:
    need, n = bytes_needed(scenario), scenario.population.n_consumers
    if need > MOST_BYTES:
        most = int(n * MOST_BYTES / need)
        raise RefusedAgentWeeks(
            f"every agent's weeks among {n:,} consumers over {scenario.horizon.n_weeks} weeks",
            f"they would take about {need / 1e6:,.0f} MB of memory, and the limit is {MOST_BYTES / 1e6:,.0f} MB",
            f"up to about {most:,} consumers over as many weeks",
            "make the same comparison for population=town and record its agents",
        )


def _watched(pair: plan.Pair, names: dict[str, str], say: Callable[[int, int], None]) -> bytes:
    """Both worlds run side by side from the past that they share; the content of the file."""
    from sim.model import PlatformEconomy

    first, n_weeks, done = pair.with_policy.first_policy_week, pair.with_policy.horizon.n_weeks, 0
    n_all = (first - 1) + len(SIDES) * (n_weeks - first + 1)
    say(0, n_all)
    trunk = PlatformEconomy(pair.baseline)
    shared = Watch(trunk.world)
    while trunk.world.week < first - 1:
        trunk.step()
        shared.watch(trunk.world)
        say(done := done + 1, n_all)
    past, watches = trunk.snapshot(), {}
    for side, run in zip(SIDES, (pair.baseline, pair.with_policy), strict=True):
        model = trunk if side == "without" else PlatformEconomy.resume(past, run)
        watch = shared.branch(model.world)
        while not model.is_over:
            model.step()
            watch.watch(model.world)
            say(done := done + 1, n_all)
        _refuse_other_weeks(names[side], model)
        watches[side] = watch, model
    text = {
        "format": FORMAT,
        "runs": names,
        "seed": pair.with_policy.seed,
        "currency": pair.with_policy.sector.currency,
    }
    text |= {"sector": pair.with_policy.sector.title, "platforms": list(pair.with_policy.sector.platforms)}
    text |= {"n_weeks": n_weeks, "first_policy_week": first, "n_consumers": pair.with_policy.population.n_consumers}
    return table_of(watches, text)


def _refuse_other_weeks(name: str, model: Any) -> None:
    """Weekly numbers must be those of the stored run, where that is still there: to the bit."""
    import numpy as np

    weekly, _ = run_store.all_runs().read(name)
    if weekly is None:
        return
    other = [
        key for key in model.weekly if not np.array_equal(weekly[key], np.array(model.weekly[key]), equal_nan=True)
    ]
    if other:
        why = f"run again, it has another {other[0]}: this machine does not reproduce what was stored"
        raise RefusedAgentWeeks(
            f"the agents of run {name}", why, "runs that are reproduced to the bit", "make the result again"
        )


def main(words: list[str]) -> int:
    """Record a pair and print the progress; 2 where it is refused, with the reason on the error stream."""
    try:
        folder, *numbers = words
        replicate, point = [*map(int, numbers), 0][:2] if numbers else (0, 0)
    except ValueError:
        print("usage: python -m experiments.trajectories.recording RESULT_FOLDER REPLICATE [POINT]", file=sys.stderr)
        return 2
    try:
        path = record(folder, replicate, point, lambda done, n: print(f"{done}/{n} weeks", flush=True))
    except PlatformLabError as error:
        print(error, file=sys.stderr)
        return 2
    print(path, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Answer a request in four steps, the same for one scenario and for many: plan, run, estimate, keep."""

from __future__ import annotations

from datetime import UTC, datetime

from experiments.request.request import Request
from experiments.results import about, estimating, keeping, planning, records, solvable
from experiments.results.keeping import Answer
from experiments.results.planning import Plan, Say
from experiments.running import execution, plan
from experiments.running.execution import Outcome
from sim.errors import PlatformLabError


def answer(verb: str, request: Request, started: datetime, say: Say = print) -> Answer:
    """The answer to a request, computed or found; `say` hears what the user should know meanwhile.

    Raises `RefusedScenario` for what cannot be asked, and `PlatformLabError` where every run failed.
    """
    planning.refuse_conflicts(verb, request)
    for note in request.notes:
        say(note)
    work = planning.planned(verb, request, say)
    if (kept := keeping.standing(work.folder, request, say)) is not None:
        return kept
    solvable.refuse_unsolvable(request)
    outcome = _run(work, say)
    frames = _estimate(work, outcome)
    return _keep(work, frames, outcome, started, say)


def _run(work: Plan, say: Say) -> Outcome:
    """Carry out every run that is not there yet."""
    planning.say_whether_agents_are_kept(work.request, len(work.runs), say)
    with_agents = planning.keeps_agents(work.request, len(work.runs))
    runner = work.request.asking.runner
    outcome = execution.carry_out(list(work.runs.values()), runner, work.verb, with_agents=with_agents)
    say(outcome.summary())
    return outcome


def _estimate(work: Plan, outcome: Outcome) -> dict[str, estimating.Frame]:
    """Every table of the result; raises `PlatformLabError` where no pair is whole."""
    with_agents = planning.keeps_agents(work.request, len(work.runs))
    frames = estimating.estimated(work.request, work.points, outcome.failed, with_agents=with_agents)
    if "effects" not in frames:
        first = next((why for point in work.points for why in point.failed.values()), "no result could be read")
        raise PlatformLabError(f"every run failed; the first error:\n  {first}")
    return frames


def _keep(work: Plan, frames: dict[str, estimating.Frame], outcome: Outcome, started: datetime, say: Say) -> Answer:
    """Write tables, record and report, and read them again as everybody will."""
    more = about.of_answer(work.request, work.points, outcome, len(work.runs)) | {"precision": work.precision}
    record = records.record(work.verb, work.request, work.digest, started, **more)
    keeping.keep(work.folder, work.request, frames, record)
    if outcome.failed:
        say("Failed runs are listed in record.json and runs/failed; the same command repeats only those.")
    return keeping.read(work.folder)


def do_shard(verb: str, request: Request, say: Say = print) -> None:
    """Carry out the part of a request's runs that is this shard's; nothing is compared yet."""
    planning.refuse_no_policy(verb, request)
    points = plan.of_request(request)
    runs = [run for point in points for pair in point.pairs for run in pair.runs]
    planning.say_whether_agents_are_kept(request, len(runs), say)
    what = f"{verb}, shard {request.asking.runner.shard}"
    with_agents = planning.keeps_agents(request, len(runs))
    say(execution.carry_out(runs, request.asking.runner, what, with_agents=with_agents).summary())
    say("Next: when all shards are done, run the same command without --shard to compare their runs")


def now() -> datetime:
    """The present, with its zone."""
    return datetime.now(UTC)

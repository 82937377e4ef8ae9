"""The verbs that run the economy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from platform_lab.answers import Answer, Calibration, Run, Validation
from platform_lab.asking import asked, meanwhile, refuse_shard
from platform_lab.words import Choice


def compare(
    policy: Choice | None = None,
    *,
    sector: Choice | None = None,
    population: Choice | None = None,
    platforms: Choice | None = None,
    horizon: Choice | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    uncertainty: Choice | None = None,
    precision: float | Mapping[str, float] | None = None,
    preview: bool | None = None,
    experiment: str | None = None,
    overrides: Iterable[str] = (),
    config_dir: str | Path | None = None,
    quiet: bool = False,
    **words: Any,
) -> Answer:
    """What does this policy do against none, paired replicate by replicate?

    `policy` is a rule by name, several as a list, or rules with their parameters as a mapping,
    `{"commission_cap": {"ceiling": 0.10}}`; `lab.list("instruments")` has them all. The other groups are chosen by
    name, or their values given as a mapping: `population="town"`, `platforms={"obeys": True}`. `replicates` is the
    number of pairs (8), `precision` the half-widths of 95% intervals to be reached, by metric in its unit or one share,
    `uncertainty` is "assumptions" or "strategies". With `preview=True` the mean-field model answers, without
    agents and within seconds. What is None is as where the word is left out on the command line.

    Any other word of the command line is a keyword too (`intervals="bootstrap"`, `runner={"n_workers": 4}`,
    `**{"sector.consumers.price_sensitivity": 0.1}`), or stands in `overrides` as it would be typed. `config_dir` is a
    folder of your own sectors, policies and experiments. With `quiet` nothing is written to standard error.

    Returns an `Answer`, whose frames have the shapes that are described there. Raises `RefusedScenario`, with every
    problem, for what cannot be asked, and `PlatformLabError` where every run failed.
    """
    from experiments import compare as verb
    from experiments.results import answering, forecast_answer

    typed = asked(
        words,
        overrides,
        config_dir,
        policy=policy,
        sector=sector,
        population=population,
        platforms=platforms,
        horizon=horizon,
        replicates=replicates,
        seed=seed,
        uncertainty=uncertainty,
        precision=precision,
        preview=preview,
        experiment=experiment,
    )
    started = answering.now()
    with meanwhile(quiet) as say:
        request = verb.ask(*typed)
        if request.asking.preview:
            return Answer(forecast_answer.preview(request, started).folder)
        refuse_shard(request, "compare")
        return Answer(verb.compute(request, started, say)[0].folder)


def sweep(
    policy: Choice | None = None,
    *,
    sector: Choice | None = None,
    population: Choice | None = None,
    platforms: Choice | None = None,
    horizon: Choice | None = None,
    design: Choice | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    uncertainty: Choice | None = None,
    outcomes: Sequence[str] | None = None,
    experiment: str | None = None,
    overrides: Iterable[str] = (),
    config_dir: str | Path | None = None,
    quiet: bool = False,
    **words: Any,
) -> Answer:
    """How does the effect of a policy change over a grid of values, or over points that a design picks?

    A list of values is an axis of the grid: `policy={"commission_cap": {"ceiling": [0.12, 0.10, 0.08]}}`,
    `population=["town", "city"]`. Several policies are a list of lists of names, `[["commission_cap"],
    ["commission_cap", "minimum_pay"]]`. Ranges that a design fills are typed out:
    `overrides=["policy.commission_cap.ceiling=interval(0.05,0.12)"]`. `outcomes` are metrics by name
    (`lab.list("metrics")`). The other words are those of `compare`.

    Returns an `Answer` whose frames have the rows of every point, distinguished by the column `scenario`. Raises
    `RefusedScenario` and `PlatformLabError` as `compare` does. A sweep that was stopped goes on where it stopped.
    """
    from experiments import sweep as verb
    from experiments.results import answering

    typed = asked(
        words,
        overrides,
        config_dir,
        policy=policy,
        sector=sector,
        population=population,
        platforms=platforms,
        horizon=horizon,
        design=design,
        replicates=replicates,
        seed=seed,
        uncertainty=uncertainty,
        outcomes=outcomes,
        experiment=experiment,
    )
    started = answering.now()
    with meanwhile(quiet) as say:
        request = verb.ask(*typed)
        refuse_shard(request, "sweep")
        return Answer(answering.answer("sweep", request, started, say).folder)


def run(
    policy: Choice | None = None,
    *,
    sector: Choice | None = None,
    population: Choice | None = None,
    platforms: Choice | None = None,
    horizon: Choice | None = None,
    seed: int | None = None,
    snapshot_week: int | None = None,
    from_snapshot: str | Path | None = None,
    overrides: Iterable[str] = (),
    config_dir: str | Path | None = None,
    quiet: bool = False,
    **words: Any,
) -> Run:
    """What happens in this scenario?

    One run of one scenario. With `snapshot_week` the market as it stands after that week is kept in a file, and with
    `from_snapshot` a run goes on from such a file. The other words are those of `compare`.

    Returns a `Run`: every metric week by week, their means, and the market's moments. Raises `RefusedScenario`, and
    `PlatformLabError` where the run failed. For a model to step through, see `model`.
    """
    from experiments import run as verb
    from experiments.results import answering, single_run

    typed = asked(
        words,
        overrides,
        config_dir,
        policy=policy,
        sector=sector,
        population=population,
        platforms=platforms,
        horizon=horizon,
        seed=seed,
        snapshot_week=snapshot_week,
        from_snapshot=from_snapshot,
    )
    started = answering.now()
    with meanwhile(quiet):
        return Run(single_run.answer(verb.ask(*typed), started).folder)


def calibrate(
    *,
    sector: Choice | None = None,
    population: Choice | None = None,
    platforms: Choice | None = None,
    horizon: Choice | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    overrides: Iterable[str] = (),
    config_dir: str | Path | None = None,
    quiet: bool = False,
    **words: Any,
) -> Calibration:
    """Which parameters reproduce this market's moments?

    Every parameter that the sector file calls `fitted` is moved until the moment named beside it comes out, with the
    same seeds throughout. The words are those of `compare`.

    Returns a `Calibration`: fitted values by dotted name, in the parameters' units, and the moments. Raises
    `RefusedScenario`, also where platforms of the fitted market would not stay where they are observed.
    """
    from experiments import calibrate as verb
    from experiments.results import fitting

    typed = asked(
        words,
        overrides,
        config_dir,
        sector=sector,
        population=population,
        platforms=platforms,
        horizon=horizon,
        replicates=replicates,
        seed=seed,
    )
    with meanwhile(quiet):
        return Calibration(fitting.answer(verb.ask(*typed)).folder)


def validate(
    suite: str | None = None,
    *,
    case: str | Path | None = None,
    quick: bool = False,
    runner: Mapping[str, Any] | None = None,
    config_dir: str | Path | None = None,
    quiet: bool = False,
) -> Validation:
    """Does the laboratory find what theory proves, and what was measured?

    `suite` is "theory", "evidence", "mean_field", "example" or "all", or a folder of `config_dir`; without one, theory
    and evidence. `case` is the name of one case (`lab.list("cases")`) or a YAML file of your own. `quick` takes what
    each case says is enough when time is short. `runner` says how: `{"n_workers": 4}`.

    Returns a `Validation`: a row a quantity, with target, band, what was found and the verdict. Raises
    `RefusedScenario` for what there is not, and `PlatformLabError` where every case failed.
    """
    from experiments.results import answering
    from experiments.validation import carrying_out, keeping, options

    started = answering.now()
    given = [f"{key}={value}" for key, value in (("suite", suite), ("case", case)) if value is not None]
    given += ["quick=true"] if quick else []
    typed, extra = asked({}, given, config_dir, runner=runner)
    with meanwhile(quiet):
        request = options.ask(typed, extra)
        return Validation(keeping.keep(request, carrying_out.carry_out(request), started).folder)

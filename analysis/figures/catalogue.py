"""Every figure there is: the question it answers, what it needs, and the lines that make it from a result folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from analysis.figures.agent_weeks import agent_weeks
from analysis.figures.agents_rank import agents_rank
from analysis.figures.answer_figure import answer_figure
from analysis.figures.cash_flows import cash_flows
from analysis.figures.draws_figure import range_figure, tornado
from analysis.figures.effect_quantiles import effect_quantiles
from analysis.figures.ends_figure import ends_figure
from analysis.figures.enforcement_funnel import enforcement_funnel, practices_left
from analysis.figures.ensemble_figure import ensemble_figure
from analysis.figures.evidence_table import evidence_table
from analysis.figures.expectation import expectation
from analysis.figures.heat_map import heat_map
from analysis.figures.key_measures import key_measures
from analysis.figures.moments_figure import moments_figure
from analysis.figures.parallel_lines import parallel_lines
from analysis.figures.response_curve import response_curve
from analysis.figures.scatter import scatter
from analysis.figures.trajectory import trajectory
from analysis.figures.validation_figure import validation_figure
from analysis.figures.verdicts_figure import verdicts_figure
from analysis.figures.who_gains import who_gains
from analysis.figures.who_within import who_within

COMPARISON, LAW, CURVE, GRID = "comparison", "law", "curve", "grid"
ALONE, DRAWN, THEORY, WATCHED = "one at a time", "draws", "theory", "watched"
"""What a figure can be drawn from: kinds of results."""
FOLDER = "FOLDER"
"""Stands for a result folder in the lines of an entry; their last one makes `figure`."""


@dataclass(frozen=True)
class Entry:
    """One figure: its question, its function, what it is drawn from, and how."""

    question: str
    draw: Callable[..., Any]
    kind: str
    """The kind of result it needs."""
    table: str
    """The file of the result that holds what it shows."""
    columns: str
    lines: tuple[str, ...]

    @property
    def name(self) -> str:
        """The function's, and the page's in the gallery."""
        return self.draw.__name__

    @property
    def code(self) -> str:
        """The lines as a page shows them, imports apart."""
        n = sum(map(_imports, self.lines))
        return "\n".join([*self.lines[:n], "", *self.lines[n:]])


_LOAD = ("from experiments.storage.results import load_result", f"result = load_result({FOLDER})")
_EFFECT = "metric, title, party, unit, baseline, policy, effect, low, high, n_replicates"


def _of(draw: Callable[..., Any], *lines: str) -> tuple[str, ...]:
    """The lines of an entry with its own import and the result, imports first."""
    found = (f"from {draw.__module__} import {draw.__name__}", *_LOAD, *lines)
    return (*filter(_imports, found), *(line for line in found if not _imports(line)))


def _imports(line: str) -> bool:
    return line.startswith(("from ", "import "))


_TRAJECTORY = (
    "import pathlib", "from analysis.statistics import agents", "from analysis.wording import trajectories",
    "from experiments.storage.agent_weeks import AgentWeeksFile",
    f'source = AgentWeeksFile(next(pathlib.Path({FOLDER}, "../../people").glob("*.parquet")))  # of a recorded pair',
    'everybody = agents.agents(source, "merchants")',
    'one = trajectories.agent_trajectory(source, "merchants", agents.pick(everybody, "typical"), everybody)',
)  # fmt: skip

CATALOGUE = (
    Entry(
        "Who gains and who loses, in money?", who_gains, COMPARISON, "effects.parquet", f"scenario, label, {_EFFECT}",
        _of(who_gains, "figure = who_gains(result.effects)"),
    ),
    Entry(
        "Who pays whom how much and for what, without the policy and with it?", cash_flows, COMPARISON,
        "effects.parquet", f"{_EFFECT}; the rows whose party is `flows`",
        _of(cash_flows, 'figure = cash_flows(result.effects[result.effects["scenario"] == 0])'),
    ),
    Entry(
        "What is the direct effect of the rule, and what is the behavioural response of platforms?", answer_figure,
        COMPARISON, "decomposition.parquet", f"part, {_EFFECT}",
        (f"from {answer_figure.__module__} import answer_figure", "from analysis.statistics import estimates",
         "from analysis.wording import behaviour", *_LOAD,
         "figure = answer_figure(behaviour.parts_of(behaviour.focus_of(result), [*estimates.MONEY.values()]))"),
    ),
    Entry(
        "Which effects hold under every strategy of platforms?", ensemble_figure, COMPARISON, "strategies.parquet",
        f"scenario, strategy, agreement, {_EFFECT}",
        _of(ensemble_figure, 'figure = ensemble_figure(result.strategies[result.strategies["scenario"] == 0])'),
    ),
    Entry(
        "Which groups within a party gain and which lose, and how many agents?", who_within, COMPARISON,
        "distribution.parquet", "party, grouping, group, baseline, effect, low, high, share_gain, share_lose",
        _of(who_within, 'figure = who_within(result.distribution, currency=result.record["currency"])'),
    ),
    Entry(
        "How do effects lie over the agents of a party?", effect_quantiles, COMPARISON, "distribution.parquet",
        "party, grouping, group, p5, p25, p50, p50_low, p50_high, p75, p95, share_gain, share_lose",
        _of(effect_quantiles, 'figure = effect_quantiles(result.distribution, currency=result.record["currency"])'),
    ),
    Entry(
        "Which other outcomes change?", key_measures, COMPARISON, "effects.parquet", _EFFECT,
        _of(key_measures, 'mine = result.effects[result.effects["party"] != "flows"]', "figure = key_measures(mine)"),
    ),
    Entry(
        "How does a measure move week by week?", trajectory, COMPARISON, "trajectories.parquet",
        "metric, week, baseline, policy, effect, low, high",
        _of(trajectory, 'week = result.record["policy_week"]',
            'figure = trajectory(result.trajectories, result.effects, "worker_hourly_earnings", policy_week=week)'),
    ),
    Entry(
        "How are the rules enforced, from inspections to fines?", enforcement_funnel, LAW, "enforcement.parquet",
        "measure, title, unit, value, low, high, n_replicates",
        _of(enforcement_funnel, "from analysis.wording import enforcement",
            "figure = enforcement_funnel(enforcement.rows_of(enforcement.focus_of(result)))"),
    ),
    Entry(
        "How much remains of every practice that the rules address?", practices_left, LAW,
        "enforcement.parquet", "measure, title, unit, value, low, high, asked, n_replicates",
        (f"from {practices_left.__module__} import practices_left", "from analysis.wording import enforcement",
         "from experiments.storage.results import load_result",
         f"found = enforcement.rows_of(enforcement.focus_of(load_result({FOLDER})))",
         "figure = practices_left(enforcement.practices(found), enforcement.given_up(found))"),
    ),
    Entry(
        "How does the effect change with one parameter?", response_curve, CURVE, "effects.parquet",
        f"{_EFFECT}, and a column a lever",
        (f"from {response_curve.__module__} import response_curve",
         "from analysis.statistics.estimates import MONEY", *_LOAD,
         "figure = response_curve(result.effects, result.levers[0], [*MONEY.values()])"),
    ),
    Entry(
        "How does the effect change over two parameters?", heat_map, GRID, "effects.parquet",
        f"{_EFFECT}, and a column a lever",
        _of(heat_map, 'figure = heat_map(result.effects, result.levers, "merchant_profit")'),
    ),
    Entry(
        "What does every point of a sweep do to every party, at a glance?", parallel_lines, GRID, "effects.parquet",
        f"scenario, {_EFFECT}, and a column a lever",
        _of(parallel_lines, "figure = parallel_lines(result.effects, result.levers)"),
    ),
    Entry(
        "Which effects correlate with one parameter while all others vary, too?", scatter, GRID, "effects.parquet",
        f"{_EFFECT}, and a column a lever",
        _of(scatter, 'figure = scatter(result.effects, result.levers[0], ["merchant_profit", "worker_surplus"])'),
    ),
    Entry(
        "Which parameter changes the effect most when it alone is varied?", ends_figure, ALONE, "effects.parquet",
        f"scenario, {_EFFECT}, and a column a lever",
        _of(ends_figure, "from analysis.wording import points",
            'figure = ends_figure(*points.ends(result, "merchant_profit"))'),
    ),
    Entry(
        "How sensitive are the effects to the assumptions?", range_figure, DRAWN, "effects.parquet",
        f"{_EFFECT}, draw_low, draw_high, sign_share",
        _of(range_figure, "from analysis.wording import draws", "figure = range_figure(draws.spreads(result))"),
    ),
    Entry(
        "Which assumptions matter most?", tornado, DRAWN, "sensitivity_of_effects.parquet",
        "number, parameter, metric, correlation, p_value, n_draws",
        _of(tornado, "from analysis.wording import draws", "figure = tornado(draws.links(result))"),
    ),
    Entry(
        "What does the mean-field model forecast, and what do agents show?", expectation, WATCHED,
        "agents_against_mean_field.json",
        f"metric and mean_field of every row; effects.parquet: {_EFFECT}",
        (f"from {expectation.__module__} import Expectation, expectation", "import json, pathlib",
         "from analysis.statistics import estimates as est", *_LOAD,
         f'kept = json.loads(pathlib.Path({FOLDER}, "agents_against_mean_field.json").read_text())["rows"]',
         'expected = {row["metric"]: row["mean_field"] for row in kept}',
         "money = est.estimates(est.money(result.effects, with_total=False))",
         "rows = [Expectation(e.party, e.title, e.unit, expected[e.metric], None, e) for e in money]",
         "figure = expectation(rows)"),
    ),
    Entry(
        "What happens to one consumer, merchant or worker, week by week?", agent_weeks, WATCHED, "people/*.parquet",
        "an agent and side a row, its weeks as lists (`analysis.statistics.agents.weeks`)",
        (f"from {agent_weeks.__module__} import agent_weeks", *_TRAJECTORY,
         'how = {"party": "merchants", "policy_week": one.first_policy_week, "currency": "yuan"}',
         "figure = agent_weeks(one.weeks, one.headline, **how)"),
    ),
    Entry(
        "Where does one of them rank among all?", agents_rank, WATCHED, "people/*.parquet",
        "identity and effect of every agent of a party (`analysis.statistics.agents.agents`)",
        (f"from {agents_rank.__module__} import agents_rank", *_TRAJECTORY,
         'figure = agents_rank(everybody, one.identity, one.name, party="merchants", currency="yuan")'),
    ),
    Entry(
        "How well does the simulated sector meet what was observed?", moments_figure, COMPARISON, "moments.parquet",
        "title, role, target, simulated, low, high, error, error_kind, tolerance, verdict",
        _of(moments_figure, "figure = moments_figure(result.moments)"),
    ),
    Entry(
        "What was observed, and what does the model give?", evidence_table, COMPARISON, "moments.parquet",
        "title, unit, role, target, tolerance, error_kind, simulated, low, high, verdict, year, source",
        _of(evidence_table, "from analysis.wording import evidence",
            "figure = evidence_table(evidence.of_moments(result.moments))"),
    ),
    Entry(
        "What did a case of validation find?", validation_figure, THEORY, "figures.json",
        "panels of a case: title, note, kind, axes, and lines or rows",
        ("import json, pathlib", f"from {validation_figure.__module__} import validation_figure",
         f'cases = json.loads(pathlib.Path({FOLDER}, "figures.json").read_text())',
         'drawn = [panel for case in cases for panel in case["panels"]]',
         "figure = validation_figure(drawn[0])"),
    ),
    Entry(
        "Does the model reproduce what is known?", verdicts_figure, THEORY, "figures.json",
        "suite, name, and rows of every case: quantity, unit, target, low, high, simulated, ci_low, ci_high, verdict",
        ("import json, pathlib", f"from {verdicts_figure.__module__} import verdicts_figure",
         f'cases = json.loads(pathlib.Path({FOLDER}, "figures.json").read_text())',
         "figure = verdicts_figure(cases)"),
    ),
)  # fmt: skip
"""In the order in which they are read."""


def entry(name: str) -> Entry:
    """A figure by its name; raises `KeyError` where there is none."""
    return {one.name: one for one in CATALOGUE}[name]


def drawn(one: Entry, folder: str) -> Any:
    """The figure that an entry's lines make from a result folder."""
    names: dict[str, Any] = {FOLDER: folder}
    exec("\n".join(one.lines), names)  # the catalogue's own lines, so that what the gallery prints is what it runs
    return names["figure"]

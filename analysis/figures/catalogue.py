"""Every figure there is: the question it answers, what it needs, and how it is made of a result folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

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
from analysis.figures.expectation import Expectation, expectation
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
from analysis.result import Result
from analysis.statistics import agents
from analysis.statistics import estimates as est
from analysis.statistics.agents import AgentWeeks
from analysis.wording import behaviour, draws, enforcement, evidence, points, trajectories
from sim.errors import Problem, RefusedScenario
from sim.strict import nearest

COMPARISON, LAW, CURVE, GRID = "comparison", "law", "curve", "grid"
ALONE, DRAWN, THEORY, WATCHED = "one at a time", "draws", "theory", "watched"
"""What a figure can be drawn from: kinds of results."""
_EFFECT = "metric, title, party, unit, baseline, policy, effect, low, high, n_replicates"
_MONEY = tuple(est.MONEY.values())
FOLDER = "FOLDER"
"""Stands for a result folder in the lines of a page."""


class Source(Protocol):
    """Where a figure's numbers come from: a result folder, whoever reads it."""

    def result(self) -> Result:
        """The tables of a comparison or sweep."""
        ...

    def plain(self, name: str) -> Any:
        """What a JSON file of the folder holds."""
        ...

    def agent_weeks(self) -> AgentWeeks:
        """Every agent's weeks in one pair that was watched."""
        ...


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
    make: Callable[..., Any]
    """The figure of a `Source`; keywords go on to `draw`."""

    @property
    def name(self) -> str:
        """The function's, and the page's in the gallery."""
        return self.draw.__name__

    @property
    def code(self) -> str:
        """The lines that make it, as a page shows them."""
        return f'import platform_lab as lab\n\nfigure = lab.load("{FOLDER}").figure("{self.name}")'


def _watched(source: Source) -> tuple[Any, Any]:
    """All merchants of a pair that was watched, and the weeks of a typical one."""
    weeks = source.agent_weeks()
    everybody = agents.agents(weeks, "merchants")
    typical = agents.pick(everybody, "typical")
    if typical is None:
        raise ValueError("no merchant was there in both runs")
    return everybody, trajectories.agent_trajectory(weeks, "merchants", typical, everybody)


def _trajectory(source: Source, metric: str = "worker_hourly_earnings", **how: Any) -> Any:
    result = source.result()
    return trajectory(result.trajectories, result.effects, metric, policy_week=result.record["policy_week"], **how)


def _within(draw: Callable[..., Any]) -> Callable[..., Any]:
    def make(source: Source, **how: Any) -> Any:
        result = source.result()
        return draw(result.distribution, currency=result.record["currency"], **how)

    return make


def _practices_left(source: Source, **how: Any) -> Any:
    funnel = enforcement.rows_of(enforcement.focus_of(source.result()))
    return practices_left(enforcement.practices(funnel), enforcement.given_up(funnel), **how)


def _answer(source: Source, **how: Any) -> Any:
    return answer_figure(behaviour.parts_of(behaviour.focus_of(source.result()), _MONEY), **how)


def _response_curve(source: Source, metrics: Sequence[str] = _MONEY, **how: Any) -> Any:
    result = source.result()
    return response_curve(result.effects, result.levers[0], list(metrics), **how)


def _heat_map(source: Source, metric: str = "merchant_profit", **how: Any) -> Any:
    result = source.result()
    return heat_map(result.effects, result.levers, metric, **how)


def _parallel_lines(source: Source, **how: Any) -> Any:
    result = source.result()
    return parallel_lines(result.effects, result.levers, **how)


def _scatter(source: Source, metrics: Sequence[str] = ("merchant_profit", "worker_surplus"), **how: Any) -> Any:
    result = source.result()
    return scatter(result.effects, result.levers[0], list(metrics), **how)


def _ends(source: Source, metric: str = "merchant_profit", **how: Any) -> Any:
    if (base_and_ends := points.ends(source.result(), metric)) is None:
        raise ValueError(f"no lever is turned by itself from a first point that has {metric}")
    return ends_figure(*base_and_ends, **how)


def _expectation(source: Source, **how: Any) -> Any:
    expected = {row["metric"]: row["mean_field"] for row in source.plain("agents_against_mean_field.json")["rows"]}
    money = est.estimates(est.money(source.result().effects, with_total=False))
    return expectation([Expectation(e.party, e.title, e.unit, expected[e.metric], None, e) for e in money], **how)


def _agent_weeks(source: Source, **how: Any) -> Any:
    _, one = _watched(source)
    about = {"party": "merchants", "policy_week": one.first_policy_week, "currency": source.result().record["currency"]}
    return agent_weeks(one.weeks, one.headline, **about, **how)


def _agents_rank(source: Source, **how: Any) -> Any:
    everybody, one = _watched(source)
    about = {"party": "merchants", "currency": source.result().record["currency"]}
    return agents_rank(everybody, one.identity, one.name, **about, **how)


def _validation(source: Source, **how: Any) -> Any:
    drawn = [panel for case in source.plain("figures.json") for panel in case["panels"]]
    return validation_figure(drawn[0], **how)


def _first(frame: Any) -> Any:
    """Rows of the first scenario."""
    return frame[frame["scenario"] == 0]


CATALOGUE = (
    Entry(
        "Who gains and who loses, in money?",
        who_gains,
        COMPARISON,
        "effects.parquet",
        f"scenario, label, {_EFFECT}",
        lambda source, **how: who_gains(source.result().effects, **how),
    ),
    Entry(
        "Who pays whom how much and for what, without the policy and with it?",
        cash_flows,
        COMPARISON,
        "effects.parquet",
        f"{_EFFECT}; the rows whose party is `flows`",
        lambda source, **how: cash_flows(_first(source.result().effects), **how),
    ),
    Entry(
        "What is the direct effect of the rule, and what is the behavioural response of platforms?",
        answer_figure,
        COMPARISON,
        "decomposition.parquet",
        f"part, {_EFFECT}",
        _answer,
    ),
    Entry(
        "Which effects hold under every strategy of platforms?",
        ensemble_figure,
        COMPARISON,
        "strategies.parquet",
        f"scenario, strategy, agreement, {_EFFECT}",
        lambda source, **how: ensemble_figure(_first(source.result().strategies), **how),
    ),
    Entry(
        "Which groups within a party gain and which lose, and how many agents?",
        who_within,
        COMPARISON,
        "distribution.parquet",
        "party, grouping, group, baseline, effect, low, high, share_gain, share_lose",
        _within(who_within),
    ),
    Entry(
        "How do effects lie over the agents of a party?",
        effect_quantiles,
        COMPARISON,
        "distribution.parquet",
        "party, grouping, group, p5, p25, p50, p50_low, p50_high, p75, p95, share_gain, share_lose",
        _within(effect_quantiles),
    ),
    Entry(
        "Which other outcomes change?",
        key_measures,
        COMPARISON,
        "effects.parquet",
        _EFFECT,
        lambda source, **how: key_measures(est.tabled(source.result().effects), **how),
    ),
    Entry(
        "How does a measure move week by week?",
        trajectory,
        COMPARISON,
        "trajectories.parquet",
        "metric, week, baseline, policy, effect, low, high",
        _trajectory,
    ),
    Entry(
        "How are the rules enforced, from inspections to fines?",
        enforcement_funnel,
        LAW,
        "enforcement.parquet",
        "measure, title, unit, value, low, high, n_replicates",
        lambda source, **how: enforcement_funnel(enforcement.rows_of(enforcement.focus_of(source.result())), **how),
    ),
    Entry(
        "How much remains of every practice that the rules address?",
        practices_left,
        LAW,
        "enforcement.parquet",
        "measure, title, unit, value, low, high, asked, n_replicates",
        _practices_left,
    ),
    Entry(
        "How does the effect change with one parameter?",
        response_curve,
        CURVE,
        "effects.parquet",
        f"{_EFFECT}, and a column a lever",
        _response_curve,
    ),
    Entry(
        "How does the effect change over two parameters?",
        heat_map,
        GRID,
        "effects.parquet",
        f"{_EFFECT}, and a column a lever",
        _heat_map,
    ),
    Entry(
        "What does every point of a sweep do to every party, at a glance?",
        parallel_lines,
        GRID,
        "effects.parquet",
        f"scenario, {_EFFECT}, and a column a lever",
        _parallel_lines,
    ),
    Entry(
        "Which effects correlate with one parameter while all others vary, too?",
        scatter,
        GRID,
        "effects.parquet",
        f"{_EFFECT}, and a column a lever",
        _scatter,
    ),
    Entry(
        "Which parameter changes the effect most when it alone is varied?",
        ends_figure,
        ALONE,
        "effects.parquet",
        f"scenario, {_EFFECT}, and a column a lever",
        _ends,
    ),
    Entry(
        "How sensitive are the effects to the assumptions?",
        range_figure,
        DRAWN,
        "effects.parquet",
        f"{_EFFECT}, draw_low, draw_high, sign_share",
        lambda source, **how: range_figure(draws.spreads(source.result()), **how),
    ),
    Entry(
        "Which assumptions matter most?",
        tornado,
        DRAWN,
        "sensitivity_of_effects.parquet",
        "number, parameter, metric, correlation, p_value, n_draws",
        lambda source, **how: tornado(draws.links(source.result()), **how),
    ),
    Entry(
        "What does the mean-field model forecast, and what do agents show?",
        expectation,
        WATCHED,
        "agents_against_mean_field.json",
        f"metric and mean_field of every row; effects.parquet: {_EFFECT}",
        _expectation,
    ),
    Entry(
        "What happens to one consumer, merchant or worker, week by week?",
        agent_weeks,
        WATCHED,
        "people/*.parquet",
        "an agent and side a row, its weeks as lists (`analysis.statistics.agents.weeks`)",
        _agent_weeks,
    ),
    Entry(
        "Where does one of them rank among all?",
        agents_rank,
        WATCHED,
        "people/*.parquet",
        "identity and effect of every agent of a party (`analysis.statistics.agents.agents`)",
        _agents_rank,
    ),
    Entry(
        "How well does the simulated sector meet what was observed?",
        moments_figure,
        COMPARISON,
        "moments.parquet",
        "title, role, target, simulated, low, high, error, error_kind, tolerance, verdict",
        lambda source, **how: moments_figure(source.result().moments, **how),
    ),
    Entry(
        "What was observed, and what does the model give?",
        evidence_table,
        COMPARISON,
        "moments.parquet",
        "title, unit, role, target, tolerance, error_kind, simulated, low, high, verdict, year, source",
        lambda source, **how: evidence_table(evidence.of_moments(source.result().moments), **how),
    ),
    Entry(
        "What did a case of validation find?",
        validation_figure,
        THEORY,
        "figures.json",
        "panels of a case: title, note, kind, axes, and lines or rows",
        _validation,
    ),
    Entry(
        "Does the model reproduce what is known?",
        verdicts_figure,
        THEORY,
        "figures.json",
        "suite, name, and rows of every case: quantity, unit, target, low, high, simulated, ci_low, ci_high, verdict",
        lambda source, **how: verdicts_figure(source.plain("figures.json"), **how),
    ),
)
"""In the order in which they are read."""


def entry(name: str) -> Entry:
    """A figure by its name; raises `RefusedScenario` where there is none."""
    by_name = {one.name: one for one in CATALOGUE}
    if name not in by_name:
        todo = nearest(name, list(by_name))
        raise RefusedScenario([Problem(f"figure {name!r}", "there is no such figure", ", ".join(by_name), todo)])
    return by_name[name]

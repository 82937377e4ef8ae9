"""The figures of a report, each with its data, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from analysis.figures import theme
from analysis.figures.answer_figure import answer_figure
from analysis.figures.cash_flows import cash_flows
from analysis.figures.draws_figure import range_figure, tornado
from analysis.figures.effect_quantiles import effect_quantiles
from analysis.figures.ends_figure import ends_figure
from analysis.figures.enforcement_funnel import enforcement_funnel, practices_left
from analysis.figures.ensemble_figure import ensemble_figure
from analysis.figures.evidence_table import evidence_table
from analysis.figures.heat_map import heat_map
from analysis.figures.key_measures import key_measures
from analysis.figures.moments_figure import moments_figure
from analysis.figures.parallel_lines import parallel_lines
from analysis.figures.response_curve import response_curve
from analysis.figures.scatter import scatter
from analysis.figures.trajectory import trajectory
from analysis.figures.who_gains import who_gains
from analysis.figures.who_within import who_within
from analysis.result import Frame, Result
from analysis.statistics import estimates as est
from analysis.wording import behaviour, conduct, draws, enforcement, evidence, payments, points

MOST_MULTIPLES = 9
MOST_LINES = 400
N_LEVERS, N_BESIDES = 6, 2
"""Levers that are drawn: against the parties' money, and against every other outcome."""
DATA_COLUMNS = (
    "label",
    "metric",
    "title",
    "unit",
    "n_replicates",
    "baseline",
    "policy",
    "effect",
    "low",
    "high",
)


@dataclass(frozen=True)
class Panel:
    """One figure of the page, drawn for a wide and for a narrow screen, and the numbers it shows."""

    name: str
    wide: go.Figure
    narrow: go.Figure
    data: Frame
    is_half: bool = False

    @property
    def finding(self) -> str:
        """The title: what the numbers say."""
        return theme.words_of(self.wide)["finding"]

    @property
    def height(self) -> int:
        """Pixels of the wide figure."""
        return theme.words_of(self.wide)["height"]

    @property
    def note(self) -> str:
        """How to read the figure."""
        return theme.words_of(self.wide)["note"]


def shared_note(panels: Sequence[Panel]) -> str:
    """The words with which the notes of several small figures begin, to be said once; none if they differ."""
    notes = [panel.note for panel in panels if panel.is_half]
    shortest = min(notes, key=len, default="")
    return shortest if len(panels) > 1 and all(note.startswith(shortest) for note in notes) else ""


def _panel(name: str, draw: Callable[..., go.Figure], data: Frame, *, is_half: bool = False) -> Panel:
    return Panel(name, draw(narrow=False), draw(narrow=True), data, is_half)


def _data(effects: Frame, result: Result) -> Frame:
    levers = [lever["key"] for lever in result.record["levers"]]
    return effects[["label", *levers, *DATA_COLUMNS[1:]]]


def _baseline(result: Result) -> str:
    return str(result.record.get("baseline_label") or "no policy")


def who_panels(result: Result) -> list[Panel]:
    """Who gains and who loses: every scenario if they are few, else the one with the largest gains and losses."""
    effects = est.money(result.effects)
    if effects.empty:
        return []
    if effects["scenario"].nunique() > MOST_MULTIPLES or len(result.levers) > 1:
        effects = est.of_scenario(effects, est.focus(result.effects))
    label = _baseline(result)
    return [_panel("who_gains", lambda **k: who_gains(effects, baseline_label=label, **k), _data(effects, result))]


def payment_panels(result: Result) -> list[Panel]:
    """Who pays whom, where gains and losses are largest; nothing where payments were not measured."""
    effects = est.flows(est.of_scenario(result.effects, est.focus(result.effects)))
    flows = payments.payments(effects)
    if not flows:
        return []
    label = _baseline(result)
    data = payments.table(flows)
    return [_panel("cash_flows", lambda **k: cash_flows(effects, baseline_label=label, **k), data)]


def strategy_panels(result: Result) -> list[Panel]:
    """The parties' money under every strategy of platforms; nothing where one was run."""
    frame = conduct.focus_of(result)
    if frame.empty:
        return []
    label = _baseline(result)
    data = est.money(frame)[["strategy", "agreement", *DATA_COLUMNS]]
    return [_panel("strategies_money", lambda **k: ensemble_figure(frame, baseline_label=label, **k), data)]


def draw_panels(result: Result) -> list[Panel]:
    """The parties' money over draws of the assumptions, and the assumptions that matter most; nothing without draws."""
    ranges = draws.spreads(result)
    if not ranges:
        return []
    label = _baseline(result)
    rows = est.money(est.of_scenario(result.effects, est.focus(result.effects)))
    data = rows[[*DATA_COLUMNS, "draw_low", "draw_high", "sign_share"]]
    panels = [_panel("draws", lambda **k: range_figure(ranges, baseline_label=label, **k), data)]
    if correlations := draws.links(result):
        metrics = list(est.MONEY.values())
        near = result.sensitivity[result.sensitivity["metric"].isin(metrics)].drop(columns="scenario")
        panels.append(_panel("assumptions", lambda **k: tornado(correlations, **k), near))
    return panels


def answer_panels(result: Result) -> list[Panel]:
    """Direct and total effect, party by party; nothing where platforms do not respond."""
    frame = behaviour.focus_of(result)
    by_party = behaviour.parts_of(frame, list(est.MONEY.values()))
    if not by_party:
        return []
    label = _baseline(result)
    data = est.money(frame)[["part", *DATA_COLUMNS]]
    return [_panel("answer", lambda **k: answer_figure(by_party, baseline_label=label, **k), data)]


def enforcement_panels(result: Result) -> list[Panel]:
    """Enforcement from inspections to fines, and practices left; nothing where no rule requires anything."""
    frame = enforcement.focus_of(result)
    funnel = enforcement.rows_of(frame)
    if not funnel:
        return []
    data = frame.drop(columns="scenario")
    panels = [_panel("funnel", lambda **k: enforcement_funnel(funnel, **k), data)]
    if rows := enforcement.practices(funnel):
        finding = enforcement.given_up(funnel)
        panels.append(_panel("practices", lambda **k: practices_left(rows, finding, **k), data))
    return panels


def within_frame(result: Result) -> Frame:
    """The distribution of the scenario with the largest gains and losses; no rows where it was not kept."""
    frame = result.distribution
    return frame if frame.empty else est.of_scenario(frame, est.focus(result.effects))


def within_panels(result: Result) -> list[Panel]:
    """Who gains and who loses within each party."""
    frame = within_frame(result)
    if frame.empty:
        return []
    words = {"currency": str(result.record.get("currency") or "currency"), "baseline_label": _baseline(result)}
    data = frame.drop(columns="scenario")
    return [
        _panel("who_within", lambda **k: who_within(frame, **words, **k), data),
        _panel("effect_quantiles", lambda **k: effect_quantiles(frame, **words, **k), data),
    ]


def response_panels(result: Result) -> list[Panel]:
    """How the effects change with the levers, as their points allow; nothing where no number was swept."""
    levers, how = points.numeric(result), points.shape(result)
    if levers and how == points.ALONE:
        return _ends(result)
    if levers and (how == points.SPREAD or len(levers) > points.MOST_AXES):
        return _scatters(result)
    if not levers or len(levers) < len(result.levers):
        return []
    return _heat_maps(result) if len(levers) == 2 else _curves(result)


def point_panels(result: Result) -> list[Panel]:
    """All points at a glance, where several levers vary at once and lines can still be distinguished."""
    levers = points.numeric(result)
    if len(levers) < 2 or len(levers) < len(result.levers) or points.shape(result) == points.ALONE:
        return []
    rows = est.money(result.effects)
    n_points = rows.loc[rows["metric"].eq(est.MONEY["welfare"]) & rows["effect"].notna(), "scenario"].nunique()
    if not 2 <= n_points <= MOST_LINES:
        return []
    label = _baseline(result)
    return [_panel("points", lambda **k: parallel_lines(rows, levers, baseline_label=label, **k), _data(rows, result))]


def _curves(result: Result) -> list[Panel]:
    named = points.named_outcomes(result)
    others = named or est.headline_metrics(est.measures(result.effects)["metric"])
    money = _money(result)
    groups = [money, *([m] for m in others)]
    return [_curve(result, metrics, is_half=metrics is not money) for metrics in groups if metrics]


def _money(result: Result) -> list[str]:
    return [m for m in est.MONEY.values() if m in set(result.effects["metric"])]


def _scatters(result: Result) -> list[Panel]:
    """Panels lever by lever, the strongest correlation first: of the parties' money, then of each outcome named."""
    groups = [(_money(result), N_LEVERS, "money"), *(([m], N_BESIDES, m) for m in points.named_outcomes(result))]
    return [panel for metrics, n, name in groups if metrics for panel in _scatter(result, metrics, n, name)]


def _scatter(result: Result, metrics: list[str], n_shown: int, name: str) -> list[Panel]:
    rows = result.effects[result.effects["metric"].isin(metrics)]
    levers = {str(lever["key"]): lever for lever in points.numeric(result)}
    by_lever = points.links(result, metrics)
    panels = []
    for place, key in enumerate(list(by_lever)[:n_shown]):

        def draw(key: str = key, **how: Any) -> go.Figure:
            how |= {"baseline_label": _baseline(result), "n_left_out": max(0, len(by_lever) - n_shown)}
            return scatter(rows, levers[key], metrics, by_lever[key], **how)

        panels.append(_panel(f"dots_{name}_{place + 1}", draw, _data(rows, result), is_half=True))
    return panels


def _ends(result: Result) -> list[Panel]:
    panels = []
    for metric in (est.MONEY["welfare"], *points.named_outcomes(result)):
        base_and_ends = points.ends(result, metric)
        if base_and_ends and base_and_ends[1]:

            def draw(base_and_ends: Any = base_and_ends, **how: Any) -> go.Figure:
                return ends_figure(*base_and_ends, baseline_label=_baseline(result), **how)

            rows = result.effects[result.effects["metric"] == metric]
            panels.append(_panel(f"ends_{metric}", draw, _data(rows, result)))
    return panels


def _curve(result: Result, metrics: list[str], *, is_half: bool) -> Panel:
    rows = result.effects[result.effects["metric"].isin(metrics)]

    def draw(**how: Any) -> go.Figure:
        return response_curve(
            *(rows, result.levers[0], metrics),
            baseline_label=_baseline(result),
            height=300 if is_half else 430,
            **how,
        )

    name = f"response_{metrics[0] if is_half else 'money'}"
    return _panel(name, draw, _data(rows, result), is_half=is_half)


def _heat_maps(result: Result) -> list[Panel]:
    panels = []
    clear = [abs(e.effect) for e in est.estimates(est.money(result.effects)) if e.sign]
    money = list(est.MONEY.values())
    for metric in [money[-1], *money[:-1], *points.named_outcomes(result)]:
        rows = result.effects[result.effects["metric"] == metric]
        if rows["effect"].notna().any():

            def draw(rows: Frame = rows, metric: str = metric, **how: Any) -> go.Figure:
                label, strongest = _baseline(result), max(clear, default=None) if metric in money else None
                return heat_map(rows, result.levers, metric, baseline_label=label, strongest=strongest, **how)

            panels.append(_panel(f"map_{metric}", draw, _data(rows, result), is_half=True))
    return panels


def trajectory_panels(result: Result) -> list[Panel]:
    """The headline measures week by week, of the scenario with the largest gains and losses."""
    scenario = est.focus(result.effects)
    effects = est.of_scenario(result.effects, scenario)
    weekly = est.of_scenario(result.trajectories, scenario)
    policy_week = result.record.get("policy_week")
    if weekly.empty or policy_week is None:
        return []
    known = set(est.tabled(effects[effects["effect"].notna()])["metric"])
    panels = []
    for metric in est.headline_metrics(m for m in weekly["metric"].unique() if m in known):
        rows = weekly[weekly["metric"] == metric]

        def draw(rows: Frame = rows, metric: str = metric, **how: Any) -> go.Figure:
            label = _baseline(result)
            return trajectory(rows, effects, metric, policy_week=int(policy_week), baseline_label=label, **how)

        data = rows.drop(columns="scenario")
        panels.append(_panel(f"weeks_{metric}", draw, data, is_half=True))
    return panels


def measure_panels(result: Result) -> list[Panel]:
    """Everything but money, of the scenario with the largest gains and losses."""
    effects = est.of_scenario(result.effects, est.focus(result.effects))
    label = _baseline(result)
    rows = est.measures(effects)
    if rows.empty:
        return []
    return [_panel("key_measures", lambda **k: key_measures(rows, baseline_label=label, **k), _data(rows, result))]


def moment_panels(result: Result) -> list[Panel]:
    """How well the simulated sector meets what was observed."""
    moments = result.moments
    if not moments["error"].notna().any():
        return []
    return [_panel("moments", lambda **k: moments_figure(moments, **k), moments)]


def evidence_panels(result: Result) -> list[Panel]:
    """Observed and simulated values as a table to be saved; a page prints its own."""
    frame = evidence.of_moments(result.moments)
    return [] if frame.empty else [_panel("evidence", lambda **k: evidence_table(frame, **k), frame)]


def of_result(result: Result) -> dict[str, list[Panel]]:
    """All figures of a page, section by section."""
    return {
        "who": who_panels(result),
        "payments": payment_panels(result),
        "answer": answer_panels(result),
        "enforcement": enforcement_panels(result),
        "strategies": strategy_panels(result),
        "draws": draw_panels(result),
        "within": within_panels(result),
        "points": point_panels(result),
        "response": response_panels(result),
        "weeks": trajectory_panels(result),
        "measures": measure_panels(result),
        "moments": moment_panels(result),
    }

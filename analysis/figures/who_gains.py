"""Who gains and who loses: the parties' money against no policy."""

from __future__ import annotations

import math
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.figures import theme
from analysis.result import Frame
from analysis.statistics import estimates as est
from analysis.statistics.estimates import Estimate
from analysis.wording import parties
from analysis.wording.findings import who
from analysis.wording.numbers import capital, counted, estimate, uncapital, wrapped
from analysis.wording.parties import agree

ROW = 44


def who_gains(effects: Frame, *, baseline_label: str = "no policy", narrow: bool = False) -> go.Figure:
    """Bars with 95% intervals, one a party and one for total welfare; several scenarios as small multiples."""
    scenarios = est.scenarios(effects)
    money = est.money(effects)
    if len(scenarios) > 1:
        return _small_multiples(money, scenarios, baseline_label, narrow)
    rows = est.estimates(money)
    figure = go.Figure(_bars(rows, narrow=narrow))
    theme.zero_line(figure)
    _axes(figure, rows, baseline_label, narrow=narrow)
    if not narrow:
        for e in rows:
            figure.add_annotation(
                x=1,
                xref="paper",
                y=_row_name(e, narrow),
                text=_numbers(e),
                showarrow=False,
                xanchor="left",
                xshift=12,
            )
    parties = [e for e in rows if e.party in est.PARTIES]
    widest = max((len(estimate(e.effect, e.low, e.high)) for e in rows), default=0)
    right = 12 if narrow else 20 + 8 * widest
    finding = who(parties)
    if "draw_low" in effects.columns:
        finding = f"On average over the draws, {uncapital(finding)}"
    return theme.finish(figure, finding, _note(rows), height=70 + ROW * len(rows), narrow=narrow, right=right, top=20)


def _note(rows: list[Estimate]) -> str:
    n = counted(max((e.n_replicates for e in rows), default=0), "paired replicate")
    return f"Bars: means over {n}. Whiskers: 95% intervals. Pale: not distinguishable from zero."


def _numbers(e: Estimate) -> str:
    words = estimate(e.effect, e.low, e.high)
    return f"<b>{words.replace(' [', '</b> [', 1)}" if e.sign else words


def _row_name(e: Estimate, with_numbers: bool) -> str:
    name = parties.party_title(e.party)
    return f"{name}<br>{_numbers(e)}" if with_numbers else name


def _bars(rows: list[Estimate], *, narrow: bool) -> go.Bar:
    return go.Bar(
        orientation="h",
        y=[_row_name(e, narrow) for e in rows],
        x=[e.effect for e in rows],
        error_x=theme.error_bar(rows),
        marker={
            "color": [theme.colour(e.party) for e in rows],
            "opacity": [0.92 if e.sign else 0.3 for e in rows],
            "line": {"width": 0},
        },
        width=0.56,
        customdata=[[theme.text(e.title), estimate(e.effect, e.low, e.high)] for e in rows],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
    )


def _axes(figure: go.Figure, rows: list[Estimate], baseline_label: str, *, narrow: bool) -> None:
    unit = rows[0].unit if rows else ""
    title = f"change against {baseline_label}, {theme.scale_of(unit).change}"
    figure.update_xaxes(title_text=theme.lines(title, 36 if narrow else 90), nticks=5 if narrow else 8)
    figure.update_yaxes(autorange="reversed", showgrid=False, tickfont={"color": theme.INK, "size": 14})
    if any(e.party == "welfare" for e in rows) and len(rows) > 1:
        figure.add_hline(len(rows) - 1.5, line={"color": theme.GRID, "width": 1})


def _small_multiples(money: Frame, scenarios: list[tuple[int, str]], baseline_label: str, narrow: bool) -> go.Figure:
    n_columns = 1 if narrow else min(3, len(scenarios))
    n_rows = math.ceil(len(scenarios) / n_columns)
    grid: Any = make_subplots  # "all" is not among its annotations
    figure = grid(
        rows=n_rows,
        cols=n_columns,
        shared_yaxes=True,
        shared_xaxes="all",
        horizontal_spacing=0.03,
        vertical_spacing=min(0.5, 0.34 / n_rows),
        subplot_titles=[f"<b>{'<br>'.join(wrapped(theme.text(label), 38))}</b>" for _, label in scenarios],
    )
    everything = est.estimates(money)
    unit = everything[0].unit if everything else ""
    for place, (scenario, _) in enumerate(scenarios):
        row, column = place // n_columns + 1, place % n_columns + 1
        bars = _bars(est.estimates(est.of_scenario(money, scenario)), narrow=False)
        figure.add_trace(bars, row=row, col=column)
        theme.zero_line(figure, row=row, col=column)
        is_lowest = place + n_columns >= len(scenarios)
        figure.update_xaxes(showticklabels=is_lowest, nticks=5, row=row, col=column)
    figure.update_annotations(font={"size": 14, "color": theme.INK})
    figure.update_yaxes(autorange="reversed", showgrid=False, tickfont={"color": theme.INK, "size": 13})
    title = theme.lines(f"change against {baseline_label}, {theme.scale_of(unit).change}", 44)
    figure.update_xaxes(title_text=title, row=n_rows, col=(n_columns + 1) // 2)
    height = 70 + n_rows * (58 + 26 * len(est.MONEY))
    return theme.finish(figure, _across(money), _note(everything), height=height, narrow=narrow, top=40)


def _across(money: Frame) -> str:
    """In how many scenarios each party gains or loses."""
    n = money["scenario"].nunique()
    groups: dict[tuple[str, int], list[str]] = {}
    for party in est.PARTIES:
        signs = est.claimed(est.estimates(money[money["party"] == party]))
        for sign, verb in ((1, "gain"), (-1, "lose")):
            if count := signs.count(sign):
                groups.setdefault((verb, count), []).append(party)
    if not groups:
        return "No effect on any party is distinguishable from zero in any scenario"
    places = {n: "in every scenario"}
    parts = []
    for (verb, count), those in sorted(groups.items(), key=lambda item: (-item[0][1], item[0][0])):
        of_all = f"in {count} of {n}" if not parts else f"in {count}"
        parts.append(f"{agree(those, verb)} {places.get(count, of_all)}")
    scenarios = "" if parts[0].endswith("scenario") else " scenarios"
    return capital(", ".join([parts[0] + scenarios, *parts[1:]]))

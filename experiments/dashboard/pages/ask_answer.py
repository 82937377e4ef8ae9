"""The answer beside a question: the forecast of the mean-field model, and estimates from agents so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from analysis.figures.expectation import Expectation
from analysis.statistics import estimates as est
from analysis.statistics.estimates import Estimate
from analysis.wording.numbers import estimate, number, quantity, scale_of
from experiments.dashboard import parts
from experiments.dashboard.expected import STILL, Expected
from experiments.dashboard.jobs import Job
from experiments.dashboard.outside import link
from experiments.dashboard.view import View
from sim.metrics.registry import REGISTRY

BESIDES = ("consumer_orders", "consumer_price", "merchant_take_rate_independent", "worker_hourly_earnings")
"""Measures of the table besides money: agreed beforehand."""
ACTIVE = ("waiting", "running")
STATES = {
    "waiting": "queued",
    "running": "running",
    "done": "done",
    "failed": "failed",
    "cancelled": "stopped; finished runs are kept",
}


@dataclass(frozen=True)
class Answer:
    """Everything that is known of a view at this moment."""

    view: View
    direct: Expected
    total: Expected | None
    """None while the total effect is being computed."""
    job: Job | None = None
    effects: Any = None
    """A frame as effects.parquet has it, of the pairs that are whole."""
    currency: str = ""

    @property
    def is_pending(self) -> bool:
        """Whether more is on its way."""
        return self.total is None or (self.job is not None and self.job.state in ACTIVE)

    @property
    def agents(self) -> dict[str, Estimate]:
        """Agents' effects by metric."""
        return {} if self.effects is None else {e.metric: e for e in est.estimates(self.effects)}

    @property
    def mark(self) -> str:
        """Changes when anything that is shown does."""
        job = (self.job.id, self.job.state, self.job.n_done) if self.job else ()
        return f"{self.view.query} {self.total is None} {job}"


def expectations(answer: Answer) -> list[Expectation]:
    """The parties' money in their order; the mean-field model leaves out parts of total welfare."""
    agents, rows = answer.agents, []
    with_response = answer.total if answer.total is not None and answer.view.platforms != STILL else None
    for party, metric in est.MONEY.items():
        if party not in est.PARTIES and metric not in agents:
            continue
        about = REGISTRY[metric]
        unit = about.unit.format(currency=answer.currency)
        is_left_out = party not in est.PARTIES
        direct = None if is_left_out else answer.direct.effects.get(metric)
        total = with_response.effects.get(metric) if with_response and not is_left_out else None
        if direct is not None or metric in agents:
            rows.append(Expectation(party, about.title, unit, direct, total, agents.get(metric)))
    return rows


def details(answer: Answer) -> Any:
    """The same and a few other measures as a table: without the policy, forecast, and agents with intervals."""
    rows, agents = [], answer.agents
    has_response = answer.view.platforms != STILL
    for metric in (*(est.MONEY[party] for party in est.PARTIES), *BESIDES):
        if metric not in answer.direct.effects:
            continue
        about = REGISTRY[metric]
        unit = about.unit.format(currency=answer.currency)
        scale = scale_of(unit)
        cells = [about.title, quantity(answer.direct.baseline[metric], unit)]
        cells.append(number(answer.direct.effects[metric] * scale.factor, signed=True))
        if has_response:
            known = answer.total.effects.get(metric) if answer.total else None
            cells.append("…" if known is None else number(known * scale.factor, signed=True))
        e = agents.get(metric)
        cells.append(estimate(e.effect, e.low, e.high, factor=scale.factor) if e else "not run yet")
        rows.append(cells)
    heads = [
        "Measure",
        "Without the policy",
        "Direct effect, forecast",
        *(["Total effect, forecast"] if has_response else []),
        "Agents [95%]",
    ]
    return parts.table(heads, rows)


def caveats(answer: Answer) -> list[str]:
    """What must be known of a forecast."""
    found = []
    if answer.total is None:
        found.append("The response of platforms is being computed; the bars show the direct effect.")
    elif not answer.total.is_known:
        found.append(f"The mean-field model gives no response of platforms: {answer.total.problem}")
    return found


def job_panel(job: Job) -> Any:
    """One question to agents: how far it is, and what can be done with it."""
    text = STATES[job.state]
    if job.state == "waiting" and job.place:
        text = f"queued behind {job.place} other{'s' if job.place > 1 else ''}"
    if job.state == "running":
        text = f"{job.n_done} of {job.n_runs} runs, {job.seconds:.0f} s"
    failed = f"; {job.n_failed} failed" if job.n_failed else ""
    inside: list[Any] = [html.P([html.Strong(job.title), html.Br(), f"{text}{failed}"])]
    if job.state in ACTIVE:
        name = f"Runs done of {job.title}"
        inside.append(html.Progress(value=str(job.n_done), max=str(max(job.n_runs, 1)), **parts.named(name)))
        inside.append(html.Button("Stop", id={"type": "cancel", "job": job.id}, type="button", n_clicks=0))
    if job.error:
        inside.append(html.Pre(job.error, className="error"))
    if job.result:
        links = [
            dcc.Link("Compare", href=link(f"/compare?result={job.result}")),
            html.A("Report", href=link(f"/report/{job.result}"), target="_blank"),
            dcc.Link("Single agents", href=link(f"/people?result={job.result}")),
        ]
        inside.append(html.P([links[0], " · ", links[1], " · ", links[2]], className="result"))
    return html.Div(inside, className=f"job {job.state}", id=f"job-{job.id}")

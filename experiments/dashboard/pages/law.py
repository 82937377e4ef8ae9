"""*Law*: what every provision requires, which rule models it, and the values and basis of that rule's parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import dash
from dash import dcc, html

from analysis.wording.numbers import counted
from experiments.catalogue import rules
from experiments.catalogue.provisions import WORDS
from experiments.dashboard import parts
from experiments.dashboard.levers import in_words, levers_of
from experiments.dashboard.outside import link
from sim.metrics.registry import REGISTRY
from sim.policy.catalogue import CATALOGUE
from sim.policy.law.reading import ANSWERS, Provision, count, law

if TYPE_CHECKING:
    from experiments.dashboard.desk import Desk

TITLE, PATH = "Law", "/law"
QUESTION = "What does the law require, how is it modelled, and what are the parameters based on?"


def layout(own: Desk, query: str, *, is_narrow: bool) -> Any:
    """One rule in full where the address names it, and all provisions, article by article."""
    wanted = parse_qs(query.removeprefix("?")).get("rule", [""])[0]
    whole = law()
    unknown = wanted and wanted not in CATALOGUE
    counts = count(list(whole.provisions))
    text = ", ".join(f"{counts[status]} {WORDS[status]}" for status in ANSWERS)
    return [
        parts.heading("Law", QUESTION),
        parts.notice([f"There is no rule {wanted:.40}."] if unknown else []),
        _rule(wanted) if wanted in CATALOGUE else None,
        html.H2("Provision by provision"),
        html.P(
            "China’s Opinions of 24 December 2021 on the platform economy, paraphrased, which does not replace the "
            f"text: {counted(len(whole.provisions), 'provision')}, {text}."
        ),
        *(_article(part, whole.of_article(part), wanted) for part in whole.articles),
    ]


def register(app: dash.Dash, own: Desk) -> None:
    """Nothing on this page changes."""


def _article(part: str, provisions: list[Provision], wanted: str) -> Any:
    title = law().articles[part]
    counts = count(provisions)
    text = ", ".join(f"{n} {WORDS[status]}" for status, n in counts.items() if n)
    rows = [[p.id, p.asks, _answer(p)] for p in provisions]
    is_open = any(wanted in p.instruments for p in provisions) if wanted else False
    summary = f"Article {part}: {title}" if part.isdecimal() else title
    return html.Details(
        [html.Summary(f"{summary} ({text})"), parts.table(["Provision", "Requirement", "Modelled by"], rows)],
        open=is_open,
    )


def _answer(provision: Provision) -> Any:
    if not provision.instruments:
        return f"{WORDS[provision.status]}: {getattr(provision, provision.status)}"
    links: list[Any] = []
    for name in provision.instruments:
        links += [", "] if links else []
        links.append(dcc.Link(CATALOGUE[name].title, href=link(f"{PATH}?rule={name}")) if name in CATALOGUE else name)
    return links


def _rule(name: str) -> Any:
    """A rule in full: reading, department, levers with range and basis, and expected effects."""
    kind = CATALOGUE[name]
    rows = [
        [
            f"{one.label}: {one.meaning}",
            in_words(one.usual, one),
            f"{one.shown(one.low):,} to {one.shown(one.high):,}" if one.is_number else " or ".join(one.words),
            one.basis,
            html.Code(f"policy.{one.key}"),
        ]
        for one in levers_of(name)
    ]
    moved = [[REGISTRY[e.metric].title, "up" if e.sign == "+" else "down", e.why] for e in kind.expects]
    provisions = [p for p in law().of_instrument(name)]
    return html.Section(
        [
            html.H2(kind.title),
            html.P([dcc.Link("Ask for its effects", href=link(f"/ask?policy={name}"))]),
            html.P(
                f"{kind.kind} · {str(kind.department).replace('_', ' ')} · {', '.join(kind.provisions)}",
                className="small",
            ),
            html.P(rules.reading(kind)),
            html.Ul([html.Li([html.Strong(p.id), " ", p.asks]) for p in provisions]),
            parts.table(["Parameter", "Default", "Range", "Basis", "Name"], rows, "Parameters"),
            parts.table(["Measure", "Direction", "Why"], moved, "Expected effects"),
        ],
        className="rule-in-full",
    )

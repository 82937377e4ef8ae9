"""The report of a result: one HTML page with everything in it, which loads nothing from anywhere."""

from __future__ import annotations

import base64
import json
from importlib.resources import files
from typing import Any

from analysis.figures import theme
from analysis.figures.colours import style_sheet
from analysis.report import panels as shown
from analysis.report import rules, tables
from analysis.report.export import csv_of
from analysis.report.panels import Panel
from analysis.report.sections import TITLES
from analysis.result import Result
from analysis.statistics import estimates as est
from analysis.wording import behaviour, conduct, draws, enforcement, within
from analysis.wording import findings as words
from analysis.wording.numbers import listed, unit_text

LARGEST = 5_900_000  # bytes: what a mail server lets through, with some room


def render(result: Result) -> str:
    """The page as text; if it would grow too large, data behind the figures is left out, largest first."""
    groups = shown.of_result(result)
    data = {panel.name: _data_uri(panel) for group in groups.values() for panel in group}
    data["effects"] = _csv_uri(result.effects.to_csv(index=False))
    if not result.strategies.empty:
        data["strategies"] = _csv_uri(result.strategies.to_csv(index=False))
    page = _page(result, groups, data)
    too_much = len(page.encode()) - LARGEST
    for name in sorted(data, key=lambda key: -len(data[key])):
        if too_much <= 0:
            break
        too_much -= len(data.pop(name))
        if too_much <= 0:
            page = _page(result, groups, data)
    return page


def _page(result: Result, groups: dict[str, list[Panel]], data: dict[str, str]) -> str:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup
    from plotly.offline import get_plotlyjs

    environment = Environment(
        loader=PackageLoader(__package__ or "", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    own = files(__package__ or "")
    return environment.get_template("page.html.j2").render(
        **_words(result),
        titles=TITLES,
        groups=groups,
        shared={key: shown.shared_note(group) for key, group in groups.items()},
        figures={p.name: Markup(_figure_json(p)) for group in groups.values() for p in group},
        data=data,
        colours=Markup(style_sheet()),
        style=Markup(own.joinpath("page.css").read_text("utf-8")),
        script=Markup(own.joinpath("page.js").read_text("utf-8")),
        config=Markup(_safe_json(theme.CONFIG)),
        plotly=Markup(get_plotlyjs()),
    )


def _words(result: Result) -> dict[str, Any]:
    focus = est.of_scenario(result.effects, est.focus(result.effects))
    modelled = rules.instruments(result.record)
    trusted, left_out = rules.folded(tables.trust(result), len(modelled))
    return {
        "record": result.record,
        "headline": words.headline(result),
        "findings": words.findings(result),
        "besides": _besides(result),
        "reading_note": words.reading_note(result),
        **_within(result),
        **_draws(result),
        **_answers(result),
        **_enforcement(result),
        "is_sweep": result.is_sweep,
        "focus_label": str(focus["label"].iloc[0]),
        "span": tables.span(result),
        "lever_names": listed([str(lever["title"]).lower() for lever in result.levers]),
        "effects_table": tables.effects_table(result),
        "moments_table": tables.moments_table(result.moments),
        "missed": tables.missed(result.moments),
        "roles": tables.roles(result.moments),
        "trust": trusted,
        "left_out": left_out,
        "caveat": next(iter(result.record.get("caveats") or []), ""),
        "assumptions": tables.assumptions(result.record),
        "instruments": modelled,
        "rules_head": rules.rules_head(modelled),
        "overview": rules.overview(modelled),
        "by_rule": rules.by_rule(result),
        "is_long": len(modelled) > rules.MOST_OPEN,
        "provenance": tables.provenance(result.record),
    }


def _within(result: Result) -> dict[str, Any]:
    frame = shown.within_frame(result)
    if frame.empty:
        return {"within_sentences": [], "within_accounting": "", "within_table": {"heads": [], "rows": []}}
    currency = str(result.record.get("currency") or "currency")
    return {
        "within_sentences": within.sentences(frame, currency),
        "within_accounting": within.accounting(result, frame),
        "within_table": tables.within_table(frame, currency),
    }


def _draws(result: Result) -> dict[str, Any]:
    """The words of how sensitive effects are to assumptions."""
    split = draws.parts(est.of_scenario(result.effects, est.focus(result.effects)))
    return {
        "draw_sentences": draws.sentences(result),
        "draw_notes": draws.notes(result) if result.has_draws else [],
        "split_sentence": draws.split_sentence(split),
        "split_table": draws.split_table(split),
        "split_heads": draws.SPLIT_HEADS,
        "split_unit": unit_text(split[0].unit) if split else "",
        "draw_table": draws.table(result),
        "draw_heads": draws.TABLE_HEADS,
        "draw_count": draws.n_drawn(result.draws),
    }


def _answers(result: Result) -> dict[str, Any]:
    """The words of platforms' response to the rule, and of other strategies."""
    return {
        "answer_sentences": behaviour.sentences(result),
        "answer_notes": behaviour.notes(),
        "answer_table": behaviour.table(result),
        "answer_scenarios": behaviour.by_scenario(result.waterbed),
        "strategy_sentences": conduct.sentences(result),
        "strategy_table": conduct.table(result),
    }


def _besides(result: Result) -> list[words.Finding]:
    """What the page says in short besides its three findings."""
    more = (behaviour.finding(result), conduct.card(result), enforcement.finding(result))
    return [*words.deciding(result), *filter(None, more)]


def _enforcement(result: Result) -> dict[str, Any]:
    """The words of how the rules are enforced."""
    frame = enforcement.focus_of(result)
    return {
        "enforcement_sentences": enforcement.sentences(result),
        "enforcement_notes": enforcement.notes(),
        "enforcement_table": enforcement.table(frame),
        "enforcement_practices": enforcement.practice_table(frame),
        "enforcement_scenarios": enforcement.by_scenario(result),
    }


def _safe_json(value: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    text = value if isinstance(value, str) else json.dumps(value)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _figure_json(panel: Panel) -> str:
    drawn = (theme.without_title(figure).to_json() or "null" for figure in (panel.wide, panel.narrow))
    return _safe_json('{{"wide": {}, "narrow": {}}}'.format(*drawn))


def _csv_uri(text: str) -> str:
    return f"data:text/csv;charset=utf-8;base64,{base64.b64encode(text.encode()).decode()}"


def _data_uri(panel: Panel) -> str:
    return _csv_uri(csv_of(panel))

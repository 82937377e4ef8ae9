"""Rules and their levers as controls: chosen article by article, set by sliders that know their range and law."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dash import dcc, html

from analysis.wording.numbers import capital, uncapital
from experiments.catalogue import instruments, rules
from experiments.dashboard import configs, questions
from experiments.dashboard.levers import WHEN, Lever, levers_of
from experiments.dashboard.outside import link
from experiments.dashboard.view import View
from experiments.request import policy_names
from sim.errors import PlatformLabError
from sim.policy.catalogue import CATALOGUE
from sim.policy.instrument import PENALTIES
from sim.policy.law.reading import law

LEVER, RULES = "lever", "rules"
"""Kinds of controls: the box of a lever, beside which the page puts a slider, and the rules of an article."""


def articles() -> dict[str, list[str]]:
    """Rules by the article that they serve first, in the order of the law."""
    found: dict[str, list[str]] = {}
    for name, kind in CATALOGUE.items():
        found.setdefault(instruments.article_of(kind).removeprefix("A"), []).append(name)
    return found


def rules_of(view: View) -> list[Any]:
    """One group of boxes an article, open where a rule of it is chosen."""
    return [_article(part, names, view) for part, names in articles().items()]


def _article(part: str, names: list[str], view: View) -> Any:
    chosen = [name for name in names if name in view.policy]
    options = [{"label": CATALOGUE[name].title, "value": name} for name in names]
    boxes = dcc.Checklist(options, chosen, id={"type": RULES, "article": part}, className="choices")
    title = f"Article {part}: {uncapital(law().articles[part])}"
    return html.Details(
        [html.Summary(title), html.Fieldset([html.Legend(title, className="unseen"), boxes])], open=bool(chosen)
    )


def regimes() -> list[tuple[str, str]]:
    """Policies that are several rules at once: their names, and the rules of each as an address says them."""
    found = []
    for name in sorted(set(policy_names.regimes()) - set(questions.own("policy"))):
        rules = _rules_in(name)
        if len(rules) > 1:
            found.append((policy_names.title_of(name, in_full=True), ",".join(rules)))
    return found


def own_policies(view: View) -> list[tuple[str, str]]:
    """Policies in the user's folder: title, and an address that asks a view's question about it, if one can."""
    found = []
    for name in questions.own("policy"):
        title = f"{policy_names.title_of(name)} ({name}.yaml)"
        try:
            own = configs.policy_of(name)
        except PlatformLabError as error:
            found.append((f"{title} cannot be read: {error}", ""))
            continue
        if own is None:
            found.append((f"{title} sets what has no control here; ask it on the command line: policy={name}", ""))
        else:
            found.append((title, replace(view, policy=own.policy, values=own.values).query))
    return found


def _rules_in(regime: str) -> list[str]:
    import yaml

    from experiments.request import folders

    path = folders.config_folder() / "policy" / f"{regime}.yaml"
    return [name for name in yaml.safe_load(path.read_text("utf-8")) or {} if name in CATALOGUE]


def levers_for(view: View) -> list[Any]:
    """The levers of every rule chosen."""
    return [_rule(name, view) for name in view.policy]


def _rule(name: str, view: View) -> Any:
    kind = CATALOGUE[name]
    own = [one for one in levers_of(name) if one.name not in (*WHEN, *PENALTIES)]
    costs = [one for one in levers_of(name) if one.name in PENALTIES]
    when = [one for one in levers_of(name) if one.name in WHEN]
    more = [("Sanctions for a breach", costs), ("Timing, and who is bound", when)]
    return html.Section(
        [
            html.H3(kind.title),
            html.P(
                [f"{', '.join(kind.provisions)} · ", dcc.Link("law and model", href=link(f"/law?rule={name}"))],
                className="small",
            ),
            _set_by_file(name),
            *(_lever(one, view) for one in own),
            *(
                html.Details([html.Summary(title), *(_lever(one, view) for one in levers)])
                for title, levers in more
                if levers
            ),
        ],
        className="rule",
        title=rules.reading(kind).partition(". ")[0] + ".",
    )


def _set_by_file(name: str) -> Any:
    """What a file of the user's sets of a built-in rule, some of which may have no control."""
    values = ", ".join(f"{key}: {value}" for key, value in questions.usual(name).items())
    return html.P(f"As your file {name}.yaml sets it: {values}", className="small") if values else None


def _lever(one: Lever, view: View) -> Any:
    value = one.shown(view.value(one))
    if not one.is_number:
        options = [{"label": word, "value": word} for word in one.words]
        choice = dcc.RadioItems(options, value, id=_id(LEVER, one), className="choices row")
        return html.Fieldset([html.Legend(one.label), choice, _basis(one)], className="lever")
    unit = one.suffix.replace("currency", configs.sector_facts(view.sector)["currency"])
    box = dcc.Input(type="number", value=value, step="any", debounce=0.3, id=_id(LEVER, one))
    ends = {"low": one.shown(one.low), "most": one.shown(one.most_shown), "step": one.step}
    about: dict[str, Any] = {f"data-{key}": str(end) for key, end in ends.items()}
    about |= {"data-lever": one.key.replace(".", "/"), "data-name": one.title}
    return html.Div(
        [
            html.Span(one.label, className="name"),
            html.Div(className="slider", **about),
            html.Label([html.Span(f"{one.title}, exactly", className="unseen"), box, html.Span(unit)]),
            _basis(one),
        ],
        className="lever",
    )


def _basis(one: Lever) -> Any:
    usual = f"usual {one.shown(one.usual):,}" if one.is_number else f"usual: {one.shown(one.usual)}"
    ends = f"{one.shown(one.low):,} to {one.shown(one.high):,}; " if one.is_number else ""
    return html.P(f"{capital(one.meaning)}; {ends}{usual}; {one.basis}", className="small")


def _id(kind: str, one: Lever) -> dict[str, str]:
    return {"type": kind, "lever": one.key.replace(".", "/")}


def key_of(identity: dict[str, str]) -> str:
    """The lever of a control; ids of controls may hold no full stop."""
    return identity["lever"].replace("/", ".")

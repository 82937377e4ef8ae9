"""The report's opening, its newer figures and its buttons: three findings first, every figure can be taken along."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from analysis.report import panels as shown
from experiments.results.reporting import write_report
from experiments.storage.results import load_result
from tests.analysis._answers import leave_strategies, strategies_frame
from tests.analysis._groups import distribution_frame
from tests.analysis._payments import with_payments
from tests.analysis._results import leave
from tests.analysis.report.test_report import Reader

pytestmark = pytest.mark.long

EVIL = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>')


def whole(folder: Path) -> Path:
    """A comparison with everything: strategies, payments, groups."""
    leave_strategies(folder)
    with_payments(pd.read_parquet(folder / "effects.parquet")).to_parquet(folder / "effects.parquet")
    distribution_frame().to_parquet(folder / "distribution.parquet")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return whole(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def text(folder: Path) -> str:
    page = write_report(folder)
    assert page.stat().st_size < 6_000_000
    return page.read_text("utf-8")


def opening(text: str) -> tuple[str, str]:
    """What stands before the first section: the findings, and what comes under "Further findings"."""
    answer = text[text.index('<section class="answer"') : text.index("</section>")]
    first, _, rest = answer.partition("Further findings")
    return first, rest


def topics(part: str) -> list[str]:
    return re.findall(r'<div class="finding"><p class="kicker">([^<]*)</p>', part)


def test_the_page_opens_with_exactly_three_findings(text: str):
    first, rest = opening(text)
    assert topics(first) == ["Effects by party", "Total welfare", "Other outcomes"]
    assert topics(rest) == ["Platforms’ response", "Other strategies of platforms"]
    leads = re.findall(r'<p class="lead">([^<]*)</p>', first)
    assert len(leads) == 3
    assert "Merchants gain 412 [380,\u00a0444]" in leads[0]
    assert leads[1] == "The effect on total welfare is not distinguishable from zero."


@pytest.mark.parametrize("verb", ["compare", "sweep", "grid", "cube", "alone"])
def test_every_kind_of_result_opens_with_three(verb: str, tmp_path: Path):
    first, _ = opening(write_report(leave(tmp_path, verb)).read_text("utf-8"))
    assert len(topics(first)) == 3


def test_sections_hold_the_newer_figures_in_their_order(text: str):
    order = [
        text.index(f'data-figure="{name}"')
        for name in ("who_gains", "cash_flows", "answer", "strategies_money", "who_within", "effect_quantiles")
    ]
    assert order == sorted(order)
    otherwise = text[text.index("<h2>Other strategies of platforms") :]
    assert 'data-figure="strategies_money"' in otherwise[: otherwise.index("</section>")]


@pytest.mark.parametrize(("verb", "has_lines"), [("grid", True), ("cube", True), ("sweep", False), ("alone", False)])
def test_lines_are_drawn_where_several_levers_vary_at_once(verb: str, has_lines: bool, tmp_path: Path):
    groups = shown.of_result(load_result(leave(tmp_path, verb)))
    assert bool(groups["points"]) == has_lines


def test_payments_are_not_in_the_tables_of_the_page(text: str, folder: Path):
    tables = "".join(re.findall(r"<table.*?</table>", text, flags=re.DOTALL))
    flows = load_result(folder).effects.query("party == 'flows'")
    assert not [title for title in flows["title"] if title in tables]


def test_every_figure_has_buttons_that_say_what_they_save_and_are_not_printed(text: str):
    read = Reader(text)
    buttons = [a for tag, a in read.elements if tag == "button" and a.get("class") == "save"]
    figures = [a for _, a in read.elements if "data-figure" in a]
    assert len(buttons) == 2 * len(figures) > 10
    assert {a["data-save"] for a in buttons} == {"png", "svg"}
    assert all(a["type"] == "button" and "hidden" in a and " of: " in str(a["aria-label"]) for a in buttons)
    printed = text[text.index("@media print") :]
    assert re.search(r"button[^{]*\{ display: none !important", printed)


def test_a_saved_picture_can_have_the_title_back(text: str):
    for drawn in Reader(text).figures().values():
        layout = drawn["wide"]["layout"]
        meta = layout["meta"]
        assert not layout["title"]["text"]
        assert meta["finding"].split()[0] in meta["title"]
        assert meta["space"] > 0
        assert layout["margin"]["t"] == meta["top"]
        assert layout["height"] == meta["height"]


@pytest.mark.parametrize("evil", EVIL)
def test_words_of_others_stay_words_in_every_figure(evil: str, tmp_path: Path):
    folder = whole(tmp_path)
    effects = pd.read_parquet(folder / "effects.parquet")
    effects.assign(title=evil, label=evil, unit=evil).to_parquet(folder / "effects.parquet")
    strategies_frame().assign(title=evil, label=evil, unit=evil).to_parquet(folder / "strategies.parquet")
    changed = json.loads((folder / "record.json").read_text("utf-8")) | {"baseline_label": evil, "title": evil}
    (folder / "record.json").write_text(json.dumps(changed | {"currency": evil}), "utf-8")
    text = write_report(folder).read_text("utf-8")
    assert evil not in text
    read = Reader(text)
    assert not [tag for tag, attributes in read.elements if tag == "img" or "onerror" in attributes]
    assert len([1 for a, _ in read.scripts if a.get("type") is None]) == 2
    for figure in read.figures().values():
        for drawn in figure.values():
            title = drawn["layout"]["meta"]["title"]
            del drawn["layout"]["meta"]
            assert not re.search(r"<(script|img)", title + json.dumps(drawn, ensure_ascii=False))

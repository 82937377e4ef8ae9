"""Every figure of the catalogue is made from a result folder."""

import json
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import pytest

from analysis.figures import catalogue
from experiments.storage.results import ResultFolder
from sim.errors import RefusedScenario
from tests.analysis._answers import leave_strategies
from tests.analysis._groups import distribution_frame
from tests.analysis._payments import with_payments
from tests.analysis._results import leave, leave_draws

METRICS = ("worker_hourly_earnings", "merchant_profit")
PANEL = {"title": "Found", "note": "", "kind": "lines", "x_title": "week", "y_title": "%"}
PANEL |= {"lines": [{"name": "a", "x": [1, 2], "y": [1.0, 2.0]}]}
JUDGED = {"case": "a", "quantity": "x", "unit": "yuan", "target": 1.0, "low": 0.9, "high": 1.1, "simulated": 1.0}
JUDGED |= {"ci_low": 0.95, "ci_high": 1.05, "verdict": "pass", "source": "", "note": ""}


def comparison(folder: Path) -> None:
    leave_strategies(folder)
    with_payments(pd.read_parquet(folder / "effects.parquet")).to_parquet(folder / "effects.parquet")
    distribution_frame().to_parquet(folder / "distribution.parquet")


def theory(folder: Path) -> None:
    folder.mkdir(parents=True)
    cases = [{"suite": "theory", "name": "a", "question": "?", "panels": [PANEL], "rows": [JUDGED]}]
    (folder / "figures.json").write_text(json.dumps(cases), "utf-8")


MADE = {
    catalogue.COMPARISON: comparison,
    catalogue.CURVE: lambda folder: leave(folder, "sweep"),
    catalogue.GRID: lambda folder: leave(folder, "grid"),
    catalogue.ALONE: lambda folder: leave(folder, "alone"),
    catalogue.DRAWN: lambda folder: leave_draws(folder, {"value_of_time": 0.001}),
    catalogue.THEORY: theory,
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    found = {}
    for kind, make in MADE.items():
        found[kind] = tmp_path_factory.mktemp("kinds") / kind
        make(found[kind])
    return found


@pytest.mark.parametrize("one", [e for e in catalogue.CATALOGUE if e.kind in MADE], ids=lambda one: one.name)
def test_an_entry_makes_its_figure(one: catalogue.Entry, folders: dict[str, Path]):
    figure = one.make(ResultFolder(folders[one.kind]))
    assert isinstance(figure, go.Figure)
    assert figure.layout.meta["finding"]


@pytest.mark.parametrize("one", catalogue.CATALOGUE, ids=lambda one: one.name)
def test_an_entry_is_a_question_and_a_few_lines(one: catalogue.Entry):
    assert one.question.endswith("?")
    assert one.code.endswith(f'figure = lab.load("{catalogue.FOLDER}").figure("{one.name}")')
    assert catalogue.entry(one.name) is one


def test_keywords_go_on_to_the_figure(folders: dict[str, Path]):
    source = ResultFolder(folders[catalogue.COMPARISON])
    figures = [catalogue.entry("trajectory").make(source, metric=metric) for metric in METRICS]
    assert len({figure.layout.meta["finding"] for figure in figures}) == len(METRICS)
    wide, narrow = (catalogue.entry("who_gains").make(source, narrow=narrow) for narrow in (False, True))
    assert wide.layout != narrow.layout


def test_a_figure_that_there_is_not_is_refused():
    with pytest.raises(RefusedScenario, match=r"do:      .*who_gains"):
        catalogue.entry("who_gain")

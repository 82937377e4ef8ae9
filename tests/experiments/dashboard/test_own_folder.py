"""A user's folder: its markets and policies are on the page, in forecasts, in commands and in what agents are asked."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from experiments.dashboard import configs, desk, job_child, questions
from experiments.dashboard.expected import Forecasts, work_out
from experiments.dashboard.jobs import Jobs
from experiments.dashboard.levers import lever
from experiments.dashboard.pages import ask
from experiments.dashboard.view import View, choices, read
from experiments.request import build, folders
from sim.errors import RefusedScenario
from tests.experiments.dashboard.conftest import until

MARKET = "sector=island&policy=commission_cap"


def write(folder: Path, price_sensitivity: float, title: str = "An island") -> None:
    text = (folders.config_folder() / "sector" / "food_delivery.yaml").read_text("utf-8")
    text = text.replace("name: food_delivery", "name: island", 1)
    text = re.sub(r"^title: .*$", f"title: {title}", text, count=1, flags=re.M)
    text = re.sub(r"^  price_sensitivity: .*$", f"  price_sensitivity: {price_sensitivity}", text, count=1, flags=re.M)
    (folder / "sector").mkdir(parents=True, exist_ok=True)
    (folder / "sector" / "island.yaml").write_text(text, "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    found = tmp_path / "my own"
    write(found, 0.06)
    (found / "policy").mkdir()
    (found / "policy" / "mild_cap.yaml").write_text("commission_cap: {ceiling: 0.2}\nminimum_pay: {}\n", "utf-8")
    questions.use(found)
    yield found
    questions.use(None)


def page(query: str = "") -> str:
    """The page as its controls say it, as JSON."""
    from plotly.utils import PlotlyJSONEncoder

    with contextlib.closing(desk.desk()) as own:
        return json.dumps(ask.layout(own, query, is_narrow=False), cls=PlotlyJSONEncoder)


def test_without_a_folder_there_is_nothing_of_it() -> None:
    assert questions.option_words() == []
    assert "island" not in choices("sector")
    assert "Policies of your folder" not in page()
    _, faults = read(MARKET)
    assert faults


def test_the_users_market_is_on_the_page_and_is_asked_about(folder: Path) -> None:
    assert "An island (your file island.yaml)" in page(MARKET)
    view, faults = read(MARKET)
    assert (view.sector, faults) == ("island", [])
    assert questions.ask(view.words).scenarios[0].sector.consumers.price_sensitivity == 0.06
    with contextlib.closing(Forecasts()) as forecasts:
        own = forecasts.direct(view)
        assert own.is_known
        assert own.effects != forecasts.direct(View()).effects
        still = replace(view, platforms="fixed")
        assert work_out(still.words, folder).effects == own.effects, "in a process of its own too"


def test_the_users_policy_is_on_the_page_with_its_values(folder: Path) -> None:
    own = configs.policy_of("mild_cap")
    assert own is not None
    assert (own.policy, own.values) == (("commission_cap", "minimum_pay"), {"commission_cap.ceiling": 0.2})
    shown = page(MARKET)
    assert "Mild cap (mild_cap.yaml)" in shown
    assert re.search(r'"/ask\?sector=island&[^"]*policy=commission_cap,minimum_pay&commission_cap.ceiling=0.2&', shown)


def test_what_a_slider_starts_from_is_what_is_computed(folder: Path) -> None:
    (folder / "policy" / "commission_cap.yaml").write_text("# @package policy.commission_cap\nceiling: 0.17\n", "utf-8")
    questions.look(at_once=True)
    one = lever("commission_cap.ceiling")
    assert one is not None
    rule: Any = questions.ask(View(policy=("commission_cap",)).words).scenarios[0].policy["commission_cap"]
    assert one.usual == rule.ceiling


def test_the_command_finds_the_same_files_and_comes_back(folder: Path) -> None:
    view, _ = read(MARKET)
    line = questions.command(view.words)
    assert line.endswith(f"--config-dir '{folder}'")
    assert configs.taken(line) == view
    assert configs.taken(line.replace("--config-dir ", "--config-dir=")) == view
    assert configs.taken(configs.written(view)) == view
    with pytest.raises(RefusedScenario):
        configs.taken(line.replace(str(folder), "/tmp"))


def test_agents_are_asked_with_the_folder(folder: Path, monkeypatch: pytest.MonkeyPatch, outputs: Any) -> None:
    told: list[list[str]] = []

    class Told(job_child.Child):
        def __init__(self, errand: str, words: list[str], log: Path) -> None:
            told.append(words)
            super().__init__(errand, ["--help"], log)

    monkeypatch.setattr("experiments.dashboard.jobs.Child", Told)
    with contextlib.closing(Jobs()) as jobs:
        jobs.start("me", read(MARKET)[0].words)
        until(lambda: bool(told), 30.0)
    assert told[0][-2:] == ["--config-dir", str(folder)]
    assert "sector=island" in told[0]
    assert build.ask(told[0][:-2], folder).scenarios[0].sector.name == "island"


def test_a_file_that_changes_is_computed_anew(folder: Path) -> None:
    view, _ = read(MARKET)
    with contextlib.closing(Forecasts()) as forecasts:
        before = forecasts.direct(view)
        write(folder, 0.03, "Another island")
        os.utime(folder / "sector" / "island.yaml", ns=(1, 1))
        assert forecasts.direct(view) is before, "nobody has looked yet"
        questions.look(at_once=True)
        assert forecasts.direct(view).effects != before.effects
    assert configs.sector_facts("island")["title"] == "Another island"


def test_a_file_that_is_broken_meanwhile_is_told_and_breaks_no_page(folder: Path) -> None:
    (folder / "sector" / "island.yaml").write_text("name: island\nconsumers: {nothing: 1}\n", "utf-8")
    questions.look(at_once=True)
    assert "island (your file island.yaml)" in page(MARKET)
    with contextlib.closing(Forecasts()) as forecasts:
        assert not forecasts.direct(read(MARKET)[0]).is_known


@pytest.mark.parametrize(
    "text", ["nothing_like_it: {}", "commission_cap: {ceiling: 9}", "a: !!python/name:os.system ''"]
)
def test_a_folder_that_cannot_be_composed_is_refused_at_the_start(folder: Path, text: str) -> None:
    (folder / "policy" / "broken.yaml").write_text(text, "utf-8")
    with pytest.raises(RefusedScenario):
        questions.use(folder)


def test_a_policy_without_rules_and_one_beyond_the_controls_are_no_wrong_question(folder: Path) -> None:
    (folder / "policy" / "nothing.yaml").write_text("{}\n", "utf-8")
    questions.look(at_once=True)
    own = configs.policy_of("nothing")
    assert own is not None
    assert own.policy == ()
    (folder / "policy" / "for_a_while.yaml").write_text(
        "commission_cap: {smallest_share: 0.3, end_week: 120}\n", "utf-8"
    )
    questions.look(at_once=True)
    assert configs.policy_of("for_a_while") is None, "no control says how long a rule applies"
    assert "policy=for_a_while" in page()

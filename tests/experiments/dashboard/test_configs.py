"""A question taken along and brought back, and what is pasted by somebody who means harm."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from experiments.dashboard import configs
from experiments.dashboard.view import View, read
from experiments.request import build
from sim.errors import RefusedScenario

ASKED = "sector=us_food_delivery&platforms=gradient&policy=commission_cap,minimum_pay&minimum_pay.floor=20&replicates=4"


def test_a_view_comes_back_from_its_file() -> None:
    view, faults = read(ASKED)
    assert not faults
    assert configs.taken(configs.written(view)) == view


def test_a_view_comes_back_from_its_command() -> None:
    view, _ = read(ASKED)
    command = next(line for line in configs.written(view).splitlines() if "policy=" in line)
    assert configs.taken(command.removeprefix("# ")) == view


def test_the_command_line_asks_the_same_of_the_file(tmp_path: Path) -> None:
    view, _ = read(ASKED)
    path = tmp_path / "question.yaml"
    path.write_text(configs.written(view), "utf-8")
    asked = build.ask([f"config={path}"])
    assert asked.scenarios == build.ask(view.words).scenarios
    assert asked.asking.replicates == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no configuration"),
        ("a: 1", "no configuration"),
        ("sector: !!python/object/apply:os.system [ls]", "tags are not read"),
        ("sector: &a [1]\npolicy: *a", "anchors"),
        ("sector: ${oc.env:HOME}", "looked up"),
        ("sector: food_delivery\nrunner: {kind: cluster}", "command line only"),
        ("sector: food_delivery\nsector: food_delivery", "set twice"),
        ("sector: {name: /etc/passwd}", "cannot be chosen"),
        ("sector: food_delivery\npopulation: megacity", "cannot be chosen"),
        ("sector: [" * 40, "nested too deeply"),
        ("platform-lab run population=town", "compare"),
        ("platform-lab compare --config-dir /tmp", "no lever"),
        ("platform-lab compare policy=[x", "no rule"),
        ("platform-lab compare 'a", "taken apart"),
        ("x" * 300_000, "300,000 characters"),
    ],
)
def test_what_cannot_be_a_question_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(RefusedScenario, match=said):
        configs.taken(text)


def test_a_file_with_other_numbers_is_another_question() -> None:
    plain = yaml.safe_load(configs.written(View()))
    plain["sector"]["consumers"]["price_sensitivity"] *= 2
    with pytest.raises(RefusedScenario, match=r"sector.consumers.price_sensitivity=0.1"):
        configs.taken(yaml.safe_dump(plain, sort_keys=False))
    plain = yaml.safe_load(configs.written(View())) | {"seed": 7}
    with pytest.raises(RefusedScenario, match="seed=7"):
        configs.taken(yaml.safe_dump(plain, sort_keys=False))

"""Old names are refused and lead to the new ones, wherever somebody may still write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments import cli
from sim.parameters import PracticeEffect
from sim.renamed import RENAMED, SEVERAL, new_name_of
from sim.strict import nearest

CASE = """\
question: Is an old name refused?
how: {how}
setting: {setting}
targets: []
"""
PAIRED = (
    "{{overrides: [population=town], replicates: 2, last_weeks: 2, sides: {{one: [seed=2]}}, {more}"
    "measures: [{{quantity: q, unit: u, metric: {metric}, how: difference, side: one}}]}}"
)
ASKED = {
    "lever_stiffness": ("run", "platforms.lever_stiffness=1.0"),
    "first_levers": ("run", "platforms.first_levers=1.0"),
    "start_worth": ("run", "platforms=q_learning", "platforms.learning.start_worth=[1.0]"),
    "reach": ("compare", "policy=interoperability", "policy.interoperability.reach=0.3"),
    "departures": ("run", "sector.practices.departures.exclusivity.fee=0.01"),
    "allure": ("run", "sector.practices.effects.misleading.allure=0.01"),
    "clarity": ("run", "sector.practices.effects.opaque_terms.clarity=0.01"),
    "openness": ("run", "sector.practices.effects.exclusivity.openness=0.01"),
    "barred": ("run", "sector.practices.effects.unlicensed_supply.barred=0.01"),
    "worker_locked_out_share": ("compare", "policy=minimum_pay", "outcomes=[worker_locked_out_share]"),
    "flow_meals_paid": ("compare", "policy=minimum_pay", "precision={flow_meals_paid: 1}"),
    "flow_meals_passed_on": ("sweep", "policy=minimum_pay", "seed=1", "outcomes=[flow_meals_passed_on]"),
    "flow_rider_pay": ("compare", "policy=minimum_pay", "outcomes=[flow_rider_pay]"),
    "twin": ("validate", "twin"),
    "hours_on_line": ("validate", "case=FILE", "paired", PAIRED.format(metric="hours_on_line", more="")),
    "beside_averages": (
        "validate",
        "case=FILE",
        "paired",
        PAIRED.format(metric="consumer_orders", more="beside_averages: {}, "),
    ),
    "worth": ("run", "sector.practices.effects.misleading.worth=0.01"),
}
"""One request by old name; for a case of validation also its procedure and its setting."""


def refused(words: tuple[str, ...], folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    verb, *typed = words
    if "case=FILE" in typed:
        path = folder / "old.yaml"
        path.write_text(CASE.format(how=typed[1], setting=typed[2]))
        typed = [f"case={path}"]
    with pytest.raises(SystemExit) as stopped:
        cli.main([verb, *typed])
    assert stopped.value.code == 2
    return capsys.readouterr().err


def test_every_old_name_is_tried():
    assert set(ASKED) == RENAMED.keys() | SEVERAL.keys()


@pytest.mark.parametrize("old", ASKED)
def test_an_old_name_is_refused_with_the_new_one(old: str, outputs: Path, capsys: pytest.CaptureFixture[str]):
    said = refused(ASKED[old], outputs.parent, capsys)
    new = RENAMED.get(old) or SEVERAL[old][0]
    assert f"do:      `{old}` is called `{new}` now\n" in said
    assert not list(outputs.glob("*/*/record.json"))


def test_an_old_name_in_a_file_is_refused_too(tmp_path: Path, outputs: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "platforms").mkdir()
    (tmp_path / "platforms" / "mine.yaml").write_text("strategy: fixed\nlever_stiffness: 2.0\n")
    said = refused(("run", "platforms=mine", "--config-dir", str(tmp_path)), tmp_path, capsys)
    assert "platforms.lever_stiffness" in said
    assert "`lever_stiffness` is called `adjustment_cost` now" in said


@pytest.mark.parametrize("words", ["platforms.lever_stiffness=1.0,2.0", "platforms.lever_stiffness=interval(1.0,2.0)"])
def test_an_old_name_that_is_swept_is_refused_too(words: str, outputs: Path, capsys: pytest.CaptureFixture[str]):
    said = refused(("sweep", "policy=commission_cap", words), outputs, capsys)
    assert "`lever_stiffness` is called `adjustment_cost` now" in said


def test_a_name_that_stood_for_several_things_leads_to_the_one_that_fits(
    outputs: Path, capsys: pytest.CaptureFixture[str]
):
    setting = "{market: {kind: monopsony, worth: 10.0, elasticity: 3.0}}"
    said = refused(("validate", "case=FILE", "equilibrium", setting), outputs.parent, capsys)
    assert "`worth` is called `utility` now" in said
    assert new_name_of("worth", ["price"]) == ""


def test_no_old_name_is_a_name_of_today():
    from sim.metrics.registry import REGISTRY

    today = {*REGISTRY, *PracticeEffect.__dataclass_fields__}
    assert not today & (RENAMED.keys() | SEVERAL.keys())
    for old, new in RENAMED.items():
        assert nearest(old, [new]) == f"`{old}` is called `{new}` now"
        assert nearest(old, [old.upper()]) != f"`{old}` is called `{new}` now", "only where the new one is allowed"

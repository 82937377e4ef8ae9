"""Forecasts of the mean-field model: those of the command line's preview, remembered, and inside what agents find."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import psutil
import pytest

from analysis.statistics import estimates as est
from experiments.dashboard import questions
from experiments.dashboard.expected import Expected, Forecasts
from experiments.dashboard.levers import lever
from experiments.dashboard.view import View
from sim.forecast import long_run
from tests.experiments.dashboard.conftest import until


@pytest.fixture(scope="module")
def forecasts() -> Any:
    found = Forecasts()
    yield found
    found.close()


def at(ceiling: float) -> View:
    one = lever("commission_cap.ceiling")
    assert one is not None
    return View().with_value(one, ceiling)


def test_a_lever_that_moved_is_what_the_command_line_expects(forecasts: Forecasts) -> None:
    forecasts.direct(View())  # what is remembered of it must not tell
    found = forecasts.direct(at(0.06))
    alone = long_run.forecast(questions.ask(replace(at(0.06), platforms="fixed").words).scenarios[0])
    assert found.effects == alone.effects["total"]
    assert found.baseline == alone.baseline


def test_platforms_answer_is_computed_elsewhere_and_remembered(forecasts: Forecasts) -> None:
    view = replace(View(), platforms="rule_of_thumb")
    direct = forecasts.direct(view)
    assert direct == forecasts.direct(View()), "whatever platforms would do"
    until(lambda: forecasts.total(view) is not None, 60.0)
    answered = forecasts.total(view)
    assert answered is not None
    assert answered.effects["platform_profit"] > direct.effects["platform_profit"]
    assert forecasts.total(replace(view, replicates=3)) is answered


def test_what_has_no_answer_says_why(forecasts: Forecasts) -> None:
    found = forecasts.direct(View().with_rules(()))
    assert not found.is_known
    assert "rule" in found.problem


@pytest.mark.long
def test_the_direct_effect_of_the_first_question_is_where_agents_find_it(forecasts: Forecasts, outputs: Any) -> None:
    """The parties' money while platforms stay put: each within the 95% interval of its eight pairs."""
    from experiments.results import answering

    found = answering.answer(
        "compare", questions.ask(replace(View(), platforms="fixed").words), answering.now()
    ).effects
    expected = forecasts.direct(View()).effects
    parties = [e for e in est.estimates(est.money(found, with_total=False))]
    assert [e.party for e in parties] == list(est.PARTIES)
    assert {e.party: e.low <= expected[e.metric] <= e.high for e in parties} == dict.fromkeys(est.PARTIES, True)


ANSWERING = replace(View(), platforms="rule_of_thumb", horizon="one_year")


def workers() -> set[psutil.Process]:
    """This process's children that compute forecasts, or could."""
    alive = (child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE)
    return {child for child in alive if "spawn_main" in " ".join(child.cmdline())}


@pytest.mark.long
def test_a_worker_that_dies_is_told_and_replaced() -> None:
    forecasts = Forecasts()
    others = workers()

    def answer(view: View = ANSWERING) -> Expected:
        found: list[Expected] = []
        until(lambda: (one := forecasts.total(view)) is not None and not found.append(one), 60.0)
        return found[0]

    def kill() -> None:
        (worker,) = workers() - others
        worker.kill()
        worker.wait()

    try:
        assert forecasts.total(ANSWERING) is None
        kill()
        assert "could not be computed" in answer().problem
        assert answer().is_known
        kill()
        other = replace(ANSWERING, horizon="standard")
        until(lambda: answer(other).is_known, 60.0)
    finally:
        forecasts.close()


@pytest.mark.long
def test_the_worker_ends_when_its_dashboard_is_killed() -> None:
    script = (
        "import psutil, sys\n"
        "from experiments.dashboard.expected import Forecasts\n"
        "from experiments.dashboard.view import read\n"
        "if __name__ == '__main__':\n"
        "    forecasts = Forecasts()\n"
        "    forecasts.total(read(sys.argv[1])[0])\n"
        "    print(*(child.pid for child in psutil.Process().children()), flush=True)\n"
        "    sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, ANSWERING.query]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        children = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
        assert children
        parent.kill()
    until(lambda: not any(child.is_running() and child.status() != "zombie" for child in children), 60.0)

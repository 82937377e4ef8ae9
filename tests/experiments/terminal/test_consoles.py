"""Every table of every verb on consoles that are not UTF-8: no traceback, and what is said keeps its meaning."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from experiments import cli
from experiments.terminal import consoles

ENCODINGS = ("cp936", "cp1252", "ascii")
SWEEP = ["policy=commission_cap", "policy.commission_cap.ceiling=0.1,0.05"]
LISTS = ("choices", "instruments", "metrics", "assumptions", "provisions", "results")


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("outputs")


@pytest.fixture(params=ENCODINGS)
def said(request: pytest.FixtureRequest, outputs: Path, monkeypatch: pytest.MonkeyPatch):
    """Carries out a command on such a console, and gives what stood there."""

    def carry_out(*words: str, code: int = 0) -> str:
        console = io.TextIOWrapper(io.BytesIO(), encoding=request.param, errors="strict", write_through=True)
        monkeypatch.setenv("PLATFORM_LAB_OUTPUTS", str(outputs))
        monkeypatch.setattr(sys, "stdout", console)
        monkeypatch.setattr(sys, "stderr", console)
        ended = 0
        try:
            cli.main(list(words))
        except SystemExit as left:
            ended = left.code
        assert ended == code
        buffer = console.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode(request.param)

    return carry_out


def test_answers_are_printed_to_their_last_line(said, tiny: list[str], tiny_run: list[str]):
    assert "Result: " in said("run", *tiny_run)
    compared = said("compare", "policy=commission_cap", *tiny, "platforms.strategy=rule_of_thumb")
    assert "Report: " in compared
    assert "+/-" in compared or "±" in compared
    assert "Report: " in said("sweep", *SWEEP, *tiny)
    assert "Result: " in said("compare", "policy=commission_cap", "population=town", "platforms=fixed", "preview=true")
    assert "report" in said("report")


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_printed(said, name: str):
    assert said("list", name)


def test_the_rest_is_printed(said):
    assert said("--help")
    assert said("store")
    assert "allowed" in said("compare", "policy=commission_cäp", code=2)
    assert "allowed" in said("sweep", "population=town\u202f", code=2)


def test_signs_keep_their_meaning():
    assert consoles.plain("\u22125 \u00b1 2\u202f000\u00a0\u2026 caf\u00e9 \u4e2d") == "-5 +/- 2 000 ... cafe ?"

"""Whoever waits for loops to be compiled is told so, once; whoever wants quiet is not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.terminal import meanwhile
from sim.kernels import cache

WORDS = "Compiling the simulation's loops for this machine: once"


def said(script: str, home: Path) -> str:
    env = {**os.environ, "XDG_CACHE_HOME": str(home)}
    run = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
    assert run.stdout == ""
    return run.stderr


def test_it_is_said_on_standard_error_before_the_first_loop_is_compiled(tmp_path: Path):
    script = "from sim.kernels.engine import CompiledEngine; CompiledEngine(); CompiledEngine()"
    assert said(script, tmp_path).count(WORDS) == 1


def test_nothing_is_said_where_nothing_is_to_be_compiled(tmp_path: Path):
    assert WORDS not in said("from sim.kernels.engine import choose_engine; choose_engine('plain', 1, 10)", tmp_path)


def test_nothing_is_said_where_compiled_code_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(cache, "cache_folder", lambda: tmp_path)
    cache.say_if_cold()
    assert WORDS in caplog.text
    caplog.clear()
    with meanwhile.quiet():
        cache.say_if_cold()
    assert caplog.text == "", "somebody wants quiet"
    (tmp_path / "ordering.order_in_blocks-1.py313.1.nbc").touch()
    cache.say_if_cold()
    assert caplog.text == ""


LOOP = """\
import sim.kernels.compiled
import numba

@numba.njit("float64(float64)", cache=True)
def doubled(x):
    return 2.0 * x

assert doubled(2.0) == 4.0
"""
DAMAGES = {
    "cut": lambda content: content[: len(content) // 2],
    "empty": lambda _: b"",
    "garbage": lambda content: b"#" * len(content),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("kind", ["nbi", "nbc"])
def test_damaged_code_is_removed_and_compiled_again(tmp_path: Path, kind: str, damage: str):
    (tmp_path / "loop.py").write_text(LOOP)
    script = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import loop"
    said(script, tmp_path)
    (path,) = tmp_path.rglob(f"loop.doubled*.{kind}")
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    assert "Compiled code was damaged (1 files" in said(script, tmp_path)
    assert "damaged" not in said(script, tmp_path), "it is whole again"

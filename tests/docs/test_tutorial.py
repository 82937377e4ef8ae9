"""The tutorial for Mesa's users: its Python runs in the order of the page, and prints what the page says."""

import contextlib
import doctest
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "mesa.md"
FENCED = re.compile(r"^```(python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE_NAME = re.compile(r"# (\w+\.py)\n")
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


class Block(NamedTuple):
    line: int
    code: str
    said: str


def blocks(page: str) -> list[Block]:
    """Blocks of Python with the text that follows as their output."""
    found: list[Block] = []
    for match in FENCED.finditer(page):
        line = page.count("\n", 0, match.start()) + 2
        if match[1] == "python":
            found.append(Block(line, match[2], ""))
        else:
            found[-1] = found[-1]._replace(said=match[2])
    return found


def prints(said: str, printed: str) -> bool:
    return doctest.OutputChecker().check_output(said, printed, FLAGS)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with the files that the page names, from which they can be imported."""
    for block in blocks(PAGE.read_text("utf-8")):
        if name := FILE_NAME.match(block.code):
            (tmp_path / name[1]).write_text(block.code, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_every_block_runs_and_prints_what_the_page_says(folder: Path):
    names: dict[str, Any] = {"__name__": "tutorial"}
    found = blocks(PAGE.read_text("utf-8"))
    assert len(found) > 10
    for line, code, said in found:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile("\n" * (line - 1) + code, str(PAGE), "exec"), names)
        assert prints(said, printed.getvalue()), f"line {line} of {PAGE.name} prints:\n{printed.getvalue()}"


@pytest.mark.slow
def test_the_file_of_the_page_runs_with_two_processes(folder: Path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "ceilings.py"], cwd=folder, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "[4 rows x" in run.stdout


def test_a_page_is_read_as_it_is_written():
    page = "Words\n```python\na = 1\n```\nmore\n```python\nprint(a)\n```\n\n```text\n1\n```\n```sh\nls\n```\n"
    assert blocks(page) == [Block(3, "a = 1\n", ""), Block(7, "print(a)\n", "1\n")]
    assert prints("<... of 3>\n", "<2 of 3>\n")
    assert not prints("1\n", "2\n")
    assert not prints("", "2\n")

"""Files and functions stay small enough to be read in one sitting."""

import ast
from pathlib import Path

import pytest

from tests.health._tree import PACKAGES, ROOT, name_of, python_files

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
LONGEST_KERNEL = 90
LONGEST_VERB = 120


def long_functions(source: str, longest: int) -> list[str]:
    """Functions of more than `longest` lines, from the first decorator to the last line of the body."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            length = (node.end_lineno or first) - first + 1
            if length > longest:
                found.append(f"{node.name}: {length} lines, {longest} allowed")
    return found


@pytest.mark.parametrize("path", python_files(*PACKAGES), ids=name_of)
def test_file_and_its_functions_are_short(path: Path):
    source = path.read_text("utf-8")
    n_lines = len(source.splitlines())
    assert n_lines <= LONGEST_FILE, f"{name_of(path)} has {n_lines} lines, {LONGEST_FILE} allowed: part it"
    is_kernel = name_of(path).startswith("sim/kernels/")
    assert not long_functions(source, LONGEST_KERNEL if is_kernel else LONGEST_FUNCTION), name_of(path)


def test_a_verb_is_read_on_two_screens():
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in (ROOT / "experiments").glob("*.py")}
    assert {name: n for name, n in lengths.items() if n > LONGEST_VERB} == {}


def test_length_counts_decorators_and_methods_and_stops_at_the_limit():
    source = "class A:\n    @staticmethod\n    def f():\n" + "        pass\n" * 3
    assert long_functions(source, 5) == []
    assert long_functions(source, 4) == ["f: 5 lines, 4 allowed"]

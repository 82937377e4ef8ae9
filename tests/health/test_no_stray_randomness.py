"""In `sim`, chance comes from one place and the bits of a result do not depend on the machine.

NumPy picks its code for `exp`, `log`, most powers and the order of ties in `argsort` by what the processor
can do, and BLAS by the number of threads: last bits, and the order of equals, were seen to change. Squares,
reciprocals and square roots of arrays do not change. (Of a single Python float, `x * x` is safer than `x**2`,
which asks the system's C library and differs from the product in one case of a thousand.)
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.health._tree import name_of, python_files

CHANCE_MODULES = ("random", "secrets", "numpy.random", "scipy")  # scipy: its special functions and its LAPACK
CHANCE_ATTRIBUTES = {"random", "rng", "shuffle_do", "default_rng", "RandomState"}
TRANSCENDENTAL = {
    *("exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "logaddexp", "logaddexp2"),
    *("pow", "power", "float_power", "cbrt", "hypot", "erf", "erfc", "gamma", "lgamma"),
    *("sin", "cos", "tan", "asin", "acos", "atan", "atan2", "arcsin", "arccos", "arctan", "arctan2"),
    *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "arcsinh", "arccosh", "arctanh"),
}
MATRIX = {
    *("linalg", "dot", "vdot", "inner", "matmul", "matvec", "vecmat", "vecdot", "einsum", "tensordot"),
    *("convolve", "correlate", "cov", "corrcoef", "polyfit"),
}
UNSTABLE_SORTS = {"argsort", "argpartition"}
EXACT_EXPONENTS = {-1, 2}


class Names(ast.NodeVisitor):
    """What each local name stands for: `import numpy as xp` and `from math import exp` hide nothing."""

    def __init__(self) -> None:
        self.meaning: dict[str, str] = {}

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.meaning[alias.asname or alias.name.split(".")[0]] = (
                alias.name if alias.asname else alias.name.split(".")[0]
            )

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            self.meaning[alias.asname or alias.name] = f"{node.module or '.'}.{alias.name}"

    def full(self, node: ast.AST) -> str:
        """The dotted name of an expression, or '' if it is not one."""
        if isinstance(node, ast.Name):
            return self.meaning.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            owner = self.full(node.value)
            return f"{owner}.{node.attr}" if owner else f"?.{node.attr}"
        return ""


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def is_exact_power(node: ast.BinOp) -> bool:
    try:
        exponent = ast.literal_eval(node.right)
    except ValueError:
        return False
    if not isinstance(exponent, int):
        return False
    base = node.left.value if isinstance(node.left, ast.Constant) else None
    if base == 2 or (isinstance(base, int) and exponent >= 0):
        return True  # powers of two, and whole numbers such as 10**6
    return exponent in EXACT_EXPONENTS


def is_stable(call: ast.Call) -> bool:
    given = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
    return given.get("kind") in ("'stable'", "'mergesort'") or given.get("stable") == "True"


def strays_anywhere(node: ast.AST, names: Names) -> Iterator[str]:
    """Chance from elsewhere, linear algebra, and compiler liberties: refused in kernels too."""
    for module in imported(node):
        if any(module == chance or module.startswith(f"{chance}.") for chance in CHANCE_MODULES):
            yield f"imports {module}"
    if isinstance(node, ast.Attribute | ast.Name) and not isinstance(getattr(node, "ctx", None), ast.Store):
        name = names.full(node)
        owner, _, last = name.rpartition(".")
        if isinstance(node, ast.Attribute) and last in CHANCE_ATTRIBUTES and not owner.startswith("sim"):
            yield f"chance from {name}"
        if last in MATRIX and (owner == "numpy" or (last == "dot" and isinstance(node, ast.Attribute))):
            yield f"linear algebra: {name}"
    if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.MatMult):
        yield "linear algebra: @"
    if isinstance(node, ast.Call):
        if names.full(node.func) == "hash":
            yield "hash() of text differs from process to process"
        if any(k.arg == "fastmath" and ast.unparse(k.value) != "False" for k in node.keywords):
            yield "fastmath"


def strays_outside_kernels(node: ast.AST, names: Names) -> Iterator[str]:
    """Functions whose last bits depend on the machine, and sorts whose ties do."""
    if isinstance(node, ast.Attribute | ast.Name):
        owner, _, last = names.full(node).rpartition(".")
        if owner in ("numpy", "math", "cmath") and last in TRANSCENDENTAL:
            yield f"{owner}.{last}: take it from sim.kernels"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and not is_exact_power(node):
        yield f"power: {ast.unparse(node)}"
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Pow):
        yield f"power: {ast.unparse(node)}"
    if isinstance(node, ast.Call):
        name = names.full(node.func)
        if name == "pow":
            yield "power: pow()"
        if name.rpartition(".")[2] in UNSTABLE_SORTS and "." in name and not is_stable(node):
            yield f'{name} without kind="stable": ties fall as the processor pleases'


def find_strays(source: str, *, in_kernels: bool = False) -> list[str]:
    """Every stray in a source text, as `line n: what`."""
    tree = ast.parse(source)
    names = Names()
    names.visit(tree)
    found = []
    for node in ast.walk(tree):
        for stray in strays_anywhere(node, names):
            found.append((node.lineno, stray))  # type: ignore[attr-defined]
        if not in_kernels:
            for stray in strays_outside_kernels(node, names):
                found.append((node.lineno, stray))  # type: ignore[attr-defined]
    return [f"line {line}: {stray}" for line, stray in sorted(set(found))]


@pytest.mark.parametrize("path", python_files("sim"), ids=name_of)
def test_file_has_no_stray_randomness_and_no_machine_dependent_bits(path: Path):
    in_kernels = name_of(path).startswith("sim/kernels/")
    assert not find_strays(path.read_text("utf-8"), in_kernels=in_kernels), name_of(path)


REFUSED_EVERYWHERE = """
import random
from random import choice
import numpy.random
from numpy import random
from numpy.random import default_rng
import scipy.special
import numpy as np; np.random.seed(1)
import numpy as xp; xp.random.normal()
self.model.random.choice(a)
x = model.rng.random()
agents.shuffle_do("step")
import numpy as np; np.linalg.solve(a, b)
import numpy as np; np.dot(a, b)
from numpy import einsum; einsum("ij,j", a, b)
a.dot(b)
a @ b
a @= b
hash(name)
numba.njit(fastmath=True)
""".strip().splitlines()

REFUSED_OUTSIDE_KERNELS = """
import numpy as np; np.exp(x)
import numpy as xp; y = xp.log1p(x)
import numpy as np; f = np.power
from numpy import expm1; expm1(x)
import math; math.exp(x)
from math import log as ln; ln(x)
math.pow(x, 2)
pow(x, 0.5)
x ** y
x ** 3
x ** -2
x ** 0.5
2.0 ** 0.1
10.0 ** 6
x **= 2
10 ** -3
import numpy as np; np.argsort(x)
x.argsort()
import numpy as np; np.argpartition(x, 3)
""".strip().splitlines()

ALLOWED = """
from sim.randomness import draws
from sim.randomness.streams import Stream
from sim.kernels import choice; choice.exp(x)
x ** 2
x ** -1
10 ** 6
2.0 ** -32
-x ** 2
import numpy as np; np.sqrt(x)
import numpy as np; np.argsort(x, kind="stable")
x.argsort(kind="stable")
import math; math.isclose(a, b)
world.log.append(entry)
super().__init__(rng=seed)
def __hash__(self): return 1
""".strip().splitlines()


@pytest.mark.parametrize("line", REFUSED_EVERYWHERE)
@pytest.mark.parametrize("in_kernels", [True, False], ids=["kernel", "elsewhere"])
def test_refused_everywhere(line: str, in_kernels: bool):
    assert find_strays(line, in_kernels=in_kernels)


@pytest.mark.parametrize("line", REFUSED_OUTSIDE_KERNELS)
def test_refused_outside_kernels_and_allowed_in_them(line: str):
    assert find_strays(line)
    assert not find_strays(line, in_kernels=True)


@pytest.mark.parametrize("line", ALLOWED)
def test_allowed_everywhere(line: str):
    assert not find_strays(line)

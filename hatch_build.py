"""What a wheel holds: one package, `platform_lab`, with `sim`, `analysis` and `experiments` inside it.

In the repository these are four packages side by side. Installed under names as common as `analysis`, three of them
would hide folders of whoever installs them, or be hidden. So a wheel carries them below `platform_lab`, and every
import of them in the sources names them there: `platform_lab.` is put in front, and no other byte is changed.
`sim.snapshot.as_written` takes it away again where sources are hashed, so that a wheel and a checkout of the same
sources have the same version of the code. An editable install reads the repository as it is.
"""

from __future__ import annotations

import ast
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TOP = "platform_lab"
INSIDE = ("sim", "analysis", "experiments")
CONFIGS = f"{TOP}/experiments/_configs"
"""Where `experiments.request.folders` looks for the configuration in an installed package."""
REPORTS = f"{TOP}/experiments/_reports"
"""Where `experiments.dashboard.shipped` looks for results of validation in an installed package."""
SHIPPED = ("validation_*.md", "food_delivery.md", "other_markets.md")


class WheelHook(BuildHookInterface):
    """Write the rewritten sources to a folder of their own, and have the wheel made of it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before a wheel is built; `version` is `editable` for an editable install."""
        if version != "standard" or self.target_name != "wheel":
            return
        root, self.folder = Path(self.root), Path(tempfile.mkdtemp(prefix="platform-lab-wheel-"))
        for source, target in contents(root):
            path = self.folder / target
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(rewritten(source.read_bytes(), target) if source.suffix == ".py" else source.read_bytes())
        build_data["force_include"][str(self.folder / TOP)] = TOP

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Called by hatchling when the wheel is there."""
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder, ignore_errors=True)


def contents(root: Path) -> Iterator[tuple[Path, str]]:
    """Every file that a wheel holds, and its name there."""
    places = {TOP: TOP, **{name: f"{TOP}/{name}" for name in INSIDE}, "configs": CONFIGS}
    for folder, place in places.items():
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root / folder)
            if path.is_file() and "__pycache__" not in name.parts and not name.name.startswith("."):
                yield path, f"{place}/{name.as_posix()}"
    for pattern in SHIPPED:
        for path in sorted((root / "docs" / "reports").glob(pattern)):
            yield path, f"{REPORTS}/{path.name}"


def rewritten(source: bytes, where: str) -> bytes:
    """A source in which every import of a package inside names it below `platform_lab`.

    Raises `ValueError` for `import sim` and the like: the name that it binds would be another one.
    """
    lines = source.splitlines(keepends=True)
    for line, column in sorted(places_of(ast.parse(source), lines, where), reverse=True):
        lines[line] = lines[line][:column] + f"{TOP}.".encode() + lines[line][column:]
    return b"".join(lines)


def places_of(tree: ast.AST, lines: list[bytes], where: str) -> Iterator[tuple[int, int]]:
    """Line and column, both from zero, of every name of a package inside that is imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and _is_inside(node.module):
            line = node.lineno - 1
            column = node.col_offset + len(b"from")
            column += len(lines[line][column:]) - len(lines[line][column:].lstrip(b" "))
            if not lines[line][column:].startswith((node.module or "").encode()):
                raise ValueError(f"{where}, line {node.lineno}: write `from {node.module} import ...` on one line")
            yield line, column
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if _is_inside(alias.name) and alias.asname is None:
                    todo = f"write `from {alias.name.rpartition('.')[0] or alias.name} import ...`"
                    raise ValueError(f"{where}, line {node.lineno}: `import {alias.name}` binds a name; {todo}")
                if _is_inside(alias.name):
                    yield alias.lineno - 1, alias.col_offset


def _is_inside(module: str | None) -> bool:
    return (module or "").partition(".")[0] in INSIDE

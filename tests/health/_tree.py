"""Where things are in the repository, for the tests of the house."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("platform_lab", "sim", "experiments", "analysis")
NOT_OURS = {
    *(".git", ".venv", "outputs", "build", "dist", "__pycache__"),
    *(".pytest_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis"),
}


def python_files(*folders: str) -> list[Path]:
    """Every Python file below these folders of the repository, in a fixed order."""
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def kept_files() -> list[Path]:
    """Files under version control and new ones that no ignore rule covers; without git, all but the usual."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True
    )
    if listed.returncode == 0:
        paths = {ROOT / os.fsdecode(name) for name in listed.stdout.split(b"\0") if name}
    else:
        paths = {path for path in ROOT.rglob("*") if not NOT_OURS.intersection(path.relative_to(ROOT).parts)}
    return sorted(path for path in paths if path.is_file() and not path.is_symlink())


def name_of(path: Path) -> str:
    """The path as a reader of the repository would say it."""
    return path.relative_to(ROOT).as_posix()

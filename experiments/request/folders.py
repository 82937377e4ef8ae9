"""Where configuration lies: the project's groups, and a folder of the user's own beside them."""

from __future__ import annotations

from pathlib import Path

UNCOMPOSED = {"validation"}
"""Cases of validation are read, never composed."""


def config_folder() -> Path:
    """Folder of the configuration groups: the checkout's, or the copy inside an installed package."""
    here = Path(__file__).parents[1]
    return next(f for f in (here / "_configs", here.parent / "configs") if f.is_dir())


def options(group: str, extra: Path | None = None) -> list[str]:
    """Names that can be chosen in a group."""
    folders = [f for f in (extra, config_folder()) if f is not None]
    return sorted({path.stem for folder in folders for path in (folder / group).glob("*.yaml")})


def groups(extra: Path | None = None) -> list[str]:
    """Names of all groups."""
    folders = [f for f in (extra, config_folder()) if f is not None]
    return sorted({path.name for folder in folders for path in folder.iterdir() if path.is_dir()} - UNCOMPOSED)

"""Where configuration lies: the project's groups, and a folder of the user's own beside them."""

from __future__ import annotations

import os
from pathlib import Path

type State = tuple[tuple[str, int, int, int], ...]
"""Path, size, time of the last change and inode of every file."""
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


def standing_in(extra: Path | None) -> list[str]:
    """Files of a user's folder with the name of one of the laboratory's own, in whose place they are read."""
    own = config_folder()
    if extra is None or extra.resolve() == own.resolve():
        return []
    found = (path.relative_to(extra) for path in extra.glob("*/*.yaml") if path.parent.name not in UNCOMPOSED)
    return sorted(path.with_suffix("").as_posix() for path in found if (own / path).is_file())


def groups(extra: Path | None = None) -> list[str]:
    """Names of all groups."""
    folders = [f for f in (extra, config_folder()) if f is not None]
    return sorted({path.name for folder in folders for path in folder.iterdir() if path.is_dir()} - UNCOMPOSED)


def state(extra: Path | None = None) -> State:
    """What tells a changed folder of configuration from an unchanged one, without reading a file.

    Links to folders are not followed: those that lead out are refused, and what others lead to is met on its own.
    """
    files = [
        os.path.join(here, name)
        for folder in (config_folder(), extra)
        if folder is not None
        for here, _, names in os.walk(folder)
        for name in names
    ]
    known = [(path, os.stat(path)) for path in sorted(files) if os.path.exists(path)]
    return tuple((path, entry.st_size, entry.st_mtime_ns, entry.st_ino) for path, entry in known)

"""The pages of the dashboard, in the order of their links."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from experiments.dashboard import parts
from experiments.dashboard.pages import ask, compare, evidence, files, law, people, sweeps

PAGES: tuple[ModuleType, ...] = (ask, compare, sweeps, people, evidence, law)
"""Each has TITLE, QUESTION, PATH, `layout(desk, query, is_narrow=...)` and `register(app, desk)`."""
__all__ = ["PAGES", "files", "nowhere", "of"]


def of(path: str) -> ModuleType | None:
    """The page at a path; the first one at the root."""
    wanted = path.rstrip("/") or ask.PATH
    return next((page for page in PAGES if wanted == page.PATH), None)


def nowhere() -> Any:
    """What is shown at a path that leads to no page."""
    known = ", ".join(page.TITLE for page in PAGES)
    return [parts.heading("There is no such page", "The address may be mistyped."), parts.empty(f"Pages: {known}.")]

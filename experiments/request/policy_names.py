"""Regimes: files of the policy group that name several rules, or none, at once; each is named after its article."""

from __future__ import annotations

import re
from pathlib import Path

from analysis.wording.numbers import capital, listed, uncapital
from experiments.request import folders
from sim.policy.catalogue import CATALOGUE
from sim.policy.law.reading import law

_NAMES = re.compile(r"[^\[\],\s'\"]+")
_ARTICLE = re.compile(r"article_(\d+)")
NOTHING = "null"


def regimes(extra: Path | None = None) -> list[str]:
    """Choices of the policy group that are no single instrument."""
    return [name for name in folders.options("policy", extra) if name not in CATALOGUE]


def chosen(text: str) -> list[str]:
    """Names in a choice of the policy group, `article_04` or `[article_08,minimum_pay]`, each once."""
    return [name for name in dict.fromkeys(_NAMES.findall(text)) if name != NOTHING]


def title_of(name: str, *, in_full: bool = False) -> str:
    """`Article 4`, in full `Article 4 (competition, conduct and enforcement)`; others by the words of their file."""
    found = _ARTICLE.fullmatch(name)
    if found is None or (part := str(int(found[1]))) not in law().articles:
        return capital(name.replace("_", " "))
    return f"Article {part} ({uncapital(law().articles[part])})" if in_full else f"Article {part}"


def named(text: str, *, in_full: bool = False) -> str:
    """What a choice with a regime is called: `Article 10 and minimum pay`; empty where it holds none."""
    names = chosen(text)
    if all(name in CATALOGUE for name in names):
        return ""
    titles = [CATALOGUE[name].title if name in CATALOGUE else title_of(name, in_full=in_full) for name in names]
    return listed([titles[0], *map(uncapital, titles[1:])])

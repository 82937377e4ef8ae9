"""What the law asks, provision by provision, and the rules that stand for it: `opinions_2021.yaml`, read strictly."""

from __future__ import annotations

import functools
import importlib.resources
from typing import Any, Literal

from sim.errors import Problem, RefusedScenario
from sim.parameters import parameters
from sim.strict import build

FILE = "sim/policy/law/opinions_2021.yaml"
ANSWERS = ("instruments", "not_yet", "left_out")
"""A provision has one of these: rules, what the model would need, or why it lies outside the model."""


@parameters
class Provision:
    """One measure of the law: what it asks in our words, and what the model has for it."""

    id: str
    article: int | Literal["P", "S"]
    asks: str
    instruments: tuple[str, ...] = ()
    not_yet: str = ""
    left_out: str = ""

    @property
    def status(self) -> str:
        """Which of `ANSWERS` it has."""
        return next(name for name in ANSWERS if getattr(self, name))

    @property
    def part(self) -> str:
        """Key of its article in `Law.articles`."""
        return str(self.article)


@parameters
class Law:
    """The whole map: articles' titles, the plan's measures, the rules that stand for each, and every provision."""

    articles: dict[str, str]
    measures: dict[str, str]
    map: dict[str, tuple[str, ...] | Literal["not_yet"]]
    provisions: tuple[Provision, ...] = ()

    def of_article(self, part: str) -> list[Provision]:
        """Provisions of an article, in the order of the text."""
        return [provision for provision in self.provisions if provision.part == part]

    def of_instrument(self, name: str) -> list[Provision]:
        """Provisions that a rule stands for."""
        return [provision for provision in self.provisions if name in provision.instruments]

    def instruments(self) -> list[str]:
        """Every rule that stands for a provision, in the order of the text."""
        return list(dict.fromkeys(name for provision in self.provisions for name in provision.instruments))


def count(provisions: list[Provision]) -> dict[str, int]:
    """How many provisions have which status."""
    return {status: sum(provision.status == status for provision in provisions) for status in ANSWERS}


@functools.cache
def law() -> Law:
    """The map as it stands in the file."""
    return read((importlib.resources.files(__package__ or "") / "opinions_2021.yaml").read_text("utf-8"))


def read(text: str) -> Law:
    """The map of a file's text; unknown keys, missing ones and provisions without exactly one status are refused."""
    import yaml

    problems: list[Problem] = []
    given: dict[str, Any] = yaml.safe_load(text) or {}
    entries = given.pop("provisions", [])
    provisions = tuple(_provision(entry, problems) for entry in entries)
    without_provisions = build(Law, given, FILE, problems)
    if problems or without_provisions is None:
        raise RefusedScenario(problems)
    return Law(
        without_provisions.articles,
        without_provisions.measures,
        without_provisions.map,
        tuple(filter(None, provisions)),
    )


def _provision(entry: dict[str, Any], problems: list[Problem]) -> Provision | None:
    name = f"{FILE}: {entry.get('id', 'a provision without id')}"
    answers = [key for key in ANSWERS if entry.get(key)]
    if len(answers) != 1:
        allowed = f"exactly one of {', '.join(ANSWERS)}"
        problems.append(Problem(name, f"it has {' and '.join(answers) or 'none of them'}", allowed, "settle on one"))
    return build(Provision, entry, name, problems)

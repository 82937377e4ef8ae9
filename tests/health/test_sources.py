"""Figures of the law and of the world say where they stand and when they were looked up."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from typing import get_type_hints

import pytest
import yaml

import sim.parameters
import sim.policy
import sim.rules
from sim.parameters import Param, acts, works
from sim.parameters.acts import Reference
from tests.health._tree import ROOT, kept_files, name_of

# In pieces, so that this file does not name what it forbids.
UNCHECKED = re.compile("from" + r"\s+memory|needs?" + r"\s+(?:a\s+)?check\b", re.IGNORECASE)
SEARCHED = ("sim", "configs", "docs")
CITED = re.compile(r"\((?P<url>https?://[^\s()]+), looked up (?P<day>\d{4}-\d\d-\d\d)\)")
LAW = re.compile(rf"law: [^:()]+(?:\([^()]*\))?[^:()]*: [^()]+ {CITED.pattern}")
"""`law: act, article: what it says (address, looked up day)`, and whatever else there is to say."""


def unchecked(text: str) -> list[str]:
    """What a text says that nobody has looked up; line breaks inside strings and comments do not hide it."""
    plain = re.sub(r"[\"']?\s*\n[\s#>\"'f]*", " ", text)
    return [match.group() for pattern in (text, plain) for match in UNCHECKED.finditer(pattern)]


def parameters() -> Iterator[tuple[str, Param]]:
    """Every declared number of parameters, rules and what rules act on, with its place."""
    for package in (sim.parameters, sim.policy, sim.rules):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            for kind in vars(module).values():
                if inspect.isclass(kind) and dataclasses.is_dataclass(kind) and kind.__module__ == module.__name__:
                    for name, hint in get_type_hints(kind, include_extras=True).items():
                        for note in getattr(hint, "__metadata__", ()):
                            if isinstance(note, Param):
                                yield f"{kind.__module__}.{kind.__name__}.{name}", note


def references() -> list[tuple[str, Reference]]:
    """Acts and works by their names in the code."""
    named = {**vars(acts), **vars(works)}
    return [(name, one) for name, one in named.items() if isinstance(one, Reference)]


@pytest.mark.parametrize("folder", SEARCHED)
def test_nothing_rests_on_what_nobody_has_looked_up(folder: str):
    kept = [path for path in kept_files() if name_of(path).startswith(f"{folder}/")]
    kept = [path for path in kept if not name_of(path).startswith("docs/decisions/")]
    texts = {name_of(path): path.read_bytes() for path in kept}
    assert texts
    found = {name: unchecked(text.decode("utf-8")) for name, text in texts.items() if b"\0" not in text}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize(
    ("text", "is_unchecked"),
    [
        ("a figure from {} memory", True),
        ("a figure, from\n    {}memory", True),
        ('"a figure (from "\n            "{}memory)"', True),
        ('"it needs "\n            "a {}check"', True),
        ("both need a {}check", True),
        ("Need {}check.", True),
        ("each is {}checked", False),
        ("a run goes on from a {}file", False),
    ],
)
def test_the_search_tells_these_apart(text: str, is_unchecked: bool):
    assert bool(unchecked(text.replace("{} ", "").replace("{}", ""))) is is_unchecked


def test_every_figure_of_the_law_names_act_address_and_day():
    laws = {place: note.source for place, note in parameters() if note.source.startswith("law:")}
    assert len(laws) > 25
    assert {place: source for place, source in laws.items() if not LAW.match(source)} == {}


def test_what_the_law_says_is_cited_from_its_one_definition():
    known = {one.url for _, one in references()}
    cited = {match["url"] for _, note in parameters() for match in CITED.finditer(note.source)}
    assert cited
    assert cited <= known


@pytest.mark.parametrize(("name", "one"), references())
def test_a_reference_reads_as_a_citation(name: str, one: Reference):
    assert LAW.fullmatch(f"law: {one.at('Art. 1', 'what it says')}"), one.at("Art. 1", "what it says")
    assert CITED.search(one.says("what it says"))


def test_no_two_references_have_the_same_address():
    addresses = [one.url for _, one in references()]
    assert len(addresses) == len(set(addresses))


def test_addresses_of_sector_files_come_with_a_day():
    for path in sorted((ROOT / "configs" / "sector").glob("*.yaml")):
        text = path.read_text("utf-8")
        assert yaml.safe_load(text)
        addresses = re.findall(r"https?://[^\s\",()]+", text)
        assert len(re.findall(r"https?://[^\s\",()]+, looked up \d{4}-\d\d-\d\d", text)) == len(addresses), path.name

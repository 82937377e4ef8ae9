"""Every figure is in the catalogue and has its page and picture; no page is without a figure."""

import importlib
import inspect

import pytest

from analysis.figures.catalogue import CATALOGUE, FOLDER, Entry
from experiments import gallery
from experiments.catalogue import figure_pages
from tests.health._tree import ROOT, python_files

LARGEST = 120_000
NO_FIGURES = {"theme", "pictures", "catalogue"}
"""Modules beside the figures."""


def figure_functions() -> set[str]:
    """Public functions in the figures' modules that give a figure."""
    found = set()
    for path in python_files("analysis/figures"):
        if path.stem in NO_FIGURES or path.stem == "__init__":
            continue
        module = importlib.import_module(f"analysis.figures.{path.stem}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            is_own = function.__module__ == module.__name__ and not name.startswith("_")
            if is_own and inspect.signature(function).return_annotation == "go.Figure":
                found.add(name)
    return found


def test_every_figure_is_in_the_catalogue_once():
    names = [one.name for one in CATALOGUE]
    assert len(names) == len(set(names))
    assert set(names) == figure_functions()


def test_the_gallery_holds_a_page_and_a_picture_a_figure_and_nothing_else():
    expected = {f"{one.name}.{kind}" for one in CATALOGUE for kind in ("md", "png")} | {"README.md"}
    assert {path.name for path in gallery.GALLERY.iterdir()} == expected
    assert gallery.GALLERY == ROOT / "docs" / "gallery"


@pytest.mark.parametrize("one", CATALOGUE, ids=lambda one: one.name)
def test_a_page_is_what_the_catalogue_says(one: Entry):
    text = (gallery.GALLERY / f"{one.name}.md").read_text("utf-8")
    finding = text.partition("![")[2].partition("](")[0]
    assert finding
    assert text == figure_pages.page(one, finding, gallery.ASKED[one.kind])
    assert FOLDER in text


def test_the_overview_is_what_the_catalogue_says():
    assert (gallery.GALLERY / "README.md").read_text("utf-8") == figure_pages.overview(CATALOGUE)


@pytest.mark.parametrize("one", CATALOGUE, ids=lambda one: one.name)
def test_pictures_are_small(one: Entry):
    content = (gallery.GALLERY / f"{one.name}.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) <= LARGEST


def test_every_kind_of_result_is_asked_for():
    assert {one.kind for one in CATALOGUE} == set(gallery.ASKED)

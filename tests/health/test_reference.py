"""The reference page is what signatures and docstrings say, and documents go through the front door."""

import re

from platform_lab import reference
from tests.health._tree import ROOT, kept_files, name_of

INSIDE = re.compile(r"^\s*(?:from|import) (?:sim|experiments|analysis)\b", re.MULTILINE)


def test_the_page_is_fresh():
    page = (ROOT / "docs" / "reference.md").read_text("utf-8")
    assert page == reference.page(), "python -m platform_lab.reference > docs/reference.md"


def test_the_page_has_every_public_name():
    page = reference.page()
    import platform_lab

    missing = [name for name in platform_lab.__all__ if f"`lab.{name}`" not in page and name != "__version__"]
    assert not missing


def test_no_document_imports_what_lies_behind_the_front_door():
    pages = [path for path in kept_files() if path.suffix == ".md"]
    assert pages
    assert not {name_of(path): found for path in pages if (found := INSIDE.findall(path.read_text("utf-8")))}

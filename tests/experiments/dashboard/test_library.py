"""Stored results as pages find them: by names that are there, damaged ones left out, old code marked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from experiments.cli import main
from experiments.dashboard.library import Library, readable
from tests.experiments.conftest import TINY


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one comparison, to be copied."""
    found = tmp_path_factory.mktemp("stored") / "outputs"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLATFORM_LAB_OUTPUTS", str(found))
        main(["compare", "policy=commission_cap", *TINY])
    return found


@pytest.fixture
def library(stored: Path, outputs: Path) -> Library:
    shutil.copytree(stored, outputs, dirs_exist_ok=True)
    return Library()


def test_results_are_found_by_names_that_are_there(library: Library, outputs: Path) -> None:
    (entry,) = library.entries()
    assert library.find(entry.name) == entry
    assert (entry.verb, entry.n_replicates, entry.n_scenarios, entry.n_consumers) == ("compare", 2, 1, 600)
    assert entry.asked.startswith("policy=commission_cap platforms=fixed")
    assert not entry.is_stale
    for name in ("compare/../runs", "../outputs/" + entry.name, entry.name + "/", "", "compare/", str(entry.folder)):
        assert library.find(name) is None


def test_a_damaged_result_keeps_no_other_from_being_seen(library: Library, outputs: Path) -> None:
    (entry,) = library.entries()
    for name, content in (("broken", "{"), ("empty", ""), ("list", "[1]"), ("foreign", '{"title": 1}')):
        folder = shutil.copytree(entry.folder, outputs / "compare" / name)
        (folder / "record.json").write_text(content)
    (outputs / "compare" / "nothing").mkdir()
    assert [one.name for one in library.entries()] == [entry.name]
    assert library.failures() == []


def test_a_result_without_tables_says_so(library: Library, outputs: Path) -> None:
    (entry,) = library.entries()
    assert not isinstance(readable(library, entry), str)
    folder = shutil.copytree(entry.folder, outputs / "compare" / "half")
    (folder / "effects.parquet").unlink()
    half = library.find("compare/half")
    assert half is not None
    assert "effects.parquet" in str(readable(library, half))


def test_what_is_made_anew_is_seen_and_old_code_is_marked(library: Library) -> None:
    (entry,) = library.entries()
    path = entry.folder / "record.json"
    record = json.loads(path.read_text()) | {"code_version": "other", "n_failed": 3}
    path.write_text(json.dumps(record))
    (again,) = library.entries()
    assert (again.is_stale, again.n_failed) == (True, 3)

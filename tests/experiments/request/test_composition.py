"""Configurations are composed once, are nobody else's, and are anew where a file has changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from experiments.request import composition, folders


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with one population."""
    (tmp_path / "population").mkdir()
    (tmp_path / "population" / "tiny.yaml").write_text("name: tiny\nn_consumers: 2_000\nn_zones: 1\n")
    return tmp_path


def size(folder: Path) -> int:
    return composition.compose(["population=tiny"], folder)["population"]["n_consumers"]


def test_a_changed_file_is_read_anew(own: Path):
    assert size(own) == 2_000
    file = own / "population" / "tiny.yaml"
    file.write_text(file.read_text().replace("2_000", "3_000"))
    assert size(own) == 3_000


def test_a_file_in_place_of_another_is_read_anew_though_as_long_and_as_old(own: Path):
    assert size(own) == 2_000
    file, other = own / "population" / "tiny.yaml", own / "other"
    before = file.stat()
    other.write_text(file.read_text().replace("2_000", "3_000"))
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(file)
    assert size(own) == 3_000


def test_a_new_file_and_one_that_is_gone_are_noticed(own: Path):
    before = folders.state(own)
    (own / "population" / "small.yaml").write_text("name: small\n")
    after = folders.state(own)
    (own / "population" / "small.yaml").unlink()
    assert len(after) == len(before) + 1
    assert folders.state(own) == before


def test_who_changes_his_copy_changes_nobody_elses():
    composition.compose(["population=town"])["population"]["n_consumers"] = 1
    assert composition.compose(["population=town"])["population"]["n_consumers"] > 1

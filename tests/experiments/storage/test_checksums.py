"""What was altered is refused by name, what moved is found where it is, and one bad record blocks no other."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import platform_lab as lab
from experiments import cli
from experiments.dashboard.library import Library, readable
from experiments.storage import checksums, places, run_store, writing
from experiments.storage.results import UnreadableResult, load_result
from tests.analysis._results import leave
from tests.experiments.conftest import TINY

pytestmark = pytest.mark.long
WORDS = ["compare", "policy=commission_cap", *TINY]


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder with one comparison."""
    folder = tmp_path_factory.mktemp("answered") / "outputs"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLATFORM_LAB_OUTPUTS", str(folder))
        cli.main(WORDS)
    return folder


@pytest.fixture
def stored(answered: Path, outputs: Path) -> Path:
    """The result in a copy of it."""
    shutil.copytree(answered, outputs)
    (folder,) = (outputs / "compare").iterdir()
    return folder


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def rewrite(path: Path) -> None:
    frame = pd.read_parquet(path)
    frame.assign(effect=frame["effect"] * 2).to_parquet(path)


def test_a_result_consists_of_nothing_that_has_no_checksum(stored: Path):
    names = {path.name for path in stored.iterdir()} - {checksums.NAME}
    assert set(json.loads((stored / checksums.NAME).read_text())["files"]) == names
    assert {"record.json", "config.yaml", "report.html", "effects.parquet"} <= names
    assert checksums.verified(stored).is_whole


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("effects.parquet", rewrite),
        ("effects.parquet", flip),
        ("trajectories.parquet", Path.unlink),
        ("config.yaml", flip),
        ("record.json", flip),
        (checksums.NAME, flip),
    ],
)
def test_what_was_altered_is_refused_by_name(stored: Path, name: str, harm: Callable[[Path], None], capsys):
    harm(stored / name)
    page = (stored / "report.html").read_bytes()
    with pytest.raises(SystemExit, match="2"):
        cli.main(["report", str(stored)])
    text = capsys.readouterr().err
    assert name in text
    assert "ask the question again" in text
    assert (stored / "report.html").read_bytes() == page
    with pytest.raises(UnreadableResult):
        lab.load(stored)
    library = Library()
    assert all(isinstance(readable(library, entry), str) for entry in library.entries())
    cli.main(["list", "results"])
    assert f"Damaged: {stored}: {name} is" in capsys.readouterr().out
    (row,) = places.results()
    assert row["state"]
    cli.main(WORDS)
    assert "0 done, 4 found" in capsys.readouterr().out
    assert checksums.verified(stored).is_whole


def test_a_damaged_page_is_noticed_and_made_anew(stored: Path, capsys):
    flip(stored / "report.html")
    with pytest.raises(UnreadableResult, match=r"report\.html"):
        load_result(stored)
    cli.main(["report", str(stored)])
    assert "made anew" in capsys.readouterr().err
    assert checksums.verified(stored).is_whole


def test_what_was_not_finished_is_no_result(stored: Path):
    checksums.begin(stored)
    with pytest.raises(UnreadableResult, match="not finished"):
        load_result(stored)


def test_an_older_result_is_said_to_be_unverified_and_its_tables_are_compared_all_the_same(stored: Path, capsys):
    (stored / checksums.NAME).unlink()
    cli.main(["report", str(stored)])
    assert "unverified" in capsys.readouterr().out
    lab.load(stored)
    assert "unverified" in capsys.readouterr().err
    rewrite(stored / "effects.parquet")
    with pytest.raises(UnreadableResult, match=r"effects\.parquet"):
        load_result(stored)


def test_runs_that_are_gone_are_not_counted_as_found(stored: Path, outputs: Path, capsys):
    cli.main(WORDS)
    assert "Runs: 4 found" in capsys.readouterr().out
    first, *others = sorted((outputs / "runs").glob("*.parquet"))
    flip(first)
    cli.main(WORDS)
    assert "Runs: 3 of 4 found" in capsys.readouterr().out
    for path in others:
        path.unlink()
    cli.main(WORDS)
    assert "Runs: 0 of 4 found" in capsys.readouterr().out


def test_a_damaged_record_keeps_no_other_from_being_listed(stored: Path, outputs: Path, capsys):
    bad = leave(outputs / "compare" / "torn")
    (bad / "record.json").write_text("{ torn", "utf-8")
    (outputs / "compare" / "list").mkdir()
    (outputs / "compare" / "list" / "record.json").write_text("[]", "utf-8")
    cli.main(["list", "results"])
    text = capsys.readouterr().out
    assert [line for line in text.splitlines() if line.startswith("Damaged: ")] == [
        f"Damaged: {outputs / 'compare' / name}: record.json is damaged" for name in ("torn", "list")
    ]
    states = {Path(row["folder"]).name: row["state"] for row in places.results()}
    assert states[stored.name] == ""
    assert "record.json" in states["torn"]
    assert "record.json" in states["list"]


def test_a_store_that_moved_reports_its_own_results(stored: Path, outputs: Path, tmp_path: Path, monkeypatch, capsys):
    copy = tmp_path / "copy"
    shutil.copytree(outputs, copy)
    before = (stored / "report.html").stat().st_mtime_ns
    monkeypatch.setenv("PLATFORM_LAB_OUTPUTS", str(copy))
    for text in (None, f"{stored}\n"):  # as it is written, and as an earlier version wrote it
        if text is not None:
            (copy / "last").write_text(text)
        cli.main(["report"])
        assert str(copy / "compare" / stored.name / "report.html") in capsys.readouterr().out
    assert (stored / "report.html").stat().st_mtime_ns == before


def test_a_result_that_was_copied_alone_is_reported(stored: Path, tmp_path: Path, monkeypatch, capsys):
    alone = tmp_path / "elsewhere" / "renamed"
    shutil.copytree(stored, alone)
    cli.main(["report", str(alone)])
    assert str(alone / "report.html") in capsys.readouterr().out
    other = tmp_path / "other"
    shutil.copytree(stored, other / "compare" / stored.name)
    monkeypatch.setenv("PLATFORM_LAB_OUTPUTS", str(other))
    cli.main(["report"])
    assert str(other / "compare" / stored.name) in capsys.readouterr().out


def test_a_store_that_cannot_be_written_can_be_read(stored: Path, outputs: Path, monkeypatch, capsys):
    def refuse(*how: object, **more: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "replace", refuse)
    monkeypatch.setattr(Path, "mkdir", refuse)
    cli.main(WORDS)
    assert "Runs: 4 found, and the result" in capsys.readouterr().out
    assert len(lab.query("SELECT run FROM runs")) == 4
    cli.main(["list", "results"])
    for words in (["report"], [*WORDS, "seed=99"], ["store", "prune"]):
        with pytest.raises(SystemExit, match="2"):
            cli.main(words)
        text = capsys.readouterr().err
        assert "could not be written" in text
        assert "PLATFORM_LAB_OUTPUTS" in text
        assert "make room" not in text


def test_a_folder_that_cannot_be_made_is_refused_in_words(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(writing.FullDisk, match="could not be written"):
        writing.write_whole(tmp_path / "file" / "below", b"")


def test_queries_are_of_the_output_folder_and_leave_out_what_is_damaged(stored: Path, outputs: Path, capsys):
    from experiments.storage import query

    assert len(query.runs()) == len(lab.query("SELECT run FROM runs")) == 4
    path = sorted((outputs / "runs").glob("*.parquet"))[0]
    flip(path)
    assert len(lab.query("SELECT DISTINCT run FROM weekly")) == 3
    assert str(path) in capsys.readouterr().err
    assert run_store.folder() == outputs / "runs"

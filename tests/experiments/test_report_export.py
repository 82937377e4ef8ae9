"""`report RESULT --export DIR` on the command line: what was written is said, and what cannot be is refused."""

from pathlib import Path

import kaleido
import pytest
from kaleido.errors import ChromeNotFoundError

from experiments import cli
from tests.analysis._results import leave

pytestmark = pytest.mark.long


def said_by(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Exit code and all that was printed."""
    try:
        cli.main(list(arguments))
    except SystemExit as stopped:
        return int(str(stopped.code)), "".join(capsys.readouterr())
    return 0, "".join(capsys.readouterr())


def no_browser(*_: object, **__: object) -> None:
    raise ChromeNotFoundError


def draw_all(figures: list[dict], kopts: dict) -> None:
    for one in figures:
        Path(one["path"]).write_text("drawn")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--export"], "--export DIR"),
        (["--export="], "--export DIR"),
        (["--export", "--help-me"], "it needs a value"),
        (["--exprt", "pictures"], "--export"),
        (["--export", "FILE"], "there is a file of this name"),
        (["other", "--export", "pictures"], "one page shows one result"),
    ],
)
def test_what_cannot_be_exported_is_refused_before_anything_is_written(words, expected, tmp_path, capsys):
    folder = leave(tmp_path / "result")
    (tmp_path / "file").write_text("mine")
    asked = [str(tmp_path / "file") if word == "FILE" else word for word in words]
    code, said = said_by(capsys, "report", str(folder), *asked)
    assert code == 2
    assert expected in said
    assert "Traceback" not in said
    assert not (folder / "report.html").exists()
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("how", ["{}", "--export={}", "--export {}"])
def test_export_says_what_was_written_and_where(how: str, tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kaleido, "write_fig_from_object_sync", draw_all)
    folder, target = leave(tmp_path / "result"), tmp_path / "pictures"
    wanted = how.format(target).split() if "export" in how else []
    code, said = said_by(capsys, "report", str(folder), *wanted)
    assert code == 0
    assert (folder / "report.html").exists()
    n = {kind: len(list(target.glob(f"*.{kind}"))) for kind in ("csv", "png", "svg")}
    if wanted:
        assert n["csv"] == n["png"] == n["svg"] > 5
        assert f"{n['csv']} CSV files in {target}" in said
        assert f"{n['png']} as PNG and as SVG in {target}" in said
    else:
        assert not target.exists()


def test_without_a_browser_data_are_written_and_the_rest_is_refused_readably(tmp_path: Path, capsys, monkeypatch):
    monkeypatch.setattr(kaleido, "write_fig_from_object_sync", no_browser)
    folder, target = leave(tmp_path / "result"), tmp_path / "pictures"
    code, said = said_by(capsys, "report", str(folder), "--export", str(target))
    assert code == 2
    assert "CSV files in" in said
    assert "no pictures were written" in said
    assert "install" in said
    assert "Traceback" not in said
    assert {path.suffix for path in target.iterdir()} == {".csv"}

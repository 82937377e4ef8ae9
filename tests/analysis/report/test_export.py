"""Figures as files: data need no browser, pictures come whole or not at all, and want of a browser is said plainly."""

from pathlib import Path

import kaleido
import pandas as pd
import pytest
from kaleido.errors import ChromeNotFoundError

from analysis.figures import pictures
from analysis.report import export
from experiments.storage.results import load_result
from tests.analysis._groups import distribution_frame
from tests.analysis._results import leave

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def panels(tmp_path_factory: pytest.TempPathFactory):
    return export.all_panels(load_result(leave(tmp_path_factory.mktemp("result"), distribution=distribution_frame())))


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    """What was asked of the renderer, which writes a line into every file."""
    asked: list[dict] = []

    def write(figures: list[dict], kopts: dict) -> None:
        assert kopts == {"mathjax": False}, "it would load that from the network"
        for one in figures:
            Path(one["path"]).write_text("drawn")
        asked.extend(figures)

    monkeypatch.setattr(kaleido, "write_fig_from_object_sync", write)
    return asked


def test_the_numbers_behind_every_figure_are_written_as_they_are(panels, tmp_path: Path):
    paths = export.export_data(panels, tmp_path / "new" / "folder")
    assert [path.stem for path in paths] == [panel.name for panel in panels]
    assert {"who_gains", "effect_quantiles", "evidence", "key_measures"} <= {path.stem for path in paths}
    for path, panel in zip(paths, panels, strict=True):
        assert len(pd.read_csv(path)) == len(panel.data)
    assert len(list(paths[0].parent.iterdir())) == len(paths), "nothing half written is left"


def test_every_figure_is_drawn_wide_with_title_on_white_in_both_formats(panels, drawn, tmp_path: Path):
    paths = export.export_pictures(panels, tmp_path)
    assert {path.name for path in paths} == {f"{p.name}.{kind}" for p in panels for kind in ("png", "svg")}
    assert all(path.read_text() == "drawn" for path in paths)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in paths)
    for one in drawn:
        layout = one["fig"]["layout"]
        assert layout["title"]["text"]
        assert layout["paper_bgcolor"] == "#FFFFFF"
        assert one["opts"]["height"] == layout["height"]
    assert "paper_bgcolor" not in panels[0].wide.to_dict()["layout"], "figures are left as they were"


def test_where_the_renderer_fails_no_picture_is_left(panels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(figures: list[dict], kopts: dict) -> None:
        Path(figures[0]["path"]).write_text("half")
        raise OSError("no room left")

    monkeypatch.setattr(kaleido, "write_fig_from_object_sync", fail)
    with pytest.raises(OSError, match="no room left"):
        export.export_pictures(panels, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_want_of_a_browser_is_said_with_what_to_install(panels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def none(*_: object, **__: object) -> None:
        raise ChromeNotFoundError("where is it?")

    monkeypatch.setattr(kaleido, "write_fig_from_object_sync", none)
    with pytest.raises(pictures.NoBrowser, match="install one"):
        export.export_pictures(panels, tmp_path)


def test_names_from_a_result_lead_nowhere_else(panels, tmp_path: Path):
    odd = export.Panel("map_../../x", panels[0].wide, panels[0].narrow, panels[0].data)
    (path,) = export.export_data([odd], tmp_path)
    assert path == tmp_path / "map_______x.csv"


def test_nothing_to_draw_needs_no_browser():
    assert pictures.draw({}) == []

"""Tables of a result: declared once, and everything else follows from the declaration."""

from __future__ import annotations

import hashlib
import importlib
from pathlib import Path

import pandas as pd
import pytest

from analysis import tables
from analysis.tables import TABLES, Column, Table
from experiments.catalogue.result_tables import page
from experiments.results import keeping
from experiments.results.estimating import ESTIMATORS
from experiments.storage.results import UnreadableResult, load_result
from experiments.terminal import sections
from sim.errors import PlatformLabError
from tests.analysis._results import leave

ROOT = Path(__file__).resolve().parents[2]
WAGES = Table("wages", "a point", "always", "x.y", (Column("scenario", "point"), Column("wage", "pay", "yuan an hour")))


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_declaration_is_whole(table: Table):
    module, _, function = table.made_by.rpartition(".")
    assert callable(getattr(importlib.import_module(module), function))
    assert len(set(table.names)) == len(table.names) > 3
    assert all(column.meaning and column.name.isidentifier() for column in table.columns)
    assert list(table.empty().columns) == list(table.names)
    assert not len(table.empty())


def test_whoever_computes_or_shows_a_table_speaks_of_a_declared_one():
    assert set(ESTIMATORS) | {"runs", "moments"} == set(TABLES)
    assert set(sections.SECTIONS) < set(TABLES)


def test_a_table_that_was_not_left_is_empty_and_has_its_columns(tmp_path: Path):
    result = load_result(leave(tmp_path))
    assert result.table("waterbed").empty
    assert tuple(result.table("waterbed").columns) == TABLES["waterbed"].names
    assert result.table("effects") is result.effects
    assert result.sensitivity.empty
    with pytest.raises(PlatformLabError, match=r"no table waterbeds(?s:.)*allowed: effects, trajectories"):
        result.table("waterbeds")


def test_a_new_table_is_read_checked_and_shown_by_its_declaration_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    folder, wages = leave(tmp_path), pd.DataFrame({"scenario": [0], "wage": [20.5]})
    monkeypatch.setitem(TABLES, "wages", WAGES)
    monkeypatch.setitem(sections.SECTIONS, "wages", lambda found, _: print(f"wage {found('wages')['wage'].item()}"))
    assert load_result(folder).table("wages").empty
    tables.check({"wages": wages})
    wages.to_parquet(folder / "wages.parquet")
    result = load_result(folder)
    assert result.table("wages")["wage"].tolist() == [20.5]
    sections.show(lambda name: result.table(name) if name == "wages" else None, result.record)
    assert capsys.readouterr().out == "wage 20.5\n"
    assert "| `wage` | pay | yuan an hour |" in page()
    wages.drop(columns="wage").to_parquet(folder / "wages.parquet")
    with pytest.raises(UnreadableResult, match=r"wages\.parquet lacks the columns wage"):
        load_result(folder)
    (folder / "wages.parquet").write_bytes(b"PAR1 torn")
    with pytest.raises(UnreadableResult, match=r"wages\.parquet is damaged"):
        load_result(folder)


def test_what_is_not_as_declared_is_never_kept(tmp_path: Path):
    effects = pd.DataFrame({name: [0] for name in TABLES["effects"].names})
    tables.check({"effects": effects.assign(more=1)})
    for frames, words in (
        ({"effects": effects.drop(columns="low")}, "it lacks low"),
        ({"effects": effects, "effect": effects}, "no table effect "),
    ):
        with pytest.raises(PlatformLabError, match=words):
            keeping.keep(tmp_path, None, frames, {})  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir()), "nothing is written"


def test_an_answer_gives_the_tables_that_its_record_vouches_for(tmp_path: Path):
    about = {"precision": None, "uncertainty": {"over": "nothing"}}
    written = hashlib.sha256((leave(tmp_path, **about) / "effects.parquet").read_bytes()).hexdigest()
    folder = leave(tmp_path, checksums={"effects.parquet": written}, **about)
    found = keeping.read(folder)
    assert set(found.frames) == {"effects"}, "moments lie there, but the record does not speak of them"
    assert found.waterbed is found.sensitivity is found.table("draws") is None
    assert (found.n_draws, found.n_failed_draws, found.precision, found.outcomes) == (0, 0, None, ())
    with pytest.raises(PlatformLabError, match="no table effect "):
        found.table("effect")


def test_the_page_of_tables_is_up_to_date():
    written = (ROOT / "docs" / "results.md").read_text("utf-8")
    assert written == page(), "renew it: python -m experiments.catalogue.result_tables > docs/results.md"

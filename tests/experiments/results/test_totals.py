"""Every total is the sum of what stands beside it: tables, terminal, report, export and figures."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from analysis.report.export import all_panels
from analysis.report.markdown import party_tables
from analysis.statistics import estimates as est
from experiments import cli
from experiments.storage.results import load_result

PARTS = [metric for party, metric in est.MONEY.items() if party != "welfare"]
TOTAL = est.MONEY["welfare"]
WORDS = ["horizon.n_weeks=26", "horizon.policy_week=6", "sector.merchants.entrant_rate=0.5"]


@pytest.fixture
def folder(outputs: Path, tiny: list[str], capsys: pytest.CaptureFixture[str]) -> Path:
    """A small sweep in which somebody opens a business."""
    few = [word for word in tiny if not word.startswith("horizon")]
    cli.main(["sweep", "policy=commission_cap", "policy.commission_cap.ceiling=0.1,0.05", *few, *WORDS])
    (found,) = outputs.glob("sweep/*")
    (found / "said.txt").write_text(capsys.readouterr().out, encoding="utf-8")
    return found


def sums(frame: pd.DataFrame, column: str, metric: str = "metric") -> None:
    by_metric = frame.set_index(metric)[column]
    assert by_metric[PARTS].sum() == pytest.approx(by_metric[TOTAL], abs=1e-6)


def test_every_table_adds_up(folder: Path):
    effects = pd.read_parquet(folder / "effects.parquet")
    assert (effects[effects["metric"] == "owners_opening"]["baseline"] < 0).all(), "somebody opens"
    for _, rows in effects.groupby("scenario"):
        for column in ("baseline", "policy", "effect"):
            sums(rows, column)
    weeks = pd.read_parquet(folder / "trajectories.parquet")
    for _, rows in weeks[weeks["metric"].isin([*PARTS, TOTAL])].groupby(["scenario", "week"]):
        sums(rows, "effect")


def numbers(text: str) -> list[float]:
    """First numbers of cells such as `+136 ± 5*`."""
    return [float(cell.replace(",", "")) for cell in re.findall(r"([+-][\d,]+(?:\.\d+)?) ±", text)]


def test_the_terminal_adds_up(folder: Path):
    rows = [line for line in (folder / "said.txt").read_text("utf-8").splitlines() if line.count("±") == len(est.MONEY)]
    assert rows
    for line in rows:
        *parts, total = numbers(line)
        assert len(parts) == len(PARTS)
        assert sum(parts) == pytest.approx(total, abs=len(PARTS) / 2)


def test_markdown_adds_up(folder: Path):
    rows = [line for line in party_tables(load_result(folder)) if line.startswith("| ceiling")]
    assert len(rows) == 2
    for line in rows:
        cells = [cell.strip().split(" [")[0].replace("−", "-").replace(" ", "") for cell in line.split("|")[2:-1]]
        *parts, total = map(float, cells)
        assert sum(parts) == pytest.approx(total, abs=len(PARTS))


def test_figures_data_adds_up(folder: Path):
    """Every exported table of a figure that holds the total holds the parts, too, and they add up."""
    seen = 0
    for panel in all_panels(load_result(folder)):
        if "metric" not in panel.data or TOTAL not in set(panel.data["metric"]):
            continue
        if not set(PARTS) <= set(panel.data["metric"]):
            continue  # one curve or map of the total alone
        keys = [key for key in ("scenario", "label", "week", "part", "strategy") if key in panel.data]
        for _, rows in panel.data.groupby(keys) if keys else [((), panel.data)]:
            sums(rows, "effect")
            seen += 1
    assert seen

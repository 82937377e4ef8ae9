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
from sim.metrics.registry import REGISTRY

PARTS = [metric for party, metric in est.MONEY.items() if party != "welfare"]
TOTAL = est.MONEY["welfare"]
TITLES = [REGISTRY[metric].title for metric in est.MONEY.values()]
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


def printed(lines: list[str]) -> dict[str, list[list[float]]]:
    """Numbers of rows by title, a list a table; intervals and stars are left out."""
    rows: dict[str, list[list[float]]] = {}
    for line in lines:
        for title in TITLES:
            if line.startswith(f"{title}  "):
                cells = re.sub(r"\[[^]]*\]|± [\d,.]+|\*", "", line.removeprefix(title)).replace(",", "")
                rows.setdefault(title, []).append([float(cell) for cell in cells.split()])
    return rows


def test_a_comparison_on_the_terminal_adds_up(outputs: Path, tiny: list[str], capsys: pytest.CaptureFixture[str]):
    """Column by column: the level, the effect, the direct effect and the response; in every table of money."""
    few = [word for word in tiny if not word.startswith(("horizon", "platforms="))]
    cli.main(["compare", "policy=commission_cap", *few, *WORDS, "platforms=rule_of_thumb"])
    tables = printed(capsys.readouterr().out.splitlines())
    assert set(tables) == set(TITLES)
    assert any(len(row) > 2 for row in tables[TITLES[0]]), "the response stands beside the effect"
    for number, total in enumerate(tables[TITLES[-1]]):
        parts = [tables[title][number] for title in TITLES[:-1]]
        assert {len(part) for part in parts} == {len(total)}
        for column, value in enumerate(total):
            # Half a unit of each number is what rounding may leave.
            assert sum(part[column] for part in parts) == pytest.approx(value, abs=len(TITLES) / 2)


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
        shown = set(panel.data["metric"]) if "metric" in panel.data else set()
        if TOTAL not in shown or shown == {TOTAL}:
            continue  # one curve or map of the total alone
        keys = [key for key in ("scenario", "label", "week", "part", "strategy") if key in panel.data]
        for _, rows in panel.data.groupby(keys) if keys else [((), panel.data)]:
            sums(rows, "effect")
            seen += 1
    assert seen

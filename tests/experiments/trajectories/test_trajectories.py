"""Runs made again and watched: agents' weeks add up to the stored runs, and what cannot be watched is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from analysis.statistics import agents
from experiments import cli
from experiments.storage import places, run_store, writing
from experiments.storage.agent_weeks import AgentWeeksFile
from experiments.storage.results import load_weeks
from experiments.trajectories import recording

pytestmark = pytest.mark.long

BUSY = [
    "policy=[commission_cap]",
    "policy.commission_cap.ceiling=0.06",
    "sector.merchants.entrant_rate=4",
    "sector.merchants.exit_debt=50",
    "sector.merchants.entry_horizon=400",
    "sector.workers.leaving_rate=0.1",
    "platforms.obeys=true",
]


@pytest.fixture
def result(outputs: Path, tiny: list[str]) -> Path:
    """A comparison in which merchants open and close and workers come and go."""
    cli.main(["compare", *tiny, *BUSY])
    (folder,) = outputs.glob("compare/*")
    return folder


def weekly_sums(path: Path, party: str, column: str, side: str) -> np.ndarray:
    n = AgentWeeksFile(path).about["n_weeks"]
    table = pq.read_table(path, filters=[("party", "=", party), ("side", "=", side)]).to_pylist()
    found = np.zeros(n)
    for row in table:
        first = row["first_week"] - 1
        found[first : first + row["n_weeks"]] += np.nan_to_num(np.array(row[column], float))
    return found


def test_sums_over_agents_are_the_weekly_metrics_of_the_stored_run(result: Path):
    path = recording.record(result, 1)
    weeks = load_weeks(result)
    n = AgentWeeksFile(path).about["n_consumers"]
    thousands = 100 * n / 1000  # cents
    for side in agents.SIDES:
        stored = weeks[(weeks["replicate"] == 1) & (weeks["side"] == side)].sort_values("week").set_index("week")
        sums = {
            ("consumers", "surplus_cents"): stored["consumer_surplus"] * thousands,
            ("consumers", "orders"): stored["consumer_orders"] * n,
            ("consumers", "spent_cents"): stored["consumer_price"] * stored["consumer_orders"] * n * 100,
            ("merchants", "profit_cents"): stored["merchant_profit"] * thousands,
            ("merchants", "opening_cents"): stored["merchant_opening_cost"] * thousands,
            ("merchants", "orders"): stored["consumer_orders"] * n,
            ("workers", "surplus_cents"): stored["worker_surplus"] * thousands,
            ("workers", "pay_cents"): stored["worker_pay"] * thousands,
            ("workers", "deliveries"): stored["consumer_orders"] * n,
        }
        for (party, column), wanted in sums.items():
            found = weekly_sums(path, party, column, side)
            assert found == pytest.approx(wanted.fillna(0).to_numpy(), abs=1e-3), (side, column)
            assert found.any(), (side, column)
        sales = weekly_sums(path, "merchants", "sales_cents", side)
        commission = weekly_sums(path, "merchants", "commission_cents", side)
        assert commission == pytest.approx((stored["merchant_take_rate"].fillna(0) * sales).to_numpy())
        minutes = weekly_sums(path, "workers", "minutes", side)
        paid = stored["worker_hourly_earnings"].fillna(0) * minutes / 60 * 100
        assert weekly_sums(path, "workers", "pay_cents", side) == pytest.approx(paid.to_numpy())
        delay = stored["consumer_delay"] * stored["consumer_orders"] * n
        assert _waited(path, side) == pytest.approx(delay.fillna(0).to_numpy(), rel=1e-6)


def _waited(path: Path, side: str) -> np.ndarray:
    table = pq.read_table(path, filters=[("party", "=", "consumers"), ("side", "=", side)])
    orders = np.array(table["orders"].to_pylist())
    return np.nansum(orders * np.array(table["waited_minutes"].to_pylist()), axis=0)


def test_totals_are_those_that_the_runs_kept_of_their_agents(result: Path):
    path = recording.record(result, 0)
    names = AgentWeeksFile(path).about["runs"]
    for side, name in names.items():
        kept = run_store.all_runs().read_agents(name)
        table = pq.read_table(path, columns=[*agents.SCALARS, "quintile", "tier", "size", "group"]).to_pandas()
        table = table[(table["side"] == side) & (table["n_policy_weeks"] > 0)]
        both = kept.merge(table, on=["party", "identity"], suffixes=("_kept", ""))
        assert len(both) == len(kept) == len(table)
        assert (both["total_cents_kept"] == both["total_cents"]).all()
        assert (both["n_weeks_kept"] == both["n_policy_weeks"]).all()
        for trait in ("tier", "size", "group"):
            assert (both[f"{trait}_kept"].astype(str) == both[trait].astype(str)).all() or both[trait].isna().any()
    effects = agents.agents(AgentWeeksFile(path), "merchants")["effect"].sum()
    kept = [run_store.all_runs().read_agents(names[side]) for side in agents.SIDES]
    money = [one.query("party == 'merchants'")["total_cents"].sum() for one in kept]
    assert effects == pytest.approx((money[1] - money[0]) / 100 / 5)


def test_worlds_are_the_same_before_the_rule_and_newcomers_are_there_in_one_piece(result: Path):
    path = recording.record(result, 0)
    everybody = agents.agents(AgentWeeksFile(path), "merchants")
    assert (everybody["first_week_without"] > 1).any(), "nobody opened: the test would say nothing"
    assert everybody["last_week_without"].lt(10).any(), "nobody closed: the test would say nothing"
    for identity in everybody["identity"]:
        weeks = agents.weeks(AgentWeeksFile(path), "merchants", int(identity))
        early = weeks[weeks["week"] < 6]
        sides = [early[early["side"] == side]["value"].to_numpy() for side in agents.SIDES]
        assert np.array_equal(*sides, equal_nan=True)


def test_asking_again_finds_the_file_and_progress_is_told(
    result: Path, outputs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    capsys.readouterr()
    assert recording.kept(result, 0) is None
    assert recording.main([str(result), "0"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "0/15 weeks"
    assert lines[-2:] == ["15/15 weeks", str(recording.kept(result, 0))]
    monkeypatch.setattr(recording, "_watched", None)
    assert recording.main([str(result), "0"]) == 0
    (path,) = (outputs / "people").iterdir()
    monkeypatch.undo()
    monkeypatch.setenv(places.OUTPUTS, str(outputs))
    path.write_bytes(path.read_bytes()[:-40])
    assert recording.kept(result, 0) is None
    assert recording.record(result, 0) == path
    assert AgentWeeksFile(path).about["n_weeks"] == 10


def test_a_point_of_a_sweep_has_people_too(outputs: Path, tiny: list[str]):
    cli.main(["sweep", *tiny, "policy=[commission_cap]", "policy.commission_cap.ceiling=0.05,0.1"])
    (folder,) = outputs.glob("sweep/*")
    first, second = (AgentWeeksFile(recording.record(folder, 0, point)).about for point in (0, 1))
    assert first["runs"]["without"] == second["runs"]["without"]
    assert first["runs"]["with"] != second["runs"]["with"]


def said_by_refusal(*words: str, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert recording.main(list(words)) == 2
    said = capsys.readouterr()
    assert not said.out.endswith(".parquet\n")
    return said.err


def test_refusals_say_why_and_what_to_do(
    result: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    assert "usage:" in said_by_refusal(str(result), "first", capsys=capsys)
    assert "2 replicates, counted from 0" in said_by_refusal(str(result), "2", capsys=capsys)
    assert "points 0 to 0" in said_by_refusal(str(result), "0", "1", capsys=capsys)
    assert "No result can be read" in said_by_refusal(str(result / "none"), "0", capsys=capsys)
    with monkeypatch.context() as patch:
        patch.setattr(recording, "MOST_BYTES", 1000)
        said = said_by_refusal(str(result), "0", capsys=capsys)
        assert "600 consumers over 10 weeks" in said
        assert "population=town" in said
    with monkeypatch.context() as patch:
        patch.setattr(run_store, "code_version", lambda: "another")
        said = said_by_refusal(str(result), "0", capsys=capsys)
        assert "another version of the code" in said
        assert "platform-lab compare config=" in said


def test_a_run_that_does_not_repeat_is_refused(result: Path, capsys: pytest.CaptureFixture[str]):
    (name,) = pd.read_parquet(result / "runs.parquet").query("replicate == 0 and side == 'with'")["run"]
    kept = run_store.all_runs()
    weekly, meta = kept.read(name)
    weekly.loc[8, "merchant_profit"] += 1.0
    import pyarrow as pa

    table = pa.Table.from_pandas(weekly.assign(run=name), preserve_index=False)
    content = writing.parquet(table.replace_schema_metadata({b"platform_lab": json.dumps(meta).encode()}))
    kept.alone[name].unlink()
    run_store._put(run_store.folder(), name, content)
    assert "another merchant_profit" in said_by_refusal(str(result), "0", capsys=capsys)


@pytest.mark.parametrize(("n", "fits"), [(10_000, True), (100_000, False)])
def test_towns_fit_and_cities_do_not(n: int, fits: bool):
    from experiments.request import build

    population = "town" if n == 10_000 else "city"
    (scenario,) = build.ask(["policy=[commission_cap]", f"population={population}"]).scenarios
    assert scenario.population.n_consumers == n
    assert (recording.bytes_needed(scenario) <= recording.MOST_BYTES) is fits

"""Keeping runs: alone, in parts, found, queried, checked and pruned."""

from __future__ import annotations

import dataclasses
import json
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments import cli
from experiments.request import build
from experiments.storage import query, results, run_store, versions
from experiments.storage import runs as reading
from sim.errors import PlatformLabError
from sim.metrics.registry import REGISTRY
from sim.scenario import Scenario

pytestmark = pytest.mark.long


class Model:
    """Something with weeks in it."""

    def __init__(self, seed: int, n_weeks: int = 12) -> None:
        rng = np.random.default_rng(seed)
        self.weekly = {"week": list(range(1, n_weeks + 1))} | {m: list(rng.normal(size=n_weeks)) for m in REGISTRY}
        self.weekly["platform_profit"][2] = float("nan")
        self.moments = {"leader_order_share": 0.6, "unknown": float("nan")}
        self.seconds = {"clock": 0.25, "choose": 0.5}


@pytest.fixture(scope="module")
def capped() -> list[Scenario]:
    words = ["policy=commission_cap", "population=town", "policy.commission_cap.ceiling=range(0.05,0.15,0.01)"]
    found = build.ask(words).scenarios
    return [dataclasses.replace(run, seed=seed) for seed in range(12) for run in found]


def keep(runs: list[Scenario]) -> None:
    for i, run in enumerate(runs):
        run_store.keep(run, Model(i), [f"run {i}"], with_agents=False)  # pyright: ignore[reportArgumentType]


def everything(folder: Path) -> dict[str, tuple[str, dict]]:
    kept = reading.Runs(folder)
    return {name: (kept.read(name)[0].to_csv(), kept.read(name)[1]) for name in kept}


def test_a_run_is_read_as_it_was_written(outputs: Path, capped: list[Scenario]):
    keep(capped[:1])
    weekly, meta = run_store.all_runs().read(run_store.run_name(capped[0]))
    assert weekly.equals(pd.DataFrame(Model(0).weekly))
    assert (meta["log"], meta["seconds"], meta["code"]) == (["run 0"], Model(0).seconds, versions.code_version())
    assert meta["scenario"] == capped[0].canonical


def test_parts_hold_what_single_files_held(outputs: Path, capped: list[Scenario]):
    keep(capped)
    before = everything(outputs / "runs")
    assert len(before) == 120
    assert run_store.compact() == 100
    kept = run_store.all_runs()
    assert (len(kept.parts), len(kept.alone), len(kept.part_of)) == (1, 20, 100)
    after = everything(outputs / "runs")
    assert repr(after) == repr(before) or after.keys() == before.keys()
    assert {name: csv for name, (csv, _) in after.items()} == {name: csv for name, (csv, _) in before.items()}
    assert all(repr(after[name][1]) == repr(before[name][1]) for name in before)
    assert kept.check(before) == (set(before), [])
    assert run_store.compact() == 0, "what does not fill a part stays alone"


def test_a_killed_compaction_loses_nothing_and_doubles_nothing(outputs: Path, capped: list[Scenario], monkeypatch):
    keep(capped)
    before = everything(outputs / "runs")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", lambda *how, **more: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run_store.compact()
    assert len(reading.files(outputs / "runs")) == 120, "in parts, and their files still there"
    assert repr(everything(outputs / "runs")) is not None
    assert len(run_store.all_runs()) == 120
    assert len(query.runs(folder=outputs / "runs")) == 120
    run_store.compact(1)
    assert len(reading.files(outputs / "runs")) == 20
    assert everything(outputs / "runs").keys() == before.keys()


def test_readers_find_every_run_while_others_put_them_together(outputs: Path, capped: list[Scenario]):
    keep(capped)
    names, missing = [run_store.run_name(run) for run in capped], []
    looked, is_over = run_store.all_runs(), threading.Event()

    def read() -> None:
        while not is_over.is_set():
            missing.extend(name for name in names[::7] if looked.read(name)[0] is None)

    reader = threading.Thread(target=read)
    reader.start()
    run_store.compact()
    is_over.set()
    reader.join()
    missing.extend(name for name in names if looked.read(name)[0] is None)
    assert missing == []


@pytest.mark.parametrize("which", ["weekly", "runs"])
def test_a_damaged_part_is_named_and_its_runs_are_asked_for_again(
    outputs: Path, capped: list[Scenario], which: str, capsys
):
    keep(capped)
    run_store.compact()
    (path,) = (outputs / "runs" / "parts").glob(f"*.{which}.parquet")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)
    names = [run_store.run_name(run) for run in capped]
    found, damaged = run_store.all_runs().check(names)
    assert (len(found), damaged) == (20, [path])
    cli.main(["store", "check"])
    assert str(path) in capsys.readouterr().err
    assert not path.exists()
    assert (outputs / "runs" / "damaged" / path.name).exists()
    assert run_store.all_runs().check(names) == (found, [])


@pytest.mark.parametrize("text", ["", "{", '{"parts": 3}', None])
def test_a_lost_manifest_is_made_of_the_parts_that_lie_there(outputs: Path, capped: list[Scenario], text: str | None):
    keep(capped)
    run_store.compact()
    path = outputs / "runs" / "manifest.json"
    path.unlink() if text is None else path.write_text(text)
    assert len(run_store.all_runs()) == 120


def test_questions_across_sweeps(outputs: Path, capped: list[Scenario]):
    keep(capped)
    run_store.compact()
    run_store.keep(capped[0].without_policy(), Model(500), [], with_agents=False)  # pyright: ignore
    folder = outputs / "runs"
    below = query.runs("policy.commission_cap.ceiling < 0.12", folder)
    ceilings = [run.policy["commission_cap"].ceiling for run in capped]  # pyright: ignore
    assert len(below) == sum(c < 0.12 for c in ceilings)
    assert set(below["rules"]) == {"commission_cap"}
    assert below["moment.leader_order_share"].eq(0.6).all()
    assert len(query.runs(folder=folder)) == 121
    weeks = query.weekly("seed = 3 AND policy.commission_cap.ceiling > 0.139", ["consumer_orders"], folder)
    (at,) = [i for i, run in enumerate(capped) if run.seed == 3 and ceilings[i] > 0.139]
    assert weeks["consumer_orders"].tolist() == Model(at).weekly["consumer_orders"]
    sql = "SELECT rules, count(*) AS n FROM runs GROUP BY rules ORDER BY rules"
    assert query.ask(sql, folder)["n"].tolist() == [1, 120]
    with pytest.raises(query.RefusedQuery, match="nothing_like_it"):
        query.runs("nothing_like_it = 1", folder)
    with pytest.raises(query.RefusedQuery, match="no finished run"):
        query.runs(folder=outputs / "nowhere")


def test_stale_runs_are_marked_and_pruned(outputs: Path, capped: list[Scenario], monkeypatch, capsys):
    with monkeypatch.context() as patch:
        patch.setattr(run_store, "code_version", lambda: "other code")
        keep(capped[:110])
        run_store.compact()
    keep(capped[110:])
    folder = outputs / "runs"
    assert len(query.runs(folder=folder)) == 10
    assert query.runs(folder=folder, stale=True)["is_stale"].sum() == 110
    cli.main(["store"])
    shown = capsys.readouterr().out
    assert "120" in shown
    assert "of other code" in shown
    cli.main(["store", "prune"])
    assert "110 runs of other versions of the code removed" in capsys.readouterr().out
    assert set(run_store.all_runs()) == {run_store.run_name(run) for run in capped[110:]}
    assert list((folder / "parts").iterdir()) == []


def test_a_run_that_was_done_twice_counts_once(outputs: Path, capped: list[Scenario]):
    keep(capped[:1])
    run_store.keep(capped[0], Model(0), ["once more"], with_agents=False)  # pyright: ignore[reportArgumentType]
    assert len(reading.files(outputs / "runs")) == 2
    assert len(run_store.all_runs()) == len(query.runs(folder=outputs / "runs")) == 1
    run_store.compact(1)
    assert len(reading.files(outputs / "runs")) == 1


def test_the_log_of_a_run_is_found_by_the_beginning_of_its_name(outputs: Path, capped: list[Scenario], capsys):
    keep(capped[:3])
    run_store.record_failure(capped[5], "it broke", ["begun somewhere", "Traceback"])
    cli.main(["store", "log", run_store.run_name(capped[1])[:12]])
    assert "run 1" in capsys.readouterr().out
    cli.main(["store", "log", run_store.run_name(capped[5])])
    assert "failed: it broke\n  begun somewhere\n  Traceback" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="2"):
        cli.main(["store", "log", "zzz"])
    assert "no runs have names that begin like this" in capsys.readouterr().err


def test_an_unknown_task_is_refused(outputs: Path, capsys):
    with pytest.raises(SystemExit, match="2"):
        cli.main(["store", "prunes"])
    assert "write `prune`" in capsys.readouterr().err


@pytest.mark.long
def test_frames_of_a_result_are_its_runs(outputs: Path, tiny: list[str]):
    cli.main(["sweep", "policy=commission_cap", "policy.commission_cap.ceiling=0.05,0.08", *tiny])
    (folder,) = (outputs / "sweep").iterdir()
    found = results.load_runs(folder, ["platform_profit", "consumer_orders"])
    assert len(found) == 2 * 2 * 2
    wide = found.pivot_table(index=["scenario", "replicate"], columns="side", values="platform_profit")
    effects = results.load_result(folder).effects
    told = effects[effects["metric"] == "platform_profit"].sort_values("scenario")["effect"].to_numpy()
    assert (wide["with"] - wide["without"]).groupby("scenario").mean().to_numpy() == pytest.approx(told)
    weeks = results.load_weeks(folder, ["platform_profit"])
    assert len(weeks) == 8 * 10
    assert set(weeks.columns) >= {"week", "side", "policy.commission_cap.ceiling", "platform_profit"}
    assert len(results.load_runs(folder).columns) > 60
    with pytest.raises(PlatformLabError, match="no metric nobody"):
        results.load_runs(folder, ["nobody"])


@pytest.mark.long
def test_an_answer_stands_until_something_about_it_changes(outputs: Path, tiny: list[str], capsys):
    words = ["compare", "policy=commission_cap", *tiny]
    cli.main(words)
    assert "4 done, 0 found" in capsys.readouterr().out
    (folder,) = (outputs / "compare").iterdir()
    before = (folder / "record.json").read_bytes()
    cli.main(words)
    assert "and the result made of them" in capsys.readouterr().out
    assert (folder / "record.json").read_bytes() == before
    (folder / "effects.parquet").write_bytes(b"PAR1 nothing PAR1")
    cli.main(words)
    assert "0 done, 4 found" in capsys.readouterr().out
    assert len(results.load_result(folder).effects)
    cli.main([*words, "title=Another one"])
    assert "0 done, 4 found" in capsys.readouterr().out
    assert json.loads((folder / "record.json").read_text())["title"] == "Another one"


@pytest.mark.parametrize("first", ["compact", "check"])
def test_a_run_that_cannot_be_put_with_others_blocks_none(outputs: Path, capped: list[Scenario], capsys, first: str):
    large = dataclasses.replace(capped[0], seed=2**64 - 1)
    keep([*capped, large])
    whole = reading.alone(outputs / "runs")
    bad = dataclasses.replace(capped[0], seed=2**64)
    keep([bad])
    odd = outputs / "runs" / f"{'0' * 24}.{reading.sha_of(b'no table')}.parquet"
    odd.write_bytes(b"no table")
    assert len(query.runs(folder=outputs / "runs")) == 121
    assert odd.name in capsys.readouterr().err
    if first == "compact":
        run_store.compact()
    else:
        cli.main(["store", "check"])
    assert odd.name in capsys.readouterr().err
    run_store.compact()
    assert set(run_store.all_runs()) == set(whole)
    aside = {path.name.split(".")[0] for path in (outputs / "runs" / "damaged").iterdir()}
    assert aside == {"0" * 24, run_store.run_name(bad)}
    found = query.ask("SELECT seed FROM runs WHERE seed > 1000", outputs / "runs")
    assert int(found["seed"].max()) == 2**64 - 1


def test_a_key_with_words_in_one_run_and_numbers_in_another_is_compacted(outputs: Path, capped: list[Scenario]):
    assert run_store._column("key", [1, "one", None]).to_pylist() == ["1", "one", None]
    assert run_store._column("seed", [0, 2**64 - 1]).to_pylist() == [0, 2**64 - 1]

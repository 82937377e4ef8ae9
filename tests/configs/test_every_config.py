"""Every configuration file: composed, sourced, and run in miniature."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pandas as pd
import pytest
import yaml

from experiments import cli
from experiments.catalogue import assumptions
from experiments.request import build, folders, policy_names
from experiments.running import assumption_draws
from sim.metrics.moments import MOMENTS
from sim.model import PlatformEconomy
from sim.policy.catalogue import CATALOGUE

pytestmark = pytest.mark.long

SECTORS = folders.options("sector")
MINIATURE = [
    "platforms=fixed",
    "population=town",
    "population.n_consumers=500",
    "horizon.n_weeks=8",
    "horizon.policy_week=6",
    "replicates=2",
    "runner.n_workers=1",
    "runner.kernels=plain",
]
"""Platforms stay as they are: a zone of a few hundred consumers need be no rest point of theirs."""


def sector_named(name: str):
    return build.ask([f"sector={name}"]).scenarios[0].sector


@pytest.mark.parametrize("name", SECTORS)
def test_every_value_of_a_sector_has_a_source(name: str):
    sector = sector_named(name)
    plain = dataclasses.asdict(sector)
    values = assumptions.leaves({key: plain[key] for key in assumptions.VALUE_GROUPS})
    assert [key for key, _ in values if sector.source_of(key) is None] == []


@pytest.mark.parametrize("name", SECTORS)
def test_every_assumption_has_a_name_of_its_own_and_has_a_range_that_holds_its_value(name: str):
    sector = sector_named(name)
    patterns = [pattern for pattern, source in sector.sources.items() if source.basis == "assumption"]
    names = [assumptions.name_of(pattern) for pattern in patterns]
    assert len(set(names)) == len(names)
    assert [row["assumption"] for row in assumptions.assumptions(sector)] == names
    plain = dataclasses.asdict(sector)
    for key, value in assumptions.leaves({key: plain[key] for key in assumptions.VALUE_GROUPS}):
        source = sector.source_of(key)
        if source.basis == "assumption":
            assert source.low <= value <= source.high, key


@pytest.mark.parametrize("name", SECTORS)
def test_fitted_parameters_and_fitted_moments_are_paired(name: str):
    sector = sector_named(name)
    named = [source.moment for source in sector.sources.values() if source.basis == "fitted"]
    assert sorted(named) == sorted(key for key, moment in sector.moments.items() if moment.role == "fitted")
    assert set(sector.moments) <= set(MOMENTS)
    assert sum(moment.role == "held_out" for moment in sector.moments.values()) >= 6


@pytest.mark.parametrize("name", SECTORS)
def test_a_town_of_every_sector_lives_and_closes_its_books(name: str):
    """All weeks of its books close, or the run would stop; what is checked is that there is something in them."""
    asked = [f"sector={name}", "population=town", "horizon.n_weeks=8", "horizon.policy_week=7"]
    model = PlatformEconomy(build.ask(asked).scenarios[0], kernels="plain")
    model.run_all()
    assert sum(int(balance.sum()) for balance in model.world.ledger.balances.values()) == 0
    orders, cancelled = (model.weekly[f"consumer_{what}"] for what in ("orders", "cancelled_share"))
    assert all(number > 0.0 for number in orders)
    assert cancelled[-1] < 0.2
    tips, sector = model.weekly["worker_tips"][-1], model.world.sector
    assert (tips > 0.0) == (sector.consumers.tip_share > 0.0 and model.world.has_workers)


@pytest.mark.parametrize("name", SECTORS)
def test_every_draw_of_a_sectors_assumptions_is_a_market(name: str):
    request = build.ask([f"sector={name}", "uncertainty=assumptions", "replicates=16", "policy=data_limit"])
    draws = assumption_draws.draw(request.scenarios[0], request)
    assert [one.problem for one in draws if one.scenario is None] == []


@pytest.mark.parametrize("name", folders.options("experiment"))
def test_every_experiment_states_a_question_and_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PLATFORM_LAB_OUTPUTS", str(tmp_path))
    request = build.ask([f"experiment={name}"])
    assert (request.asking.question or "").endswith("?")
    cli.main(["sweep", f"experiment={name}", *MINIATURE])
    assert list(tmp_path.glob("sweep/*/report.html"))


@pytest.mark.slow
def test_a_town_answers_the_main_question_with_platforms_that_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The experiment as it is, but for its size: two heights, and one year instead of two and a half."""
    monkeypatch.setenv("PLATFORM_LAB_OUTPUTS", str(tmp_path))
    few = ["population=town", "horizon=one_year", "replicates=1", "policy.commission_cap.ceiling=0.10,0.06"]
    cli.main(["sweep", "experiment=commission_cap_heights", *few])
    (folder,) = tmp_path.glob("sweep/*")
    assert (folder / "report.html").exists()
    record = json.loads((folder / "record.json").read_text("utf-8"))
    assert record["strategy"] == "gradient"
    parts = pd.read_parquet(folder / "decomposition.parquet")
    table = parts.pivot(index=["policy.commission_cap.ceiling", "metric"], columns="part", values="effect")
    fee, profit = (table.xs(f"platform_{what}", level="metric") for what in ("fee_per_order", "profit"))
    assert list(fee.index) == [0.06, 0.10]
    assert (fee["behavioural"] > 0.0).all(), "platforms pass the caps on to consumers"
    assert fee.loc[0.06, "behavioural"] > fee.loc[0.10, "behavioural"]
    assert (profit["direct"] < profit["total"]).all()
    assert (profit["total"] < 0.0).all()


@pytest.mark.parametrize("group", folders.groups())
def test_every_option_of_every_group_composes(group: str):
    for option in folders.options(group):
        beside = (
            f"[{option},data_limit]" if option not in ("none", "data_limit") else option
        )  # some rules do not act alone
        assert build.ask([f"policy={beside}" if group == "policy" else f"{group}={option}"]).scenarios


def test_every_article_is_swept_once_by_itself():
    found = yaml.safe_load((folders.config_folder() / "experiment/opinions_by_article.yaml").read_text("utf-8"))
    articles = [name for name in policy_names.regimes() if name.startswith("article_")]
    assert found["levers"]["policy"] == [[name] for name in articles]


def test_policy_files_are_the_instruments_of_the_catalogue_and_regimes_of_them():
    assert set(folders.options("policy")) - set(policy_names.regimes()) == set(CATALOGUE)

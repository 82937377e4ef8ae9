"""A collector that is passed to an economy: Mesa's own, once at the end of every week, with what the week left."""

from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest

from sim.agents.platform import Platform
from sim.mesa_view.collector import ColumnCollector, ForeignCollector
from sim.mesa_view.views import Consumer, Merchant
from sim.metrics.registry import REGISTRY
from sim.model import PlatformEconomy
from tests.economies import CAP, fingerprint, run, scenario_of

BASE = scenario_of(300, n_weeks=4, policy=CAP)


def asked() -> dict[str, Any]:
    return {
        "model_reporters": {"week": "steps", "profit": lambda m: m.weekly["merchant_profit"][-1]},
        "agent_reporters": {"kind": lambda a: type(a).__name__},
        "agenttype_reporters": {
            Merchant: {"quality": "quality", "profit": "profit_cents", "price": lambda m: m.price.mean()},
            Platform: {"balance": "balance"},
        },
    }


@pytest.mark.parametrize("kind", [mesa.DataCollector, ColumnCollector])
@pytest.mark.parametrize("is_assigned", [False, True])
def test_collects_at_the_end_of_each_week(kind: type[mesa.DataCollector], is_assigned: bool):
    collector = kind(**asked())
    model = PlatformEconomy(BASE, datacollector=None if is_assigned else collector)
    if is_assigned:
        model.datacollector = collector
    seen, everybody = [], []
    while model.running:
        model.step()
        merchants = model.agents_by_type[Merchant]
        seen += merchants.get(["unique_id", "quality", "profit_cents"])
        everybody += [(float(model.steps), type(agent).__name__) for agent in model.agents]
    assert model.datacollector is collector
    weeks = collector.get_model_vars_dataframe()
    assert weeks.to_dict("list") == {"week": [1, 2, 3, 4], "profit": model.weekly["merchant_profit"]}
    frame = collector.get_agenttype_vars_dataframe(Merchant).reset_index()
    assert frame[["AgentID", "quality", "profit"]].to_numpy().tolist() == seen
    assert frame["Step"].unique().tolist() == [1.0, 2.0, 3.0, 4.0]
    agents = collector.get_agent_vars_dataframe().reset_index()
    assert list(zip(agents["Step"], agents["kind"], strict=True)) == everybody
    balances = collector.get_agenttype_vars_dataframe(Platform)["balance"].loc[4.0].tolist()
    assert balances == [platform.balance for platform in model.agents_by_type[Platform]]


def test_collecting_changes_nothing():
    model = PlatformEconomy(BASE, datacollector=mesa.DataCollector(**asked()), kernels="plain")
    model.run_all()
    assert fingerprint(model) == fingerprint(run(300, n_weeks=4, policy=CAP))


def test_what_a_subclass_adds_to_its_step_is_collected_with_the_week():
    class Watched(PlatformEconomy):
        def step(self) -> None:
            super().step()
            self.mood = 10 * self.steps

    model = Watched(BASE, datacollector=mesa.DataCollector({"mood": "mood"}))
    model.run_all()
    assert model.datacollector.get_model_vars_dataframe()["mood"].tolist() == [10, 20, 30, 40]


def test_events_of_a_week_come_before_its_collection():
    model = PlatformEconomy(
        BASE, datacollector=ColumnCollector(agenttype_reporters={Consumer: {"rate": "occasion_rate"}})
    )

    def calm() -> None:
        model.agents_by_type[Consumer].set("occasion_rate", 0.5)

    model.schedule_event(calm, at=2.0)
    model.run_for(2)
    rates = model.datacollector.get_agenttype_vars_dataframe(Consumer)["rate"]
    assert set(rates.loc[2.0]) == {0.5} != set(rates.loc[1.0])


def test_a_collector_by_agents_only_is_not_asked_twice_in_a_week():
    asks = []

    class Counting(PlatformEconomy):
        def step(self) -> None:
            super().step()
            self.datacollector.collect(self)

    reporters = {Platform: {"n": lambda platform: asks.append(platform)}}
    model = Counting(BASE, datacollector=mesa.DataCollector(agenttype_reporters=reporters))
    model.step()
    assert len(asks) == len(model.agents_by_type[Platform])


def test_without_one_every_metric_is_held():
    model = PlatformEconomy(BASE)
    model.run_all()
    frame = model.datacollector.get_model_vars_dataframe()
    assert frame.columns.to_list() == list(REGISTRY)
    assert len(frame) == 4
    model.datacollector.collect(model)  # by habit, once more
    pd.testing.assert_frame_equal(model.datacollector.get_model_vars_dataframe(), frame)
    expected = pd.DataFrame({name: model.weekly[name] for name in REGISTRY})
    np.testing.assert_array_equal(frame.to_numpy(), expected.to_numpy())


def test_a_run_that_goes_on_has_the_metrics_of_its_past_and_collects_from_there():
    trunk = PlatformEconomy(BASE)
    trunk.step()
    trunk.step()
    past = trunk.snapshot()
    fork = PlatformEconomy.resume(past)
    assert len(fork.datacollector.get_model_vars_dataframe()) == 2
    own = PlatformEconomy.resume(past, datacollector=mesa.DataCollector({"week": "steps"}))
    for model in (trunk, fork, own):
        model.run_all()
    frames = [model.datacollector.get_model_vars_dataframe() for model in (trunk, fork, own)]
    pd.testing.assert_frame_equal(frames[0], frames[1])
    assert frames[2]["week"].tolist() == [3, 4]


def test_another_models_data_are_not_added_to():
    first = PlatformEconomy(BASE, datacollector=mesa.DataCollector({"week": "steps"}))
    first.step()
    with pytest.raises(ForeignCollector, match="run together"):
        PlatformEconomy(BASE, datacollector=first.datacollector)


def test_a_subclass_resumes_as_itself():
    class Own(PlatformEconomy):
        pass

    model = Own(BASE)
    model.step()
    assert type(Own.resume(model.snapshot())) is Own

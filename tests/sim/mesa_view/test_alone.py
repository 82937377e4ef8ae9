"""Nobody takes a step alone, is registered or removed by hand: it is refused with a reason, and nothing changes."""

from collections.abc import Callable
from typing import Any

import mesa
import pytest

from sim.agents.platform import Platform
from sim.agents.regulator import Regulator
from sim.mesa_view.populated_model import ModelWithPopulations
from sim.mesa_view.refused import ClosedPopulation, NoStepAlone, NoStepDefined
from sim.mesa_view.views import AgentView, Consumer, Merchant, Worker
from tests.economies import CAP, economy, fingerprint
from tests.sim.mesa_view._town import Chain, Person, Town

KINDS = (Consumer, Merchant, Worker, Platform, Regulator)
WAYS: dict[str, Callable[[Any, str], Any]] = {
    "one": lambda agents, name: getattr(agents.to_list()[0], name)(),
    "do": lambda agents, name: agents.do(name),
    "shuffle_do": lambda agents, name: agents.shuffle_do(name),
    "map": lambda agents, name: agents.map(name),
    "selection": lambda agents, name: agents.select(at_most=2).do(name),
    "function": lambda agents, name: agents.do(lambda agent: getattr(agent, name)()),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["step", "advance"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_step_alone_is_refused_with_the_reason_and_the_route(kind: type, name: str, way: str):
    model = economy(100, policy=CAP)
    before = fingerprint(model)
    with pytest.raises(NoStepAlone) as refusal:
        WAYS[way](model.agents_by_type[kind], name)
    said = str(refusal.value)
    assert said.startswith(f"<{kind.__name__} ")
    assert f".{name}()" in said
    assert "all agents at once" in said
    assert "model.step()" in said
    assert "consumer_rule=" in said
    assert fingerprint(model) == before


@pytest.mark.parametrize("way", ["do", "shuffle_do", "map"])
def test_the_whole_economy_refuses_too(way: str):
    with pytest.raises(NoStepAlone):
        WAYS[way](economy(100).agents, "step")


def test_nobody_is_no_refusal():
    consumers = economy(100).agents_by_type[Consumer].select(at_most=0)
    assert consumers.do("step") is consumers


def test_a_subclass_that_defines_a_step_acts():
    class Eager(Consumer):
        def step(self) -> None:
            self.occasion_rate += 1.0

    model = ModelWithPopulations(rng=1)
    table = economy(100).world.consumers
    before = table.occasion_rate.copy()
    model.add_population(Eager, table).shuffle_do("step")
    assert (table.occasion_rate == before + 1).all()


@pytest.mark.parametrize("name", ["step", "advance"])
def test_a_kind_of_your_own_is_told_what_to_define(town: Town, name: str):
    with pytest.raises(NoStepDefined, match=rf"define {name}\(\) in class Person"):
        town.consumers.do(name)

    class Walker(Person):
        def step(self) -> None:
            self.balance_cents += 1

        advance = step

    walkers = ModelWithPopulations(rng=1).add_population(Walker, town.consumer_table)
    before = town.consumers.agg("balance_cents", sum)
    walkers.do(name)
    assert town.consumers.agg("balance_cents", sum) == before + len(walkers)


def test_who_is_in_the_economy_is_not_changed_by_hand():
    model = economy(100)
    n_agents, by_type = len(model.agents), model.agents_by_type
    consumer, platform = by_type[Consumer][0], by_type[Platform].to_list()[0]
    regulator = by_type[Regulator].to_list()[0]
    tries: list[Callable[[], Any]] = [consumer.remove, platform.remove, regulator.remove, model.remove_all_agents]
    tries += [lambda agent=agent: model.deregister_agent(agent) for agent in (consumer, platform, regulator)]
    tries += [lambda: model.register_agent(consumer), lambda: Consumer.create_agents(model, 2)]
    tries += [by_type[Consumer].pop, by_type[Consumer].clear, lambda: by_type[Consumer].do("remove")]
    for attempt in tries:
        with pytest.raises(ClosedPopulation, match="rules of entry and exit"):
            attempt()
    assert len(model.agents) == n_agents
    model.step()


def test_objects_of_your_own_come_and_go(town: Town):
    model = economy(100)
    for home in (model, town):
        n_agents = len(home.agents)
        chain = Chain(home, 5)
        assert len(home.agents) == n_agents + 1
        chain.remove()
        assert len(home.agents) == n_agents


def test_a_face_is_still_a_mesa_agent_with_mesas_names():
    missing = {name for name in dir(mesa.Agent) if not name.startswith("_")} - set(dir(AgentView))
    assert not missing

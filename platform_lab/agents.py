"""What models are looked into, changed and extended with: kinds of agents, rules of consumers, collectors, columns.

`Consumer`, `Merchant`, `Worker`, `Platform` and `Regulator` are the kinds in `model.agents_by_type`. A subclass of
`ConsumerRule` changes what consumers do. `ColumnCollector` is a `mesa.DataCollector` that reads columns as arrays.
`ModelWithPopulations`, `AgentView`, `Table` and `column` make a model of your own with columns. docs/mesa.md is the
tutorial. `BrokenLedger`, `ClosedPopulation` and `NoStepAlone` are raised for what must not be.
"""

from sim.agents.platform import Platform
from sim.agents.regulator import Regulator
from sim.errors import BrokenLedger
from sim.mesa_view.collector import ColumnCollector
from sim.mesa_view.populated_model import ModelWithPopulations
from sim.mesa_view.refused import ClosedPopulation, NoStepAlone
from sim.mesa_view.views import AgentView, Consumer, Merchant, Worker
from sim.populations.consumer_rule import ConsumerRule
from sim.populations.table import Table, column

__all__ = [
    "AgentView",
    "BrokenLedger",
    "ClosedPopulation",
    "ColumnCollector",
    "Consumer",
    "ConsumerRule",
    "Merchant",
    "ModelWithPopulations",
    "NoStepAlone",
    "Platform",
    "Regulator",
    "Table",
    "Worker",
    "column",
]

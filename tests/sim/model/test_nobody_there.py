"""What nobody can reach, sell in or work in changes nothing, to the bit."""

from __future__ import annotations

import copy
from typing import Any

import pandas as pd
import pytest

from sim.errors import RefusedScenario
from sim.forecast.market import MeanField
from sim.model import PlatformEconomy
from sim.parameters import Sector
from sim.scenario import Scenario
from tests.economies import asked

HOW: dict[str, Any] = {"n_consumers": 1200, "n_weeks": 14, "policy_week": 9}
RULES: dict[str, dict[str, Any]] = {"none": {}, "open": {"interoperability": {}}, "cap": {"commission_cap": {}}}
SAME = ("welfare_total", "consumer_surplus", "merchant_profit", "worker_surplus", "platform_profit", "state_net")
SAME += ("merchant_listed", "merchant_multihoming_share", "consumer_orders", "worker_hours", "platform_hhi_orders")


def with_platform(plain: dict[str, Any]) -> None:
    ghost = copy.deepcopy(list(plain["sector"]["platforms"].values())[-1])
    plain["sector"]["platforms"]["ghost"] = ghost | {"name": "Ghost", "consumer_reach": 0.0, "worker_reach": 0.0}


def with_tier(plain: dict[str, Any]) -> None:
    tiers = plain["sector"]["merchants"]["tiers"]
    tiers["ghosts"] = copy.deepcopy(list(tiers.values())[-1]) | {"share": 0.0}
    for platform in plain["sector"]["platforms"].values():
        platform["commission"]["ghosts"] = list(platform["commission"].values())[-1]


def with_group(plain: dict[str, Any]) -> None:
    groups = plain["sector"]["workers"]["groups"]
    groups["ghosts"] = copy.deepcopy(list(groups.values())[-1]) | {"share": 0.0}


GHOSTS = {"platform": with_platform, "tier": with_tier, "group": with_group}


def weekly(scenario: Scenario) -> pd.DataFrame:
    model = PlatformEconomy(scenario, kernels="plain")
    model.run_all()
    return pd.DataFrame(model.weekly)


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
@pytest.mark.parametrize("ghost", GHOSTS)
def test_who_is_not_there_changes_nothing(ghost: str, rules: dict[str, Any]):
    plain = asked(**HOW, policy=rules)
    without = weekly(Scenario.from_dict(plain))
    GHOSTS[ghost](plain)
    with_ghost = weekly(Scenario.from_dict(plain))
    pd.testing.assert_frame_equal(without[list(SAME)], with_ghost[list(SAME)], check_exact=True)


def haunted() -> Sector:
    """A market with a platform that no consumer has."""
    plain = asked(**HOW)
    with_platform(plain)
    return Scenario.from_dict(plain).sector


def test_the_mean_field_refuses_a_platform_that_nobody_has():
    with pytest.raises(RefusedScenario, match="no consumer has its app"):
        MeanField(haunted(), 1200.0)

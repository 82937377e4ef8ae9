"""A digest stands for the numbers of a run: all of them, and nothing else."""

import dataclasses
import json

import pytest
import yaml

from sim.scenario import Scenario
from tests.economies import CAP, RULES, asked, fingerprint, put, run, scenario_of

SCENARIO = scenario_of(n_weeks=20, policy_week=5, policy={name: {"end_week": 15} for name in RULES})


def leaves(plain, path=()):
    """Dotted paths of all values in nested mappings."""
    for key, value in plain.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def replaced(part, path, value):
    """The same frozen scenario with one value replaced, unchecked."""
    if not path:
        return value
    step, *rest = path
    if isinstance(part, dict):
        return {**part, step: replaced(part[step], rest, value)}
    return dataclasses.replace(part, **{step: replaced(getattr(part, step), rest, value)})


def is_label(path):
    return path[:2] in (("sector", "moments"), ("sector", "sources")) or path in (
        ("sector", "title"),
        ("sector", "name"),
        ("population", "name"),
    )


NUMBERS = [
    (path, value) for path, value in leaves(SCENARIO.to_dict()) if isinstance(value, int | float) and not is_label(path)
]


def test_a_digest_is_a_sha256():
    assert len(SCENARIO.digest()) == 64
    assert int(SCENARIO.digest(), 16) >= 0
    again = scenario_of(n_weeks=20, policy_week=5, policy={name: {"end_week": 15} for name in RULES})
    assert again.digest() == SCENARIO.digest()


def test_every_number_changes_the_digest():
    assert len(NUMBERS) > 120
    seen = {SCENARIO.digest(): ("unchanged",)}
    for path, value in NUMBERS:
        other = not value if isinstance(value, bool) else value + 1
        digest = replaced(SCENARIO, path, other).digest()
        assert digest not in seen, f"{path} gives the digest of {seen[digest]}"
        seen[digest] = path


def test_a_rule_more_or_less_changes_the_digest():
    assert SCENARIO.without_policy().digest() != SCENARIO.digest()
    assert SCENARIO.without_policy().digest() == scenario_of(n_weeks=20, policy_week=5).digest()


TIMINGS = [{"is_on": False}, {"phase_in_weeks": 1}, {"end_week": 7}, {"end_week": 8}, {"start_week": 6}]


@pytest.mark.parametrize("name", RULES)
def test_when_a_rule_is_in_force_changes_the_digest(name):
    digests = {scenario_of(policy={name: timing}).digest() for timing in ({}, *TIMINGS)}
    assert len(digests) == len(TIMINGS) + 1
    assert scenario_of(policy={name: {"start_week": 5}}).digest() == scenario_of(policy={name: {}}).digest()


def test_a_word_or_a_switch_of_a_rule_changes_the_digest():
    values = ({}, {"basis": "engaged"}, {"may_ration": False})
    assert len({scenario_of(policy={"minimum_pay": of_rule}).digest() for of_rule in values}) == 3


LABELS = [
    ("sector.title", "Another title"),
    ("sector.name", "another_name"),
    ("population.name", "another name"),
    ("sector.moments.total_take.target", 0.5),
    ("sector.moments.total_take.source", "another source"),
    ("sector.sources", {}),
    ("sector.currency", "pounds"),
    ("sector.platforms.leader.name", "Another name"),
    ("sector.departments.tax.name", "Another name"),
]


@pytest.mark.parametrize(("path", "value"), LABELS, ids=[path for path, _ in LABELS])
def test_labels_leave_the_digest_and_the_run_alone(path, value):
    given_ = asked(300, n_weeks=2)
    before = Scenario.from_dict(given_)
    put(given_, path, value)
    assert Scenario.from_dict(given_).digest() == before.digest()


def test_whole_numbers_and_numbers_with_a_point_are_the_same_number():
    one, other = (scenario_of(numbers={"merchants.cash_buffer": value}) for value in (5000, 5000.0))
    assert one.digest() == other.digest()


def test_the_order_of_tiers_counts():
    """It decides which draw makes a merchant what."""
    tiers = asked()["sector"]["merchants"]["tiers"]
    turned = scenario_of(numbers={"merchants.tiers": dict(reversed(tiers.items()))})
    assert turned.digest() != scenario_of().digest()


def test_worlds_with_the_same_digest_have_the_same_bits():
    """Platforms' order decides whose luck is whose: a digest that sorted it away would stand for two runs."""
    given_ = asked(500, n_weeks=3)
    swapped = asked(500, n_weeks=3)
    swapped["sector"]["platforms"] = dict(reversed(given_["sector"]["platforms"].items()))
    runs = [Scenario.from_dict(plain) for plain in (given_, swapped)]
    turned = {"platforms": swapped["sector"]["platforms"]}
    bits = [fingerprint(run(500, n_weeks=3)), fingerprint(run(500, n_weeks=3, numbers=turned))]
    assert (runs[0].digest() == runs[1].digest()) == (bits[0] == bits[1])


@pytest.mark.parametrize(
    "policy",
    [
        {},
        CAP,
        {"commission_cap": {"ceiling": 0.1, "start_week": 7}},
        RULES,
        {name: {"is_on": False, "end_week": 7, "phase_in_weeks": 2} for name in RULES},
        {"minimum_pay": {"basis": "engaged", "may_ration": False}},
    ],
)
def test_a_scenario_survives_being_written_down(policy):
    scenario = scenario_of(policy=policy)
    plain = scenario.to_dict()
    assert Scenario.from_dict(plain) == scenario
    assert Scenario.from_dict(json.loads(json.dumps(plain))) == scenario
    assert Scenario.from_dict(yaml.safe_load(yaml.safe_dump(plain, sort_keys=False))) == scenario
    assert Scenario.from_dict(plain).digest() == scenario.digest()


def test_rules_start_in_the_policy_week_unless_they_name_another():
    assert scenario_of(n_weeks=8, policy_week=6, policy=CAP).policy["commission_cap"].start_week == 6
    own = {"commission_cap": {"start_week": 7}}
    assert scenario_of(n_weeks=8, policy_week=6, policy=own).policy["commission_cap"].start_week == 7


def test_a_scenario_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        SCENARIO.seed = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        SCENARIO.sector.consumers.price_sensitivity = 1.0

"""What holds for every instrument of the catalogue."""

import dataclasses
import functools
import re
from typing import Literal, get_args, get_origin

import numpy as np
import pytest
import yaml

from sim.errors import RefusedScenario
from sim.metrics.registry import REGISTRY
from sim.policy.catalogue import CATALOGUE
from sim.policy.instrument import TIMING, AbstractInstrument, Department
from sim.rules.hooks import Hook
from sim.scenario import Scenario
from tests.economies import RICH, ROOT, asked, changed, copied, economy_after, fingerprint, phase, run
from tests.policy._payloads import COLUMNS, LEVERS, some_payload

NEUTRAL = {
    "commission_cap": {"ceiling": 1.0},
    "data_limit": {"ceiling": 10.0},
    "interoperability": {"reach": 0.0, "portability": 0.0},
    "minimum_pay": {"floor": 0.0},
    "tax_reporting": {"coverage": 0.0},
    "innovation_support": {"subsidy": 0.0},
    "platform_credit": {"own_share": 0.0, "leverage_cap": 1000.0},
}
"""Values with which an instrument binds nobody; every instrument needs a line."""
VARIANTS = {"minimum_pay": {"basis": "engaged"}}
"""Other values of an instrument that move levers which its defaults leave alone."""

EVERY = pytest.mark.parametrize("name", CATALOGUE)
NUMBERS = [
    pytest.param(name, parameter, note, id=f"{name}.{parameter}")
    for name, kind in CATALOGUE.items()
    for parameter, (_, note) in kind.parameters().items()
    if note is not None
]
CHOICES = [
    pytest.param(name, parameter, get_args(kind), id=f"{name}.{parameter}")
    for name, instrument in CATALOGUE.items()
    for parameter, (kind, _) in instrument.parameters().items()
    if get_origin(kind) is Literal
]


def with_policy(name, **values):
    return asked(300, n_weeks=6, policy={name: values})


@EVERY
def test_it_says_what_it_is(name):
    kind = CATALOGUE[name]
    assert kind.title
    assert len(kind.__doc__.splitlines()) > 3, "what the provision demands, our reading, what is left out"
    assert "Left out" in kind.__doc__
    assert isinstance(kind.department, Department)
    assert isinstance(kind.hook, Hook)
    assert kind.kind in ("Bound", "Duty", "Support", "Structure")
    assert not kind.__subclasses__(), "instruments are final"
    assert issubclass(kind, AbstractInstrument)


@EVERY
def test_it_names_provisions_of_the_law(name):
    assert CATALOGUE[name].provisions
    for provision in CATALOGUE[name].provisions:
        assert re.fullmatch(r"A\d{1,2}\.\d{1,2}", provision), provision


@EVERY
def test_it_lies_in_the_folder_of_its_first_provision_and_has_its_config(name):
    """Provisions of other articles may follow."""
    kind = CATALOGUE[name]
    folder, file = kind.__module__.split(".")[-2:]
    assert file == name
    assert int(kind.provisions[0][1:].split(".")[0]) == int(re.match(r"art(\d+)_", folder)[1]), "that of the first"
    text = (ROOT / "configs" / "policy" / f"{name}.yaml").read_text("utf-8")
    assert text.startswith(f"# @package policy.{name}\n")
    dataclasses.replace(kind(), **yaml.safe_load(text))


@EVERY
def test_every_parameter_has_meaning_unit_range_and_source(name):
    for parameter, (kind, note) in CATALOGUE[name].parameters().items():
        if kind is bool or get_origin(kind) is Literal:
            continue
        assert note is not None, f"{parameter} is a bare number"
        assert note.meaning, parameter
        assert note.unit, parameter
        assert note.low < note.high, parameter
        assert note.source not in ("", "sector file"), f"{parameter} has no source of its own"
        default = getattr(CATALOGUE[name](), parameter)
        assert note.low <= default <= note.high, parameter


@pytest.mark.parametrize(("name", "parameter", "note"), NUMBERS)
def test_values_outside_the_range_are_refused_by_name(name, parameter, note):
    for value in (note.low - 1e-6, note.high + 1e-6, float("nan"), "0.5", True):
        with pytest.raises(RefusedScenario) as refusal:
            Scenario.from_dict(with_policy(name, **{parameter: value}))
        (problem,) = refusal.value.problems
        assert problem.asked.startswith(f"policy.{name}.{parameter}=")
        assert f"{note.low:g} to {note.high:g} {note.unit}" in problem.allowed
    for value in (note.low, note.high):
        rule = Scenario.from_dict(with_policy(name, **{parameter: value})).policy[name]
        assert getattr(rule, parameter) == value


@pytest.mark.parametrize(("name", "parameter", "choices"), CHOICES)
def test_words_other_than_those_to_choose_from_are_refused_by_name(name, parameter, choices):
    for value in ("another", "", choices[0].upper(), 1, True, None):
        with pytest.raises(RefusedScenario) as refusal:
            Scenario.from_dict(with_policy(name, **{parameter: value}))
        (problem,) = refusal.value.problems
        assert problem.asked.startswith(f"policy.{name}.{parameter}=")
        assert all(f"'{choice}'" in problem.why for choice in choices), problem.why
    for value in choices:
        rule = Scenario.from_dict(with_policy(name, **{parameter: value})).policy[name]
        assert getattr(rule, parameter) == value


@EVERY
def test_a_misspelt_parameter_is_refused_with_the_right_spelling(name):
    for parameter in CATALOGUE[name].parameters():
        with pytest.raises(RefusedScenario) as refusal:
            Scenario.from_dict(with_policy(name, **{f"{parameter}s": 1.0}))
        (problem,) = refusal.value.problems
        assert problem.asked == f"policy.{name}.{parameter}s"
        assert problem.todo == f"write `{parameter}`"


@EVERY
def test_timing_is_no_parameter_of_its_own(name):
    assert not set(CATALOGUE[name].parameters()) & set(TIMING)
    own = {field.name for field in dataclasses.fields(CATALOGUE[name])}
    assert own == set(CATALOGUE[name].parameters()) | set(TIMING)


@EVERY
def test_it_expects_effects_on_metrics_that_exist(name):
    assert CATALOGUE[name].expects
    for expected in CATALOGUE[name].expects:
        assert expected.metric in REGISTRY, expected.metric
        assert expected.sign in ("+", "-")
        assert expected.why


@EVERY
def test_it_is_frozen(name):
    with pytest.raises(dataclasses.FrozenInstanceError):
        CATALOGUE[name]().start_week = 3


@EVERY
@pytest.mark.parametrize("n", [0, 1, 17])
def test_it_acts_on_payloads_of_any_length_and_on_levers_only(name, n):
    rule = CATALOGUE[name]()
    payload, before = some_payload(rule.hook, n), some_payload(rule.hook, n)
    rule.apply(payload)
    for field in dataclasses.fields(payload):
        if field.name not in LEVERS[rule.hook]:
            assert np.array_equal(getattr(payload, field.name), getattr(before, field.name)), field.name
    if n > 10:
        assert any(
            not np.array_equal(getattr(payload, lever), getattr(before, lever)) for lever in LEVERS[rule.hook]
        ), "with its default values the rule does something"
    again = payload.copy()
    rule.apply(payload)
    for lever in LEVERS[rule.hook]:
        assert np.array_equal(getattr(payload, lever), getattr(again, lever)), (
            "a rule applied twice is a rule applied once"
        )


@EVERY
def test_each_entry_is_bound_by_itself(name):
    """Agents' rows or averages: what a rule does to one entry does not depend on the others."""
    rule = CATALOGUE[name]()
    together = some_payload(rule.hook, 17)
    rule.apply(together)
    for i in range(17):
        alone = some_payload(rule.hook, 17)
        alone = type(alone)(**{f.name: getattr(alone, f.name)[i : i + 1] for f in dataclasses.fields(alone)})
        rule.apply(alone)
        for lever in LEVERS[rule.hook]:
            assert getattr(alone, lever)[0] == getattr(together, lever)[i]


@EVERY
def test_only_what_follows_from_its_hook_changes_when_rules_act(name):
    policies = [{}, {name: {}}, {name: VARIANTS.get(name, {})}]
    models = [economy_after(3, n_weeks=6, policy_week=4, policy=policy) for policy in policies]
    for model in models:
        model.world.week += 1
        phase(model, "let_platforms_decide")
    without, *with_rule = (copied(model.world) for model in models)
    moved = [changed(without, columns) for columns in with_rule]
    assert all(moved), "it does something"
    assert set.union(*moved) == COLUMNS[CATALOGUE[name].hook]


@EVERY
def test_at_neutral_values_it_changes_nothing_to_the_bit(name):
    """Where nobody watches over it; what watching costs is in test_regulators."""
    kwargs = {"n_zones": 2, "n_weeks": 10, "policy_week": 3, "numbers": RICH}
    assert fingerprint(run(policy={name: NEUTRAL[name]}, **kwargs)) == fingerprint(run(**kwargs))


SEEDS, WEEKS, FIRST = (1, 2, 3), 30, 11


@functools.cache
def weeks_under(name, seed):
    """Metrics of a run under one rule, or none, by week."""
    policy = {} if name is None else {name: {}}
    return run(2000, n_weeks=WEEKS, policy_week=FIRST, seed=seed, policy=policy).weekly


@functools.cache
def mean_effects(name):
    """Mean difference with and without the rule over weeks in force and paired seeds, by metric."""
    effects = {}
    for seed in SEEDS:
        pair = [weeks_under(name, seed), weeks_under(None, seed)]
        for expected in CATALOGUE[name].expects:
            series = [np.array(weekly[expected.metric]) for weekly in pair]
            assert np.array_equal(series[0][: FIRST - 1], series[1][: FIRST - 1]), "nothing happens before it starts"
            effects[expected.metric] = effects.get(expected.metric, 0.0) + (series[0] - series[1])[FIRST - 1 :].mean()
    return effects


EXPECTED = [
    pytest.param(name, expected, id=f"{name}: {expected.metric} {expected.sign}")
    for name, kind in CATALOGUE.items()
    for expected in kind.expects
]


@pytest.mark.parametrize(("name", "expected"), EXPECTED)
def test_it_moves_what_it_should_in_the_direction_it_should(name, expected):
    effect = mean_effects(name)[expected.metric]
    assert (effect > 0.0) if expected.sign == "+" else (effect < 0.0), f"{expected.metric}: {effect:+.4g}"

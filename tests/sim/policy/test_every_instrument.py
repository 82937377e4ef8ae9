"""What holds for every instrument of the catalogue."""

import dataclasses
import functools
import re
from typing import Literal, get_args, get_origin

import numpy as np
import pytest
import yaml

from sim.enforcement.oversight import supervision_of
from sim.errors import RefusedScenario
from sim.metrics.registry import REGISTRY
from sim.model import PlatformEconomy
from sim.parameters import Practice
from sim.policy.catalogue import CATALOGUE
from sim.policy.instrument import TIMING, AbstractInstrument, Department
from sim.rules.hooks import Hook
from sim.scenario import Scenario
from tests.economies import RICH, ROOT, asked, changed, copied, economy_after, fingerprint, phase, run
from tests.sim.policy._cases import NEUTRAL
from tests.sim.policy._payloads import COLUMNS, LEVERS, some_payload

pytestmark = pytest.mark.long

VARIANTS = {"minimum_pay": {"basis": "engaged"}}
"""Other values of an instrument that move levers which its defaults leave alone."""
NUMBERS_OF = {"licensed_supply": {"licences.licensed_share": 0.4}}
"""Numbers of a market that has what the instrument is about, where food delivery has not."""
MANY = 5 * len(Practice)
"""Entries of a payload in which every practice is found several times."""

EVERY = pytest.mark.parametrize("name", CATALOGUE)
PARAMETERS = [
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
    assert re.search(r"Articles? \(\d+\)|article \(11\)", kind.reading), "what the provision demands"
    assert re.search(r"The model (reads|takes)", kind.reading), "our reading"
    assert kind.reading.endswith(".")
    assert re.fullmatch(r"[a-z].+\.", kind.left_out), "said after `Left out: `"
    for words in (kind.reading, kind.left_out):
        assert words == " ".join(words.split()), "no gaps where lines of the source end"
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
def test_it_lies_in_the_folder_of_a_subject_and_has_its_config(name):
    package, _, subject, file = CATALOGUE[name].__module__.split(".")
    assert (package, file) == ("sim", name)
    assert f"`{subject}/`" in (ROOT / "CONTRIBUTING.md").read_text("utf-8"), "subjects are listed there"
    text = (ROOT / "configs" / "policy" / f"{name}.yaml").read_text("utf-8")
    assert text.startswith(f"# @package policy.{name}\n")
    dataclasses.replace(CATALOGUE[name](), **yaml.safe_load(text))


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


@pytest.mark.parametrize(("name", "parameter", "note"), PARAMETERS)
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
@pytest.mark.parametrize("n", [0, 1, MANY])
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
    together = some_payload(rule.hook, MANY)
    rule.apply(together)
    for i in range(MANY):
        alone = some_payload(rule.hook, MANY)
        alone = type(alone)(**{f.name: getattr(alone, f.name)[i : i + 1] for f in dataclasses.fields(alone)})
        rule.apply(alone)
        for lever in LEVERS[rule.hook]:
            assert getattr(alone, lever)[0] == getattr(together, lever)[i]


def beside(name, **values):
    """The policy under which an instrument is tried, and the one it is compared with."""
    others = {other: {} for other in CATALOGUE[name].beside}
    return {**others, name: values}, others


@EVERY
def test_only_what_follows_from_its_hook_changes_when_rules_act(name):
    """What rules beside it move is the same with and without it, but for whom they bind."""
    hook, own = CATALOGUE[name].hook, COLUMNS[CATALOGUE[name].hook]
    (plain, others), (variant, _) = beside(name), beside(name, **VARIANTS.get(name, {}))
    models = [
        economy_after(3, n_weeks=6, policy_week=4, policy=policy, numbers=NUMBERS_OF.get(name))
        for policy in (others, plain, variant)
    ]
    for model in models:
        model.world.week += 1
        phase(model, "let_platforms_decide")
    without, *with_rule = (copied(model.world) for model in models)
    moved = [changed(without, columns) for columns in with_rule]
    if hook is Hook.SUPERVISION:
        assert not any(moved), "platforms that keep to rules do not mind who watches"
        works = [supervision_of(model.world) for model in models]
        assert any(not np.array_equal(getattr(works[0], x), getattr(works[1], x)) for x in LEVERS[hook])
        return
    assert all(moved), "it does something"
    if hook is Hook.PRACTICES:
        assert "platforms.intensity" in set.union(*moved) <= own
        assert len(set.union(*moved)) > 1, "something follows from a practice given up"
    elif hook is Hook.SCOPE:
        assert own <= set.union(*moved) <= own.union(*(COLUMNS[CATALOGUE[other].hook] for other in others))
    else:
        assert set.union(*moved) == own


@EVERY
def test_at_neutral_values_it_changes_nothing_to_the_bit(name):
    """Where nobody watches over it; what watching costs is in test_regulators."""
    policy, others = beside(name, **NEUTRAL[name])
    kwargs = {"n_zones": 2, "n_weeks": 10, "policy_week": 3, "numbers": {**RICH, **NUMBERS_OF.get(name, {})}}
    assert fingerprint(run(policy=policy, **kwargs)) == fingerprint(run(policy=others, **kwargs))


@pytest.mark.slow
@EVERY
def test_at_neutral_values_platforms_that_choose_have_nothing_to_break(name):
    """To the bit, too: who is asked nothing breaks nothing, openly or covertly."""
    policies, numbers = beside(name, **NEUTRAL[name]), {**RICH, **NUMBERS_OF.get(name, {})}
    models = []
    for policy in policies:
        request = asked(2000, n_weeks=8, policy_week=3, policy=policy, numbers=numbers)
        request["platforms"] = {"strategy": "gradient"}
        models.append(PlatformEconomy(Scenario.from_dict(request), kernels="compiled"))
        models[-1].run_all()
    assert fingerprint(models[0]) == fingerprint(models[1])


SEEDS, WEEKS, FIRST = (1, 2, 3), 30, 11


CHOSEN = {
    ("coordination", "state_leads"),
    ("compliance_audit", "state_true_positives"),
    ("digital_monitoring", "state_cases_opened"),
    ("credit_lists", "practice_exclusivity"),
}
"""Expected effects that come from platforms' choice whether to keep to rules: looked for in test_signs, whose platforms
choose. The small economy's platforms are fixed and obey."""


@functools.cache
def weeks_under(policy, market, seed):
    """Metrics of a run under these rules, by week; in the market that an instrument is tried in."""
    rules, numbers = {name: {} for name in policy}, NUMBERS_OF.get(market)
    return run(2000, n_weeks=WEEKS, policy_week=FIRST, seed=seed, policy=rules, numbers=numbers).weekly


@functools.cache
def mean_effects(name):
    """Mean difference with and without the rule over weeks in force and paired seeds, by metric."""
    effects, market = {}, name if name in NUMBERS_OF else None
    policies = [tuple(policy) for policy in beside(name)]
    for seed in SEEDS:
        pair = [weeks_under(policy, market, seed) for policy in policies]
        for expected in CATALOGUE[name].expects:
            series = [np.array(weekly[expected.metric]) for weekly in pair]
            assert np.array_equal(series[0][: FIRST - 1], series[1][: FIRST - 1]), "nothing happens before it starts"
            effects[expected.metric] = effects.get(expected.metric, 0.0) + (series[0] - series[1])[FIRST - 1 :].mean()
    return effects


def test_only_supervision_is_left_to_platforms_that_choose():
    assert {(name, expected.metric) for name in CATALOGUE for expected in CATALOGUE[name].expects} >= CHOSEN
    assert {CATALOGUE[name].hook for name, _ in CHOSEN} == {Hook.SUPERVISION}


EXPECTED = [
    pytest.param(name, expected, id=f"{name}: {expected.metric} {expected.sign}")
    for name, kind in CATALOGUE.items()
    for expected in kind.expects
    if (name, expected.metric) not in CHOSEN
]


@pytest.mark.parametrize(("name", "expected"), EXPECTED)
def test_it_moves_what_it_should_in_the_direction_it_should(name, expected):
    """In a small economy, by the sign of the mean; the interval is in test_signs."""
    effect = mean_effects(name)[expected.metric]
    assert (effect > 0.0) if expected.sign == "+" else (effect < 0.0), f"{expected.metric}: {effect:+.4g}"

"""When a rule is in force and how strongly: switched off, phased in, ended."""

import dataclasses

import numpy as np
import pytest

from sim.policy.catalogue import CATALOGUE
from tests.economies import RICH, columns_of, economy, fingerprint, phase, run, same_weeks
from tests.policy._payloads import COLUMNS, PAYLOADS
from tests.policy.test_every_instrument import NEUTRAL, VARIANTS

EVERY = pytest.mark.parametrize("name", CATALOGUE)
SETTING = {"n_zones": 2, "n_weeks": 8, "policy_week": 3, "numbers": RICH}
FREE = fingerprint(run(400, **SETTING))


def levers_by_week(name, n_weeks=8, **values):
    """What platforms do at the rule's hook in every week, the market left out: wishes and rules depend on nothing."""
    model = economy(200, n_weeks=n_weeks, policy_week=1, policy={name: values})
    seen = []
    for week in range(1, n_weeks + 1):
        model.world.week = week
        phase(model, "let_platforms_decide")
        columns = columns_of(model.world)
        seen.append({column: columns[column].copy() for column in sorted(COLUMNS[CATALOGUE[name].hook])})
    return seen


def between(wished, full, strength):
    """Levers are on their way; what a rule lays down for them holds whole from its first week."""
    whole = {f"platforms.{name}" for kind in PAYLOADS.values() for name in kind.conditions}
    steps = {column: 1.0 if column in whole else strength for column in wished}
    return {column: wished[column] + steps[column] * (full[column] - wished[column]) for column in wished}


def assert_same(found, wanted, exactly=True):
    for column in wanted:
        if exactly:
            assert found[column].tobytes() == wanted[column].tobytes(), column
        else:
            np.testing.assert_allclose(found[column], wanted[column], rtol=1e-12, err_msg=column)


def switched_off(name):
    """Parameters of a rule that is off: its defaults, its neutral values, and the ends of every range."""
    yield {}
    yield NEUTRAL[name]
    yield VARIANTS.get(name, {})
    notes = {parameter: note for parameter, (_, note) in CATALOGUE[name].parameters().items() if note}
    for end in ("low", "high"):
        yield {parameter: getattr(note, end) for parameter, note in notes.items()}
    yield {"phase_in_weeks": 2, "start_week": 4, "end_week": 7}


@pytest.mark.parametrize(
    ("name", "values"),
    [pytest.param(name, v, id=f"{name}-{i}") for name in CATALOGUE for i, v in enumerate(switched_off(name))],
)
def test_a_rule_that_is_off_leaves_every_bit_alone(name, values):
    assert fingerprint(run(400, policy={name: {**values, "is_on": False}}, **SETTING)) == FREE


@EVERY
def test_shapes_are_the_same_whether_a_rule_is_on_off_or_not_named(name):
    policies = ({}, {name: {}}, {name: {"is_on": False}})
    models = [run(300, n_weeks=4, policy_week=2, policy=policy) for policy in policies]
    shapes = [{column: (v.shape, v.dtype) for column, v in columns_of(model.world).items()} for model in models]
    assert shapes[0] == shapes[1] == shapes[2]
    assert models[0].weekly.keys() == models[1].weekly.keys() == models[2].weekly.keys()


@EVERY
def test_strength_rises_in_equal_weekly_steps(name):
    rule = CATALOGUE[name](start_week=5, phase_in_weeks=3, end_week=9)
    assert [rule.strength(week) for week in range(3, 12)] == [0.0, 0.0, 0.25, 0.5, 0.75, 1.0, 1.0, 0.0, 0.0]
    at_once = dataclasses.replace(rule, phase_in_weeks=0, end_week=None)
    assert [at_once.strength(week) for week in (4, 5, 6, 5200)] == [0.0, 1.0, 1.0, 1.0]
    assert not any(dataclasses.replace(rule, is_on=False).strength(week) for week in range(12))
    assert not any(dataclasses.replace(rule, start_week=None).strength(week) for week in range(12))
    one_week = dataclasses.replace(at_once, end_week=5)
    assert [one_week.strength(week) for week in (4, 5, 6)] == [0.0, 1.0, 0.0]


@EVERY
@pytest.mark.parametrize("variant", [False, True])
def test_levers_go_to_the_rule_in_equal_steps_and_stay_there(name, variant):
    values = VARIANTS.get(name, {}) if variant else {}
    full = levers_by_week(name, **values)[0]
    found = levers_by_week(name, **values, start_week=2, phase_in_weeks=3)
    wished = found[0]
    assert any(full[column].tobytes() != wished[column].tobytes() for column in full)
    for week, strength in ((2, 0.25), (3, 0.5), (4, 0.75)):
        assert_same(found[week - 1], between(wished, full, strength), exactly=False)
    for week in (5, 6, 8):
        assert_same(found[week - 1], full)


@EVERY
def test_the_first_week_of_a_phase_in_of_one_goes_exactly_half_of_the_way(name):
    full = levers_by_week(name)[0]
    found = levers_by_week(name, start_week=4, phase_in_weeks=1)
    assert_same(found[3], between(found[2], full, 0.5))
    assert_same(found[4], full)


@EVERY
def test_after_its_last_week_platforms_do_as_they_wish(name):
    found = levers_by_week(name, start_week=3, end_week=5)
    full = levers_by_week(name)[0]
    for week in (3, 4, 5):
        assert_same(found[week - 1], full)
    for week in (1, 2, 6, 7, 8):
        assert_same(found[week - 1], found[0])
    assert any(full[column].tobytes() != found[0][column].tobytes() for column in full)


@EVERY
def test_weeks_before_the_start_are_those_without_the_rule_and_weeks_of_force_those_of_a_lasting_one(name):
    free, lasting, ended = (
        run(600, n_weeks=12, policy_week=4, policy=policy)
        for policy in ({}, {name: {"start_week": 6}}, {name: {"start_week": 6, "end_week": 9}})
    )
    assert same_weeks(free, ended, slice(0, 5))
    assert same_weeks(lasting, ended, slice(0, 9))
    assert not same_weeks(free, ended, slice(5, 9))
    assert not same_weeks(lasting, ended, slice(9, 12)), "from week 10 on platforms are free"


@EVERY
def test_departments_watch_a_rule_while_it_is_in_force(name):
    kwargs = {"n_weeks": 8, "policy_week": 2, "numbers": {k.replace("market_regulation", d): v for d in (
        str(CATALOGUE[name].department),) for k, v in RICH.items()}}  # fmt: skip
    model = run(400, policy={name: {"start_week": 3, "phase_in_weeks": 1, "end_week": 6}}, **kwargs)
    visits = model.weekly["state_inspections"]
    assert not any(visits[:2] + visits[6:])
    assert all(visits[2:6])
    assert not any(model.weekly["state_breaches"]), (
        "who does what a rule asks so far breaks nothing while it is phased in"
    )

"""When a rule is in force, how strongly and for whom: switched off, announced, phased in, piloted, ended."""

import dataclasses

import numpy as np
import pytest

from sim.enforcement.oversight import is_sanctioned, supervision_of
from sim.errors import RefusedScenario
from sim.policy.catalogue import CATALOGUE
from sim.rules.hooks import BY_ZONE, Hook
from sim.rules.infringements import HOOK_CODES
from tests.economies import RICH, columns_of, economy, fingerprint, phase, run, same_weeks, scenario_of
from tests.sim.policy._cases import NEUTRAL
from tests.sim.policy._payloads import COLUMNS, KNOWS_NO_BREACH, LEVERS, PAYLOADS
from tests.sim.policy.test_every_instrument import NUMBERS_OF, VARIANTS, beside

pytestmark = pytest.mark.long

EVERY = pytest.mark.parametrize("name", CATALOGUE)


def these(names):
    """A test of these instruments."""
    return pytest.mark.parametrize("name", list(names))


BINDING = these(name for name in CATALOGUE if CATALOGUE[name].hook not in KNOWS_NO_BREACH)
"""Rules that change what platforms do."""
ABOUT_PRACTICES = these(name for name in CATALOGUE if CATALOGUE[name].hook is Hook.PRACTICES)
WATCHED = [name for name in CATALOGUE if CATALOGUE[name].hook in (Hook.PRACTICES, *HOOK_CODES)]
"""Rules that ask something of platforms: what one of them leaves undone is a matter for a department."""
ASKING, UNWATCHED = these(WATCHED), these(name for name in CATALOGUE if name not in WATCHED)
PILOTED = these(name for name in CATALOGUE if CATALOGUE[name].hook in BY_ZONE)
SAME_EVERYWHERE = these(name for name in CATALOGUE if CATALOGUE[name].hook not in BY_ZONE)
SIZES = (0.7, 0.25, 0.05)
"""Shares of orders of a large platform, one in the middle and a small one."""
SETTING = {"n_zones": 2, "n_weeks": 8, "policy_week": 3, "numbers": RICH}
FREE = fingerprint(run(400, **SETTING))


def decisions(name, n_weeks, values):
    """The economy in every week after platforms decided, the market left out: wishes and rules depend on nothing."""
    model = economy(200, n_weeks=n_weeks, policy_week=1, policy={name: values})
    model.world.platforms.order_share[:] = SIZES
    for week in range(1, n_weeks + 1):
        model.world.week = week
        phase(model, "let_platforms_decide")
        yield model.world


def levers_by_week(name, n_weeks=8, **values):
    """What a rule moves at its hook, in every week: how platforms act, or how departments work."""
    hook, seen = CATALOGUE[name].hook, []
    for world in decisions(name, n_weeks, values):
        table = supervision_of(world) if hook is Hook.SUPERVISION else world.platforms
        seen.append({lever: getattr(table, lever).copy() for lever in sorted(LEVERS[hook])})
    return seen


def practice_effects_by_week(name, n_weeks=8, **values):
    """What follows from practices that are given up, in every week."""
    followed = sorted(COLUMNS[Hook.PRACTICES] - {f"platforms.{lever}" for lever in LEVERS[Hook.PRACTICES]})
    return [
        {column: columns_of(world)[column].copy() for column in followed} for world in decisions(name, n_weeks, values)
    ]


def between(desired, full, strength):
    """Levers are on their way; what a rule lays down for them holds whole from its first week."""
    whole = {name for kind in PAYLOADS.values() for name in kind.conditions}
    steps = {lever: 1.0 if lever in whole else strength for lever in desired}
    return {lever: desired[lever] + steps[lever] * (full[lever] - desired[lever]) for lever in desired}


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
    desired = found[0]
    assert any(full[column].tobytes() != desired[column].tobytes() for column in full)
    for week, strength in ((2, 0.25), (3, 0.5), (4, 0.75)):
        assert_same(found[week - 1], between(desired, full, strength), exactly=False)
    for week in (5, 6, 8):
        assert_same(found[week - 1], full)


@ABOUT_PRACTICES
def test_what_follows_from_practices_goes_the_same_steps_to_the_cent(name):
    full = practice_effects_by_week(name, smallest_share=0.0)[0]
    found = practice_effects_by_week(name, smallest_share=0.0, start_week=2, phase_in_weeks=3, end_week=6)
    desired = found[0]
    is_here = name != "licensed_supply"  # everybody has a licence in this market
    assert any(full[column].tobytes() != desired[column].tobytes() for column in full) == is_here
    for week, strength in ((2, 0.25), (3, 0.5), (4, 0.75)):
        for column, wanted in between(desired, full, strength).items():
            is_rounded = column.endswith("_cents")
            rtol, atol = (0.0, 1.0) if is_rounded else (1e-9, 1e-12)
            np.testing.assert_allclose(found[week - 1][column], wanted, rtol, atol, err_msg=column)
    for week, wanted in ((5, full), (6, full), (7, desired), (8, desired)):
        assert_same(found[week - 1], wanted)


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
    """Platforms that keep to rules do not notice how departments work: such rules may move nothing at all here."""
    free, lasting, ended = (
        run(600, n_weeks=12, policy_week=4, policy=policy, numbers=NUMBERS_OF.get(name))
        for policy in (beside(name)[1], beside(name, start_week=6)[0], beside(name, start_week=6, end_week=9)[0])
    )
    assert same_weeks(free, ended, slice(0, 5))
    assert same_weeks(lasting, ended, slice(0, 9))
    if CATALOGUE[name].hook is not Hook.SUPERVISION:
        assert not same_weeks(free, ended, slice(5, 9))
        assert not same_weeks(lasting, ended, slice(9, 12)), "from week 10 on platforms are free"


def rich(*names):
    """Numbers with which the departments that watch over these rules can afford visits."""
    offices = {str(CATALOGUE[name].department) for name in names}
    return {key.replace("market_regulation", office): v for office in offices for key, v in RICH.items()}


@ASKING
def test_departments_watch_a_rule_while_it_is_in_force(name):
    policy = {name: {"start_week": 3, "phase_in_weeks": 1, "end_week": 6}}
    model = run(400, policy=policy, n_weeks=8, policy_week=2, numbers={**rich(name), **NUMBERS_OF.get(name, {})})
    visits = model.weekly["state_inspections"]
    assert not any(visits[:2] + visits[6:])
    assert all(visits[2:6])
    assert not any(model.weekly["state_breaches"]), (
        "who does what a rule asks so far breaks nothing while it is phased in"
    )


@UNWATCHED
def test_supports_and_rules_about_departments_or_scope_are_nobodys_to_break(name):
    """Alone they have nobody visited; beside rules that are watched, only while those are in force."""
    others = CATALOGUE[name].beside
    kwargs = {"n_weeks": 8, "policy_week": 2, "numbers": rich(name, *others)}
    assert not any(run(400, policy={name: {}}, **kwargs).weekly["state_inspections"])
    if others:
        policy = {name: {}, **{other: {"start_week": 3, "end_week": 6} for other in others}}
        visits = run(400, policy=policy, **kwargs).weekly["state_inspections"]
        assert not any(visits[:2] + visits[6:])
        assert all(visits[2:6])


@BINDING
def test_a_rule_binds_platforms_from_its_size_on(name):
    full, free = (levers_by_week(name, n_weeks=2, smallest_share=share)[0] for share in (0.0, 0.71))
    found = levers_by_week(name, n_weeks=2, smallest_share=0.25)[0]
    for lever in full:
        assert np.array_equal(found[lever][:2], full[lever][:2]), "0.7 and 0.25 are at least 0.25"
        assert np.array_equal(found[lever][2], free[lever][2]), "0.05 is not"
    assert any(not np.array_equal(full[lever][:2], free[lever][:2]) for lever in full)
    everybody = levers_by_week(name, n_weeks=2, smallest_share=0.05)[0]
    assert_same(everybody, full)


@EVERY
def test_platforms_know_of_a_rule_from_the_first_week_of_notice(name):
    rule = CATALOGUE[name](start_week=9, notice_weeks=4, phase_in_weeks=2)
    assert [rule.strength(week) > 0.0 for week in (4, 5, 8, 9)] == [False, False, False, True]
    assert [rule.foreseen().strength(week) for week in (4, 5, 8, 9)] == [0.0, 1.0, 1.0, 1.0]
    assert dataclasses.replace(rule, notice_weeks=0).foreseen().strength(8) == 0.0
    assert dataclasses.replace(rule, notice_weeks=500).foreseen().start_week == 1
    assert dataclasses.replace(rule, is_on=False).foreseen().strength(9) == 0.0


def test_dominance_is_presumed_from_half_of_orders():
    """The one instrument that binds by size without being told to."""
    assert [name for name in CATALOGUE if CATALOGUE[name]().smallest_share > 0.0] == ["antitrust_fine"]
    assert_same(levers_by_week("antitrust_fine")[0], levers_by_week("antitrust_fine", smallest_share=0.5)[0])
    found, free = levers_by_week("antitrust_fine", start_week=2)[1::-1]
    is_moved = (found["intensity"] != free["intensity"]).reshape(len(SIZES), -1).any(axis=1)
    assert is_moved.tolist() == [share >= 0.5 for share in SIZES]


@EVERY
def test_notice_alone_binds_nobody(name):
    found = levers_by_week(name, start_week=4, notice_weeks=3)
    without_notice = levers_by_week(name, start_week=4)
    for week in range(8):
        assert_same(found[week], without_notice[week])


@EVERY
def test_grace_runs_out_in_equal_weekly_steps(name):
    rule = CATALOGUE[name](start_week=5, grace_weeks=4)
    assert [rule.time_left(week) for week in (5, 6, 7, 8, 9, 10)] == [1.0, 0.75, 0.5, 0.25, 0.0, 0.0]
    assert not any(dataclasses.replace(rule, grace_weeks=0).time_left(week) for week in range(12))
    assert not any(dataclasses.replace(rule, start_week=None).time_left(week) for week in range(12))


@EVERY
def test_in_weeks_of_grace_a_rule_acts_in_full(name):
    """Time to adapt is for those who do not keep to it: what it asks is the same."""
    found, plain = (levers_by_week(name, start_week=2, end_week=6, grace_weeks=weeks) for weeks in (3, 0))
    for week in range(8):
        assert_same(found[week], plain[week])


@ASKING
def test_in_weeks_of_grace_nobody_is_visited_or_sanctioned(name):
    timing = {"start_week": 3, "grace_weeks": 2, "end_week": 7}
    rule = CATALOGUE[name](**timing)
    assert [is_sanctioned([rule], week) for week in (3, 4, 5, 7)] == [False, False, True, True]
    numbers = {**rich(name), **NUMBERS_OF.get(name, {})}
    visits = run(400, policy={name: timing}, n_weeks=8, policy_week=2, numbers=numbers).weekly["state_inspections"]
    assert [n > 0 for n in visits] == [False] * 4 + [True] * 3 + [False]


def test_a_matter_is_sanctioned_once_one_of_its_rules_gives_no_more_time():
    old, new = CATALOGUE["antitrust_fine"](start_week=1), CATALOGUE["exclusivity_ban"](start_week=4, grace_weeks=6)
    assert not is_sanctioned([new], 5)
    assert is_sanctioned([old, new], 5)


def charged_by_week(zones_share, n_weeks=6, **timing):
    """Weekly, in four zones: which are in the pilot (4), what merchants pay (J, R) and what is wished for them."""
    policy = {"commission_cap": {"ceiling": 0.05, "zones_share": zones_share, **timing}}
    model = economy(400, 4, n_weeks=n_weeks, policy_week=1, policy=policy)
    world, seen = model.world, []
    for week in range(1, n_weeks + 1):
        world.week = week
        phase(model, "let_platforms_decide")
        desired = world.platforms.commission_chosen[:, world.merchants.tier].astype(np.float32)
        seen.append((world.zones.in_pilot.copy(), world.commission_of_merchants(), desired))
    return seen, world.merchants.zone, capped_tiers(world)[world.merchants.tier]


def capped_tiers(world):
    """Whether the cap is for these merchants: independents."""
    return np.array([tier.is_independent for tier in world.sector.merchants.tiers.values()])


@pytest.mark.parametrize(("zones_share", "n_inside"), [(0.0, 0), (0.25, 1), (0.5, 2), (0.75, 3), (1.0, 4)])
def test_merchants_in_the_zones_of_a_pilot_pay_the_cap_and_others_what_is_wished(zones_share, n_inside):
    seen, zone, is_for = charged_by_week(zones_share)
    for in_pilot, paid, desired in seen:
        assert in_pilot.sum() == n_inside
        is_inside = in_pilot[zone]
        capped = np.where(is_for, np.minimum(desired, np.float32(0.05)), desired)
        assert (capped < desired).any()
        assert np.array_equal(paid[:, is_inside], capped[:, is_inside])
        assert np.array_equal(paid[:, ~is_inside], desired[:, ~is_inside])
        assert np.array_equal(in_pilot, seen[0][0]), "the zones stay the same"


def test_a_pilot_is_phased_in_and_ends_in_its_zones():
    seen, zone, is_for = charged_by_week(0.5, start_week=2, phase_in_weeks=1, end_week=4)
    for week, strength in ((1, 0.0), (2, 0.5), (3, 1.0), (4, 1.0), (5, 0.0), (6, 0.0)):
        in_pilot, paid, desired = seen[week - 1]
        is_bound = (in_pilot[zone] if strength else np.zeros(len(zone), bool)) & is_for
        allowed = desired + strength * (np.minimum(desired, 0.05) - desired)
        np.testing.assert_allclose(paid, np.where(is_bound, allowed, desired), rtol=1e-6)
        assert in_pilot.sum() == (2 if strength else 4), "a rule that is not in force parts no zones"


@PILOTED
def test_a_pilot_of_all_zones_is_the_rule_itself_and_of_none_leaves_prices_alone(name):
    everywhere, rule, nowhere, free = (
        run(400, 4, n_weeks=6, policy_week=3, policy=policy)
        for policy in ({name: {"zones_share": 1.0}}, {name: {}}, {name: {"zones_share": 0.0}}, {})
    )
    assert fingerprint(everywhere) == fingerprint(rule) != fingerprint(nowhere)
    for model in (nowhere, free):
        phase(model, "let_platforms_decide")
    assert np.array_equal(nowhere.world.commission_of_merchants(), free.world.commission_of_merchants())


@SAME_EVERYWHERE
@pytest.mark.parametrize("share", [0.0, 0.5, 0.999])
def test_a_pilot_of_what_is_the_same_in_all_zones_is_refused(name, share):
    assert scenario_of(n_zones=4, policy={name: {"zones_share": 1.0}})
    with pytest.raises(RefusedScenario) as refusal:
        scenario_of(n_zones=4, policy={name: {"zones_share": share}})
    (problem,) = refusal.value.problems
    assert problem.asked == f"policy.{name}.zones_share={share:g}"
    assert problem.why == "what it acts on is the same in all zones"
    assert problem.allowed == "1; shares for commission_cap"
    assert problem.todo == "leave zones_share at 1, or pilot another rule"

"""Platforms that weigh: what enforcement makes of breaches in a town that answers."""

import itertools

import numpy as np
import pytest

from sim.ledger.accounts import Account, Party
from sim.model import PlatformEconomy
from sim.parameters import Practice
from tests.economies import fingerprint, same_weeks
from tests.sim.enforcement._offices import ALL_RICH, BAN, at, table, town, town_asked

pytestmark = pytest.mark.long

HERE = at(Practice.EXCLUSIVITY)
SURE = {
    **{name.replace(".", "__"): value for name, value in ALL_RICH.items()},
    "enforcement__detection": 1.0,
    "enforcement__case_weeks": 1,
    "enforcement__false_alarm": 0.0,
}
NEVER = {"enforcement__detection": 0.0, "enforcement__report_rate": 0.0, "enforcement__false_alarm": 0.0}
HOPEFUL = {"first_belief": 1e-6}
OPEN_ONLY = {"relabelled_fee": False, "covert_exclusivity": False, "reclassified_workers": False}
DEAR = {"antitrust_fine": {"smallest_share": 0.0, "fine_rate": 0.1, "severity": 5.0}}
CHEAP = {"exclusivity_ban": {"fine": 0.0, "gain_multiple": 0.0}}


def breaches(model, practice=Practice.EXCLUSIVITY):
    return table(model.world, "breach")[:, at(practice)]


def balance(model):
    return sum(int(model.world.ledger.balances[party].sum()) for party in Party)


def test_where_detection_is_sure_and_fines_exceed_gains_breaches_vanish():
    model = town(DEAR, 16, conduct={"evasion": OPEN_ONLY}, **SURE)
    assert not breaches(model).any()
    assert model.weekly["practice_exclusivity"][-1] == 0.0
    assert model.weekly["state_violations"][-1] == 0.0
    assert balance(model) == 0


def test_where_nobody_is_found_and_nobody_expects_it_practices_stay_where_they_are():
    model = town(CHEAP, 16, conduct=HOPEFUL, **NEVER)
    assert (breaches(model) == 1.0).all()
    assert model.weekly["practice_exclusivity"] == [1.0] * 16
    assert not any(model.weekly["state_fines"])
    assert balance(model) == 0


def test_a_rule_that_nobody_keeps_is_no_rule():
    """But for what departments spend on it, the market is the market without it."""
    free, ruled = town({}, 10), town(CHEAP, 10, conduct=HOPEFUL, **NEVER)
    for name in ("consumer_orders", "consumer_price", "merchant_profit", "worker_pay", "merchant_multihoming_share"):
        assert free.weekly[name] == ruled.weekly[name], name


@pytest.mark.parametrize(
    ("policies", "conducts"),
    [
        (
            [{"antitrust_fine": {"smallest_share": 0.0, "fine_rate": rate}} for rate in (0.0, 0.002, 0.02, 0.1)],
            [{}] * 4,
        ),
        ([{"exclusivity_ban": {"fine": 0.0, "gain_multiple": many}} for many in (0.0, 0.5, 1.0, 2.0)], [{}] * 4),
        ([DEAR] * 4, [{"first_belief": belief} for belief in (1e-7, 1e-4, 1e-3, 0.5)]),
    ],
    ids=["fine", "gains taken away", "belief"],
)
def test_breaches_fall_with_what_is_risked(policies, conducts):
    found = [
        breaches(town(policy, 8, conduct={**conduct, "evasion": OPEN_ONLY}, **NEVER)).copy()
        for policy, conduct in zip(policies, conducts, strict=True)
    ]
    for less, more in itertools.pairwise(found):
        assert (more <= less).all()
    assert (found[0] == 1.0).all()
    assert (found[-1] < found[0]).all()


def test_platforms_told_to_obey_do():
    model = town({**BAN, **DEAR, "commission_cap": {"ceiling": 0.1}}, 8, conduct={"obeys": True}, **NEVER)
    assert not model.world.cases.breach.any()
    assert model.weekly["practice_exclusivity"][2:] == [0.0] * 6
    assert model.weekly["practice_exclusivity"][:2] == [1.0] * 2
    assert model.world.platforms.commission[:, 1].max() <= 0.1


def test_platforms_that_see_no_rules_keep_them():
    assert not town(BAN, 6, conduct={"sees_rules": False}).world.cases.breach.any()


def test_beliefs_rise_with_sanctions_and_fall_with_breaches_that_pass_unseen():
    unseen = town(CHEAP, 12, conduct=HOPEFUL, **NEVER).world
    believed = table(unseen, "sanctions_seen") / table(unseen, "weeks_seen")
    assert (believed[:, HERE] < 1e-6).all()
    assert np.delete(believed, HERE, axis=1) == pytest.approx(1e-6)
    weeks = table(unseen, "weeks_seen")[:, HERE] - 26.0
    assert weeks == pytest.approx(10 * (1 + 0.5 * 2)), "own weeks in full, those of two others by half"
    seen = town(CHEAP, 12, conduct=HOPEFUL, **SURE).world
    assert (table(seen, "sanctions_seen")[:, HERE] >= 1.0).all()


def test_an_order_to_stop_holds_as_long_as_it_is_watched():
    model = town(CHEAP, 12, conduct=HOPEFUL, **SURE)
    ordered = table(model.world, "ordered_until")[:, HERE]
    assert (ordered > model.world.week).all()
    assert not breaches(model).any()
    ordered[:] = model.world.week
    for _ in range(5):
        PlatformEconomy.step(model)
    assert (table(model.world, "ordered_until")[:, HERE] >= ordered).all()


def test_in_weeks_of_grace_breaches_are_high_and_nobody_pays():
    policy = {"exclusivity_ban": {"grace_weeks": 12, "gain_multiple": 10.0}}
    model = town(policy, 24, conduct={"first_belief": 0.5}, **SURE)
    practised, fines = model.weekly["practice_exclusivity"], model.weekly["state_fines"]
    assert practised[2] == 1.0
    assert (np.diff(practised[2:15]) <= 1e-12).all(), "they use the time that they are given"
    assert practised[8] > 0.25
    assert not any(fines[:14])
    assert practised[-1] == 0.0


def test_with_notice_levers_move_before_the_start():
    def fees(**timing):
        cap = {"commission_cap": {"ceiling": 0.1, "start_week": 12, **timing}}
        model = town(cap, 14, until=11)
        return model.world.platforms.net_fee_chosen.copy(), model.world.platforms.commission.copy()

    told, untold = fees(notice_weeks=9), fees()
    assert (told[0] > untold[0]).any()
    assert np.array_equal(told[1] > 0.1, untold[1] > 0.1), "commissions are not capped yet"


def test_a_rule_for_large_platforms_binds_large_platforms():
    policy = {"exclusivity_ban": {"smallest_share": 0.5}}
    world = town(policy, 8, conduct={"obeys": True}).world
    is_large = world.platforms.order_share >= 0.5
    assert is_large.tolist() == [True, False, False]
    assert world.platforms.intensity[:, int(Practice.EXCLUSIVITY)].tolist() == [0.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("switch", "policy"),
    [
        ("relabelled_fee", {"commission_cap": {"ceiling": 0.1}}),
        ("covert_exclusivity", BAN),
        ("reclassified_workers", {"employment_status": {}}),
    ],
)
def test_each_way_round_changes_the_run_of_its_rule_and_of_no_other(switch, policy):
    conduct = {"first_belief": 0.004}
    shut = {"evasion": {switch: False}}
    other = {"antitrust_fine": {"smallest_share": 0.0}} if switch != "covert_exclusivity" else {"merchant_vetting": {}}
    open_, closed = (town(policy, 8, conduct={**conduct, **extra}, **NEVER) for extra in ({}, shut))
    assert not same_weeks(open_, closed, slice(2, 8))
    assert same_weeks(open_, closed, slice(0, 2))
    assert (open_.world.cases.effect < 1.0).any()
    assert (closed.world.cases.effect == 1.0).all()
    if switch != "covert_exclusivity":
        a, b = (town(other, 6, conduct={**conduct, **extra}, **NEVER) for extra in ({}, shut))
        assert fingerprint(a) == fingerprint(b)


def test_a_covert_breach_does_less_and_is_seen_less():
    world = town(BAN, 8, conduct={"first_belief": 0.004}, **NEVER).world
    effect, seen = table(world, "effect")[:, HERE], table(world, "visibility")[:, HERE]
    is_covert = effect < 1.0
    assert is_covert.any()
    assert effect[is_covert].tolist() == [0.7] * is_covert.sum()
    assert seen[is_covert].tolist() == [0.3] * is_covert.sum()
    practised = world.platforms.intensity[:, int(Practice.EXCLUSIVITY)]
    assert practised == pytest.approx(breaches_of(world) * effect)


def breaches_of(world):
    return table(world, "breach")[:, HERE]


def test_fines_move_money_from_platforms_to_the_state_and_the_books_close():
    policy = {**DEAR, **BAN, "work_rules": {}, "merchant_vetting": {}}
    model = town(policy, 6, conduct=HOPEFUL, until=3, **SURE)
    total = 0
    while not model.is_over:
        model.step()
        total += model.world.ledger.flows[Account.FINES]
        assert model.world.ledger.flows[Account.FINES] == model.world.platforms.fine_cents.sum()
        assert balance(model) == 0
    assert total > 0


@pytest.mark.parametrize("week", [3, *(pytest.param(week, marks=pytest.mark.slow) for week in (6, 9))])
def test_a_fork_in_the_middle_of_cases_goes_on_to_the_same_bits(week):
    policy = {
        **BAN,
        "antitrust_fine": {"smallest_share": 0.0},
        "work_rules": {},
        "coordination": {},
        "credit_lists": {},
        "compliance_audit": {"audits": 26.0},
    }
    numbers = {name: value for name, value in SURE.items() if "case_weeks" not in name}
    numbers |= {
        "enforcement__case_weeks": 2,
        "enforcement__false_alarm": 0.3,
        "enforcement__wrong_decision": 0.7,
        "enforcement__appeal_weeks": 3,
    }
    conduct = {"first_belief": 0.001}
    whole = town(policy, 14, conduct=conduct, **numbers)
    kept = town(policy, 14, conduct=conduct, until=week, **numbers)
    assert kept.world.cases.is_open.any() or kept.world.cases.appeal_cents.any()
    forked = PlatformEconomy.resume(kept.snapshot(), kernels="plain")
    forked.run_all()
    assert fingerprint(forked) == fingerprint(whole)
    assert any(whole.weekly["state_fines_paid_back"])


def test_the_request_is_what_the_tests_say():
    scenario = town_asked(BAN, 8, HOPEFUL, {"enforcement.detection": 0.5})
    assert (scenario.platforms.first_belief, scenario.sector.enforcement.detection) == (1e-6, 0.5)

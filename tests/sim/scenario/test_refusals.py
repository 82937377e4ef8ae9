"""What cannot be built is refused at once, in the words that were typed, with what is allowed and what to do."""

import pytest

from sim.errors import RefusedScenario
from sim.scenario import Scenario
from tests.economies import asked, put


def refused(given_):
    with pytest.raises(RefusedScenario) as refusal:
        Scenario.from_dict(given_)
    return refusal.value.problems


def refused_with(path, value):
    given_ = asked(policy={"commission_cap": {}})
    put(given_, path, value)
    return refused(given_)


UNKNOWN = {
    "seeds": "seed",
    "horizons": "horizon",
    "population.n_consumer": "n_consumers",
    "platforms.stratgy": "strategy",
    "horizon.policyweek": "policy_week",
    "sector.consumer": "consumers",
    "sector.consumers.price_sensitivty": "price_sensitivity",
    "sector.merchants.cash_bufer": "cash_buffer",
    "sector.workers.app_elastisity": "app_elasticity",
    "sector.workers.groups.rare.hour": "hours",
    "sector.carriage.base_deley": "base_delay",
    "sector.ranking.sale": "sales",
    "sector.platforms.leader.apeal": "appeal",
    "sector.departments.tax.budgett": "budget",
    "sector.moments.total_take.targett": "target",
    "sector.sources.any.bases": "basis",
    "policy.commission_cap.cieling": "ceiling",
    "policy.commission_cap.startweek": "start_week",
    "policy.commission_cap.endweek": "end_week",
    "policy.commission_cap.phase_in_week": "phase_in_weeks",
    "policy.commission_cap.ison": "is_on",
    "sector.workers.leaving_rates": "leaving_rate",
    "sector.carriage.rationing_utilization": "rationing_utilisation",
}


@pytest.mark.parametrize("path", UNKNOWN)
def test_an_unknown_key_is_named_as_typed_with_the_nearest_right_spelling(path):
    given_ = asked(policy={"commission_cap": {}})
    given_["sector"]["sources"]["any"] = {"basis": "derived", "text": "a test"}
    put(given_, path, 1)
    (problem,) = refused(given_)
    assert problem.asked == path
    assert problem.why == "there is no such key"
    assert problem.todo == f"write `{UNKNOWN[path]}`"
    assert UNKNOWN[path] in problem.allowed.split(", ")


def test_a_key_like_no_other_lists_what_there_is():
    (problem,) = refused_with("horizon.xyzzy", 1)
    assert problem.todo == "choose one of the allowed names"
    assert problem.allowed == "n_weeks, policy_week"


def test_an_unknown_instrument_is_refused_with_the_nearest_right_spelling():
    (problem,) = refused(asked(policy={"comission_cap": {}}))
    assert problem.asked == "policy=comission_cap"
    assert problem.todo == "write `commission_cap`"
    assert "commission_cap" in problem.allowed


def test_a_wrong_strategy_is_refused_with_those_there_are():
    (problem,) = refused_with("platforms.strategy", "fixd")
    assert problem.asked == "platforms.strategy=fixd"
    assert problem.allowed.split(", ")
    assert problem.todo == "write `fixed`"


WRONG = {
    "text for a number": ("sector.consumers.price_sensitivity", "1", "0.001 to 2 1/currency"),
    "text for a whole number": ("horizon.n_weeks", "8", "1 to 5200 weeks"),
    "yes for a number": ("sector.merchants.unit_cost", True, "0.01 to 100000 currency"),
    "yes for a whole number": ("population.n_consumers", True, "1 to 2e+07 people"),
    "a fraction of a week": ("horizon.n_weeks", 8.5, "1 to 5200 weeks"),
    "a whole number with a point": ("sector.consumers.n_candidates", 10.0, "1 to 64 merchants"),
    "nothing for a number": ("sector.carriage.base_delay", None, "0 to 100000 minutes"),
    "a list for a number": ("sector.carriage.base_delay", [27.0], "0 to 100000 minutes"),
    "a group for a number": ("sector.carriage.base_delay", {"a": 1}, "0 to 100000 minutes"),
    "a number for a switch": ("policy.commission_cap.independents_only", 1, "bool"),
    "a number for a name": ("platforms.strategy", 1, "str"),
    "too low": ("sector.merchants.tiers.chain.share", -0.01, "0 to 1 share"),
    "too high a commission": ("sector.platforms.leader.commission.chain", 0.96, "0 to 0.95 share of goods value"),
    "too high": ("sector.platforms.fringe.consumer_reach", 1.01, "0 to 1 share"),
    "too low a whole number": ("population.n_zones", 0, "1 to 20000 zones"),
    "too high a whole number": ("sector.consumers.n_candidates", 65, "1 to 64 merchants"),
    "not a number": ("sector.workers.groups.rare.hours", float("nan"), "0 to 100 hours a week"),
    "infinite": ("sector.platforms.leader.appeal", float("inf"), "-50 to 50 utility"),
    "minus infinity": ("sector.ranking.relevance", float("-inf"), "-10 to 10 per utility"),
    "not a number for a fact": ("sector.moments.total_take.target", float("nan"), "float"),
    "an unknown role": ("sector.moments.total_take.role", "guessed", "input, fitted, implied, held_out"),
}


@pytest.mark.parametrize(("path", "value", "allowed"), WRONG.values(), ids=WRONG)
def test_a_wrong_value_is_refused_with_what_is_allowed(path, value, allowed):
    (problem,) = refused_with(path, value)
    assert problem.asked.startswith(f"{path}=")
    assert problem.allowed.startswith(allowed) or allowed in problem.allowed
    assert problem.why
    assert path in problem.todo


@pytest.mark.parametrize("value", [-1, 2**64, 1.0, "1", True, None])
def test_a_seed_is_a_whole_number_of_64_bits(value):
    (problem,) = refused_with("seed", value)
    assert problem.asked == f"seed={value}"
    assert problem.allowed == "0 to 2^64 - 1"


@pytest.mark.parametrize(
    "path", ["sector.consumers.price_sensitivity", "horizon.n_weeks", "sector.ranking", "platforms.strategy"]
)
def test_a_missing_value_is_asked_for_by_name(path):
    given_ = asked()
    *steps, last = path.split(".")
    part = given_
    for step in steps:
        part = part[step]
    del part[last]
    (problem,) = refused(given_)
    assert problem.asked == path
    assert problem.why == "a value is missing"
    assert problem.todo == f"set {path}=..."


@pytest.mark.parametrize("name", ["sector", "population", "platforms", "horizon"])
@pytest.mark.parametrize("value", [None, 3, "food_delivery", ["food_delivery"]])
def test_a_group_that_is_none_is_refused_by_name(name, value):
    problem = refused_with(name, value)[0]
    assert problem.asked == f"{name}={value}"
    assert problem.allowed == "a mapping"


@pytest.mark.parametrize("value", [0.08, "0.08", True, False, 0, ["ceiling"]])
def test_a_rule_is_a_group_of_its_parameters_and_nothing_else(value):
    """`policy.commission_cap=false` must not switch the cap on, nor `=0.1` end in a traceback."""
    problem = refused(asked(policy={"commission_cap": value}))[0]
    assert problem.asked.startswith("policy.commission_cap")


@pytest.mark.parametrize("value", [None, {}])
def test_a_rule_with_nothing_said_has_its_default_values(value):
    rule = Scenario.from_dict(asked(policy={"commission_cap": value})).policy["commission_cap"]
    assert rule == type(rule)(start_week=rule.start_week)


def test_a_key_that_is_no_word_is_refused_like_any_other():
    for path in ("", "sector.consumers", "policy"):
        given_ = asked()
        part = given_
        for step in filter(None, path.split(".")):
            part = part[step]
        part[7] = {}
        assert "7" in refused(given_)[0].asked


CAP, GROUPS = "policy.commission_cap", "sector.workers.groups"
TIERS, RATES = "sector.merchants.tiers", "sector.platforms.fringe.commission"
TIER = {"share": 0.125, "quality": 0.0, "cost_ratio": 1.0, "is_independent": True}
CONTRADICTIONS = {
    "a policy after the horizon": ({"horizon.policy_week": 9}, f"{CAP} starting in week 9", "1 to 8"),
    "a rule after the horizon": ({f"{CAP}.start_week": 9}, f"{CAP} starting in week 9", "5 to 8"),
    "a rule before the first week": ({f"{CAP}.start_week": 0}, f"{CAP} starting in week 0", "5 to 8"),
    "fewer slots than merchants": ({"sector.merchants.n_slots": 19}, "sector.merchants.n_slots=19", "at least 20"),
    "fewer slots than riders": ({"sector.workers.n_slots": 29}, "sector.workers.n_slots=29", "at least 30"),
    "a rule that ends before it starts": ({f"{CAP}.end_week": 4}, f"{CAP}.end_week=4", "5 or later, or none"),
    "a phase-in longer than the run": ({f"{CAP}.phase_in_weeks": 4}, f"{CAP}.phase_in_weeks=4", "0 to 3"),
    "a phase-in longer than the rule": (
        {f"{CAP}.phase_in_weeks": 2, f"{CAP}.end_week": 6},
        f"{CAP}.phase_in_weeks=2",
        "0 to 1",
    ),
    "more recruits than are counted": (
        {"sector.workers.n_per_zone": 100, "sector.workers.n_slots": 100, "sector.workers.leaving_rate": 0.17},
        "sector.workers.leaving_rate=0.17",
        "0 to 0.16",
    ),
    "more recruits than there are numbers for them": (
        {"horizon.n_weeks": 1677, "population.n_zones": 20_000, "population.n_consumers": 20_000},
        "horizon.n_weeks=1677 with population.n_zones=20000",
        "(weeks + 1) x zones up to 33554432",
    ),
    "shares beyond one": ({f"{GROUPS}.rare.share": 0.9}, f"{GROUPS} with shares summing to", "shares that sum to 1"),
    "merchants beyond one": ({f"{TIERS}.chain.share": 0.3}, f"{TIERS} with shares summing to", "shares that sum to 1"),
    "a platform that charges nobody": ({RATES: {}}, f"{RATES} for nobody", "chain, independent"),
    "a platform that forgets a tier": ({RATES: {"chain": 0.1}}, f"{RATES} for chain", "chain, independent"),
    "a platform that charges who is not there": (
        {f"{RATES}.premier": 0.3},
        f"{RATES} for chain, independent, premier",
        "chain, independent",
    ),
    "no tier": ({TIERS: {}}, f"{TIERS} with 0 of them", "1 to 8 tiers"),
    "nine tiers": ({TIERS: {f"t{t}": TIER for t in range(9)}}, f"{TIERS} with 9 of them", "1 to 8 tiers"),
    "more zones than people": (
        {"population.n_consumers": 2, "population.n_zones": 3},
        "population.n_zones=3",
        "1 to 2",
    ),
    "more places for merchants than can be counted": (
        {"population.n_consumers": 20_000, "population.n_zones": 20_000, "sector.merchants.n_slots": 65_536},
        "population.n_zones=20000",
        "fewer than 2147483648 places",
    ),
    "no platform": ({"sector.platforms": {}}, "0 platforms", "1 to 10"),
    "no department to watch": ({"sector.departments": {}}, CAP, ""),
}


@pytest.mark.parametrize(("changes", "named", "allowed"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_what_contradicts_itself_is_refused(changes, named, allowed):
    given_ = asked(policy={"commission_cap": {}})
    for path, value in changes.items():
        put(given_, path, value)
    (problem,) = refused(given_)
    assert problem.asked.startswith(named)
    assert problem.allowed == allowed
    assert problem.todo


def test_eleven_platforms_are_too_many():
    given_ = asked()
    leader = given_["sector"]["platforms"]["leader"]
    put(given_, "sector.platforms", {f"p{j}": leader for j in range(11)})
    (problem,) = refused(given_)
    assert (problem.asked, problem.allowed) == ("11 platforms", "1 to 10")
    put(given_, "sector.platforms", {f"p{j}": leader for j in range(10)})
    assert len(Scenario.from_dict(given_).sector.platforms) == 10


def test_without_riders_their_groups_do_not_matter():
    numbers = {"workers.n_per_zone": 0, "workers.n_slots": 0, "workers.groups.rare.share": 0.9}
    assert Scenario.from_dict(asked(numbers=numbers)).sector.workers.n_per_zone == 0


def test_every_problem_is_told_at_once():
    given_ = asked(policy={"no_such_rule": {}})
    for path, value in (("seed", -1), ("horizon.n_weeks", 0), ("sector.ranking.sales", 2.0), ("typo", 1)):
        put(given_, path, value)
    with pytest.raises(RefusedScenario) as refusal:
        Scenario.from_dict(given_)
    assert {problem.asked for problem in refusal.value.problems} == {
        "policy=no_such_rule",
        "seed=-1",
        "horizon.n_weeks=0",
        "sector.ranking.sales=2.0",
        "typo",
    }
    for problem in refusal.value.problems:
        for part in (problem.asked, problem.why, problem.allowed, problem.todo):
            assert part in str(refusal.value)


def test_what_was_given_is_not_changed():
    import copy

    given_ = asked(policy={"commission_cap": {}})
    before = copy.deepcopy(given_)
    Scenario.from_dict(given_)
    assert given_ == before
